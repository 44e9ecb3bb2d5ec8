//! Bearer tokens in requests (RFC 6750 section 2.1).

use axum::http::{HeaderMap, header};
use domain::oauth_error::OauthError;

/// The bearer token of the Authorization header; the scheme's case does not matter.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    // Of two headers, a proxy in front of us may have looked at the other.
    let value = values.next().filter(|_| values.next().is_none())?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The bearer token, which must be there.
///
/// # Errors
/// `invalid_token` that says where it goes.
pub fn required(headers: &HeaderMap) -> Result<&str, OauthError> {
    token(headers).ok_or_else(|| {
        OauthError::invalid_token(
            "Send an access token: Authorization: Bearer followed by the token.",
        )
    })
}
