//! The audit trail with hostile values: struct literals, so a new field can't be forgotten.

use askama::Template;
use engine::admin::audit::AuditSearch;

use super::super::console::{
    AuditPage, ChangeLine, EventKind, EventLine, MeantLine, Section, Shell, Topic, When,
};
use super::hostile::shell;

/// The page with `text` in every string: with events, and with a name that nobody has.
pub(super) fn pages_with(text: &str) -> Vec<(&'static str, String)> {
    let s = || text.to_owned();
    let own = || format!("/admin/{text}");
    let topic = || Topic { name: s(), id: s(), href: Some(own()), is_program: true };
    let gone = || Topic { name: String::new(), id: s(), href: None, is_program: false };
    let kind = || EventKind { word: s(), text: s() };
    let event = |actor: Topic, topics: Vec<Topic>| EventLine {
        id: s(),
        at: When { text: s(), iso: s(), is_relative: false },
        kind: kind(),
        actor,
        client: Some(topic()),
        topics,
        subject: s(),
        address: s(),
        trace_id: s(),
        changes: vec![ChangeLine { field: s(), from: s(), to: s() }],
        details: vec![(s(), s())],
    };
    let meant = |names| MeantLine { text: s(), words: (s(), s()), names };
    let page = AuditPage {
        shell: Shell { section: Section::Audit, ..shell(text) },
        view: AuditSearch {
            event: s(),
            actor: s(),
            client: s(),
            subject: s(),
            from: s(),
            until: s(),
            zone: s(),
        },
        kinds: vec![kind()],
        events: vec![event(topic(), vec![topic(), gone()]), event(gone(), Vec::new())],
        older: Some(own()),
        newer: Some(own()),
        meant: vec![meant(vec![s(), s()])],
        wrong: None,
    };
    let nobody = AuditPage { events: Vec::new(), meant: vec![meant(Vec::new())], ..page.clone() };
    let wrong = AuditPage { wrong: Some(s()), ..page.clone() };
    vec![
        ("audit", page.render().unwrap()),
        ("audit nobody", nobody.render().unwrap()),
        ("audit wrong", wrong.render().unwrap()),
    ]
}
