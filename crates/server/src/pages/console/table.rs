//! A table with search, filters, sort and pages: users, groups, roles.

use askama::Template;

use super::{Section, Shell, When};

/// `GET /admin/users`, `GET /admin/groups`, `GET /admin/roles`.
#[derive(Debug, Clone, Template)]
#[template(path = "console/table.html")]
pub struct TablePage {
    pub shell: Shell,
    pub words: TableWords,
    pub q: String,
    pub filters: Vec<TableFilter>,
    pub sort: String,
    pub is_narrowed: bool,
    /// The first one is the name.
    pub heads: Vec<TableHead>,
    pub rows: Vec<TableRow>,
    pub prev: Option<String>,
    pub next: Option<String>,
    /// What was wrong with the address.
    pub wrong: Option<String>,
    /// What makes more of them; the last one is what most come for.
    pub actions: Vec<TableAction>,
}

/// The words that are the noun's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableWords {
    pub title: String,
    pub lead: String,
    pub search: String,
    /// How many there are.
    pub found: String,
    /// When there is none at all.
    pub empty: String,
    /// When none fits.
    pub none: String,
}

/// A choice that narrows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFilter {
    pub name: &'static str,
    pub label: String,
    /// What narrows nothing.
    pub any: String,
    /// Value and words.
    pub options: Vec<(String, String)>,
    pub chosen: String,
}

/// The head of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableHead {
    /// Its stable word.
    pub word: &'static str,
    pub label: String,
    /// How the table is sorted by it now, and the address that sorts by it.
    pub sort: Option<(&'static str, String)>,
}

/// Somebody or something in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    pub href: String,
    pub name: String,
    /// For every column after the name.
    pub cells: Vec<Cell>,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// What somebody wrote.
    Text(String),
    /// A word in a frame: `good`, `off` or `plain`.
    Badge(&'static str, String),
    /// Several names.
    Names(Vec<String>),
    When(When),
}

/// Somewhere to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableAction {
    pub id: &'static str,
    pub href: String,
    pub label: String,
}

impl TableHead {
    /// A column; `sort` is the attribute that it sorts by, `now` how the table is sorted.
    pub fn new(
        (word, label): (&'static str, String),
        sort: Option<&str>,
        now: &str,
        address: impl Fn(&str) -> String,
    ) -> Self {
        let sort = sort.map(|by| {
            let (sorted, next) = next_sort(by, now);
            (sorted, address(&next))
        });
        Self { word, label, sort }
    }
}

/// How a list sorted by `now` stands to an attribute (the value of `aria-sort`), and what a press on
/// its head asks for.
pub fn next_sort(by: &str, now: &str) -> (&'static str, String) {
    match now.strip_prefix('-') {
        Some(down) if down == by => ("descending", format!("+{by}")),
        _ if now.trim_start_matches('+') == by => ("ascending", format!("-{by}")),
        _ => ("none", format!("+{by}")),
    }
}

impl TablePage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let shell = Shell { section: Section::Users, ..Shell::sample() };
        let t = shell.t;
        let head = |word, label: &str, sort| {
            TableHead::new((word, t.t(label)), sort, "+name", |sort| {
                format!("/admin/users?sort={sort}")
            })
        };
        let row = |name: &str, cells| TableRow {
            href: "/admin/users/65f0c0ffee65f0c0ffee65f0".to_owned(),
            name: name.to_owned(),
            cells,
        };
        let ago = When::exact(jiff::Timestamp::UNIX_EPOCH);
        let base = Self {
            words: TableWords {
                title: t.t("users-title"),
                lead: t.t("users-lead"),
                search: t.t("users-search"),
                found: t.count("users-found", 2),
                empty: t.t("users-empty"),
                none: t.t("users-none"),
            },
            q: String::new(),
            filters: vec![TableFilter {
                name: "status",
                label: t.t("column-status"),
                any: t.t("clients-any-status"),
                options: vec![("active".to_owned(), t.t("user-status-active"))],
                chosen: "active".to_owned(),
            }],
            sort: "+name".to_owned(),
            is_narrowed: false,
            heads: vec![
                head("name", "column-name", Some("name")),
                head("email", "column-email", Some("email")),
                head("status", "column-status", Some("status")),
                head("roles", "column-roles", None),
                head("created", "column-created", Some("createdAt")),
            ],
            rows: vec![
                row(
                    "Ada Lovelace",
                    vec![
                        Cell::Text("ada@northwind.example".to_owned()),
                        Cell::Badge("good", t.t("user-status-active")),
                        Cell::Names(vec!["TenantAdmin".to_owned(), "Editors <all>".to_owned()]),
                        Cell::When(ago.clone()),
                    ],
                ),
                row(
                    "Hauptbetriebswerkbauunterbeamtengesellschaft",
                    vec![
                        Cell::Text(String::new()),
                        Cell::Badge("off", t.t("user-status-disabled")),
                        Cell::Names(Vec::new()),
                        Cell::When(ago),
                    ],
                ),
            ],
            prev: None,
            next: Some("/admin/users?next=abc".to_owned()),
            wrong: None,
            actions: vec![TableAction {
                id: "user-new",
                href: "/admin/users/new".to_owned(),
                label: t.t("users-new"),
            }],
            shell,
        };
        let empty = Self { rows: Vec::new(), next: None, ..base.clone() };
        let none = Self { q: "\"x\"".to_owned(), is_narrowed: true, ..empty.clone() };
        let wrong = Self { wrong: Some("sort: is + or -".to_owned()), ..none.clone() };
        vec![("usual", base), ("empty", empty), ("none", none), ("wrong", wrong)]
    }
}

#[cfg(test)]
mod tests {
    use super::next_sort;

    #[test]
    fn a_press_on_a_head_turns_the_order_around() {
        let next = |now| next_sort("createdAt", now);
        assert_eq!(next("-createdAt"), ("descending", "+createdAt".to_owned()));
        assert_eq!(next("+createdAt"), ("ascending", "-createdAt".to_owned()));
        assert_eq!(next("createdAt"), ("ascending", "-createdAt".to_owned()));
        assert_eq!(next("-clientName"), ("none", "+createdAt".to_owned()));
    }
}
