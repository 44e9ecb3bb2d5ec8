//! One user.

use askama::Template;

use super::{Fault, Picks, Section, Shell, When};

/// `GET /admin/users/{id}`; `POST` there (`name`, `assignedRoles`, `assignedGroups`).
#[derive(Debug, Clone, Template)]
#[template(path = "console/user.html")]
pub struct UserPage {
    pub shell: Shell,
    pub fault: Fault,
    pub id: String,
    pub subject: String,
    pub email: Option<String>,
    pub is_email_verified: bool,
    /// `active`, `invited` or `disabled`.
    pub status: &'static str,
    /// The client that a bot user acts for.
    pub client: Option<String>,
    pub created: When,
    pub updated: When,
    pub invited_until: Option<When>,
    /// Whether the reader is the user.
    pub is_self: bool,
    /// The stored name.
    pub title: String,
    /// The name in the form.
    pub name: String,
    /// What the form began with, in JSON.
    pub base: String,
    pub roles: Picks,
    pub groups: Picks,
    /// Roles that come by a group: the group and the role.
    pub inherited: Vec<(String, String)>,
    pub sessions: Vec<UserSession>,
    pub apps: Vec<UserApp>,
    pub may_read_audit: bool,
}

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserSession {
    pub id: String,
    /// Whether the reader is in it.
    pub is_own: bool,
    pub device: String,
    pub address: String,
    pub started: When,
    pub seen: When,
}

/// An app that the user let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserApp {
    pub client_id: String,
    pub name: String,
    pub scopes: usize,
    pub granted: When,
    pub used: Option<When>,
}

impl UserPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let when = || When::exact(jiff::Timestamp::UNIX_EPOCH);
        let base = Self {
            shell: Shell { section: Section::Users, ..Shell::sample() },
            fault: Fault::default(),
            id: "65f0c0ffee65f0c0ffee65f0".to_owned(),
            subject: "idp|ada".to_owned(),
            email: Some("ada@northwind.example".to_owned()),
            is_email_verified: true,
            status: "active",
            client: None,
            created: when(),
            updated: when(),
            invited_until: None,
            is_self: false,
            title: "Ada \"Countess\" <Lovelace>".to_owned(),
            name: "Ada \"Countess\" <Lovelace>".to_owned(),
            base: "{}".to_owned(),
            roles: Picks::sample(&[("TenantAdmin", true), ("Developer", false)]),
            groups: Picks::sample(&[("Sales", true), ("Ops", false)]),
            inherited: vec![("Sales".to_owned(), "Seller <x>".to_owned())],
            sessions: vec![UserSession {
                id: "s1".to_owned(),
                is_own: true,
                device: "Firefox on Linux".to_owned(),
                address: "10.0.0.7".to_owned(),
                started: when(),
                seen: when(),
            }],
            apps: vec![UserApp {
                client_id: "c1".to_owned(),
                name: "Planner".to_owned(),
                scopes: 3,
                granted: when(),
                used: None,
            }],
            may_read_audit: true,
        };
        let wrong = Self {
            fault: Fault::at("name", "has 1 to 256 characters".to_owned()),
            name: String::new(),
            ..base.clone()
        };
        let refused = Self {
            fault: Fault::general("This user has the role TenantAdmin.".to_owned()),
            ..base.clone()
        };
        let bot = Self {
            client: Some("63020142".to_owned()),
            email: None,
            status: "disabled",
            sessions: Vec::new(),
            apps: Vec::new(),
            inherited: Vec::new(),
            ..base.clone()
        };
        let invited = Self {
            status: "invited",
            is_email_verified: false,
            is_self: true,
            invited_until: Some(when()),
            may_read_audit: false,
            ..bot.clone()
        };
        vec![
            ("usual", base),
            ("wrong", wrong),
            ("refused", refused),
            ("bot", bot),
            ("invited", Self { client: None, ..invited }),
        ]
    }
}
