//! Answers: JSON, errors in the shape that both worlds read, and redirects.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use domain::oauth_error::{ErrorKind, OauthError};
use engine::TraceId;
use serde::Serialize;
use serde_json::json;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");

/// Room for a usual answer, a token's among them, so that its buffer need not grow.
const ROOM: usize = 1536;

/// Room for the headers of a usual answer, the edge's among them.
const HEADERS: usize = 12;

/// JSON that nobody may keep (RFC 6749 section 5.1).
pub fn json(status: StatusCode, value: &impl Serialize) -> Response {
    let mut body = Vec::with_capacity(ROOM);
    if serde_json::to_writer(&mut body, value).is_err() {
        body = b"{}".to_vec();
    }
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.reserve(HEADERS);
    headers.insert(header::CONTENT_TYPE, JSON);
    headers.insert(header::CACHE_CONTROL, NO_STORE);
    headers.insert(header::PRAGMA, NO_CACHE);
    response
}

/// JSON that is public and may be kept for some minutes: metadata and keys.
pub fn public_json(value: &impl Serialize) -> Response {
    let mut response = json(StatusCode::OK, value);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.remove(header::PRAGMA);
    response
}

/// An answer without a body.
pub fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CACHE_CONTROL, NO_STORE);
    response
}

/// A redirect; 500 when the address cannot be a header, which a checked one always can.
pub fn redirect(status: StatusCode, location: &str) -> Response {
    let mut response = empty(status);
    match HeaderValue::from_str(location) {
        Ok(value) => {
            response.headers_mut().insert(header::LOCATION, value);
        }
        Err(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
    }
    response
}

/// Longest address that a POST is turned into, in bytes.
const GET_MAX: usize = 8 * 1024;

/// Another site's form, as a GET of the same path: browsers do not send our cookies with the form,
/// and send them then. `None` when it is too long for an address or cannot be one.
pub fn form_as_get(path: &str, form: &str) -> Option<Response> {
    let fits = form.len() <= GET_MAX && form.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| redirect(StatusCode::SEE_OTHER, &format!("{path}?{form}")))
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Tells the log once what only the operator may know.
pub fn log_error(error: &OauthError, trace_id: &TraceId) {
    let (code, trace_id) = (error.kind().code(), trace_id.as_str());
    let private = error.private().unwrap_or("");
    if error.kind().status() >= 500 {
        tracing::error!(code, trace_id, private, "{}", error.description());
    } else {
        tracing::info!(code, trace_id, private, "{}", error.description());
    }
}

/// Whether whoever asks wants a page: people get pages, programs get JSON.
pub fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// An error of a protocol endpoint, as JSON.
pub fn oauth_error(error: &OauthError, trace_id: &TraceId) -> Response {
    log_error(error, trace_id);
    let mut response = json(status(error.kind().status()), &error.body(trace_id.as_str()));
    if error.kind() == ErrorKind::TemporarilyUnavailable {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// An error of an endpoint that takes bearer tokens, with the challenge of RFC 6750 section 3.
pub fn bearer_error(error: &OauthError, trace_id: &TraceId) -> Response {
    let mut response = oauth_error(error, trace_id);
    if matches!(error.kind(), ErrorKind::InvalidToken | ErrorKind::InsufficientScope) {
        let challenge = format!(
            "Bearer error=\"{}\", error_description=\"{}\"",
            error.kind().error(),
            error.description()
        );
        if let Ok(value) = HeaderValue::from_str(&challenge) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
    }
    response
}

/// There is nothing here.
pub fn not_found(trace_id: &TraceId) -> Response {
    let body = json!({
        "errors": [{ "code": "HTTP-404", "title": "Not found", "status": "404",
            "detail": "There is nothing at this address. Check host name and path." }],
        "traceId": trace_id.as_str(),
    });
    json(StatusCode::NOT_FOUND, &body)
}

/// The address is right, the method is not.
pub fn method_not_allowed(trace_id: &TraceId) -> Response {
    let body = json!({
        "errors": [{ "code": "HTTP-405", "title": "Method not allowed", "status": "405",
            "detail": "This address does not answer this method." }],
        "traceId": trace_id.as_str(),
    });
    json(StatusCode::METHOD_NOT_ALLOWED, &body)
}
