//! Origins from which a single-page app may call with CORS (Fetch standard, section 3.2.2; RFC 6454 section 6.2).
//!
//! Invariant: an [`AllowedOrigin`] is spelt exactly as a browser spells it in the `Origin` header, so that plain
//! comparison is the whole rule. There is no wildcard and no `null`.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{MAX_URI, check};
use crate::said;
use crate::said::Said;

/// Why an origin can't be registered. The text is for the person who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.said())]
pub enum AllowedOriginError {
    Length,
    Wildcard,
    Scheme,
    Path,
    Case,
    Host,
    DefaultPort(u16),
}

impl AllowedOriginError {
    /// What is wrong and what would be right, in the reader's language.
    pub fn said(self) -> Said {
        match self {
            Self::Length => {
                said!("origin-length", "an origin has 1 to {max} characters", max = MAX_URI)
            }
            Self::Wildcard => {
                said!("origin-wildcard", "an origin has no wildcard `*`: register each one")
            }
            Self::Scheme => said!(
                "origin-scheme",
                "an origin begins with https://; http:// is only for localhost, 127.0.0.1 and [::1]"
            ),
            Self::Path => said!(
                "origin-path",
                "an origin ends with its host or port: no path, no query, no final slash"
            ),
            Self::Case => {
                said!("origin-case", "write the origin in lower case, as browsers send it")
            }
            Self::Host => said!("origin-host", "the host or port is not valid"),
            Self::DefaultPort(port) => said!(
                "origin-default-port",
                "leave out the port {port}: browsers do not send it with this scheme",
                port = u32::from(port)
            ),
        }
    }
}

/// Scheme, host and optional port: `https://app.example.com`, `http://localhost:3000`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AllowedOrigin(String);

impl AllowedOrigin {
    /// Checks an origin for registration.
    ///
    /// # Errors
    /// [`AllowedOriginError`] says which rule it breaks.
    pub fn parse(text: &str) -> Result<Self, AllowedOriginError> {
        if text.is_empty() || text.len() > MAX_URI {
            return Err(AllowedOriginError::Length);
        }
        if text.contains('*') {
            return Err(AllowedOriginError::Wildcard);
        }
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(AllowedOriginError::Case);
        }
        let (scheme, authority) = text.split_once("://").ok_or(AllowedOriginError::Scheme)?;
        if authority.contains(['/', '?', '#']) {
            return Err(AllowedOriginError::Path);
        }
        let (host, port) = check::host_and_port(authority);
        let default_port = match scheme {
            "https" => 443,
            "http" if check::is_loopback(host) => 80,
            _ => return Err(AllowedOriginError::Scheme),
        };
        if !check::host_is_plain(host) || !check::port_is_valid(port) {
            return Err(AllowedOriginError::Host);
        }
        if port.strip_prefix(':') == Some(default_port.to_string().as_str()) {
            return Err(AllowedOriginError::DefaultPort(default_port));
        }
        Ok(Self(text.to_owned()))
    }

    /// The origin as registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AllowedOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<AllowedOrigin> for String {
    fn from(origin: AllowedOrigin) -> Self {
        origin.0
    }
}

impl TryFrom<String> for AllowedOrigin {
    type Error = AllowedOriginError;

    fn try_from(text: String) -> Result<Self, AllowedOriginError> {
        Self::parse(&text)
    }
}
