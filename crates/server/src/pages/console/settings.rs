//! Settings: the tenant's name and hosts.

use askama::Template;

use super::{Section, Shell};

/// `GET /admin/settings`; `POST /admin/settings` (`name`).
#[derive(Debug, Clone, Template)]
#[template(path = "console/settings.html")]
pub struct SettingsPage {
    pub shell: Shell,
    pub name: String,
    /// What is wrong with the name.
    pub wrong: Option<String>,
    pub tenant_id: String,
    pub region: String,
    pub issuer: String,
    /// The first is the one that the issuer is made of.
    pub hostnames: Vec<String>,
}

impl SettingsPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self {
            shell: Shell { section: Section::Settings, ..Shell::sample() },
            name: "Northwind Analytics".to_owned(),
            wrong: None,
            tenant_id: "BL4tTJ4S7xrHTcq0zQxQrJ5qB1_Q6cSo".to_owned(),
            region: "eu".to_owned(),
            issuer: "https://northwind.eu.example.com".to_owned(),
            hostnames: vec![
                "northwind.eu.example.com".to_owned(),
                "id.northwind.example".to_owned(),
            ],
        };
        let wrong = Self {
            name: String::new(),
            wrong: Some("has 1 to 200 characters and no control characters".to_owned()),
            ..base.clone()
        };
        vec![("usual", base), ("wrong", wrong)]
    }
}
