//! What happened in the tenant.

use askama::Template;

use super::{Section, Shell, When};

/// `GET /admin/audit` and its parameters.
#[derive(Debug, Clone, Template)]
#[template(path = "console/audit.html")]
pub struct AuditPage {
    pub shell: Shell,
    pub view: AuditView,
    /// The kinds of events that can be asked for.
    pub kinds: Vec<EventKind>,
    pub events: Vec<EventLine>,
    /// The address of the page of older events.
    pub older: Option<String>,
    /// The address of the page of newer events.
    pub newer: Option<String>,
    /// What was wrong with the address.
    pub wrong: Option<String>,
}

/// What the list is narrowed to, as the address says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditView {
    pub event: String,
    pub actor: String,
    pub client: String,
    pub subject: String,
    /// `YYYY-MM-DD`, in UTC.
    pub from: String,
    pub until: String,
}

impl AuditView {
    fn is_narrowed(&self) -> bool {
        *self != Self::default()
    }
}

/// A kind of event, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventKind {
    /// Its stable word, such as `client.created`.
    pub word: String,
    pub text: String,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventLine {
    pub id: String,
    pub at: When,
    pub kind: EventKind,
    /// In words: a name, or what kind of actor it was.
    pub actor: String,
    pub actor_href: Option<String>,
    pub client_id: String,
    pub subject: String,
    pub subject_href: Option<String>,
    pub address: String,
    pub trace_id: String,
    pub changes: Vec<ChangeLine>,
    /// More about it, as names and values.
    pub details: Vec<(String, String)>,
}

/// What changed from what to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeLine {
    pub field: String,
    pub from: String,
    pub to: String,
}

impl AuditPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let shell = Shell { section: Section::Audit, ..Shell::sample() };
        let t = shell.t;
        let at = |minutes: i64| {
            let second = 1_795_269_900 - 60 * minutes;
            When::exact(jiff::Timestamp::from_second(second).unwrap_or_default())
        };
        let kind =
            |word: &str| EventKind { word: word.to_owned(), text: EventKind::in_words(t, word) };
        let event = |id: &str, word: &str, changes| EventLine {
            id: id.to_owned(),
            at: at(5),
            kind: kind(word),
            actor: "Ada Lovelace".to_owned(),
            actor_href: Some("/admin/users/65f0c0ffee".to_owned()),
            client_id: String::new(),
            subject: "630201422597f43c47128aa651af2172".to_owned(),
            subject_href: Some("/admin/clients/630201422597f43c47128aa651af2172".to_owned()),
            address: "192.0.2.17".to_owned(),
            trace_id: "0af7651916cd43dd8448eb211c80319c".to_owned(),
            changes,
            details: vec![("hint".to_owned(), "a1b2c".to_owned())],
        };
        let renamed = ChangeLine {
            field: "clientName".to_owned(),
            from: "Old <name>".to_owned(),
            to: "New name".to_owned(),
        };
        let mut failed = event("e2", "sign_in.failed", Vec::new());
        failed.actor = t.t("actor-anonymous");
        (failed.actor_href, failed.subject_href, failed.subject) = (None, None, String::new());
        failed.details.clear();
        let base = Self {
            shell,
            view: AuditView::default(),
            kinds: vec![kind("client.changed"), kind("sign_in.failed")],
            events: vec![event("e1", "client.changed", vec![renamed]), failed],
            older: Some("/admin/audit?next=abc".to_owned()),
            newer: None,
            wrong: None,
        };
        let mut nothing = base.clone();
        nothing.events.clear();
        nothing.view.event = "client.changed".to_owned();
        vec![("usual", base), ("nothing", nothing)]
    }
}

impl EventKind {
    /// An event's words; its own word when there are none yet.
    pub fn in_words(t: crate::texts::Texts, word: &str) -> String {
        let plain = word.replace(['.', '_'], "-");
        let key = format!("event-{plain}");
        let text = t.t(&key);
        if text == key { word.to_owned() } else { text }
    }
}
