//! How the caller's tenant treats a client.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use engine::admin::client;
use serde_json::Value;

use super::client_id;
use super::view::ConnectionBody;
use crate::api::patch_body::PatchOperation;
use crate::api::{ApiRequest, ApiResult, body, problem};
use crate::http::respond;

/// Reads how this tenant treats a client.
#[utoipa::path(
    get, operation_id = "get_connection", path = "/api/v1/oauth-clients/{id}/connection-configs/me", tag = "oauth-clients",
    params(("id" = String, Path, description = "The client's id")),
    responses((status = 200, body = ConnectionBody))
)]
pub async fn get(api: ApiRequest, Path(id): Path<String>) -> ApiResult {
    let id = client_id(&api, &id)?;
    let config = client::connection_get(&api.ctx(), &api.caller, &id).await;
    let config = config.map_err(|error| problem::refused(&api, error))?;
    let body = ConnectionBody::new(config.consent_method, config.approved);
    Ok(respond::json(StatusCode::OK, &body))
}

/// Changes how this tenant treats a client: `/consentMethod` is `required` or `trusted`.
#[utoipa::path(
    patch, operation_id = "patch_connection", path = "/api/v1/oauth-clients/{id}/connection-configs/me", tag = "oauth-clients",
    params(("id" = String, Path, description = "The client's id")),
    request_body = Vec<PatchOperation>,
    responses((status = 204, description = "Changed"))
)]
pub async fn patch(
    api: ApiRequest,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult {
    let id = client_id(&api, &id)?;
    let patch: Value = body::json(&api, &headers, body).await?;
    let changed = client::connection_update(&api.ctx(), &api.caller, &id, patch).await;
    changed.map_err(|error| problem::refused(&api, error))?;
    Ok(respond::empty(StatusCode::NO_CONTENT))
}

/// Forgets how this tenant treats a client.
///
/// Users are asked again, a machine waits for trust, and a client of another tenant is no longer
/// let in.
#[utoipa::path(
    delete, operation_id = "delete_connection", path = "/api/v1/oauth-clients/{id}/connection-configs/me", tag = "oauth-clients",
    params(("id" = String, Path, description = "The client's id")),
    responses((status = 204, description = "Forgotten"))
)]
pub async fn delete(api: ApiRequest, Path(id): Path<String>) -> ApiResult {
    let id = client_id(&api, &id)?;
    let forgotten = client::connection_delete(&api.ctx(), &api.caller, &id).await;
    forgotten.map_err(|error| problem::refused(&api, error))?;
    Ok(respond::empty(StatusCode::NO_CONTENT))
}
