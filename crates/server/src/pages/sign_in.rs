//! Sign-in: user name and password, and the same page again when an app wants a fresh sign-in.

use askama::Template;

use super::Brand;
use crate::texts::Texts;

/// `POST /login` with `username`, `password`, `csrf` and, when given, `request` and `return_to`; Cancel adds
/// `action=cancel`.
#[derive(Debug, Clone, Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    pub brand: Brand,
    /// The words.
    pub t: Texts,
    /// The app that the person is on the way to, if any.
    pub client_name: Option<String>,
    /// The sealed authorization request to go on with (opaque here).
    pub request: Option<String>,
    /// A path on this host to go to when there is no `request`.
    pub return_to: Option<String>,
    pub csrf: String,
    /// Fills in the user name (`login_hint`, or what was typed before).
    pub username: String,
    pub alert: Option<Alert>,
    /// The person has a session but must prove it again (`prompt=login`, `max_age`).
    pub reauthenticate: bool,
    /// Cancel sends the person back to the app with `access_denied`.
    pub can_cancel: bool,
}

/// Why the page is shown again. The texts are here so that no handler can say which half was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alert {
    /// Unknown user, wrong password, or an account that may not sign in: one text for all, and the same time.
    WrongCredentials,
    Throttled {
        retry_after_seconds: u64,
    },
    /// The form came without our cookie.
    CookieMissing,
    /// The form is older than its CSRF token or its sealed request.
    PageExpired,
    /// The session ended (idle, too old, or ended elsewhere) while the person was using a page.
    SessionEnded,
}

impl Alert {
    /// `error`, `warning` or `info`: the colour and the urgency.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::WrongCredentials => "error",
            Self::Throttled { .. } | Self::CookieMissing => "warning",
            Self::PageExpired | Self::SessionEnded => "info",
        }
    }

    #[must_use]
    pub fn text(&self, t: Texts) -> String {
        match self {
            Self::WrongCredentials => t.t("sign-in-wrong"),
            Self::Throttled { retry_after_seconds } => {
                // The number as text: digits in groups would tell 3,600 from 999 by more than digits.
                let seconds = retry_after_seconds.to_string();
                let count = (*retry_after_seconds).into();
                t.with("sign-in-throttled", &[("count", count), ("seconds", seconds.into())])
            }
            Self::CookieMissing => t.t("sign-in-cookie"),
            Self::PageExpired => t.t("sign-in-expired"),
            Self::SessionEnded => t.t("sign-in-ended"),
        }
    }

    fn credentials(&self) -> bool {
        matches!(self, Self::WrongCredentials)
    }
}

impl SignInPage {
    fn title(&self) -> String {
        self.t.t(if self.reauthenticate { "sign-in-again-title" } else { "sign-in-title" })
    }

    /// Screen readers hear the alert with the fields when the credentials were wrong.
    fn credentials_refused(&self) -> bool {
        self.alert.as_ref().is_some_and(Alert::credentials)
    }

    #[must_use]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let base = Self {
            brand: Brand::sample(),
            t: Texts::english(),
            client_name: Some("Quarterly Reports".into()),
            request: Some("sealed.request.value".into()),
            return_to: None,
            csrf: "csrf-token".into(),
            username: String::new(),
            alert: None,
            reauthenticate: false,
            can_cancel: true,
        };
        let alert = |alert| Self { username: "ada".into(), alert: Some(alert), ..base.clone() };
        vec![
            ("app", base.clone()),
            ("branded", Self { brand: Brand::full_sample(), ..base.clone() }),
            (
                "plain",
                Self {
                    client_name: None,
                    request: None,
                    return_to: Some("/account".into()),
                    can_cancel: false,
                    ..base.clone()
                },
            ),
            (
                "again",
                Self {
                    reauthenticate: true,
                    username: "ada@northwind.example".into(),
                    ..base.clone()
                },
            ),
            ("wrong", alert(Alert::WrongCredentials)),
            ("throttled", alert(Alert::Throttled { retry_after_seconds: 42 })),
            ("cookie", alert(Alert::CookieMissing)),
            ("expired", alert(Alert::PageExpired)),
            ("ended", alert(Alert::SessionEnded)),
            (
                "long",
                Self {
                    brand: Brand::new(
                        "Österreichische Gesellschaft für Donaudampfschifffahrtselektrizitäten",
                    ),
                    client_name: Some(
                        "Hauptbetriebswerkbauunterbeamtengesellschaft Planning and Forecasting"
                            .into(),
                    ),
                    username:
                        "a.very.long.user.name.that.goes.on.and.on@subdomain.northwind.example"
                            .into(),
                    ..base
                },
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_say_what_to_do_and_never_which_half_was_wrong() {
        assert_eq!(
            Alert::Throttled { retry_after_seconds: 1 }.text(Texts::english()),
            "Too many attempts. Try again in 1 second."
        );
        assert_eq!(
            Alert::Throttled { retry_after_seconds: 30 }.text(Texts::english()),
            "Too many attempts. Try again in 30 seconds."
        );
        let text = Alert::WrongCredentials.text(Texts::english());
        assert!(text.contains("user name or password"));
    }
}
