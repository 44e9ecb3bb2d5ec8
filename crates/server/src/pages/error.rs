//! The error page: what happened, what to do next, and a reference that finds the log line.

use askama::Template;

use super::{Brand, show};
use crate::texts::Texts;

/// A page for a person; the same error for a program is JSON and not made here.
#[derive(Debug, Clone, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// Absent when the host is unknown or the failure came before the tenant was known.
    pub brand: Option<Brand>,
    pub t: Texts,
    pub status: u16,
    pub title: String,
    /// What happened, for the person.
    pub what: String,
    /// What to do next, for the person.
    pub next: String,
    /// The OAuth error code, for the app's developer.
    pub code: Option<String>,
    /// The public `error_description`, for the app's developer. Never the private detail.
    pub detail: Option<String>,
    pub trace_id: String,
    pub back: Option<BackLink>,
}

/// A way out of an error page. Not shown unless the URL is `http(s)` or a path of this host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackLink {
    pub url: String,
    pub label: String,
}

impl BackLink {
    fn href(&self) -> Option<&str> {
        show::web_url(&self.url)
    }
}

impl ErrorPage {
    fn for_developer(&self) -> bool {
        self.code.is_some() || self.detail.is_some()
    }

    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self {
            brand: Some(Brand::sample()),
            t: Texts::english(),
            status: 400,
            title: "This app can’t sign you in".into(),
            what: "The app asked us to send you to an address that it has not registered. To keep your account safe, \
                   we stopped here."
                .into(),
            next: "Go back to the app and try again. If it happens again, tell the people who make the app.".into(),
            code: Some("invalid_request".into()),
            detail: Some(
                "redirect_uri is not registered for this client. It must equal a registered URI exactly, character \
                 by character."
                    .into(),
            ),
            trace_id: "4bf92f3577b34da6a3ce929d0e0e4736".into(),
            back: None,
        };
        vec![
            ("redirect", base.clone()),
            ("branded", Self { brand: Some(Brand::full_sample()), ..base.clone() }),
            (
                "not-found",
                Self {
                    brand: None,
                    status: 404,
                    title: "Nothing is here".into(),
                    what: "No page of ours has this address.".into(),
                    next: "Check the address for a typing error.".into(),
                    code: None,
                    detail: None,
                    back: Some(BackLink { url: "/".into(), label: "Go to the start page".into() }),
                    ..base.clone()
                },
            ),
            (
                "server",
                Self {
                    status: 500,
                    title: "We could not finish that".into(),
                    what: "Something went wrong on our side. Nothing was changed.".into(),
                    next: "Try again in a minute. If it happens again, give your administrator the reference below."
                        .into(),
                    code: Some("server_error".into()),
                    detail: None,
                    back: Some(BackLink { url: "/account".into(), label: "Go to your account".into() }),
                    ..base
                },
            ),
        ]
    }
}
