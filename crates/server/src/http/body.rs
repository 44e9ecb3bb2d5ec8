//! Reading bodies: bounded, and of a type that is understood.

use axum::body::Body;
use axum::http::{HeaderMap, header};
use domain::oauth_error::{ErrorKind, OauthError};
use domain::params::{Limits, Params};

use crate::net::{BodyError, read_body};

/// Why a body was not read, for its sender.
pub(super) fn unread(error: BodyError) -> OauthError {
    let kind = match error {
        BodyError::TooLarge { .. } => ErrorKind::TooLarge,
        BodyError::TooSlow => ErrorKind::TooSlow,
        BodyError::Broken => ErrorKind::InvalidRequest,
    };
    OauthError::new(kind, format!("{error}."))
}

/// The type of a body, without its parameters.
fn content_type(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or("").trim())
}

/// Reads parameters from a form or JSON body (contract 0.1).
///
/// # Errors
/// `invalid_request` for another type, a broken or a too large body.
pub async fn params(headers: &HeaderMap, body: Body, max: usize) -> Result<Params, OauthError> {
    let kind = content_type(headers).unwrap_or("");
    let form = kind.eq_ignore_ascii_case("application/x-www-form-urlencoded");
    let json = kind.eq_ignore_ascii_case("application/json");
    if !form && !json {
        return Err(OauthError::new(
            ErrorKind::UnsupportedMediaType,
            "Send application/x-www-form-urlencoded or application/json.",
        ));
    }
    let bytes = read_body(body, max).await.map_err(unread)?;
    let parsed = if form {
        Params::from_form(&bytes, Limits::default())
    } else {
        Params::from_json(&bytes, Limits::default())
    };
    parsed
        .map_err(|error| OauthError::invalid_request(format!("The body cannot be read: {error}.")))
}

/// Reads a form body as text, for endpoints that take forms only.
///
/// # Errors
/// `invalid_request` for another type or a too large body.
pub async fn form_text(headers: &HeaderMap, body: Body, max: usize) -> Result<String, OauthError> {
    let form = content_type(headers)
        .is_some_and(|kind| kind.eq_ignore_ascii_case("application/x-www-form-urlencoded"));
    if !form {
        return Err(OauthError::new(
            ErrorKind::UnsupportedMediaType,
            "Send application/x-www-form-urlencoded.",
        ));
    }
    let bytes = read_body(body, max).await.map_err(unread)?;
    String::from_utf8(bytes.to_vec())
        .map_err(|_| OauthError::invalid_request("The body is not UTF-8."))
}

/// The Basic credentials of a request, if it has that header.
///
/// # Errors
/// `invalid_client` when the header is there and cannot be read.
pub fn basic(
    headers: &HeaderMap,
) -> Result<Option<domain::basic_auth::BasicCredentials>, OauthError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(OauthError::invalid_request("Send one Authorization header."));
    }
    domain::basic_auth::BasicCredentials::parse(value.as_bytes()).map_err(|error| {
        OauthError::invalid_client(format!("The Authorization header cannot be read: {error}."))
    })
}
