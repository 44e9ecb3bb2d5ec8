//! Where authorization responses may go: redirect URIs and the origins of browser apps.
//!
//! RFC 6749 section 3.1.2, RFC 8252 section 7, RFC 9700 sections 2.1 and 4.1.3.
//!
//! Invariant: what is registered is kept byte for byte and compared byte for byte. There are no patterns, no
//! prefixes and no normalisation, because every one of those has sent codes to somebody else. The only exception is
//! the port of a native app's loopback address, in a function of its own ([`matches_loopback`]).

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::client::AppType;
use crate::said;
use crate::said::Said;

mod check;
mod origin;

pub use origin::{AllowedOrigin, AllowedOriginError};

/// Longest redirect URI or origin, in characters.
pub const MAX_URI: usize = 256;

/// Everything but RFC 3986's unreserved characters. A space becomes `%20`, which form decoders and plain URI decoders
/// both read; `+` would be a plus sign to the latter.
const QUERY_VALUE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Which redirect URIs a client may register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UriPolicy {
    /// `https`, or `http` on this machine.
    Web,
    /// As [`UriPolicy::Web`].
    SinglePage,
    /// As [`UriPolicy::Web`], and an application's own scheme.
    Native,
}

impl From<AppType> for UriPolicy {
    fn from(app_type: AppType) -> Self {
        match app_type {
            AppType::Web => Self::Web,
            AppType::Spa | AppType::AnonymousEmbed => Self::SinglePage,
            AppType::Native => Self::Native,
        }
    }
}

/// Why a redirect URI can't be registered. The text is for the person who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.said())]
pub enum RedirectUriError {
    Empty,
    TooLong,
    Character,
    Wildcard,
    Fragment,
    Escape,
    NoScheme,
    PlainHttp,
    ForbiddenScheme,
    SchemeNotForApp,
    SchemeCase,
    SchemeShape,
    UserInfo,
    Host,
}

impl RedirectUriError {
    /// What is wrong and what would be right, in the reader's language.
    pub fn said(self) -> Said {
        match self {
            Self::Empty => said!("redirect-empty", "enter a redirect URI"),
            Self::TooLong => {
                said!("redirect-max", "a redirect URI has at most {max} characters", max = MAX_URI)
            }
            Self::Character => said!(
                "redirect-character",
                "a redirect URI has no spaces, control characters, quotes, backslashes or letters beyond ASCII"
            ),
            Self::Wildcard => said!(
                "redirect-wildcard",
                "a redirect URI has no wildcard `*`: register each address"
            ),
            Self::Fragment => said!("redirect-fragment", "a redirect URI has no fragment `#`"),
            Self::Escape => said!(
                "redirect-escape",
                "a redirect URI has `%` only before two hexadecimal digits"
            ),
            Self::NoScheme => {
                said!("redirect-no-scheme", "a redirect URI begins with a scheme, such as https://")
            }
            Self::PlainHttp => said!(
                "redirect-plain-http",
                "use https://; http:// is only for localhost, 127.0.0.1 and [::1]"
            ),
            Self::ForbiddenScheme => {
                said!("redirect-forbidden-scheme", "this scheme is not for redirects")
            }
            Self::SchemeNotForApp => said!(
                "redirect-scheme-not-for-app",
                "only native apps may use a scheme of their own"
            ),
            Self::SchemeCase => said!("redirect-scheme-case", "write the scheme in lower case"),
            Self::SchemeShape => said!(
                "redirect-scheme-shape",
                "after an application's scheme comes :/ or ://, such as com.example.app:/callback"
            ),
            Self::UserInfo => said!(
                "redirect-user-info",
                "a redirect URI has no user name or password before the host"
            ),
            Self::Host => said!("redirect-host", "the host or port is not valid"),
        }
    }
}

/// A redirect URI that may be registered, byte for byte as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct RedirectUri(String);

impl RedirectUri {
    /// Checks a URI for registration.
    ///
    /// # Errors
    /// [`RedirectUriError`] says which rule it breaks.
    pub fn parse_registration(text: &str, policy: UriPolicy) -> Result<Self, RedirectUriError> {
        check::characters(text)?;
        let (scheme, rest) = check::scheme(text)?;
        match scheme {
            "https" => check::web_host(rest)?,
            "http" => check::loopback_host(rest)?,
            _ => check::app_scheme(scheme, rest, policy)?,
        }
        Ok(Self(text.to_owned()))
    }

    /// The URI as registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> Self {
        uri.0
    }
}

/// Whether a presented redirect URI is the registered one: simple string comparison (RFC 9700 section 4.1.3).
pub fn matches(registered: &str, presented: &str) -> bool {
    registered == presented
}

/// Whether a presented redirect URI is the registered one on any port. True only for `http://127.0.0.1` and
/// `http://[::1]`, where a native app listens on a port that it learns when it starts (RFC 8252 section 7.3).
/// Call it for native clients only, after [`matches()`].
pub fn matches_loopback(registered: &str, presented: &str) -> bool {
    ["http://127.0.0.1", "http://[::1]"].into_iter().any(|host| {
        let registered = registered.strip_prefix(host).and_then(after_port);
        let presented = presented.strip_prefix(host).and_then(after_port);
        registered.is_some() && registered == presented
    })
}

/// What follows an optional port. `None` when the host goes on, so that `127.0.0.1.evil.example` is no loopback.
fn after_port(rest: &str) -> Option<&str> {
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (port, rest) = rest.split_at(end);
    check::port_is_valid(port).then_some(rest)
}

/// Appends query parameters, also to a URI that has a query (RFC 6749 section 4.1.2).
pub fn with_params(uri: &str, params: &[(&str, &str)]) -> String {
    let mut out = uri.to_owned();
    for (name, value) in params {
        match out.chars().last() {
            Some('?' | '&') => {}
            _ if out.contains('?') => out.push('&'),
            _ => out.push('?'),
        }
        out.extend(utf8_percent_encode(name, QUERY_VALUE));
        out.push('=');
        out.extend(utf8_percent_encode(value, QUERY_VALUE));
    }
    out
}

/// The source expression that lets a page's form lead to `uri`, for the CSP directive `form-action`:
/// `https://host[:port]`, or `scheme:` for an application's scheme. `None` for what could not be registered.
pub fn origin(uri: &str) -> Option<String> {
    check::characters(uri).ok()?;
    match check::scheme(uri).ok()? {
        (scheme @ ("https" | "http"), rest) => {
            check::web_host(rest).ok()?;
            let authority = check::authority(rest)?;
            Some(format!("{scheme}://{authority}"))
        }
        (scheme, _) => Some(format!("{scheme}:")),
    }
}

#[cfg(test)]
mod tests;
