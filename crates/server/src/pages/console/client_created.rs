//! What a client gets when it was made: its id, its secret, and code to begin with.

use askama::Template;

use super::Shell;
use super::snippets::{Snippet, SnippetValues};

/// The answer to `POST /admin/clients/new`, and to an edit that gave the client a secret.
#[derive(Debug, Clone, Template)]
#[template(path = "console/client_created.html")]
pub struct ClientCreatedPage {
    pub shell: Shell,
    pub client_id: String,
    pub name: String,
    /// Told now and never again.
    pub secret: Option<String>,
    /// Whether the client was there before and only the secret is new.
    pub is_edit: bool,
    /// Whether it is a machine that nobody trusts yet, so that it gets no tokens.
    pub is_waiting: bool,
    /// What it lacks to be of use: keys of the catalogue.
    pub lacks: Vec<&'static str>,
    pub snippets: Vec<Snippet>,
}

/// What `GET` and `POST /admin/clients/check` say about a value that is being typed: a piece of a
/// page.
#[derive(Debug, Clone, Template)]
#[template(path = "console/client_check.html")]
pub struct ClientCheckPiece {
    pub lines: Vec<CheckLine>,
}

/// A sentence about a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckLine {
    pub text: String,
    pub is_wrong: bool,
}

impl ClientCreatedPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let values = SnippetValues::sample();
        let machine = Self {
            shell: Shell::sample(),
            client_id: values.client_id.clone(),
            name: "Nightly export".to_owned(),
            secret: values.secret.clone(),
            is_edit: false,
            is_waiting: false,
            lacks: Vec::new(),
            snippets: values.snippets(),
        };
        let waiting = Self {
            is_waiting: true,
            lacks: vec!["created-no-scopes", "created-no-use"],
            ..machine.clone()
        };
        let public = SnippetValues { secret: None, is_machine: false, ..values };
        let native = Self { secret: None, snippets: public.snippets(), ..machine.clone() };
        let edited = Self { is_edit: true, ..machine.clone() };
        vec![("machine", machine), ("waiting", waiting), ("native", native), ("edited", edited)]
    }
}
