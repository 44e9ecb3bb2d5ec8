//! `/.well-known/*`: metadata (RFC 8414, OpenID Connect Discovery) and keys (RFC 7517).

use axum::response::Response;
use engine::{discovery, keys};
use serde_json::json;

use crate::http::{TenantRequest, respond};
use crate::texts::Texts;

/// `openid-configuration` and `oauth-authorization-server`.
pub async fn metadata(request: TenantRequest) -> Response {
    respond::public_json(&discovery::metadata(&request.ctx(), &Texts::tags()))
}

/// `jwks.json`.
pub async fn jwks(request: TenantRequest) -> Response {
    match keys::published(&request.ctx()).await {
        Ok(keys) => respond::public_json(&json!({ "keys": keys.public(request.ctx().now) })),
        Err(error) => respond::oauth_error(&error, &request.trace_id),
    }
}
