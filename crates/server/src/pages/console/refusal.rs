//! Why something was not done, inside the console.

use askama::Template;

use super::Shell;

/// A page that says what happened and leads back.
#[derive(Debug, Clone, Template)]
#[template(path = "console/refusal.html")]
pub struct RefusalPage {
    pub shell: Shell,
    pub title: String,
    /// What happened and what to do next.
    pub what: String,
    /// Where the button leads.
    pub back: String,
    pub trace_id: String,
}

impl RefusalPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let shell = Shell::sample();
        let t = shell.t;
        let gone = Self {
            shell,
            title: t.t("refusal-gone-title"),
            what: t.t("refusal-gone"),
            back: "/admin/clients".to_owned(),
            trace_id: "0af7651916cd43dd8448eb211c80319c".to_owned(),
        };
        let away =
            Self { title: t.t("refusal-away-title"), what: t.t("refusal-away"), ..gone.clone() };
        vec![("gone", gone), ("away", away)]
    }
}
