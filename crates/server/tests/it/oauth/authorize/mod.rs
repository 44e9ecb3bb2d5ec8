//! `/oauth/authorize` (RFC 6749 section 4.1.1, OpenID Connect Core 3.1.2).

pub mod hint;
mod pkce;
mod redirect;
mod request;
mod response;
mod session;
