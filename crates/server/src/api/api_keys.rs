//! `/api/v1/api-keys` (contract, section 6).

use axum::body::Body;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use domain::api_key::{ApiKey, ApiKeyStatus};
use domain::time::Timestamp;
use engine::admin::api_key::{self, ApiKeyDraft, ApiKeyFilter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::listing::{self, ListBody};
use super::patch_body::PatchOperation;
use super::query::{Cursors, Query};
use super::{ApiRequest, ApiResult, body, problem};
use crate::http::respond;

/// As the contract calls the cursors of this list.
const CURSORS: Cursors = Cursors { next: "startingAfter", prev: "endingBefore" };

/// An API key.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyBody {
    /// Its id.
    id: String,
    /// The id of the user that it acts as.
    sub: String,
    /// Always `user`.
    sub_type: &'static str,
    /// The tenant.
    tenant_id: String,
    /// Whether it works.
    #[schema(value_type = String)]
    status: ApiKeyStatus,
    /// When it stops working.
    #[schema(value_type = String, format = DateTime)]
    expiry: Timestamp,
    /// What it is for.
    description: String,
    /// The id of the user who made it; empty when that was the server's command line.
    created_by_user: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    last_updated: Timestamp,
    /// When it last worked, to some seconds; absent when never.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used: Option<Timestamp>,
    /// The scopes that narrow it, because an app with these made it; absent when nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    /// The key itself, in the answer that made it and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl ApiKeyBody {
    fn new(api: &ApiRequest, key: ApiKey) -> Self {
        Self {
            status: key.status(api.ctx().now),
            id: key.id.to_string(),
            sub: key.user_id.to_string(),
            sub_type: api_key::SUB_TYPE,
            tenant_id: api.request.tenant.tenant.id.to_string(),
            expiry: key.expires_at,
            description: key.description,
            created_by_user: key.created_by,
            created: key.created_at,
            last_updated: key.updated_at,
            last_used: key.last_used_at,
            scope: key.scope.map(|scope| scope.to_string()),
            token: None,
        }
    }
}

/// What a new API key is made of.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiKeyRequest {
    /// What it is for.
    description: String,
    /// How long it lives, as an ISO 8601 duration; one day when absent.
    #[schema(example = "P30D")]
    expiry: Option<String>,
    /// The id of the user that it acts as; another one than the caller for administrators only.
    sub: Option<String>,
    /// What that is: a user.
    sub_type: Option<String>,
}

/// How long API keys live in a tenant, and how many there may be.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeyConfigBody {
    /// Longest life of a new key, as an ISO 8601 duration.
    max_api_key_expiry: String,
    /// Active keys of one user.
    max_keys_per_user: u32,
    /// Kept for programs that read it.
    #[serde(rename = "scim_externalClient_expiry")]
    scim_external_client_expiry: String,
}

/// Lists API keys: one's own, all for administrators.
#[utoipa::path(
    get, path = "/api/v1/api-keys", tag = "api-keys",
    params(
        ("createdByUser" = Option<String>, Query, description = "Made by the user of this id"),
        ("sub" = Option<String>, Query, description = "Of the user of this id"),
        ("status" = Option<String>, Query, description = "Of this status only"),
        ("sort" = Option<String>, Query), ("limit" = Option<u32>, Query), ("totalResults" = Option<bool>, Query),
        ("startingAfter" = Option<String>, Query, description = "The cursor of the next page, or a key's id"),
        ("endingBefore" = Option<String>, Query, description = "The cursor of the page before, or a key's id"),
    ),
    responses((status = 200, description = "A page of API keys.", body = ListBody<ApiKeyBody>))
)]
pub async fn list(api: ApiRequest, RawQuery(query): RawQuery) -> ApiResult {
    let query = Query::parse(&api, query.as_deref())?;
    let text = |name| query.text(name).map(str::to_owned);
    let filter = ApiKeyFilter {
        created_by: text("createdByUser"),
        sub: text("sub"),
        status: text("status"),
    };
    let listed = api_key::list(&api.ctx(), &api.caller, &filter, &query.list_by(&CURSORS)?).await;
    let listed = listed.map_err(|error| problem::refused(&api, error))?;
    let bodies = listed.map(|key| ApiKeyBody::new(&api, key));
    Ok(listing::answer_by(&api, "/api/v1/api-keys", (&query, &CURSORS), bodies))
}

/// Makes an API key, and shows it this once.
#[utoipa::path(
    post, path = "/api/v1/api-keys", tag = "api-keys", request_body = ApiKeyRequest,
    responses((status = 201, description = "The key, with its token.", body = ApiKeyBody))
)]
pub async fn create(api: ApiRequest, headers: HeaderMap, body: Body) -> ApiResult {
    let request: ApiKeyRequest = body::json(&api, &headers, body).await?;
    let draft = ApiKeyDraft {
        description: request.description,
        expiry: request.expiry,
        sub: request.sub,
        sub_type: request.sub_type,
    };
    let made = api_key::create(&api.ctx(), &api.caller, &draft).await;
    let made = made.map_err(|error| problem::refused(&api, error))?;
    let mut told = ApiKeyBody::new(&api, made.key);
    told.token = Some(made.token.expose().clone());
    Ok(respond::json(StatusCode::CREATED, &told))
}

/// One API key.
#[utoipa::path(
    get, path = "/api/v1/api-keys/{id}", tag = "api-keys",
    params(("id" = String, Path, description = "The key's id")),
    responses((status = 200, description = "The key.", body = ApiKeyBody))
)]
pub async fn get(api: ApiRequest, Path(id): Path<String>) -> ApiResult {
    let key = api_key::get(&api.ctx(), &api.caller, &id).await;
    let key = key.map_err(|error| problem::refused(&api, error))?;
    Ok(respond::json(StatusCode::OK, &ApiKeyBody::new(&api, key)))
}

/// Describes an API key anew.
#[utoipa::path(
    patch, path = "/api/v1/api-keys/{id}", tag = "api-keys",
    params(("id" = String, Path, description = "The key's id")),
    request_body = Vec<PatchOperation>,
    responses((status = 204, description = "Done."))
)]
pub async fn patch(
    api: ApiRequest,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult {
    let patch: Value = body::json(&api, &headers, body).await?;
    let changed = api_key::update(&api.ctx(), &api.caller, &id, patch).await;
    changed.map_err(|error| problem::refused(&api, error))?;
    Ok(respond::empty(StatusCode::NO_CONTENT))
}

/// Ends an API key: deletes one's own, revokes somebody else's.
#[utoipa::path(
    delete, path = "/api/v1/api-keys/{id}", tag = "api-keys",
    params(("id" = String, Path, description = "The key's id")),
    responses((status = 204, description = "Done."))
)]
pub async fn delete(api: ApiRequest, Path(id): Path<String>) -> ApiResult {
    let ended = api_key::remove(&api.ctx(), &api.caller, &id).await;
    ended.map_err(|error| problem::refused(&api, error))?;
    Ok(respond::empty(StatusCode::NO_CONTENT))
}

/// How long API keys live here, and how many there may be.
#[utoipa::path(
    get, path = "/api/v1/api-keys/configs/{tenantId}", tag = "api-keys",
    params(("tenantId" = String, Path, description = "This tenant's id")),
    responses((status = 200, description = "The configuration.", body = ApiKeyConfigBody))
)]
pub async fn config(api: ApiRequest, Path(tenant_id): Path<String>) -> ApiResult {
    let settings = api_key::settings(&api.ctx(), &api.caller, &tenant_id);
    let settings = settings.map_err(|error| problem::refused(&api, error))?;
    let told = ApiKeyConfigBody {
        max_api_key_expiry: settings.max_api_key_expiry.to_string(),
        max_keys_per_user: settings.max_keys_per_user,
        scim_external_client_expiry: settings.scim_external_client_expiry.to_string(),
    };
    Ok(respond::json(StatusCode::OK, &told))
}

/// Changes how long new API keys live here, and how many there may be.
#[utoipa::path(
    patch, path = "/api/v1/api-keys/configs/{tenantId}", tag = "api-keys",
    params(("tenantId" = String, Path, description = "This tenant's id")),
    request_body = Vec<PatchOperation>,
    responses((status = 204, description = "Done."))
)]
pub async fn patch_config(
    api: ApiRequest,
    Path(tenant_id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult {
    let patch: Value = body::json(&api, &headers, body).await?;
    let changed = api_key::update_settings(&api.ctx(), &api.caller, &tenant_id, patch).await;
    changed.map_err(|error| problem::refused(&api, error))?;
    Ok(respond::empty(StatusCode::NO_CONTENT))
}
