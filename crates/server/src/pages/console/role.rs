//! One role, or one that is to be.

use askama::Template;
use domain::scope::{Catalogue, ScopeEntry};

use super::{Fault, Section, Shell, When};

/// `GET /admin/roles/new`, `GET /admin/roles/{id}`; `POST` there (`name`, `description`,
/// `assignedScopes`, several).
#[derive(Debug, Clone, Template)]
#[template(path = "console/role.html")]
pub struct RolePage {
    pub shell: Shell,
    pub fault: Fault,
    /// The role, unless it is still to be made.
    pub made: Option<RoleFacts>,
    pub name: String,
    pub description: String,
    pub scopes: Vec<RoleScope>,
}

/// What is not changed by the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleFacts {
    pub id: String,
    /// The stored name.
    pub title: String,
    /// Whether it came with the tenant, and is only looked at.
    pub is_default: bool,
    /// Whether it gives everything.
    pub is_all: bool,
    /// How many have it.
    pub users: usize,
    pub groups: usize,
    pub updated: When,
    pub may_read_audit: bool,
}

/// A scope that a role may give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleScope {
    pub name: String,
    /// What it lets somebody do.
    pub description: String,
    /// How many scopes stand above it.
    pub depth: usize,
    pub is_chosen: bool,
    /// Whether the reader has it not, and so cannot give it.
    pub is_barred: bool,
    pub is_powerful: bool,
}

impl RoleScope {
    /// The catalogue, each scope before those that it includes.
    pub fn tree(
        catalogue: &Catalogue,
        is_chosen: &dyn Fn(&str) -> bool,
        may_give: &dyn Fn(&str) -> bool,
    ) -> Vec<Self> {
        let mut tree = Vec::new();
        let mut rest: Vec<(&ScopeEntry, usize)> = catalogue
            .iter()
            .filter(|entry| entry.parent.is_none())
            .map(|entry| (entry, 0))
            .collect();
        rest.reverse();
        while let Some((entry, depth)) = rest.pop() {
            let name = entry.name.as_str();
            tree.push(Self {
                name: name.to_owned(),
                description: entry.description.clone(),
                depth,
                is_chosen: is_chosen(name),
                is_barred: !may_give(name),
                is_powerful: name == "admin_classic" || name.starts_with("admin."),
            });
            let at = rest.len();
            rest.extend(catalogue.children(name).map(|child| (child, depth + 1)));
            rest[at..].reverse();
        }
        tree
    }
}

impl RolePage {
    /// Where the form goes.
    fn action(&self) -> String {
        self.made.as_ref().map_or_else(|| "/admin/roles/new".to_owned(), RoleFacts::path)
    }

    fn is_default(&self) -> bool {
        self.made.as_ref().is_some_and(|facts| facts.is_default)
    }

    fn chosen(&self) -> impl Iterator<Item = &RoleScope> {
        self.scopes.iter().filter(|scope| scope.is_chosen)
    }

    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let scope = |name: &str, depth, is_chosen| RoleScope {
            name: name.to_owned(),
            description: "Read and change <everything>".to_owned(),
            depth,
            is_chosen,
            is_barred: name.starts_with("admin"),
            is_powerful: name.starts_with("admin"),
        };
        let facts = RoleFacts {
            id: "65f0c0ffee65f0c0ffee65f2".to_owned(),
            title: "Auditors \"all\" <x>".to_owned(),
            is_default: false,
            is_all: false,
            users: 3,
            groups: 1,
            updated: When::exact(jiff::Timestamp::UNIX_EPOCH),
            may_read_audit: true,
        };
        let new = Self {
            shell: Shell { section: Section::Roles, ..Shell::sample() },
            fault: Fault::default(),
            made: None,
            name: String::new(),
            description: String::new(),
            scopes: vec![
                scope("admin_classic", 0, false),
                scope("admin.users", 1, true),
                scope("admin.users:read", 2, false),
                scope("apps", 0, true),
            ],
        };
        let usual = Self {
            made: Some(facts.clone()),
            name: facts.title.clone(),
            description: "Who looks".to_owned(),
            ..new.clone()
        };
        let wrong =
            Self { fault: Fault::at("assignedScopes", "is no scope".to_owned()), ..usual.clone() };
        let default = RoleFacts { is_default: true, ..facts };
        let all = RoleFacts { is_all: true, may_read_audit: false, ..default.clone() };
        let admin = Self { made: Some(all), ..usual.clone() };
        let nothing = Self { made: Some(default.clone()), scopes: Vec::new(), ..usual.clone() };
        let default = Self { made: Some(default), ..usual.clone() };
        vec![
            ("new", new),
            ("usual", usual),
            ("wrong", wrong),
            ("default", default),
            ("nothing", nothing),
            ("all", admin),
        ]
    }
}

impl RoleFacts {
    /// The page of the role.
    pub fn path(&self) -> String {
        format!("/admin/roles/{}", self.id)
    }
}
