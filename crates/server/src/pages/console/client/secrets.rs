//! The secrets and keys of a client.

use askama::Template;
use domain::secret::SecretText;

use super::super::{Shell, When};
use super::{Subject, Used, Wrong};

/// `GET /admin/clients/{id}/secrets`.
#[derive(Debug, Clone, Template)]
#[template(path = "console/client/secrets.html")]
pub struct SecretsPage {
    pub shell: Shell,
    pub client: Subject,
    /// Whether it authenticates by secret.
    pub by_secret: bool,
    pub secrets: Vec<SecretLine>,
    pub keys: Vec<KeyLine>,
    /// Where its keys are fetched from, when they are not registered here.
    pub jwks_uri: String,
}

/// A secret: everything but the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretLine {
    pub hint: String,
    pub label: String,
    pub created: When,
    pub created_by: String,
    pub expires: Option<When>,
    pub is_expired: bool,
    pub used: Option<Used>,
}

/// A registered public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLine {
    pub kid: String,
    pub created: When,
    pub created_by: String,
    pub used: Option<Used>,
}

/// `GET /admin/clients/{id}/secrets/new`, and its form (`label`, `expires`, `rotate`) when it has
/// to be corrected.
#[derive(Debug, Clone, Template)]
#[template(path = "console/client/secret_new.html")]
pub struct NewSecretPanel {
    pub shell: Shell,
    pub client: Subject,
    /// What makes it count once.
    pub once: String,
    pub label: String,
    /// `YYYY-MM-DD`, or empty.
    pub expires: String,
    /// The hint of the secret that it is to replace, or empty.
    pub rotate: String,
    pub wrong: Option<Wrong>,
    /// Why there can be no other one.
    pub refused: Option<String>,
}

/// The answer to it: shown once.
#[derive(Debug, Clone, Template)]
#[template(path = "console/client/secret_made.html")]
pub struct SecretMadePage {
    pub shell: Shell,
    pub client: Subject,
    pub secret: SecretText,
    pub hint: String,
    /// Where to go on.
    pub go_on: String,
    pub is_rotation: bool,
}

/// `GET /admin/clients/{id}/secrets/{hint}/delete`, and its form (`confirm`, `force`, `rotate`)
/// when it has to be corrected.
#[derive(Debug, Clone, Template)]
#[template(path = "console/client/secret_delete.html")]
pub struct SecretDeletePanel {
    pub shell: Shell,
    pub client: Subject,
    pub hint: String,
    pub label: String,
    pub used: Option<Used>,
    pub used_within_day: bool,
    pub used_within_month: bool,
    /// Whether it is the only credential that works.
    pub is_last: bool,
    /// What was typed.
    pub typed: String,
    pub force: bool,
    /// The hint of the secret that replaces it, or empty.
    pub rotate: String,
    pub wrong: Option<Wrong>,
}

impl SecretLine {
    pub(super) fn sample(hint: &str, used: bool) -> Self {
        let t = Shell::sample().t;
        Self {
            hint: hint.to_owned(),
            label: "production".to_owned(),
            created: When::sample(t, 90),
            created_by: "Ada Lovelace".to_owned(),
            expires: None,
            is_expired: false,
            used: used
                .then(|| Used { when: When::sample(t, 0), from: Some("10.0.0.7".to_owned()) }),
        }
    }
}

impl SecretsPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let shell = Shell::sample();
        let t = shell.t;
        let mut old = SecretLine::sample("a1B2c", false);
        (old.label, old.is_expired) = (String::new(), true);
        old.expires = Some(When::sample(t, 10));
        let base = Self {
            shell,
            client: Subject::sample(),
            by_secret: true,
            secrets: vec![old, SecretLine::sample("x9Y8z", true)],
            keys: vec![KeyLine {
                kid: "key-1".to_owned(),
                created: When::sample(t, 9),
                created_by: "Ada Lovelace".to_owned(),
                used: None,
            }],
            jwks_uri: String::new(),
        };
        let empty = Self { secrets: Vec::new(), keys: Vec::new(), ..base.clone() };
        let jwks_uri = "https://app.example/jwks".to_owned();
        let by_key = Self { by_secret: false, jwks_uri, ..empty.clone() };
        vec![("usual", base), ("empty", empty), ("by-key", by_key)]
    }
}

impl NewSecretPanel {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self {
            shell: Shell::sample(),
            client: Subject::sample(),
            once: "mark".to_owned(),
            label: "production".to_owned(),
            expires: String::new(),
            rotate: String::new(),
            wrong: None,
            refused: None,
        };
        let wrong = |field| Some(Wrong { field, text: "is wrong".to_owned() });
        let label = Self { wrong: wrong("label"), ..base.clone() };
        let expires = Self { wrong: wrong("expires"), rotate: "a1B2c".to_owned(), ..base.clone() };
        let whole = Self { wrong: wrong(""), ..base.clone() };
        let full = Self { refused: Some("There are five".to_owned()), ..base.clone() };
        vec![
            ("usual", base),
            ("label", label),
            ("expires", expires),
            ("whole", whole),
            ("full", full),
        ]
    }
}

impl SecretMadePage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let client = Subject::sample();
        let made = Self {
            shell: Shell::sample(),
            secret: SecretText::from("0123456789abcdef0123456789abcdef"),
            hint: "bcdef".to_owned(),
            go_on: client.path("/secrets"),
            is_rotation: false,
            client,
        };
        let rotation = Self { is_rotation: true, ..made.clone() };
        vec![("usual", made), ("rotation", rotation)]
    }
}

impl SecretDeletePanel {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = SecretLine::sample("x9Y8z", true);
        let used = Self {
            shell: Shell::sample(),
            client: Subject::sample(),
            hint: line.hint,
            label: line.label,
            used: line.used,
            used_within_day: true,
            used_within_month: true,
            is_last: true,
            typed: "x9".to_owned(),
            force: true,
            rotate: "a1B2c".to_owned(),
            wrong: Some(Wrong { field: "confirm", text: "is not the hint".to_owned() }),
        };
        let last = Self {
            wrong: Some(Wrong { field: "force", text: "is the last".to_owned() }),
            used_within_day: false,
            ..used.clone()
        };
        let unused = Self {
            used: None,
            used_within_month: false,
            is_last: false,
            wrong: None,
            ..last.clone()
        };
        let whole =
            Self { wrong: Some(Wrong { field: "", text: "gone".to_owned() }), ..unused.clone() };
        vec![("used", used), ("last", last), ("unused", unused), ("whole", whole)]
    }
}
