//! Deleting clients: what will break, and what came of it.

use askama::Template;

use super::super::Shell;
use super::{Subject, Used, Wrong};
use crate::texts::Texts;

/// `GET /admin/clients/delete?id=…&id=…`, and its form (`id`, several; `confirm`) when it has to
/// be corrected.
#[derive(Debug, Clone, Template)]
#[template(path = "console/client/delete.html")]
pub struct DeletePage {
    pub shell: Shell,
    pub clients: Vec<Breaks>,
    /// How many of those that were asked for are not there.
    pub missing: usize,
    pub wrong: Option<Wrong>,
}

/// What stops when a client goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaks {
    pub client: Subject,
    pub used: Option<Used>,
    pub is_busy: bool,
    pub tokens_last_month: u64,
    pub tokens_last_day: u64,
    pub users: u64,
    pub refresh_families: u64,
    pub api_keys: u64,
    pub other_tenants: u64,
}

/// The answer to the form: what came of each.
#[derive(Debug, Clone, Template)]
#[template(path = "console/client/deleted.html")]
pub struct DeleteResultPage {
    pub shell: Shell,
    pub results: Vec<DeleteResult>,
}

/// What came of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteResult {
    pub client: Subject,
    /// Why it was not deleted.
    pub failed: Option<String>,
}

fn size(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

impl Breaks {
    /// What breaks, a sentence each.
    pub(super) fn sentences(&self, t: &Texts) -> Vec<String> {
        [
            ("delete-tokens-day", self.tokens_last_day),
            ("delete-tokens-month", self.tokens_last_month),
            ("delete-users", self.users),
            ("delete-families", self.refresh_families),
            ("delete-api-keys", self.api_keys),
            ("delete-other-tenants", self.other_tenants),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(key, count)| t.count(key, size(count)))
        .collect()
    }
}

impl Breaks {
    pub(super) fn sample() -> Self {
        let when = super::When::sample(Texts::english(), 0);
        Self {
            client: Subject::sample(),
            used: Some(Used { when, from: Some("10.0.0.7".to_owned()) }),
            is_busy: true,
            tokens_last_month: 12_345,
            tokens_last_day: 400,
            users: 3,
            refresh_families: 1,
            api_keys: 1,
            other_tenants: 2,
        }
    }

    pub(super) fn idle() -> Self {
        Self {
            client: Subject { id: "019f04b2".to_owned(), name: "Old portal".to_owned() },
            used: None,
            is_busy: false,
            tokens_last_month: 0,
            tokens_last_day: 0,
            users: 0,
            refresh_families: 0,
            api_keys: 0,
            other_tenants: 0,
        }
    }
}

impl DeletePage {
    fn is_any_busy(&self) -> bool {
        self.clients.iter().any(|one| one.is_busy)
    }

    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let shell = Shell::sample();
        let (busy, idle) = (Breaks::sample(), Breaks::idle());
        let base = Self { shell, clients: vec![busy, idle.clone()], missing: 1, wrong: None };
        let text = base.shell.t.t("delete-confirm-wrong");
        let wrong = Self { wrong: Some(Wrong { field: "confirm", text }), ..base.clone() };
        let one = Self { clients: vec![idle], missing: 0, ..base.clone() };
        let gone = Self { clients: Vec::new(), ..base.clone() };
        let none = Self { missing: 0, ..gone.clone() };
        vec![("several", base), ("wrong", wrong), ("one", one), ("gone", gone), ("none", none)]
    }
}

impl DeleteResultPage {
    fn failed(&self) -> usize {
        self.results.iter().filter(|one| one.failed.is_some()).count()
    }

    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let shell = Shell::sample();
        let result = |failed| DeleteResult { client: Subject::sample(), failed };
        let mixed =
            Self { results: vec![result(None), result(Some("is not there".to_owned()))], shell };
        let fine = Self { results: vec![result(None), result(None)], ..mixed.clone() };
        vec![("mixed", mixed), ("fine", fine)]
    }
}
