"""Fills in the product's own HTML forms, as a browser without JavaScript would."""

from html.parser import HTMLParser
from urllib.parse import urljoin


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms = []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.forms.append({"action": attrs.get("action") or "", "fields": [], "ids": {}, "buttons": {}})
        if not self.forms or tag not in ("input", "button"):
            return
        form = self.forms[-1]
        kind = attrs.get("type", "submit" if tag == "button" else "text")
        pair = (attrs["name"], attrs.get("value") or "") if "name" in attrs else None
        if kind == "submit":
            form["buttons"][attrs.get("id")] = pair
        elif pair and kind not in ("checkbox", "radio") or "checked" in attrs:
            form["fields"].append(pair)
            form["ids"][attrs.get("id")] = pair[0]


def find_form(page, button):
    """The form that has a submit button with this id, or None."""
    parser = _Forms()
    parser.feed(page)
    return next((form for form in parser.forms if button in form["buttons"]), None)


def submit(session, response, button, typed=None):
    """Presses a button of the page that was answered; `typed` is by id. Follows no redirect."""
    form = find_form(response.text, button)
    fields = dict(form["fields"])
    fields.update({form["ids"][key]: value for key, value in (typed or {}).items()})
    if form["buttons"][button]:
        fields.update([form["buttons"][button]])
    return session.post(urljoin(response.url, form["action"]), data=fields, allow_redirects=False)
