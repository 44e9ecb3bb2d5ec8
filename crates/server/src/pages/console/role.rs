//! One role, or one that is to be.

use askama::Template;

use super::scope_tree::ScopeChoice;
use super::{Fault, ScopeTree, Section, Shell, When};

/// `GET /admin/roles/new`, `GET /admin/roles/{id}`; `POST` there (`name`, `description`,
/// `assignedScopes`, several).
#[derive(Debug, Clone, Template)]
#[template(path = "console/role.html")]
pub struct RolePage {
    pub shell: Shell,
    pub fault: Fault,
    /// The role, unless it is still to be made.
    pub made: Option<RoleFacts>,
    /// What the form began with, in JSON, if there is a role.
    pub base: Option<String>,
    pub name: String,
    pub description: String,
    pub scopes: ScopeTree,
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

impl RolePage {
    /// Where the form goes.
    fn action(&self) -> String {
        self.made.as_ref().map_or_else(|| "/admin/roles/new".to_owned(), RoleFacts::path)
    }

    fn is_default(&self) -> bool {
        self.made.as_ref().is_some_and(|facts| facts.is_default)
    }

    fn chosen(&self) -> impl Iterator<Item = &ScopeChoice> {
        self.scopes.all().filter(|scope| scope.is_chosen)
    }

    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let tree = |chosen: &[&str]| {
            let chosen: Vec<String> = chosen.iter().map(|name| (*name).to_owned()).collect();
            let catalogue = domain::scope::Catalogue::embedded();
            catalogue
                .map(|catalogue| {
                    ScopeTree::of(Shell::sample().t, &catalogue, &chosen, &|name| {
                        name == "admin_classic"
                    })
                })
                .unwrap_or_default()
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
            base: None,
            name: String::new(),
            description: String::new(),
            scopes: tree(&["admin.users", "apps", "retired:scope"]),
        };
        let usual = Self {
            made: Some(facts.clone()),
            base: Some("{}".to_owned()),
            name: facts.title.clone(),
            description: "Who looks".to_owned(),
            ..new.clone()
        };
        let wrong =
            Self { fault: Fault::at("assignedScopes", "is no scope".to_owned()), ..usual.clone() };
        let default = RoleFacts { is_default: true, ..facts };
        let all = RoleFacts { is_all: true, may_read_audit: false, ..default.clone() };
        let admin = Self { made: Some(all), ..usual.clone() };
        let nothing = Self { made: Some(default.clone()), scopes: tree(&[]), ..usual.clone() };
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
