//! `POST /oauth/revoke` (RFC 7009; contract 4.4).

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::oauth_error::OauthError;
use domain::secret::SecretText;
use domain::token_request::{presented_client, required};
use engine::revoke::{Revoker, revoke};

use super::token::client_error;
use crate::http::{TenantRequest, bearer, body, respond};

/// Revokes a token; an unknown one is no error.
pub async fn post(request: TenantRequest, headers: HeaderMap, body: Body) -> Response {
    match answer(&request, &headers, body).await {
        Ok(()) => respond::empty(StatusCode::OK),
        Err(error) => client_error(&request, &headers, &error),
    }
}

async fn answer(
    request: &TenantRequest,
    headers: &HeaderMap,
    body: Body,
) -> Result<(), OauthError> {
    let params = body::params(headers, body, request.app.max_body_bytes).await?;
    let token = SecretText::from(required(&params, "token")?);
    let ctx = request.ctx();
    if let Some(bearer) = bearer::token(headers) {
        return revoke(&ctx, Revoker::Bearer(bearer), &token).await;
    }
    let presented = presented_client(&params, body::basic(headers)?)?;
    revoke(&ctx, Revoker::Client(&presented), &token).await
}
