//! `GET|POST /oauth/userinfo` (OpenID Connect Core 5.3).

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::oauth_error::OauthError;
use domain::token_request::required;
use engine::userinfo::userinfo;
use serde_json::{Map, Value};

use crate::http::{TenantRequest, bearer, body, respond};

/// The claims, with the token in the header.
pub async fn get(request: TenantRequest, headers: HeaderMap) -> Response {
    let claims = match bearer::required(&headers) {
        Ok(token) => userinfo(&request.ctx(), token).await,
        Err(error) => Err(error),
    };
    answer(&request, claims)
}

/// The claims, with the token in the header or, as RFC 6750 section 2.2 allows, in the form.
pub async fn post(request: TenantRequest, headers: HeaderMap, body: Body) -> Response {
    let claims = match bearer::token(&headers) {
        Some(token) => userinfo(&request.ctx(), token).await,
        None => by_form(&request, &headers, body).await,
    };
    answer(&request, claims)
}

async fn by_form(
    request: &TenantRequest,
    headers: &HeaderMap,
    body: Body,
) -> Result<Map<String, Value>, OauthError> {
    let missing =
        |_| OauthError::invalid_token("Send an access token in the Authorization header.");
    let params = body::params(headers, body, request.app.max_body_bytes).await.map_err(missing)?;
    userinfo(&request.ctx(), required(&params, "access_token").map_err(missing)?).await
}

fn answer(request: &TenantRequest, claims: Result<Map<String, Value>, OauthError>) -> Response {
    match claims {
        Ok(claims) => respond::json(StatusCode::OK, &claims),
        Err(error) => respond::bearer_error(&error, &request.trace_id),
    }
}
