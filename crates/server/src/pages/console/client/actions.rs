//! Panels that do one thing to a client.

use askama::Template;

use super::super::{Shell, When};
use super::{Breaks, Subject, Wrong};

/// `GET /admin/clients/{id}/consent`, and its form (`consent`).
#[derive(Debug, Clone, Template)]
#[template(path = "console/client/consent.html")]
pub struct ConsentPanel {
    pub shell: Shell,
    pub client: Subject,
    pub is_trusted: bool,
    /// Why it cannot be trusted.
    pub why_not: Option<String>,
    /// Whether it is a machine, which gets no tokens until it is trusted.
    pub is_machine: bool,
    pub wrong: Option<Wrong>,
}

/// `GET /admin/clients/{id}/publish`, and its form.
#[derive(Debug, Clone, Template)]
#[template(path = "console/client/publish.html")]
pub struct PublishPanel {
    pub shell: Shell,
    pub client: Subject,
    /// Since when it is published already.
    pub published: Option<When>,
    /// Whether it is trusted now and will not be any more.
    pub is_trusted: bool,
    pub wrong: Option<Wrong>,
}

/// `GET /admin/clients/{id}/disable` with its form (`reason`), and `…/enable` with its own.
#[derive(Debug, Clone, Template)]
#[template(path = "console/client/switch.html")]
pub struct SwitchPanel {
    pub shell: Shell,
    pub client: Subject,
    /// Whether it is about switching the client on again.
    pub is_enable: bool,
    /// What stops when it is switched off.
    pub breaks: Option<Breaks>,
    /// The reason for which it is off, or what was typed.
    pub reason: String,
    pub wrong: Option<Wrong>,
}

/// `GET /admin/clients/{id}/configuration`.
#[derive(Debug, Clone, Template)]
#[template(path = "console/client/configuration.html")]
pub struct ConfigurationPanel {
    pub shell: Shell,
    pub client: Subject,
    /// The key of a name, a stable word, and the value.
    pub facts: Vec<(String, &'static str, String)>,
    /// The same for an application's environment.
    pub snippet: String,
}

/// `GET /admin/clients/{id}/scopes/unused`, and its form (`scope`, several).
#[derive(Debug, Clone, Template)]
#[template(path = "console/client/unused_scopes.html")]
pub struct UnusedScopesPanel {
    pub shell: Shell,
    pub client: Subject,
    pub scopes: Vec<String>,
    pub since: When,
    pub wrong: Option<Wrong>,
}

/// `GET /admin/clients/{id}/users/remove?user=…`, and its form (`user`).
#[derive(Debug, Clone, Template)]
#[template(path = "console/client/remove_user.html")]
pub struct RemoveUserPanel {
    pub shell: Shell,
    pub client: Subject,
    pub user_id: String,
    pub user_name: String,
    pub wrong: Option<Wrong>,
}

fn sample_wrong(field: &'static str) -> Option<Wrong> {
    Some(Wrong { field, text: "is wrong".to_owned() })
}

impl ConsentPanel {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self {
            shell: Shell::sample(),
            client: Subject::sample(),
            is_trusted: true,
            why_not: None,
            is_machine: true,
            wrong: None,
        };
        let t = base.shell.t;
        let fixed = Self {
            is_trusted: false,
            why_not: Some(t.t("consent-not-published")),
            is_machine: false,
            ..base.clone()
        };
        let wrong = Self { wrong: sample_wrong(""), ..base.clone() };
        vec![("trusted", base), ("fixed", fixed), ("wrong", wrong)]
    }
}

impl PublishPanel {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self {
            shell: Shell::sample(),
            client: Subject::sample(),
            published: None,
            is_trusted: true,
            wrong: None,
        };
        let done = Self { published: Some(When::sample(base.shell.t, 3)), ..base.clone() };
        let wrong = Self { wrong: sample_wrong(""), is_trusted: false, ..base.clone() };
        vec![("usual", base), ("done", done), ("wrong", wrong)]
    }
}

impl SwitchPanel {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let disable = Self {
            shell: Shell::sample(),
            client: Subject::sample(),
            is_enable: false,
            breaks: Some(Breaks::sample()),
            reason: String::new(),
            wrong: None,
        };
        let idle = Self { breaks: Some(Breaks::idle()), ..disable.clone() };
        let wrong = Self { wrong: sample_wrong("reason"), ..disable.clone() };
        let whole = Self { wrong: sample_wrong(""), ..disable.clone() };
        let enable =
            Self { is_enable: true, breaks: None, reason: "leaked".to_owned(), ..disable.clone() };
        vec![
            ("disable", disable),
            ("idle", idle),
            ("wrong", wrong),
            ("whole", whole),
            ("enable", enable),
        ]
    }
}

impl ConfigurationPanel {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let shell = Shell::sample();
        let issuer = "https://northwind.example".to_owned();
        let facts = vec![
            (shell.t.t("configuration-issuer"), "issuer", issuer.clone()),
            (shell.t.t("configuration-token"), "token", format!("{issuer}/oauth/token")),
        ];
        let snippet = format!("OAUTH_ISSUER={issuer}\nOAUTH_CLIENT_ID=6302");
        vec![("usual", Self { shell, client: Subject::sample(), facts, snippet })]
    }
}

impl UnusedScopesPanel {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let shell = Shell::sample();
        let base = Self {
            since: When::sample(shell.t, 200),
            shell,
            client: Subject::sample(),
            scopes: vec!["apps".to_owned(), "admin.users:read".to_owned()],
            wrong: None,
        };
        let none = Self { scopes: Vec::new(), wrong: sample_wrong(""), ..base.clone() };
        vec![("usual", base), ("none", none)]
    }
}

impl RemoveUserPanel {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self {
            shell: Shell::sample(),
            client: Subject::sample(),
            user_id: "65f0c0ffee65f0c0ffee65f0".to_owned(),
            user_name: "Bob".to_owned(),
            wrong: None,
        };
        let wrong = Self { wrong: sample_wrong(""), ..base.clone() };
        vec![("usual", base), ("wrong", wrong)]
    }
}
