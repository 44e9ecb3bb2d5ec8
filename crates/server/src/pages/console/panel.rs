//! A question before something is done.

use askama::Template;

use super::{Section, Shell};

/// Panels such as `GET /admin/users/{id}/delete`; the form posts to the same address.
#[derive(Debug, Clone, Template)]
#[template(path = "console/panel.html")]
pub struct PanelPage {
    pub shell: Shell,
    /// The question.
    pub title: String,
    /// What it does, a sentence or two each.
    pub says: Vec<String>,
    /// Where the form goes.
    pub action: String,
    /// What it says beside its token.
    pub fields: Vec<(String, String)>,
    /// The button: its id and words.
    pub submit: (&'static str, String),
    /// Whether it destroys.
    pub is_danger: bool,
    /// Where "Cancel" leads.
    pub back: String,
    /// Why it was not done.
    pub wrong: Option<String>,
}

impl PanelPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let shell = Shell { section: Section::Users, ..Shell::sample() };
        let t = shell.t;
        let base = Self {
            title: t.of("user-delete-title", "Ada \"the\" <Countess>"),
            says: vec![t.t("user-delete-what")],
            action: "/admin/users/65f0c0ffee65f0c0ffee65f0/delete".to_owned(),
            fields: vec![("status".to_owned(), "disabled".to_owned())],
            submit: ("user-delete", t.t("user-delete")),
            is_danger: true,
            back: "/admin/users/65f0c0ffee65f0c0ffee65f0".to_owned(),
            wrong: None,
            shell,
        };
        let wrong =
            Self { wrong: Some("The last administrator stays.".to_owned()), ..base.clone() };
        vec![("usual", base), ("wrong", wrong)]
    }
}
