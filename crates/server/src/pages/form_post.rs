//! The authorization response as a form that posts itself (OAuth 2.0 Form Post Response Mode, section 2).
//!
//! The script is a file of ours because the CSP allows no other; without it the person presses Continue. The page's
//! own CSP needs `form-action` with the redirect URI's origin, and `Cache-Control: no-store`: it carries a code.

use askama::Template;

use super::show;
use crate::texts::Texts;

/// Posts `params` to `redirect_uri`. There is no CSRF field: the form goes to the app, which checks `state`.
#[derive(Debug, Clone, Template)]
#[template(path = "form_post.html")]
pub struct FormPostPage {
    pub t: Texts,
    pub redirect_uri: String,
    pub params: Vec<(String, String)>,
}

impl FormPostPage {
    /// Only a web address can take a form; anything else gets a page that says so instead of a form.
    fn action(&self) -> Option<&str> {
        show::web_url(&self.redirect_uri).filter(|url| !url.starts_with('/'))
    }

    fn failed(&self) -> bool {
        self.params.iter().any(|(name, _)| name == "error")
    }

    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let to = |redirect_uri: &str, params: &[(&str, &str)]| Self {
            t: Texts::english(),
            redirect_uri: redirect_uri.into(),
            params: params.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        };
        vec![
            (
                "code",
                to(
                    "https://reports.example/callback?from=countersign",
                    &[
                        ("code", "c0de"),
                        ("state", "st4te"),
                        ("iss", "https://northwind.eu.example"),
                    ],
                ),
            ),
            (
                "error",
                to(
                    "https://reports.example/callback",
                    &[("error", "access_denied"), ("state", "st4te")],
                ),
            ),
            ("unsupported", to("com.example.notes:/callback", &[("code", "c0de")])),
        ]
    }
}
