//! Just enough HTML to fill in the product's own forms.

use std::collections::BTreeMap;

/// An element's tag and attributes.
#[derive(Debug)]
pub struct Tag {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    /// The text up to the next tag.
    pub text: String,
}

impl Tag {
    pub fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).map(String::as_str)
    }
}

/// A form before anybody typed.
#[derive(Debug, Clone, Default)]
pub struct Form {
    pub method: String,
    pub action: String,
    pub fields: Vec<(String, String)>,
    /// Buttons by `id` or, without one, by value; with what they add.
    buttons: BTreeMap<String, Option<(String, String)>>,
    ids: Vec<String>,
}

impl Form {
    /// The same form with a field filled in.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let field = self.fields.iter_mut().find(|(field, _)| field == name);
        field.unwrap_or_else(|| panic!("no field {name}")).1 = value.to_owned();
        self
    }

    /// The same form with a field that the page does not have, as an attacker would.
    pub fn forged(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same form sent to another address, as an attacker would.
    pub fn to(mut self, action: &str) -> Self {
        self.action = action.to_owned();
        self
    }

    /// The same form without a field.
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self
    }

    /// The same form with a button pressed.
    pub fn press(mut self, button: &str) -> Self {
        let pressed = self.buttons.get(button).unwrap_or_else(|| panic!("no button {button}"));
        self.fields.extend(pressed.clone());
        self
    }

    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    pub fn pairs(&self) -> Vec<(&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    fn has(&self, id: &str) -> bool {
        self.ids.iter().any(|known| known == id)
    }

    fn add(&mut self, tag: &Tag) {
        self.ids.extend(tag.get("id").map(str::to_owned));
        let named = tag
            .get("name")
            .map(|name| (name.to_owned(), tag.get("value").unwrap_or_default().to_owned()));
        if tag.name == "button" {
            let key = tag.get("id").or(tag.get("value")).unwrap_or(tag.text.trim());
            self.buttons.insert(key.to_owned(), named);
        } else if let Some((name, value)) = named {
            let ticks = matches!(tag.get("type"), Some("checkbox" | "radio"));
            let value = match (ticks, tag.name.as_str()) {
                // What is not ticked is not sent.
                (true, _) if tag.get("checked").is_none() => return,
                (true, _) if value.is_empty() => "on".to_owned(),
                (_, "textarea") => tag.text.clone(),
                _ => value,
            };
            self.fields.push((name, value));
        }
    }

    /// The first option counts until another one says that it is selected.
    fn choose(&mut self, option: &Tag, is_first: bool) {
        let value = option.get("value").unwrap_or_default();
        if let Some(select) = self.fields.last_mut()
            && (is_first || option.get("selected").is_some())
        {
            select.1 = value.to_owned();
        }
    }
}

/// All forms of a page.
pub fn forms(page: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    let mut current: Option<Form> = None;
    let mut options = 0;
    for tag in tags(page) {
        match (tag.name.as_str(), &mut current) {
            ("option", Some(form)) => {
                form.choose(&tag, options == 0);
                options += 1;
            }
            ("form", _) => {
                let text = |name| tag.get(name).unwrap_or_default().to_owned();
                current = Some(Form {
                    method: text("method"),
                    action: text("action"),
                    ..Form::default()
                });
            }
            ("/form", _) => forms.extend(current.take()),
            ("input" | "button" | "select" | "textarea", Some(form)) => {
                options = 0;
                form.add(&tag);
            }
            _ => {}
        }
    }
    forms
}

/// The form with an element of this id.
#[track_caller]
pub fn form_with(page: &str, id: &str) -> Form {
    let found = forms(page).into_iter().find(|form| form.has(id));
    found.unwrap_or_else(|| panic!("no form with #{id} in {page}"))
}

/// The form that posts to an address, with these fields in it.
#[track_caller]
pub fn form_to(page: &str, action: &str, fields: &[(&str, &str)]) -> Form {
    let fits = |form: &Form| fields.iter().all(|(name, value)| form.field(name) == Some(value));
    let found = forms(page).into_iter().find(|form| form.action == action && fits(form));
    found.unwrap_or_else(|| panic!("no form to {action} with {fields:?} in {page}"))
}

/// Whether a page has an element with this id.
pub fn has_id(page: &str, id: &str) -> bool {
    tags(page).iter().any(|tag| tag.get("id") == Some(id))
}

/// A field's value by its id, as the person sees it.
pub fn value_of(page: &str, id: &str) -> Option<String> {
    let tags = tags(page);
    let tag = tags.iter().find(|tag| tag.get("id") == Some(id))?;
    tag.get("value").map(str::to_owned)
}

/// No inline script, style or handler: the Content Security Policy would stop them, and must
/// never have to be relaxed for them.
#[track_caller]
pub fn check_nothing_inline(page: &str) {
    for tag in tags(page) {
        let inline = tag.name == "style"
            || (tag.name == "script" && (tag.get("src").is_none() || !tag.text.trim().is_empty()))
            || tag.attributes.keys().any(|name| name == "style" || name.starts_with("on"))
            || tag.attributes.values().any(|value| value.trim().starts_with("javascript:"));
        assert!(!inline, "inline: {tag:?}");
    }
}

/// All tags in order; comments and declarations are skipped.
pub fn tags(page: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        let (attributes, after) = attributes(&rest[end..]);
        rest = after;
        let text = unescape(&rest[..rest.find('<').unwrap_or(rest.len())]);
        found.push(Tag { name, attributes, text });
    }
    found
}

fn attributes(mut rest: &str) -> (BTreeMap<String, String>, &str) {
    let mut found = BTreeMap::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (found, after);
        }
        let stop = |c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/');
        let end = rest.find(stop).unwrap_or(rest.len());
        if end == 0 {
            return (found, "");
        }
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let Some(value) = rest.strip_prefix('=') else {
            found.insert(name, String::new());
            continue;
        };
        let value = value.trim_start();
        let quoted = value.strip_prefix('"').expect("our attributes are in double quotes");
        let (value, after) = quoted.split_once('"').expect("a closing quote");
        found.insert(name, unescape(value));
        rest = after;
    }
}

/// Undoes HTML's escapes.
pub fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let (entity, after) = after.split_once(';').expect("a whole entity");
        plain.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            number => {
                let digits = number.strip_prefix('#').expect("a known entity");
                let code = match digits.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => digits.parse(),
                };
                char::from_u32(code.expect("a number")).expect("a character")
            }
        });
        rest = after;
    }
    plain.push_str(rest);
    plain
}
