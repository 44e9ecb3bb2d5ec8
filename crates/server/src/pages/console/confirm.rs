//! The password once more, and the form that waited for it.

use askama::Template;

use crate::pages::Brand;
use crate::texts::Texts;

/// `POST /admin/confirm` (`held`, `username`, `password`, `csrf`).
#[derive(Debug, Clone, Template)]
#[template(path = "console/confirm.html")]
pub struct ConfirmPage {
    pub brand: Brand,
    pub t: Texts,
    /// What is waiting for it.
    pub what: String,
    /// Why the password is asked for.
    pub why: String,
    /// Who is signed in; nobody when the session had ended.
    pub user_name: Option<String>,
    /// What they sign in with.
    pub username: String,
    /// What was wrong with the last try.
    pub wrong: Option<String>,
    /// The sealed form.
    pub held: String,
    pub csrf: String,
}

/// The form that was held, to be sent again.
#[derive(Debug, Clone, Template)]
#[template(path = "console/continue.html")]
pub struct ContinuePage {
    pub brand: Brand,
    pub t: Texts,
    pub reason: ContinueReason,
    /// Where it goes: a path of the console.
    pub action: String,
    /// What it does.
    pub what: String,
    /// What it says.
    pub fields: Vec<(String, String)>,
    /// The same for a person to read.
    pub lines: Vec<HeldLine>,
    /// What was not kept, in words.
    pub withheld: String,
    pub csrf: String,
}

/// Why a form comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContinueReason {
    /// Its sender has signed in again.
    SignedIn {
        /// Who does it.
        user_name: String,
    },
    /// The data was out of reach when it was sent.
    DataAway {
        /// What finds the line in the log.
        trace_id: String,
    },
}

impl ContinueReason {
    /// The texts of the title, of the sentence below, and of the button.
    fn keys(&self) -> [&'static str; 3] {
        match self {
            Self::SignedIn { .. } => ["continue-title", "continue-what", "continue-submit"],
            Self::DataAway { .. } => ["refusal-away-title", "continue-away", "continue-again"],
        }
    }
}

/// A field of a held form and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldLine {
    pub label: String,
    pub values: Vec<String>,
}

impl ConfirmPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let t = Texts::english();
        let fresh = Self {
            brand: Brand::sample(),
            t,
            what: t.t("held-tokens-rotate"),
            why: t.t("confirm-not-fresh"),
            user_name: Some("Ada Lovelace".to_owned()),
            username: "ada@northwind.example".to_owned(),
            wrong: None,
            held: "sealed".to_owned(),
            csrf: "csrf-token".to_owned(),
        };
        let wrong = Self { wrong: Some(t.t("confirm-wrong")), ..fresh.clone() };
        let signed_out = Self {
            why: t.t("confirm-signed-out"),
            user_name: None,
            username: String::new(),
            ..fresh.clone()
        };
        vec![("not-fresh", fresh), ("wrong", wrong), ("signed-out", signed_out)]
    }
}

impl ContinuePage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let t = Texts::english();
        let line = |key: &str, values: &[&str]| HeldLine {
            label: t.t(key),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let page = Self {
            brand: Brand::sample(),
            t,
            action: "/admin/clients/new".to_owned(),
            what: t.t("held-clients-new"),
            reason: ContinueReason::SignedIn { user_name: "Ada Lovelace".to_owned() },
            lines: vec![
                line("field-client-name", &["Nightly export"]),
                line("field-redirect-uris", &["https://app.example/callback"]),
                line("field-allowed-scopes", &["openid", "apps:read"]),
            ],
            withheld: String::new(),
            fields: vec![
                ("once".to_owned(), "mark".to_owned()),
                ("clientName".to_owned(), "Nightly export".to_owned()),
                ("redirectUri".to_owned(), "https://app.example/callback".to_owned()),
            ],
            csrf: "csrf-token".to_owned(),
        };
        let withheld = Self { withheld: t.t("field-public-keys-text"), ..page.clone() };
        let away = Self {
            reason: ContinueReason::DataAway {
                trace_id: "4bf92f3577b34da6a3ce929d0e0e4736".to_owned(),
            },
            ..page.clone()
        };
        vec![("usual", page), ("withheld", withheld), ("away", away)]
    }
}
