//! `POST /oauth/introspect` (RFC 7662).

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::oauth_error::OauthError;
use domain::secret::SecretText;
use domain::token_request::{presented_client, required};
use engine::introspect::introspect;
use serde_json::Value;

use super::token::client_error;
use crate::http::{TenantRequest, body, respond};

/// Says whether a token is good, and what it may do.
pub async fn post(request: TenantRequest, headers: HeaderMap, body: Body) -> Response {
    match answer(&request, &headers, body).await {
        Ok(found) => respond::json(StatusCode::OK, &found),
        Err(error) => client_error(&request, &headers, &error),
    }
}

async fn answer(
    request: &TenantRequest,
    headers: &HeaderMap,
    body: Body,
) -> Result<Value, OauthError> {
    let params = body::params(headers, body, request.app.max_body_bytes).await?;
    let presented = presented_client(&params, body::basic(headers)?)?;
    let token = SecretText::from(required(&params, "token")?);
    introspect(&request.ctx(), &presented, &token).await
}
