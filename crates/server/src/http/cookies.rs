//! Cookies: three, all `HttpOnly`, `SameSite=Lax`, for the whole host.
//!
//! Over TLS they carry the `__Host-` prefix (RFC 6265bis 4.1.3.2), so that no sibling host can
//! plant them. Plain HTTP (the demo) cannot use the prefix, because it demands `Secure`.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use engine::Engine;

/// A cookie of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// Who is signed in.
    Session,
    /// What forms are bound to, before anybody signs in.
    Browser,
    /// That this browser signed in before; kept for a year.
    Device,
}

const YEAR_SECONDS: u64 = 365 * 86_400;

impl Cookie {
    fn name(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Session, true) => "__Host-session",
            (Self::Session, false) => "session",
            (Self::Browser, true) => "__Host-browser",
            (Self::Browser, false) => "browser",
            (Self::Device, true) => "__Host-device",
            (Self::Device, false) => "device",
        }
    }

    /// Its value in a request.
    pub fn get<'h>(self, engine: &Engine, headers: &'h HeaderMap) -> Option<&'h str> {
        let name = self.name(engine.settings().is_https());
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs =
            lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
    }

    /// Sets it in an answer.
    pub fn set(self, engine: &Engine, response: &mut Response, value: &str) {
        let age = match self {
            Self::Device => Some(YEAR_SECONDS),
            Self::Session | Self::Browser => None,
        };
        self.write(engine, response, value, age);
    }

    /// Takes it away.
    pub fn remove(self, engine: &Engine, response: &mut Response) {
        self.write(engine, response, "", Some(0));
    }

    fn write(self, engine: &Engine, response: &mut Response, value: &str, age: Option<u64>) {
        let https = engine.settings().is_https();
        let name = self.name(https);
        let secure = if https { "; Secure" } else { "" };
        let age = age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
}
