//! Cross-origin requests of single-page apps (Fetch standard; contract 4.2 and 4.8).
//!
//! Invariant: the exact origin of a registered client is answered, with credentials, at the
//! addresses that the router's table marks, and nothing else. Metadata and keys are public and
//! answer `*` without credentials.

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::TenantRequest;
use super::respond;
use crate::router::is_cross_origin;

/// The origin of a request to an address that other origins may call at all. Requests without an
/// origin, which is most of them, cost one look into the headers.
pub fn origin(request: &Request) -> Option<HeaderValue> {
    let origin = request.headers().get(header::ORIGIN)?;
    let path = request.extensions().get::<MatchedPath>()?;
    is_cross_origin(path.as_str()).then(|| origin.clone())
}

/// The origin, if it is one of a client of this tenant.
pub async fn allowed(tenant: &TenantRequest, origin: HeaderValue) -> Option<HeaderValue> {
    let text = origin.to_str().ok()?;
    let known = engine::cors::is_allowed(&tenant.ctx(), text).await.unwrap_or(false);
    known.then_some(origin)
}

/// Answers a preflight; an origin that is not allowed gets an answer that allows nothing.
pub fn preflight(allowed: bool) -> Response {
    let mut response = respond::empty(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    if allowed {
        for (name, value) in [
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE"),
            (
                header::ACCESS_CONTROL_ALLOW_HEADERS,
                "authorization, content-type, qlik-api-version, qlik-confirm-delete, traceparent",
            ),
            (header::ACCESS_CONTROL_MAX_AGE, "600"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// What an app of another origin may read beside what browsers always show it (Fetch standard,
/// "CORS-safelisted response-header name"): when to come back, where something is, and what a
/// token lacks.
const EXPOSED: HeaderValue = HeaderValue::from_static("retry-after, location, www-authenticate");

/// Writes the headers of an allowed origin.
pub fn finish(response: &mut Response, origin: HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
}
