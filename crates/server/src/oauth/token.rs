//! `POST /oauth/token` (RFC 6749 section 3.2; contract 4.2).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use domain::oauth_error::{ErrorKind, OauthError};
use domain::token_request::TokenRequest;
use engine::token::{TokenResponse, exchange};

use crate::http::{TenantRequest, body, respond};

/// Exchanges a grant for tokens.
pub async fn post(request: TenantRequest, headers: HeaderMap, body: Body) -> Response {
    match answer(&request, &headers, body).await {
        Ok(tokens) => respond::json(StatusCode::OK, &tokens),
        Err(error) => client_error(&request, &headers, &error),
    }
}

async fn answer(
    request: &TenantRequest,
    headers: &HeaderMap,
    body: Body,
) -> Result<TokenResponse, OauthError> {
    let basic = body::basic(headers)?;
    let params = body::params(headers, body, request.app.max_body_bytes).await?;
    let tokens = exchange(&request.ctx(), TokenRequest::parse(&params, basic)?).await;
    // A signature takes longer than everything else here. Letting the other requests that are
    // already there sign first puts their answers on the wire in one burst, which wakes the peers
    // (or the proxy) once and not for each answer.
    tokio::task::yield_now().await;
    tokens
}

/// An error of an endpoint at which clients authenticate: a client that tried the Authorization
/// header gets the challenge (RFC 6749 section 5.2).
pub fn client_error(request: &TenantRequest, headers: &HeaderMap, error: &OauthError) -> Response {
    let mut response = respond::oauth_error(error, &request.trace_id);
    let tried_header = headers.contains_key(header::AUTHORIZATION);
    if error.kind() == ErrorKind::InvalidClient && tried_header {
        let challenge = format!("Basic realm=\"{}\", charset=\"UTF-8\"", request.tenant.issuer);
        if let Ok(value) = HeaderValue::from_str(&challenge) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
    }
    response
}
