//! The REST API of a tenant (contract, sections 1 and 6).
//!
//! Invariant: a handler of this module runs only behind [`guard::guard`], which has found out who
//! calls and checked the right that the router's table declares; the engine checks it again.

pub mod api_keys;
pub mod audits;
pub mod body;
pub mod groups;
pub mod guard;
pub mod listing;
pub mod oauth_clients;
pub mod oauth_tokens;
pub mod openapi;
pub mod patch_body;
pub mod problem;
pub mod product_info;
pub mod query;
pub mod roles;
pub mod tenants;
pub mod users;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use engine::admin::AdminError;
use serde::Serialize;

use crate::http::respond;

pub use guard::ApiRequest;
pub use problem::Refusal;

/// An answer, or a refusal.
pub type ApiResult = Result<Response, Refusal>;

/// What was made, and where it is now.
fn made(location: &str, body: &impl Serialize) -> Response {
    let mut response = respond::json(StatusCode::CREATED, body);
    if let Ok(value) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

/// Nothing more to say, or why it was not done.
fn done(api: &ApiRequest, outcome: Result<(), AdminError>) -> ApiResult {
    outcome.map_err(|error| problem::refused(api, error))?;
    Ok(respond::empty(StatusCode::NO_CONTENT))
}
