//! Hostile values in every field of every page: they stay text, and never become a link that runs.

use askama::Template;
use jiff::Timestamp;

use super::super::console::{Notice, Section, Shell};
use super::super::*;
use super::{attribute, hostile_form, tags};
use crate::texts::Texts;

const HOSTILE: &str =
    "\"'><script>alert(1)</script><b onmouseover='x()' a=`${1}`>&lt;\u{202e}{{7*7}}";
const HOSTILE_URL: &str = "https://evil.example/\"'><script>alert(1)</script>";
const BENIGN: &str = "Plain text";
const BENIGN_URL: &str = "https://good.example/";

/// A brand with one text in every place.
pub(super) fn brand(text: &str) -> Brand {
    Brand {
        tenant_name: text.to_owned(),
        logo: Some(BrandLogo { url: format!("/brand/logo?v={text}"), width: 96, height: 32 }),
        theme: Some(format!("/brand/theme.css?v={text}")),
    }
}

/// The frame of the console with one text in every place.
pub(super) fn shell(text: &str) -> Shell {
    Shell {
        brand: brand(text),
        t: Texts::english(),
        csrf: text.to_owned(),
        user_name: text.to_owned(),
        section: Section::Clients,
        sections: Section::all_for(|_| true),
        notice: Some(Notice { text: text.to_owned(), is_error: true }),
    }
}

/// Every page with `text` in every string and `url` in every link: struct literals, so a new field can't be forgotten.
fn pages_with(text: &str, url: &str) -> Vec<(&'static str, String)> {
    let s = || text.to_owned();
    let u = || Some(url.to_owned());
    let brand = || brand(text);
    let lines = || vec![ScopeLine::new(s(), s(), true), ScopeLine::new(s(), s(), false)];
    let at = Timestamp::UNIX_EPOCH;
    let sign_in = |reauthenticate| SignInPage {
        brand: brand(),
        t: Texts::english(),
        client_name: Some(s()),
        request: Some(s()),
        return_to: Some(s()),
        csrf: s(),
        username: s(),
        alert: Some(Alert::WrongCredentials),
        reauthenticate,
        can_cancel: true,
    };
    let consent = ConsentPage {
        brand: brand(),
        t: Texts::english(),
        client: ConsentClient {
            name: s(),
            description: Some(s()),
            client_uri: u(),
            logo_uri: u(),
            policy_uri: u(),
            tos_uri: u(),
            publisher: s(),
        },
        user_name: s(),
        user_email: Some(s()),
        scopes: lines(),
        already_granted: lines(),
        redirect_host: s(),
        request: s(),
        csrf: s(),
    };
    let error = ErrorPage {
        t: Texts::english(),
        brand: Some(brand()),
        status: 400,
        title: s(),
        what: s(),
        next: s(),
        code: Some(s()),
        detail: Some(s()),
        trace_id: s(),
        back: Some(BackLink { url: url.to_owned(), label: s() }),
    };
    let session = |current| SessionLine {
        id: s(),
        current,
        device: s(),
        address: s(),
        started_at: at,
        last_seen_at: at,
    };
    let account = AccountPage {
        t: Texts::english(),
        brand: brand(),
        user_name: s(),
        user_email: Some(s()),
        apps: vec![AppLine {
            client_id: s(),
            name: s(),
            scopes: lines(),
            granted_at: at,
            last_used_at: Some(at),
        }],
        sessions: vec![session(true), session(false), session(false)],
        csrf: s(),
        notice: Some(s()),
    };
    let logout = LogoutPage {
        brand: brand(),
        t: Texts::english(),
        user_name: Some(s()),
        client_name: Some(s()),
        request: Some(s()),
        csrf: s(),
    };
    let signed_out = SignedOutPage {
        brand: brand(),
        t: Texts::english(),
        client_name: Some(s()),
        return_url: u(),
    };
    let form_post = FormPostPage {
        t: Texts::english(),
        redirect_uri: url.to_owned(),
        params: vec![(s(), s())],
    };
    let home =
        HomePage { brand: brand(), t: Texts::english(), issuer: s(), signed_in_as: Some(s()) };
    let mut pages = vec![
        ("sign-in", sign_in(false).render().unwrap()),
        ("sign-in again", sign_in(true).render().unwrap()),
        ("consent", consent.render().unwrap()),
        ("error", error.render().unwrap()),
        ("account", account.render().unwrap()),
        ("logout", logout.render().unwrap()),
        ("signed-out", signed_out.render().unwrap()),
        ("form-post", form_post.render().unwrap()),
        ("home", home.render().unwrap()),
    ];
    pages.extend(hostile_form::pages_with(text));
    pages.extend(super::hostile_client::pages_with(text));
    pages.extend(super::hostile_people::pages_with(text));
    pages.extend(super::hostile_audit::pages_with(text));
    pages.push(super::hostile_settings::page_with(text));
    pages
}

/// A value can't add a tag or an attribute: the page's skeleton is the same whatever the values are.
#[test]
fn hostile_values_stay_text() {
    let skeleton = |html: &str| -> Vec<(String, Vec<String>)> {
        tags(html)
            .into_iter()
            .map(|(tag, list)| (tag, list.into_iter().map(|(name, _)| name).collect()))
            .collect()
    };
    for ((name, hostile), (_, benign)) in
        pages_with(HOSTILE, HOSTILE_URL).into_iter().zip(pages_with(BENIGN, BENIGN_URL))
    {
        assert_eq!(skeleton(&hostile), skeleton(&benign), "{name}");
        assert!(!hostile.contains("<script>") && !hostile.contains("<b "), "{name}");
        assert!(hostile.contains("&#60;script&#62;"), "{name}: the value is shown, as text");
        assert_eq!(
            hostile.matches(['<', '>', '"', '\'']).count(),
            benign.matches(['<', '>', '"', '\'']).count(),
            "{name}"
        );
    }
}

/// Client metadata is the client's: a link that would run code is left out, not escaped.
#[test]
fn hostile_links_are_left_out() {
    for url in ["javascript:alert(1)", "data:text/html,<b>", "//evil.example", "vbscript:x"] {
        for (name, html) in pages_with(BENIGN, url) {
            for tag in tags(&html) {
                for attr in ["href", "src", "action"] {
                    let value = attribute(&tag, attr).unwrap_or("/");
                    let on_page = value.starts_with('#');
                    let ours = value.starts_with('/') && !value.starts_with("//");
                    assert!(
                        ours || on_page || value.starts_with("https:"),
                        "{name}: {attr}={value}"
                    );
                }
            }
        }
    }
}
