//! The catalogues agree with each other and with the templates.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

/// Each key of a language with the variables of its message.
fn messages(source: &Source) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for file in source.files {
        assert!(FluentResource::try_new((*file).to_owned()).is_ok(), "{}: a fault", source.tag);
        let mut key = String::new();
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            let starts = line.starts_with(|c: char| c.is_ascii_lowercase());
            if let Some((name, _)) = line.split_once(" =").filter(|_| starts) {
                key = name.to_owned();
                let new = found.insert(key.clone(), BTreeSet::new()).is_none();
                assert!(new, "{}: {key} twice", source.tag);
            }
            for variable in line.split("{ $").skip(1) {
                let name: String =
                    variable.chars().take_while(char::is_ascii_alphanumeric).collect();
                found.get_mut(&key).expect("a key before its text").insert(name);
            }
        }
    }
    found
}

#[test]
fn every_language_says_the_same() {
    let english = messages(&LANGUAGES[0]);
    for language in &LANGUAGES[1..] {
        let mut other = messages(language);
        other.retain(|key, _| !key.starts_with("said-") && !key.starts_with("reason-"));
        for (key, variables) in &english {
            assert_eq!(other.get(key), Some(variables), "{}: {key}", language.tag);
        }
        for key in other.keys() {
            assert!(english.contains_key(key), "{}: {key} is not English", language.tag);
        }
    }
}

fn files(folder: &Path, into: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, into);
        } else {
            into.push(std::fs::read_to_string(path).unwrap_or_default());
        }
    }
}

/// What stands in quotes after one of our calls: `t("…")`, `of("…"`, `count("…"`, `with("…"`, `around("…"`.
fn used(texts: &[String]) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for text in texts {
        for call in ["t(\"", "of(\"", "count(\"", "with(\"", "around(\""] {
            for rest in text.split(call).skip(1) {
                keys.insert(rest.split('"').next().unwrap_or_default().to_owned());
            }
        }
    }
    let is_key = |key: &String| {
        key.contains('-')
            && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b.is_ascii_digit())
    };
    keys.into_iter().filter(is_key).collect()
}

#[test]
fn every_key_of_a_template_has_its_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut templates = Vec::new();
    files(&root.join("templates"), &mut templates);
    let english = messages(&LANGUAGES[0]);
    let used = used(&templates);
    assert!(used.len() >= 20, "the templates are read");
    for key in used {
        assert!(english.contains_key(&key), "{key} has no words");
    }
}

/// Pages whose words are in the catalogues; those of the API's documents are for developers.
const TRANSLATED: [&str; 8] =
    ["sign_in", "consent", "home", "logout", "signed_out", "account", "error", "form_post"];

/// A template without what askama reads: `{# … #}`, `{% … %}` and `{{ … }}`.
fn without_expressions(template: &str) -> String {
    let mut text = template.to_owned();
    for (open, close) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}")] {
        while let Some(start) = text.find(open) {
            let end = text[start..].find(close).expect("an end") + start + close.len();
            text.replace_range(start..end, "");
        }
    }
    text
}

#[test]
fn no_word_stands_in_a_translated_template() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    for name in TRANSLATED {
        let template = std::fs::read_to_string(root.join(format!("{name}.html")));
        let html = without_expressions(&template.expect("a template"));
        // What stands between tags; the metadata's address and the body's class are no words.
        let text: String = html
            .split('<')
            .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text))
            .collect();
        let text = text
            .replace("/.well-known/openid-configuration", "")
            .replace("page-medium", "")
            .replace("page-wide", "");
        assert!(!text.contains(char::is_alphabetic), "{name}: {:?}", text.trim());
        for attribute in ["aria-label=\"", "title=\"", "placeholder=\"", "alt=\""] {
            for rest in html.split(attribute).skip(1) {
                let value = rest.split('"').next().unwrap_or_default();
                assert!(value.is_empty(), "{name}: {attribute}{value}");
            }
        }
    }
}

#[test]
fn what_stands_around_a_name_is_told() {
    let (before, after) = Texts::english().around("consent-asks");
    assert_eq!((before.as_str(), after.as_str()), ("", " wants access to your account"));
    let (before, after) = Texts::choose(["de"]).around("sign-in-for");
    assert_eq!((before.as_str(), after.as_str()), ("um zu ", " zu gelangen"));
}

#[test]
fn no_words_are_left_over() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    for folder in [
        "templates",
        "src/pages",
        "src/console",
        "src/oauth",
        "src/account",
        "src/http",
        "src/texts",
    ] {
        files(&root.join(folder), &mut all);
    }
    for key in messages(&LANGUAGES[0]).into_keys() {
        // A key that is put together from a stable word has a prefix that stands in the code.
        let built = || {
            key.match_indices('-').any(|(at, _)| {
                let prefix = &key[..=at];
                all.iter().any(|text| text.contains(&format!("\"{prefix}{{")))
            })
        };
        let named = all.iter().any(|text| text.contains(&format!("\"{key}\"")));
        assert!(named || built(), "{key} is not used");
    }
}

/// The text of a literal, of which this is what follows its first quote, as it stands in the code
/// but in one line; and the code behind it.
fn literal(text: &str) -> Option<(String, &str)> {
    let ends = |(at, _): &(usize, &str)| !text[..*at].ends_with('\\');
    let (end, _) = text.match_indices('"').find(ends)?;
    let lines = text[..end].split("\\\n").enumerate();
    let lines = lines.map(|(at, line)| if at == 0 { line } else { line.trim_start() });
    Some((lines.collect(), &text[end + 1..]))
}

/// The names of the places of an English sentence.
fn places(english: &str) -> BTreeSet<String> {
    let text = english.replace("{{", "").replace("}}", "");
    let names = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// Each sentence that the rules, the engine and the console say, by its key in the catalogues.
fn sentences() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut code = Vec::new();
    for folder in ["../domain/src", "../engine/src", "src"] {
        files(&root.join(folder), &mut code);
    }
    let mut found = BTreeMap::new();
    for text in code.iter().filter_map(|text| text.split("#[cfg(test)]").next()) {
        // Documentation shows the macro between backticks.
        for call in text.split("said!(").skip(1) {
            let Some((key, rest)) = call.trim_start().strip_prefix('"').and_then(literal) else {
                continue;
            };
            let english = rest.trim_start_matches(',').trim_start().strip_prefix('"');
            let Some((english, _)) = english.and_then(literal) else { continue };
            let known = found.insert(format!("said-{key}"), english.clone());
            assert!(known.is_none_or(|known| known == english), "{key} says two things: {english}");
        }
    }
    found
}

#[test]
fn every_language_says_what_the_rules_say() {
    let english = sentences();
    assert!(english.len() >= 100, "the code is read");
    for language in &LANGUAGES[1..] {
        let other = messages(language);
        for (key, english) in &english {
            assert_eq!(other.get(key), Some(&places(english)), "{}: {key}", language.tag);
        }
        let is_said = |key: &&String| key.starts_with("said-");
        for key in other.keys().filter(is_said) {
            assert!(english.contains_key(key), "{}: nobody says {key}", language.tag);
        }
    }
}

#[test]
fn what_is_said_is_filled_with_what_it_is_about() {
    use domain::said;
    let german = Texts::choose(["de"]);
    let why = said!("values-max", "has at most {max} values", max = 1000_usize);
    let said = said!("quoted", "`{address}`: {why}", address = "{ $why } <b>", why);
    assert_eq!(german.said(&said), "„{ $why } <b>“: Möglich sind höchstens 1.000 Werte.");
    assert_eq!(Texts::english().said(&said), "`{ $why } <b>`: has at most 1000 values");
    assert_eq!(german.said(&Said::english("for an app")), "for an app");
    let (least, most) = (Arg::Seconds(300), Arg::Seconds(86_400));
    let said = said!("lifetime-bounds", "is {least} to {most}", least, most);
    assert_eq!(german.said_of("idToken", &said), "ID-Token: Möglich sind 5 Minuten bis 1 Tag.");
    assert_eq!(Texts::english().said_of("idToken", &said), "ID token: is 5 minutes to 1 day");
    assert_eq!(german.said_of("of tomorrow", &Said::english("x")), "of tomorrow: x");
}

#[test]
fn a_field_that_a_refusal_is_about_has_words() {
    for field in [
        "accent",
        "accessToken",
        "allowedAuthMethods",
        "allowedGrantTypes",
        "allowedOrigins",
        "allowedScopes",
        "assignedGroups",
        "assignedRoles",
        "assignedScopes",
        "authorizationCode",
        "clientName",
        "clientUri",
        "consentMethod",
        "description",
        "email",
        "idToken",
        "idTokenSignedResponseAlg",
        "jwksUri",
        "label",
        "logo",
        "logoUri",
        "name",
        "password",
        "policyUri",
        "postLogoutRedirectUris",
        "publicKeys",
        "redirectUris",
        "sessionIdle",
        "sessionMaximum",
        "status",
        "subject",
        "tosUri",
    ] {
        for t in [Texts::english(), Texts::choose(["de"])] {
            let words = t.field(field);
            assert!(words.starts_with(char::is_uppercase), "{field}: {words}");
        }
    }
    assert_eq!(Texts::english().field("of-tomorrow"), "of-tomorrow");
}

#[test]
fn wishes_are_met_in_their_order() {
    let chosen = |header: &str| Texts::choose(Texts::wishes(header)).tag();
    assert_eq!(chosen("de-AT,de;q=0.9,en;q=0.8"), "de");
    assert_eq!(chosen("fr, en;q=0.9, de;q=0.1"), "en");
    assert_eq!(chosen(" DE ;q=1"), "de");
    for nonsense in ["", ",,,;;", "*", "dexter", "e", "\u{e9}n;q=x"] {
        assert_eq!(chosen(nonsense), "en", "{nonsense:?}");
    }
}

#[test]
fn what_the_built_in_scopes_mean_is_said_in_every_language() {
    let catalogue = domain::scope::Catalogue::embedded().expect("scopes");
    let english = messages(&LANGUAGES[0]);
    let german = Texts::choose(["de"]);
    let mut keys = BTreeSet::new();
    for scope in catalogue.iter() {
        let key = meaning::scope_key(scope.name.as_str());
        assert_eq!(Texts::english().t(&key), scope.description, "{key}");
        assert_ne!(german.scope(scope), scope.description, "{key}");
        assert_eq!(german.scope(scope), german.t(&key));
        assert!(keys.insert(key), "{} has the key of another scope", scope.name);
    }
    let left = english.keys().filter(|key| key.starts_with("scope-") && !keys.contains(*key));
    assert_eq!(left.count(), 0, "words of scopes that there are not");
}

#[test]
fn why_clients_were_refused_is_said_in_every_language() {
    for language in &LANGUAGES[1..] {
        let mut other = messages(language);
        other.retain(|key, _| key.starts_with("reason-"));
        for reason in engine::usage::Reason::ALL {
            for key in
                [format!("reason-{}", reason.word()), format!("reason-{}-next", reason.word())]
            {
                assert!(other.remove(&key).is_some(), "{}: {key}", language.tag);
            }
            let t = Texts::choose([language.tag]);
            assert!(!t.reason(*reason).ends_with('.') && t.reason_next(*reason).ends_with('.'));
            assert_eq!(Texts::english().reason(*reason), reason.title());
            assert_eq!(Texts::english().reason_next(*reason), reason.explanation());
        }
        assert!(other.is_empty(), "{}: nobody says {other:?}", language.tag);
    }
}

#[test]
fn an_operators_words_for_a_scope_stay_as_they_are() {
    let scope = |name: &str, description: &str| {
        let file =
            format!("[[scope]]\nname = '{name}'\ndescription = '{description}'\ngroup = 'user'");
        let catalogue = domain::scope::Catalogue::parse(&file).expect("a catalogue");
        catalogue.iter().next().expect("a scope").clone()
    };
    let german = Texts::choose(["de"]);
    assert_eq!(
        german.scope(&scope("apps", "See and manage your apps")),
        "Ihre Apps sehen und verwalten"
    );
    for (name, words) in [
        ("apps", "See and manage your dashboards"),
        ("invoices:read", "See your invoices"),
        // Their names make keys of other words, or of none.
        ("apps-read", "See your invoices"),
        ("{$x}", "{ $x } <b>"),
    ] {
        for t in [Texts::english(), german] {
            assert_eq!(t.scope(&scope(name, words)), words, "{name}");
        }
    }
}

#[test]
fn numbers_are_grouped_by_language() {
    let german = Texts::choose(["de"]);
    assert_eq!(Texts::english().number(1_234_567_u64), "1,234,567");
    assert_eq!(german.number(1_234_u64), "1.234");
    assert_eq!(german.number(999_u64), "999");
    assert_eq!(Texts::english().number(-1_i64), "0");
    assert_eq!(Texts::english().tenths(4.499), "4.4");
    assert_eq!(Texts::english().tenths(4.5), "4.5");
    assert_eq!(german.tenths(21.0), "21,0");
    assert_eq!(Texts::english().count("clients-found", 1), "1 client");
    assert_eq!(Texts::english().count("clients-found", 10_000), "10,000 clients");
}

#[test]
fn an_unknown_key_is_shown_and_breaks_nothing() {
    assert_eq!(Texts::english().t("no-such-key"), "no-such-key");
}
