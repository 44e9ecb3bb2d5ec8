//! The table of OAuth clients.

use askama::Template;
use domain::client::{AppType, ConsentMethod};

use super::columns::{Column, ColumnChoice};
use super::when::When;
use super::{Notice, Shell};
use crate::texts::Texts;

/// `GET /admin/clients` and its parameters; `POST /admin/clients/columns` (`column`, several).
#[derive(Debug, Clone, Template)]
#[template(path = "console/client_list.html", whitespace = "minimize")]
pub struct ClientListPage {
    pub shell: Shell,
    pub view: ListView,
    /// The columns that are shown, after the name.
    pub heads: Vec<ColumnHead>,
    /// Whether somebody chose the columns.
    pub is_chosen: bool,
    /// All columns, for the menu that chooses them.
    pub choices: Vec<ColumnChoice>,
    pub rows: Vec<ClientRow>,
    /// How many there are with this filter.
    pub total: usize,
    /// Addresses of the pages beside this one.
    pub prev: Option<String>,
    pub next: Option<String>,
    /// The address of the list sorted by the name, and how it stands to it now.
    pub name_sort: (&'static str, String),
    /// What was wrong with the address.
    pub wrong: Option<String>,
}

/// What the list is narrowed to, as the address says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListView {
    pub q: String,
    pub app_type: String,
    pub consent: String,
    pub status: String,
    pub unused: bool,
    pub sort: String,
}

impl ListView {
    /// Whether anything is left out.
    pub fn is_narrowed(&self) -> bool {
        let all = [&self.q, &self.app_type, &self.consent, &self.status];
        self.unused || all.iter().any(|one| !one.is_empty())
    }
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnHead {
    pub column: Column,
    /// `ascending`, `descending` or `none`.
    pub sorted: &'static str,
    /// The address of the list sorted by it.
    pub href: String,
}

/// A client in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRow {
    pub client_id: String,
    pub name: String,
    pub app_type: AppType,
    pub scopes: Vec<String>,
    pub consent: ConsentMethod,
    pub is_published: bool,
    pub is_disabled: bool,
    /// Whether this tenant owns it: what others published can be looked at.
    pub is_own: bool,
    pub secrets: usize,
    pub oldest_secret: Option<When>,
    pub last_used: Option<When>,
    /// Tokens of the last thirty days, oldest first.
    pub days: Vec<u64>,
    pub created: When,
    pub updated: When,
}

impl ClientRow {
    fn scope_list(&self) -> String {
        self.scopes.join("\n")
    }

    fn days_total(&self) -> usize {
        usize::try_from(self.days.iter().sum::<u64>()).unwrap_or(usize::MAX)
    }

    /// Bars of the sparkline, 1 to 20 high, as the strokes of one path in a picture of 90 by 20.
    fn bars(&self) -> String {
        let most = self.days.iter().copied().max().unwrap_or(0).max(1);
        let mut path = String::new();
        for (at, count) in self.days.iter().enumerate().filter(|(_, count)| **count > 0) {
            let height = (count * 20).div_ceil(most);
            path.push_str(&format!("M{} 20V{}", at * 3 + 1, 20 - height));
        }
        path
    }
}

impl ClientListPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let shell = Shell::sample();
        let t = shell.t;
        let row = |id: &str, name: &str, app_type| sample_row(t, id, name, app_type);
        let mut robot = row("63020142", "Nightly export", AppType::Web);
        robot.consent = ConsentMethod::Trusted;
        robot.secrets = 2;
        let mut published = row("019f04b2", "Partner portal <beta>", AppType::Spa);
        published.is_published = true;
        published.is_own = false;
        published.days = vec![0; 30];
        published.last_used = None;
        let mut disabled = row(
            "b3ee66d6",
            "Hauptbetriebswerkbauunterbeamtengesellschaft planning",
            AppType::Native,
        );
        disabled.is_disabled = true;
        let base = Self {
            shell,
            view: ListView { sort: "-createdAt".to_owned(), ..ListView::default() },
            heads: Column::heads(Column::ALL, "-createdAt", &|sort| {
                format!("/admin/clients?sort={sort}")
            }),
            is_chosen: false,
            choices: Column::choices(Column::ALL),
            rows: vec![robot, published, disabled],
            total: 3,
            prev: None,
            next: Some("/admin/clients?next=abc".to_owned()),
            name_sort: ("none", "/admin/clients?sort=%2BclientName".to_owned()),
            wrong: None,
        };
        let mut empty = base.clone();
        (empty.rows, empty.total, empty.next) = (Vec::new(), 0, None);
        let mut nothing = empty.clone();
        nothing.view.q = "no such \"thing\"".to_owned();
        let mut done = base.clone();
        done.shell.notice = Notice::of_query(t, Some("done=client-deleted"));
        done.heads.truncate(2);
        done.is_chosen = true;
        vec![("usual", base), ("empty", empty), ("nothing-found", nothing), ("done", done)]
    }
}

fn sample_row(t: Texts, id: &str, name: &str, app_type: AppType) -> ClientRow {
    let now: jiff::Timestamp = jiff::Timestamp::from_second(1_795_269_900).unwrap_or_default();
    let ago = |days: i64| now - jiff::SignedDuration::from_hours(24 * days);
    ClientRow {
        client_id: format!("{id}2597f43c47128aa651af2172"),
        name: name.to_owned(),
        app_type,
        scopes: vec!["user_default".to_owned(), "admin_classic".to_owned()],
        consent: ConsentMethod::Required,
        is_published: false,
        is_disabled: false,
        is_own: true,
        secrets: usize::from(app_type == AppType::Web),
        oldest_secret: (app_type == AppType::Web).then(|| When::relative(t, now, ago(200))),
        last_used: Some(When::relative(t, now, ago(0))),
        days: (0..30).map(|day| day * 7 % 11).collect(),
        created: When::relative(t, now, ago(240)),
        updated: When::relative(t, now, ago(12)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the styles, scripts and pictures of the page weigh at most, as they are transferred.
    const ASSETS: usize = 34_000;

    #[test]
    fn a_page_of_busy_clients_stays_light() {
        let base = ClientListPage::samples().remove(0).1;
        let mut row = sample_row(base.shell.t, "63020142", "Nightly export", AppType::Web);
        row.days = (0..30).map(|day| 1_000 + day * 7_919 % 1_013).collect();
        row.name = "A name of forty characters, as they come".to_owned();
        let page = ClientListPage { rows: vec![row; 20], total: 10_000, ..base };
        let weight = page.render().expect("a page").len();
        assert!(weight + ASSETS < 100_000, "{weight} bytes of HTML");
    }
}
