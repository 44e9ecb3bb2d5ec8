//! The REST API of a tenant (contract, section 6).

pub mod product_info;
pub mod tenants;
pub mod users;

use axum::http::HeaderMap;
use axum::response::Response;
use engine::access_token::{self, AccessToken};

use crate::http::{TenantRequest, bearer, respond};

/// The caller, by bearer token.
pub async fn caller(request: &TenantRequest, headers: &HeaderMap) -> Result<AccessToken, Response> {
    let token = bearer::required(headers);
    let verified = match token {
        Ok(token) => access_token::verify(&request.ctx(), token).await,
        Err(error) => Err(error),
    };
    verified.map_err(|error| respond::bearer_error(&error, &request.trace_id))
}
