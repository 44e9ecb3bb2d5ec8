//! The REST API of a tenant (contract, sections 1 and 6).
//!
//! Invariant: a handler of this module runs only behind [`guard::guard`], which has found out who
//! calls and checked the right that the router's table declares; the engine checks it again.

pub mod api_keys;
pub mod audits;
pub mod body;
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

use axum::response::Response;

pub use guard::ApiRequest;
pub use problem::Refusal;

/// An answer, or a refusal.
pub type ApiResult = Result<Response, Refusal>;
