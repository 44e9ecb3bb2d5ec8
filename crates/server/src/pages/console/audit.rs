//! What happened in the tenant.

use askama::Template;
use engine::admin::audit::AuditSearch;

use super::{Section, Shell, When};

/// `GET /admin/audit` and its parameters.
#[derive(Debug, Clone, Template)]
#[template(path = "console/audit.html")]
pub struct AuditPage {
    pub shell: Shell,
    /// What the list is narrowed to, as the address says it.
    pub view: AuditSearch,
    /// The kinds of events that can be asked for.
    pub kinds: Vec<EventKind>,
    pub events: Vec<EventLine>,
    /// The address of the page of older events.
    pub older: Option<String>,
    /// The address of the page of newer events.
    pub newer: Option<String>,
    /// What names were taken for.
    pub meant: Vec<MeantLine>,
    /// What was wrong with the address.
    pub wrong: Option<String>,
}

/// What a text that was typed was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeantLine {
    /// As it was typed.
    pub text: String,
    /// What stands before and after it.
    pub words: (String, String),
    /// What is called so; nothing when nobody is.
    pub names: Vec<String>,
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
    /// Who did it: a name, or what kind of actor it was.
    pub actor: Topic,
    /// The client through which they came.
    pub client: Option<Topic>,
    /// What it is about, by name.
    pub topics: Vec<Topic>,
    /// The id of what it happened to.
    pub subject: String,
    pub address: String,
    pub trace_id: String,
    pub changes: Vec<ChangeLine>,
    /// More about it, as names and values.
    pub details: Vec<(String, String)>,
}

impl EventLine {
    /// Whether what it happened to is not among what it is about: a session, a key of the tenant's.
    fn has_other_subject(&self) -> bool {
        !self.subject.is_empty() && self.topics.iter().all(|topic| topic.id != self.subject)
    }
}

/// Somebody or something that an event names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topic {
    /// What it is called; empty when nobody knows any more.
    pub name: String,
    /// Empty for whoever has none.
    pub id: String,
    pub href: Option<String>,
    /// Whether it is an app or its bot user: names do not tell them from people.
    pub is_program: bool,
}

impl Topic {
    /// The beginning of its id, for what has no name any more.
    fn short_id(&self) -> String {
        match self.id.char_indices().nth(8) {
            Some((end, _)) => format!("{}…", &self.id[..end]),
            None => self.id.clone(),
        }
    }
}

/// What changed from what to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeLine {
    pub field: String,
    pub from: String,
    pub to: String,
}

impl AuditPage {
    /// Whether something was typed that nobody is called.
    fn has_nobody(&self) -> bool {
        self.meant.iter().any(|one| one.names.is_empty())
    }

    /// Whether anything is left out; a zone leaves out nothing by itself.
    fn is_narrowed(&self) -> bool {
        self.view != AuditSearch { zone: self.view.zone.clone(), ..AuditSearch::default() }
    }

    /// Whose days are asked for. Where none are, the script makes them the reader's.
    fn days_of(&self) -> &str {
        let AuditSearch { zone, .. } = &self.view;
        if self.view.has_days() && !zone.is_empty() { zone } else { "UTC" }
    }

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
        let topic = |name: &str, id: &str, href: Option<&str>| Topic {
            name: name.to_owned(),
            id: id.to_owned(),
            href: href.map(|noun| format!("/admin/{noun}/{id}")),
            is_program: href == Some("clients"),
        };
        let ada = topic("Ada Lovelace", "65f0c0ffee65f0c0ffee65f0", Some("users"));
        let app = topic("Nightly export", "630201422597f43c47128aa651af2172", Some("clients"));
        let gone = topic("", "770201422597f43c47128aa651af2172", None);
        let event = |id: &str, word: &str, topics: Vec<Topic>, changes| EventLine {
            id: id.to_owned(),
            at: at(5),
            kind: kind(word),
            actor: ada.clone(),
            client: Some(app.clone()),
            subject: topics.first().map(|topic| topic.id.clone()).unwrap_or_default(),
            topics,
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
        let mut failed = event("e2", "sign_in.failed", Vec::new(), Vec::new());
        failed.actor = Topic { name: t.t("actor-anonymous"), ..Topic::default() };
        failed.client = None;
        failed.details.clear();
        let usual = vec![
            event("e1", "client.changed", vec![app.clone()], vec![renamed]),
            failed,
            event("e3", "consent.removed", vec![app.clone(), ada.clone()], Vec::new()),
            event("e4", "client_secret.deleted", vec![gone], Vec::new()),
        ];
        let base = Self {
            shell,
            view: AuditSearch::default(),
            kinds: vec![kind("client.changed"), kind("sign_in.failed")],
            events: usual,
            older: Some("/admin/audit?next=abc".to_owned()),
            newer: None,
            meant: Vec::new(),
            wrong: None,
        };
        let meant = |key: &str, text: &str, names: &[&str]| MeantLine {
            text: text.to_owned(),
            words: t.around(key),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let mut named = base.clone();
        named.view.actor = "ada".to_owned();
        named.view.from = "2027-01-15".to_owned();
        named.view.zone = "America/Argentina/Buenos_Aires".to_owned();
        named.meant = vec![meant("audit-meant", "ada", &["Ada Lovelace", "Ada <Byron>"])];
        let mut nothing = base.clone();
        nothing.events.clear();
        nothing.view.event = "client.changed".to_owned();
        let mut nobody = nothing.clone();
        nobody.view.actor = "Nemo <x>".to_owned();
        nobody.meant = vec![meant("audit-nobody-actor", "Nemo <x>", &[])];
        let mut wrong = nothing.clone();
        wrong.wrong = Some("From: is a day, such as 2027-01-31".to_owned());
        vec![
            ("usual", base),
            ("named", named),
            ("nothing", nothing),
            ("nobody", nobody),
            ("wrong", wrong),
        ]
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
