//! Rules that hold for every sample of every page.

mod hostile;
mod hostile_audit;
mod hostile_client;
mod hostile_form;
mod hostile_people;
mod hostile_settings;
mod palette;

use super::*;

/// A start tag with its attributes. Escaped values hold no `<`, `>` or `"`, so cutting at them is exact.
type Tag = (String, Vec<(String, String)>);

fn tags(html: &str) -> Vec<Tag> {
    html.split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag))
        .filter(|tag| !tag.starts_with(['/', '!']))
        .map(|tag| {
            let (name, mut rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
            let mut attributes = Vec::new();
            while let Some((before, after)) = rest.split_once("=\"") {
                let mut names: Vec<&str> = before.split_whitespace().collect();
                let valued = names.pop().unwrap();
                attributes.extend(names.into_iter().map(|bare| (bare.to_owned(), String::new())));
                let (value, remainder) = after.split_once('"').unwrap();
                attributes.push((valued.to_owned(), value.to_owned()));
                rest = remainder;
            }
            attributes.extend(rest.split_whitespace().map(|bare| (bare.to_owned(), String::new())));
            (name.to_owned(), attributes)
        })
        .collect()
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.1.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
}

fn attributes<'a>(tags: &'a [Tag], name: &str) -> Vec<&'a str> {
    tags.iter().filter_map(|tag| attribute(tag, name)).collect()
}

#[test]
fn every_sample_is_a_whole_page() {
    let all = all_samples();
    assert!(all.len() >= 25);
    for (name, html) in all {
        assert!(html.starts_with("<!doctype html>"), "{name}");
        assert!(html.trim_end().ends_with("</html>"), "{name}");
        // What a picture says of its pieces are titles, too.
        let head = html.split("</head>").next().unwrap();
        assert_eq!(head.matches("<title>").count(), 1, "{name}");
        for once in ["<main", "<h1", "lang=\"en\"", "name=\"viewport\"", "name=\"color-scheme\""] {
            assert_eq!(html.matches(once).count(), 1, "{name}: {once}");
        }
        assert!(!html.contains("<title></title>"), "{name}");
    }
}

#[test]
fn nothing_is_inline() {
    for (name, html) in all_samples() {
        for tag in tags(&html) {
            assert_ne!(tag.0, "style", "{name}");
            assert!(tag.0 != "script" || attribute(&tag, "src").is_some(), "{name}: inline script");
            for (attr, value) in &tag.1 {
                assert_ne!(attr, "style", "{name}: {}", tag.0);
                assert!(!attr.starts_with("on"), "{name}: {attr}");
                assert!(
                    !value.trim_start().to_ascii_lowercase().starts_with("javascript:"),
                    "{name}: {attr}"
                );
            }
        }
    }
}

#[test]
fn every_form_posts_with_a_csrf_field() {
    for (name, html) in all_samples() {
        for form in html.split("<form").skip(1) {
            let form = &form[..form.find("</form>").unwrap()];
            // A form that only asks has nothing that another site could not ask as well.
            if form.contains("method=\"get\"") {
                assert!(!form.contains("csrf"), "{name}: the token would stand in an address");
                continue;
            }
            assert!(form.contains("method=\"post\""), "{name}");
            // The form-post response goes to the app, which must not learn a token of ours.
            let ours = !form.contains("id=\"form-post\"");
            assert_eq!(form.contains("name=\"csrf\" value=\"csrf-token\""), ours, "{name}");
            assert!(form.contains("type=\"submit\""), "{name}");
        }
    }
}

/// Whatever makes a client, a user or a secret makes one, however often it comes.
#[test]
fn forms_that_make_something_carry_a_mark() {
    let mut found = 0;
    for (name, html) in all_samples() {
        for form in html.split("<form").skip(1) {
            let form = &form[..form.find("</form>").unwrap()];
            let makes = ["/clients/new\"", "/users/new\"", "/secrets/new\""];
            if makes.iter().any(|action| form.contains(action)) {
                assert!(form.contains("name=\"once\" value=\"mark\""), "{name}");
                found += 1;
            }
        }
    }
    assert!(found >= 5, "{found}");
}

#[test]
fn ids_are_unique_and_references_resolve() {
    for (name, html) in all_samples() {
        let tags = tags(&html);
        let ids = attributes(&tags, "id");
        for id in &ids {
            assert_eq!(ids.iter().filter(|other| *other == id).count(), 1, "{name}: {id}");
        }
        for reference in ["for", "aria-labelledby", "aria-describedby"] {
            let targets = attributes(&tags, reference);
            for target in targets.iter().flat_map(|list| list.split_whitespace()) {
                assert!(ids.contains(&target), "{name}: {reference}={target}");
            }
        }
        let icons =
            attributes(&tags, "href").into_iter().filter_map(|href| href.strip_prefix("#icon-"));
        for icon in icons {
            assert!(ids.contains(&format!("icon-{icon}").as_str()), "{name}: no icon {icon}");
        }
        for tag in
            tags.iter().filter(|tag| tag.0 == "input" && attribute(tag, "type") != Some("hidden"))
        {
            let id = attribute(tag, "id");
            let labelled = id.is_some_and(|id| attributes(&tags, "for").contains(&id));
            let labelled = labelled || attribute(tag, "aria-label").is_some();
            assert!(labelled, "{name}: {id:?} has no label");
        }
    }
}

#[test]
fn stable_ids_are_there() {
    let expected: [(&str, &[&str]); 9] = [
        ("sign-in.app", &["username", "password", "login-submit", "login-cancel"]),
        ("sign-in.plain", &["username", "password", "login-submit"]),
        ("sign-in.again", &["username", "password", "login-submit", "login-cancel"]),
        ("consent.first", &["consent-allow", "consent-deny", "client-policy", "client-tos"]),
        ("consent.powerful", &["consent-allow", "consent-deny", "client-logo"]),
        ("logout.plain", &["logout-confirm"]),
        ("error.redirect", &["oauth-error"]),
        ("error.not-found", &["oauth-error"]),
        ("form-post.code", &["form-post"]),
    ];
    let all = all_samples();
    for (name, ids) in expected {
        let (_, html) = all.iter().find(|(sample, _)| sample == name).unwrap();
        for id in ids {
            assert!(html.contains(&format!(" id=\"{id}\"")), "{name}: {id}");
        }
    }
}

#[test]
fn static_links_carry_the_current_version() {
    for (name, html) in all_samples() {
        let tags = tags(&html);
        let mut seen = 0;
        for url in attributes(&tags, "href").into_iter().chain(attributes(&tags, "src")) {
            let Some((file, version)) =
                url.strip_prefix("/static/").and_then(|rest| rest.split_once("?v="))
            else {
                continue;
            };
            assert_eq!(static_file(file).map(|f| f.version()), Some(version), "{name}: {url}");
            seen += 1;
        }
        assert!(seen >= 2, "{name}");
    }
}

#[test]
fn no_page_loads_anything_from_elsewhere() {
    for (name, html) in all_samples() {
        for tag in tags(&html)
            .iter()
            .filter(|tag| ["link", "script", "img", "iframe"].contains(&tag.0.as_str()))
        {
            let url = attribute(tag, "href").or(attribute(tag, "src")).unwrap();
            let ours = url.starts_with("/static/") || url.starts_with("/brand/");
            assert!(ours, "{name}: {url}");
        }
    }
}

/// Every page with a masthead shows the tenant's logo and colours, the latter over ours.
#[test]
fn pages_show_the_brand_of_their_tenant() {
    let all = all_samples();
    let branded: Vec<_> = all.iter().filter(|(name, _)| name.ends_with(".branded")).collect();
    assert!(branded.len() >= 9, "{}", branded.len());
    for (name, html) in &branded {
        let tags = tags(html);
        let sheets: Vec<_> = tags
            .iter()
            .filter(|tag| attribute(tag, "rel") == Some("stylesheet"))
            .filter_map(|tag| attribute(tag, "href"))
            .collect();
        let place = |start: &str| sheets.iter().position(|url| url.starts_with(start));
        assert!(place("/brand/theme.css?v=") > place("/static/app.css"), "{name}");
        let logo = tags.iter().find(|tag| attribute(tag, "class") == Some("brand-logo"));
        let logo = logo.unwrap_or_else(|| panic!("{name} has no logo"));
        // The size keeps the place, the name beside it is the text.
        assert_eq!(attribute(logo, "width"), Some("96"), "{name}");
        assert_eq!(attribute(logo, "height"), Some("32"), "{name}");
        assert_eq!(attribute(logo, "alt"), Some(""), "{name}");
        assert!(html.contains("Northwind Analytics"), "{name}");
    }
    for (name, html) in all.iter().filter(|(name, _)| !name.ends_with(".branded")) {
        assert!(!html.contains("/brand/") && !html.contains("brand-logo"), "{name}");
    }
}

#[test]
fn cancel_is_offered_only_when_there_is_somewhere_to_go() {
    for (name, page) in SignInPage::samples() {
        assert_eq!(
            page.render().unwrap().contains("id=\"login-cancel\""),
            page.can_cancel,
            "{name}"
        );
    }
}

/// Enter in a field presses the first submit button of the form: it must be Sign in, not Cancel.
#[test]
fn enter_signs_in() {
    for (name, html) in all_samples().into_iter().filter(|(name, _)| name.starts_with("sign-in")) {
        let first = tags(&html).into_iter().find(|tag| tag.0 == "button").unwrap();
        assert_eq!(attribute(&first, "id"), Some("login-submit"), "{name}");
    }
}
