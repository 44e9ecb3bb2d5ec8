//! What goes with an edit, before it is saved.

use askama::Template;

use super::super::Shell;
use super::{Subject, Used};

/// The answer to `POST /admin/clients/{id}/edit` when something goes that was in use; its form is
/// the same once more, with `loses` (several) and `confirm-<hint>`.
#[derive(Debug, Clone, Template)]
#[template(path = "console/client/losses.html")]
pub struct LossesPage {
    pub shell: Shell,
    pub client: Subject,
    /// Why it is asked again.
    pub alert: Option<String>,
    /// The form as it was sent.
    pub fields: Vec<(String, String)>,
    /// What stands for each loss.
    pub marks: Vec<String>,
    pub secrets: Vec<LostSecret>,
    pub keys: Vec<LostKey>,
    pub scopes: Vec<LostScope>,
}

/// A secret that goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostSecret {
    pub hint: String,
    pub label: String,
    pub used: Option<Used>,
    /// Whether its hint has to be typed.
    pub must_type: bool,
    pub typed: String,
    pub wrong: Option<String>,
}

/// A registered key that goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostKey {
    pub kid: String,
    pub used: Option<Used>,
}

/// A scope that goes, with the last days on which it was asked for and used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostScope {
    pub scope: String,
    pub requested: Option<String>,
    pub used: Option<String>,
}

impl LossesPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let shell = Shell::sample();
        let when = super::When::sample(shell.t, 0);
        let used = Some(Used { when, from: Some("10.0.0.7".to_owned()) });
        let secret = |hint: &str, must_type| LostSecret {
            hint: hint.to_owned(),
            label: "production".to_owned(),
            used: if must_type { used.clone() } else { None },
            must_type,
            typed: String::new(),
            wrong: None,
        };
        let day = || Some("2026-11-27".to_owned());
        let base = Self {
            client: Subject::sample(),
            alert: None,
            fields: vec![("clientName".to_owned(), "Nightly export".to_owned())],
            marks: vec!["secret x9Y8z".to_owned(), "key key-1".to_owned()],
            secrets: vec![secret("x9Y8z", true), secret("a1B2c", false)],
            keys: vec![LostKey { kid: "key-1".to_owned(), used: used.clone() }],
            scopes: vec![
                LostScope { scope: "apps".to_owned(), requested: day(), used: day() },
                LostScope { scope: "openid".to_owned(), requested: day(), used: None },
            ],
            shell,
        };
        let mut wrong = Self { alert: Some("More goes now.".to_owned()), ..base.clone() };
        wrong.secrets[0].typed = "x9".to_owned();
        wrong.secrets[0].wrong = Some("is not the hint".to_owned());
        let scopes = Self { secrets: Vec::new(), keys: Vec::new(), ..base.clone() };
        vec![("usual", base), ("wrong", wrong), ("scopes", scopes)]
    }
}
