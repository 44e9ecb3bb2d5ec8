//! Cross-origin requests of single-page apps (Fetch standard; contract 4.2 and 4.8).
//!
//! Invariant: the exact origin of a registered client is answered, with credentials, and nothing
//! else. Metadata and keys are public and answer `*` without credentials.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::TenantRequest;
use super::respond;

/// Marks an answer whose endpoint may be called from an allowed origin; [`finish`] removes it.
#[derive(Debug, Clone, Copy)]
pub struct AllowedOrigin;

/// Answers a preflight.
pub async fn preflight(tenant: &TenantRequest, headers: &HeaderMap) -> Response {
    let mut response = respond::empty(StatusCode::NO_CONTENT);
    let answer = response.headers_mut();
    answer.insert(header::VARY, HeaderValue::from_static("Origin"));
    if !origin_is_allowed(tenant, headers).await {
        return response;
    }
    answer.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE"),
    );
    answer.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("authorization, content-type, qlik-api-version, qlik-confirm-delete, traceparent"),
    );
    answer.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response.extensions_mut().insert(AllowedOrigin);
    response
}

/// Whether a request comes from an allowed origin.
pub async fn origin_is_allowed(tenant: &TenantRequest, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    engine::cors::is_allowed(&tenant.ctx(), origin).await.unwrap_or(false)
}

/// Writes the headers of an allowed origin.
pub fn finish(response: &mut Response, origin: &HeaderValue) {
    if response.extensions_mut().remove::<AllowedOrigin>().is_none() {
        return;
    }
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
}

/// Marks the answers of the endpoints that browsers may call across origins.
pub async fn layer(
    tenant: Result<TenantRequest, Response>,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    let allowed = match &tenant {
        Ok(tenant) if request.headers().contains_key(header::ORIGIN) => {
            origin_is_allowed(tenant, request.headers()).await
        }
        _ => false,
    };
    let mut response = next.run(request).await;
    if allowed {
        response.extensions_mut().insert(AllowedOrigin);
    }
    response
}
