//! What of a form is kept while it waits for its sender, and what the sender is told about it.
//!
//! Invariant: neither a password nor a private key is kept; the page of the form asks for it again.

use std::collections::HashMap;

use domain::client::GrantType;
use domain::params::Params;

use super::clients::is_private;
use super::{Admin, picks};
use crate::pages::console::client::grant_key;
use crate::pages::console::{HeldLine, Unit};
use crate::texts::Texts;

/// Longest value that is told, in characters; the form has all of it.
const VALUE_MAX: usize = 200;
/// Fields that say nothing to a person, or what the name of the form says already.
const UNTOLD: [&str; 7] = ["base", "appType", "once", "rotate", "session", "passwordKind", "loses"];
/// Boxes that say yes.
const BOXES: [&str; 5] = ["atOnce", "enabled", "force", "requirePkce", "resend"];

/// The fields that are kept, and the names of those that are not.
pub(super) fn keep(params: &Params) -> (Vec<(String, String)>, Vec<String>) {
    let (mut kept, mut withheld) = (Vec::new(), Vec::new());
    for (name, value) in params.iter().filter(|(name, _)| *name != "csrf") {
        match name {
            "password" => withheld.push(name.to_owned()),
            "publicKeysText" if is_private(value) => withheld.push(name.to_owned()),
            _ => kept.push((name.to_owned(), value.to_owned())),
        }
    }
    // Who typed a password wants that one: none is made up instead of asking for it again.
    if withheld.iter().any(|name| name == "password") {
        kept.retain(|(name, _)| name != "passwordKind");
        kept.push(("passwordKind".to_owned(), "typed".to_owned()));
    }
    (kept, withheld)
}

/// What a form does, by its path in the router's table.
pub(super) fn what(t: Texts, route: &str) -> String {
    let steps = route.split('/').skip(2).filter(|step| !step.starts_with('{'));
    let action = steps.collect::<Vec<_>>().join("-");
    t.t(&format!("held-{action}"))
}

/// What fields are called, in a row.
pub(super) fn names(t: Texts, fields: &[String]) -> String {
    fields.iter().map(|name| t.field(name)).collect::<Vec<_>>().join(", ")
}

/// What a form says, for a person to read.
pub(super) fn told(t: Texts, names: &Names, fields: &[(String, String)]) -> Vec<HeldLine> {
    let mut lines: Vec<HeldLine> = Vec::new();
    for (name, value) in fields {
        let is_unit = Unit::parse(value).is_some() && name.ends_with("Unit");
        if is_unit || UNTOLD.contains(&name.as_str()) {
            continue;
        }
        let label = t.field(name);
        let value = shown(&names.of_value(t, fields, (name.as_str(), value.as_str())));
        match lines.iter_mut().find(|line| line.label == label) {
            Some(line) => line.values.push(value),
            None => lines.push(HeldLine { label, values: vec![value] }),
        }
    }
    lines
}

fn shown(value: &str) -> String {
    match value.char_indices().nth(VALUE_MAX) {
        Some((at, _)) => format!("{}…", &value[..at]),
        None => value.to_owned(),
    }
}

/// The names of roles and groups that a form has by their ids; without them an id stands there.
#[derive(Default)]
pub(super) struct Names(HashMap<String, String>);

impl Names {
    pub(super) async fn of(admin: &Admin, fields: &[(String, String)]) -> Self {
        let has = |wanted: &str| fields.iter().any(|(name, _)| name == wanted);
        let mut names = HashMap::new();
        // What cannot be looked up is told by its id.
        if has("assignedRoles") {
            let roles = picks::roles(admin, &[]).await.unwrap_or_default();
            names.extend(roles.offered.into_iter().map(|role| (role.id, role.name)));
        }
        if has("assignedGroups") {
            let groups = picks::groups(admin, &[]).await.unwrap_or_default();
            names.extend(groups.offered.into_iter().map(|group| (group.id, group.name)));
        }
        Self(names)
    }

    fn of_value(
        &self,
        t: Texts,
        fields: &[(String, String)],
        (name, value): (&str, &str),
    ) -> String {
        let word = |prefix: &str| t.t(&format!("{prefix}-{value}"));
        let unit = fields.iter().find(|(other, _)| *other == format!("{name}Unit"));
        match name {
            "assignedRoles" | "assignedGroups" => {
                self.0.get(value).cloned().unwrap_or_else(|| value.to_owned())
            }
            "status" => word("user-status"),
            "consent" | "consentMethod" => word("consent"),
            "allowedAuthMethods" => word("auth"),
            "allowedGrantTypes" => {
                GrantType::parse(value).map_or_else(|| value.to_owned(), |one| t.t(grant_key(one)))
            }
            _ if BOXES.contains(&name) => t.t("form-on"),
            _ => match unit.and_then(|(_, unit)| Unit::parse(unit)) {
                Some(unit) => format!("{value} {}", t.t(&format!("unit-{}", unit.word()))),
                None => value.to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::params::Limits;

    use super::*;
    use crate::router::{Access, endpoints};

    #[test]
    fn every_form_has_words_for_what_it_does() {
        let forms =
            endpoints().into_iter().filter(|one| matches!(one.access, Access::AdminForm(_)));
        for form in forms {
            for t in [Texts::english(), Texts::choose(["de"])] {
                let told = what(t, form.path);
                assert!(!told.starts_with("held-"), "{}: {told} has no words", form.path);
            }
        }
    }

    #[test]
    fn secrets_are_not_kept_and_what_else_was_typed_is() {
        let private = "%7B%22kty%22%3A%22EC%22%2C%22d%22%3A%22x%22%7D";
        let text = format!(
            "csrf=c&name=n&passwordKind=made&password=typed+secret&publicKeysText={private}&name=m"
        );
        let params = Params::from_form(text.as_bytes(), Limits::default()).expect("a form");
        let (kept, withheld) = keep(&params);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(kept, [pair("name", "n"), pair("name", "m"), pair("passwordKind", "typed")]);
        assert_eq!(withheld, ["password", "publicKeysText"]);
        let public = "publicKeysText=-----BEGIN+PUBLIC+KEY-----&passwordKind=made";
        let params = Params::from_form(public.as_bytes(), Limits::default()).expect("a form");
        let (kept, withheld) = keep(&params);
        assert_eq!((kept.len(), withheld.len()), (2, 0));
    }
}
