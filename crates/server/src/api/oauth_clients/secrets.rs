//! The secrets of a client.

use axum::body::Body;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use domain::time::Timestamp;
use engine::admin::client::{self, SecretRequest};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::client_id;
use crate::api::query::Query;
use crate::api::{ApiRequest, ApiResult, body, problem};
use crate::http::respond;

/// What is said about a new secret; no body says nothing.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSecretRequest {
    /// What it is for.
    #[serde(default)]
    label: String,
    /// When it stops working, if ever.
    #[serde(default, deserialize_with = "time")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// A time, refused in plain words.
fn time<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(reader)?;
    let wrong = "is a time such as 2027-01-31T12:00:00Z, up to the year 9999";
    let parse = |text: String| text.parse().map_err(|_| D::Error::custom(wrong));
    text.map(parse).transpose()
}

/// A secret that was just made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecretResponse {
    client_id: String,
    /// Told now and never again.
    client_secret: String,
    /// The secret's last five characters.
    hint: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    created_by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// Adds a secret, so that the old one can be replaced without downtime.
///
/// A client has as many as the operator of the server allows: five unless set.
#[utoipa::path(
    post, operation_id = "create_secret", path = "/api/v1/oauth-clients/{id}/client-secrets", tag = "oauth-clients",
    params(("id" = String, Path, description = "The client's id")),
    request_body = Option<NewSecretRequest>,
    responses((status = 201, body = SecretResponse))
)]
pub async fn post(
    api: ApiRequest,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult {
    let id = client_id(&api, &id)?;
    let request: NewSecretRequest = body::json_or_default(&api, &headers, body).await?;
    let request = SecretRequest { label: request.label, expires_at: request.expires_at };
    let made = client::secret_create(&api.ctx(), &api.caller, &id, request).await;
    let made = made.map_err(|error| problem::refused(&api, error))?;
    let body = SecretResponse {
        client_id: id.to_string(),
        client_secret: made.secret.expose().clone(),
        hint: made.hint,
        created_at: made.created_at,
        created_by: made.created_by,
        expires_at: made.expires_at,
    };
    Ok(respond::json(StatusCode::CREATED, &body))
}

/// Removes a secret; within two seconds no node takes it any more.
#[utoipa::path(
    delete, operation_id = "delete_secret", path = "/api/v1/oauth-clients/{id}/client-secrets/{hint}", tag = "oauth-clients",
    params(
        ("id" = String, Path, description = "The client's id"),
        ("hint" = String, Path, description = "The secret's last five characters"),
        ("force" = Option<bool>, Query, description = "Also when the client can do nothing without it"),
    ),
    responses((status = 204, description = "Removed"))
)]
pub async fn delete(
    api: ApiRequest,
    Path((id, hint)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> ApiResult {
    let id = client_id(&api, &id)?;
    let force = Query::parse(&api, query.as_deref())?.flag("force")?.unwrap_or(false);
    let removed = client::secret_delete(&api.ctx(), &api.caller, (&id, &hint), force).await;
    removed.map_err(|error| problem::refused(&api, error))?;
    Ok(respond::empty(StatusCode::NO_CONTENT))
}
