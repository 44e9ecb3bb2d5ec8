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
    /// Where it goes: a path of the console.
    pub action: String,
    /// What it says.
    pub fields: Vec<(String, String)>,
    pub csrf: String,
}

impl ConfirmPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let t = Texts::english();
        let fresh = Self {
            brand: Brand::sample(),
            t,
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
        let page = Self {
            brand: Brand::sample(),
            t: Texts::english(),
            action: "/admin/clients/new".to_owned(),
            fields: vec![
                ("clientName".to_owned(), "Nightly export".to_owned()),
                ("redirectUri".to_owned(), "https://app.example/callback".to_owned()),
            ],
            csrf: "csrf-token".to_owned(),
        };
        vec![("usual", page)]
    }
}
