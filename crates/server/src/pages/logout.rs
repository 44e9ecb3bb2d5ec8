//! Signing out: the question (OpenID Connect RP-Initiated Logout 1.0, section 2), and the answer.

use askama::Template;

use super::{Brand, show};
use crate::texts::Texts;

/// `POST /oauth/logout` with `csrf` and, when given, the sealed `request`.
#[derive(Debug, Clone, Template)]
#[template(path = "logout.html")]
pub struct LogoutPage {
    pub brand: Brand,
    /// The words.
    pub t: Texts,
    pub user_name: Option<String>,
    /// The app that asked, if an ID token hint or `client_id` told us.
    pub client_name: Option<String>,
    /// The sealed logout request: where to go afterwards, with which `state`.
    pub request: Option<String>,
    pub csrf: String,
}

/// What the person reads when they are signed out and no app gave a registered place to go.
#[derive(Debug, Clone, Template)]
#[template(path = "signed_out.html")]
pub struct SignedOutPage {
    pub brand: Brand,
    /// The words.
    pub t: Texts,
    pub client_name: Option<String>,
    /// A registered `post_logout_redirect_uri`, never an unchecked one.
    pub return_url: Option<String>,
}

impl LogoutPage {
    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self {
            brand: Brand::sample(),
            t: Texts::english(),
            user_name: Some("Ada Lovelace".into()),
            client_name: Some("Quarterly Reports".into()),
            request: Some("sealed.request.value".into()),
            csrf: "csrf-token".into(),
        };
        vec![
            ("app", base.clone()),
            ("branded", Self { brand: Brand::full_sample(), ..base.clone() }),
            ("plain", Self { client_name: None, request: None, ..base.clone() }),
            ("nobody", Self { user_name: None, client_name: None, request: None, ..base }),
        ]
    }
}

impl SignedOutPage {
    fn return_href(&self) -> Option<&str> {
        show::web_url_opt(self.return_url.as_ref())
    }

    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self {
            brand: Brand::sample(),
            t: Texts::english(),
            client_name: Some("Quarterly Reports".into()),
            return_url: Some("https://reports.example/bye?state=1".into()),
        };
        let branded = Self { brand: Brand::full_sample(), ..base.clone() };
        vec![
            ("app", base.clone()),
            ("branded", branded),
            ("plain", Self { client_name: None, return_url: None, ..base }),
        ]
    }
}
