//! One group, or one that is to be.

use askama::Template;

use super::{Fault, Picks, Section, Shell, When};

/// `GET /admin/groups/new`, `GET /admin/groups/{id}`; `POST` there (`name`, `description`,
/// `assignedRoles`; the group of everybody: `enabled`, `assignedRoles`).
#[derive(Debug, Clone, Template)]
#[template(path = "console/group.html")]
pub struct GroupPage {
    pub shell: Shell,
    pub fault: Fault,
    /// The group, unless it is still to be made.
    pub made: Option<GroupFacts>,
    /// What the form began with, in JSON, if there is a group.
    pub base: Option<String>,
    pub name: String,
    pub description: String,
    pub is_enabled: bool,
    pub roles: Picks,
}

/// What is not changed by the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupFacts {
    pub id: String,
    /// The stored name.
    pub title: String,
    /// `idp`, `custom` or `system`.
    pub provider: &'static str,
    /// How many users are in it; nobody counts those of the group of everybody.
    pub members: Option<usize>,
    pub created: When,
    pub updated: When,
    pub may_read_audit: bool,
}

impl GroupPage {
    /// Where the form goes.
    fn action(&self) -> String {
        self.made.as_ref().map_or_else(|| "/admin/groups/new".to_owned(), GroupFacts::path)
    }

    fn is_system(&self) -> bool {
        self.made.as_ref().is_some_and(|facts| facts.provider == "system")
    }

    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let when = || When::exact(jiff::Timestamp::UNIX_EPOCH);
        let facts = GroupFacts {
            id: "65f0c0ffee65f0c0ffee65f1".to_owned(),
            title: "Sales \"North\" <all>".to_owned(),
            provider: "custom",
            members: Some(12),
            created: when(),
            updated: when(),
            may_read_audit: true,
        };
        let new = Self {
            shell: Shell { section: Section::Groups, ..Shell::sample() },
            fault: Fault::default(),
            made: None,
            base: None,
            name: String::new(),
            description: String::new(),
            is_enabled: true,
            roles: Picks::sample(&[("TenantAdmin", false), ("Developer", true)]),
        };
        let usual = Self {
            made: Some(facts.clone()),
            base: Some("{}".to_owned()),
            name: facts.title.clone(),
            description: "Who sells".to_owned(),
            ..new.clone()
        };
        let wrong = Self {
            fault: Fault::at("name", "has 1 to 256 characters".to_owned()),
            ..usual.clone()
        };
        let everyone =
            GroupFacts { provider: "system", members: None, may_read_audit: false, ..facts };
        let system = Self { made: Some(everyone), ..usual.clone() };
        vec![("new", new), ("usual", usual), ("wrong", wrong), ("system", system)]
    }
}

impl GroupFacts {
    /// The page of the group.
    pub fn path(&self) -> String {
        format!("/admin/groups/{}", self.id)
    }
}
