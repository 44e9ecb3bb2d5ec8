//! What a client did lately: which credential is in use, why it was refused, what it does not need.

use axum::extract::Path;
use axum::http::StatusCode;
use engine::admin::activity::{self, Activity};

use super::client_id;
use crate::api::{ApiRequest, ApiResult, problem};
use crate::http::respond;

/// Tells what a client did lately in this tenant.
///
/// Last uses of its secrets and keys, tokens and refusals of 30 days, the newest refusals in words,
/// and the scopes that nobody asked for or used. Beyond the contract.
#[utoipa::path(
    get, operation_id = "activity", path = "/api/v1/oauth-clients/{id}/activity", tag = "oauth-clients",
    params(("id" = String, Path, description = "The client's id")),
    responses((status = 200, body = Activity))
)]
pub async fn get(api: ApiRequest, Path(id): Path<String>) -> ApiResult {
    let id = client_id(&api, &id)?;
    let told = activity::activity(&api.ctx(), &api.caller, &id).await;
    let told = told.map_err(|error| problem::refused(&api, error))?;
    Ok(respond::json(StatusCode::OK, &told))
}
