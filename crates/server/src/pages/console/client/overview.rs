//! The page of one client.

use askama::Template;
use domain::client::{AppType, ConsentMethod, GrantType};
use engine::usage::Reason;

use super::super::{Shell, When};
use super::chart::{Chart, grant_key};
use super::history::{ChangeLine, HistoryEntry};
use super::{Subject, Used};

/// `GET /admin/clients/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "console/client/page.html")]
pub struct ClientPage {
    pub shell: Shell,
    pub client: ClientFacts,
    pub tokens: Chart,
    pub refusals: Chart,
    /// The newest refusals by their reasons, the newest first.
    pub failures: Vec<FailureGroup>,
    pub users: Vec<UserLine>,
    /// Addresses of the next page of users, and of older changes.
    pub users_next: Option<String>,
    pub unused: Option<UnusedScopes>,
    pub history: Vec<HistoryEntry>,
    pub history_next: Option<String>,
}

/// What a client is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientFacts {
    pub subject: Subject,
    pub app_type: AppType,
    pub consent: ConsentMethod,
    /// Why it is switched off, if it is.
    pub disabled: Option<String>,
    /// Whether this tenant owns it.
    pub is_own: bool,
    pub description: String,
    pub scopes: Vec<String>,
    pub grants: Vec<GrantType>,
    pub auth_methods: Vec<&'static str>,
    pub redirect_uris: Vec<String>,
    pub origins: Vec<String>,
    pub secrets: usize,
    pub last_used: Option<Used>,
    pub published: Option<When>,
    pub created: When,
    pub created_by: String,
    pub updated: When,
}

impl ClientFacts {
    fn takes_secrets(&self) -> bool {
        self.is_own && self.app_type == AppType::Web
    }

    fn grant_keys(&self) -> Vec<&'static str> {
        self.grants.iter().map(|grant| grant_key(*grant)).collect()
    }

    /// Whether it is a machine that gets nothing until it is trusted.
    fn waits_for_trust(&self) -> bool {
        let machine = |grant: &GrantType| {
            matches!(grant, GrantType::ClientCredentials | GrantType::UserImpersonation)
        };
        self.consent == ConsentMethod::Required && self.grants.iter().any(machine)
    }
}

/// Refusals for one reason, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureGroup {
    pub reason: Reason,
    pub title: String,
    pub explanation: String,
    /// Newest first.
    pub times: Vec<FailureLine>,
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureLine {
    pub when: When,
    pub address: String,
    pub trace_id: String,
}

/// A user of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserLine {
    pub id: String,
    pub name: String,
    pub email: Option<String>,
    pub scopes: Vec<String>,
    pub since: When,
    /// Whether the user was asked.
    pub was_asked: bool,
    pub last_used: Option<When>,
}

/// Scopes of the list that nobody asked for or used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusedScopes {
    pub scopes: Vec<String>,
    /// Since when that is known.
    pub since: When,
}

impl ClientPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let shell = Shell::sample();
        let t = shell.t;
        let when = || When::sample(t, 3);
        let names: Vec<String> = GrantType::ALL.iter().map(|one| t.t(grant_key(*one))).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let reasons = ["Wrong client secret", "Expired secret", "Scope", "Grant", "Other one"];
        let failure = FailureLine {
            when: when(),
            address: "10.0.0.7".to_owned(),
            trace_id: "0af7651916cd43dd8448eb211c80319c".to_owned(),
        };
        let base = Self {
            client: ClientFacts::sample(t),
            tokens: Chart::sample("tokens", &names, t),
            refusals: Chart::sample("failures", &reasons, t),
            failures: vec![FailureGroup {
                reason: Reason::WrongSecret,
                title: t.reason(Reason::WrongSecret),
                explanation: t.reason_next(Reason::WrongSecret),
                times: vec![failure; 5],
            }],
            users: vec![UserLine {
                id: "65f0c0ffee65f0c0ffee65f0".to_owned(),
                name: "Bob <b>".to_owned(),
                email: Some("bob@northwind.example".to_owned()),
                scopes: vec!["openid".to_owned()],
                since: when(),
                was_asked: true,
                last_used: Some(when()),
            }],
            users_next: Some("/admin/clients/x?users=abc#users".to_owned()),
            unused: Some(UnusedScopes { scopes: vec!["apps".to_owned()], since: when() }),
            history: vec![HistoryEntry {
                when: when(),
                who: "Ada Lovelace".to_owned(),
                what: "Client changed".to_owned(),
                changes: vec![ChangeLine {
                    field: t.t("field-allowed-scopes"),
                    removed: vec!["admin_classic".to_owned()],
                    added: vec!["openid".to_owned()],
                }],
            }],
            history_next: None,
            shell,
        };
        let mut empty = base.clone();
        (empty.tokens, empty.refusals) =
            (Chart::sample("tokens", &[], t), Chart::sample("failures", &[], t));
        (empty.failures, empty.users, empty.users_next) = (Vec::new(), Vec::new(), None);
        (empty.unused, empty.history) = (None, Vec::new());
        empty.client.consent = ConsentMethod::Required;
        empty.client.last_used = None;
        let mut foreign = empty.clone();
        foreign.client.is_own = false;
        foreign.client.published = Some(when());
        foreign.client.disabled = Some("leaked".to_owned());
        vec![("usual", base), ("empty", empty), ("foreign", foreign)]
    }
}

impl ClientFacts {
    fn sample(t: crate::texts::Texts) -> Self {
        Self {
            subject: Subject::sample(),
            app_type: AppType::Web,
            consent: ConsentMethod::Trusted,
            disabled: None,
            is_own: true,
            description: "Exports every night.\nAsk Bob.".to_owned(),
            scopes: vec!["user_default".to_owned(), "admin_classic".to_owned()],
            grants: GrantType::ALL.to_vec(),
            auth_methods: vec!["client_secret"],
            redirect_uris: vec!["https://app.example/callback".to_owned()],
            origins: Vec::new(),
            secrets: 2,
            last_used: Some(Used { when: When::sample(t, 0), from: Some("10.0.0.7".to_owned()) }),
            published: None,
            created: When::sample(t, 200),
            created_by: "Ada Lovelace".to_owned(),
            updated: When::sample(t, 12),
        }
    }
}
