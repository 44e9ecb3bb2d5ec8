//! Changing, deleting and publishing a client.

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use domain::time::Timestamp;
use engine::admin::client;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::client_id;
use crate::api::patch_body::PatchOperation;
use crate::api::query::wrong;
use crate::api::{ApiRequest, ApiResult, body, problem};
use crate::http::respond;

/// The header in which a careful caller repeats the id of what is to be deleted (contract, 0.7).
const CONFIRM: &str = "qlik-confirm-delete";

/// The secret of a client that now authenticates by secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PatchResponse {
    /// Told now and never again.
    client_secret: String,
}

/// Changes a client by a JSON Patch (RFC 6902): all operations or none.
///
/// Operations are `add`, `remove`, `replace`, `test` and `remove-value`, which takes values out of a
/// list; at most 50. When `client_secret` leaves
/// `allowedAuthMethods`, the secrets are deleted; when `private_key_jwt` leaves it, `publicKeys`
/// and `jwksUri` are. `disableTag` switches the client off with a reason; without it, it is on.
#[utoipa::path(
    patch, path = "/api/v1/oauth-clients/{id}", tag = "oauth-clients",
    params(("id" = String, Path, description = "The client's id")),
    request_body = Vec<PatchOperation>,
    responses(
        (status = 202, body = PatchResponse, description = "The client got a secret"),
        (status = 204, description = "Changed"),
    )
)]
pub async fn patch(
    api: ApiRequest,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult {
    let id = client_id(&api, &id)?;
    let patch: Value = body::json(&api, &headers, body).await?;
    let secret = client::update(&api.ctx(), &api.caller, &id, patch).await;
    Ok(match secret.map_err(|error| problem::refused(&api, error))? {
        Some(new) => {
            let client_secret = new.secret.expose().clone();
            respond::json(StatusCode::ACCEPTED, &PatchResponse { client_secret })
        }
        None => respond::empty(StatusCode::NO_CONTENT),
    })
}

/// Deletes a client; its tokens stop working within two seconds.
#[utoipa::path(
    delete, path = "/api/v1/oauth-clients/{id}", tag = "oauth-clients",
    params(
        ("id" = String, Path, description = "The client's id"),
        ("qlik-confirm-delete" = Option<String>, Header, description = "The client's id again; checked when it is sent"),
    ),
    responses((status = 204, description = "Deleted"))
)]
pub async fn delete(api: ApiRequest, Path(id): Path<String>, headers: HeaderMap) -> ApiResult {
    let id = client_id(&api, &id)?;
    if headers.get_all(CONFIRM).iter().any(|sent| sent.as_bytes() != id.as_str().as_bytes()) {
        return Err(wrong(&api, CONFIRM, "is the id of the client that is to be deleted"));
    }
    let deleted = client::delete(&api.ctx(), &api.caller, &id).await;
    deleted.map_err(|error| problem::refused(&api, error))?;
    Ok(respond::empty(StatusCode::NO_CONTENT))
}

/// Since when a client is published.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublishResponse {
    #[schema(value_type = String, format = DateTime)]
    published_at: Timestamp,
}

/// Publishes a client to all tenants of the region.
///
/// Its users are asked from now on, and it can no longer be trusted. There is no way back.
#[utoipa::path(
    post, path = "/api/v1/oauth-clients/{id}/actions/publish", tag = "oauth-clients",
    params(("id" = String, Path, description = "The client's id")),
    responses((status = 201, body = PublishResponse))
)]
pub async fn publish(api: ApiRequest, Path(id): Path<String>) -> ApiResult {
    let id = client_id(&api, &id)?;
    let published = client::publish(&api.ctx(), &api.caller, &id).await;
    let published_at = published.map_err(|error| problem::refused(&api, error))?;
    Ok(respond::json(StatusCode::CREATED, &PublishResponse { published_at }))
}
