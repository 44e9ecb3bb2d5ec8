//! `/api/v1/roles` (contract, section 6).

use axum::body::Body;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use domain::ids::RoleId;
use domain::scope::ScopeSet;
use domain::time::Timestamp;
use domain::user::{RoleKind, RoleLevel};
use engine::admin::role::{self, RoleDraft};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Role;
use utoipa::ToSchema;

use super::body::json;
use super::listing::{self, ListBody, SelfLink};
use super::patch_body::PatchOperation;
use super::query::Query;
use super::{ApiRequest, ApiResult, done, made, problem};
use crate::http::respond;

/// A role and the scopes that it gives.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleBody {
    #[schema(value_type = String)]
    id: RoleId,
    name: String,
    tenant_id: String,
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: RoleKind,
    #[schema(value_type = String)]
    level: RoleLevel,
    description: String,
    #[schema(value_type = Vec<String>)]
    assigned_scopes: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_updated_at: Timestamp,
    /// Who made it, by id.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    created_by: String,
    /// Who changed it last, by id.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    updated_by: String,
    /// Only roles that a tenant made change.
    can_edit: bool,
    /// Only roles that a tenant made go.
    can_delete: bool,
    /// Always empty: what a role gives is said by its scopes.
    permissions: Vec<String>,
    links: SelfLink,
}

/// A new role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRole {
    /// Unique in the tenant.
    name: String,
    /// What it is for.
    #[serde(default)]
    description: String,
    /// Scopes of the catalogue that the caller has.
    #[serde(default)]
    assigned_scopes: Vec<String>,
}

impl RoleBody {
    fn new(api: &ApiRequest, role: Role) -> Self {
        Self {
            links: SelfLink::new(api, &format!("/api/v1/roles/{}", role.id)),
            id: role.id,
            name: role.name,
            tenant_id: api.request.tenant.tenant.id.to_string(),
            kind: role.kind,
            level: role.level,
            description: role.description,
            assigned_scopes: names(&role.assigned_scopes),
            created_at: role.created_at,
            last_updated_at: role.updated_at,
            created_by: role.created_by,
            updated_by: role.updated_by,
            can_edit: role.kind == RoleKind::Custom,
            can_delete: role.kind == RoleKind::Custom,
            permissions: Vec::new(),
        }
    }
}

fn names(scopes: &ScopeSet) -> Vec<String> {
    scopes.iter().map(ToString::to_string).collect()
}

/// Lists the roles of the tenant.
#[utoipa::path(
    get, path = "/api/v1/roles", tag = "roles",
    responses((status = 200, description = "A page of roles.", body = ListBody<RoleBody>))
)]
pub async fn list(api: ApiRequest, RawQuery(query): RawQuery) -> ApiResult {
    let query = Query::parse(&api, query.as_deref())?;
    let listed = role::list(&api.ctx(), &api.caller, &query.list()?).await;
    let listed = listed.map_err(|error| problem::refused(&api, error))?;
    let bodies = listed.map(|role| RoleBody::new(&api, role));
    Ok(listing::answer(&api, "/api/v1/roles", &query, bodies))
}

/// Makes a role.
///
/// It gives at most what the caller has: nobody hands out a scope that their own roles, or the app
/// they come through, lack.
#[utoipa::path(
    post, path = "/api/v1/roles", tag = "roles",
    request_body = NewRole,
    responses((status = 201, description = "The new role.", body = RoleBody))
)]
pub async fn create(api: ApiRequest, headers: HeaderMap, body: Body) -> ApiResult {
    let NewRole { name, description, assigned_scopes } = json(&api, &headers, body).await?;
    let draft = RoleDraft { name, description, assigned_scopes };
    let role = role::create(&api.ctx(), &api.caller, draft).await;
    let role = role.map_err(|error| problem::refused(&api, error))?;
    let location = format!("/api/v1/roles/{}", role.id);
    Ok(made(&location, &RoleBody::new(&api, role)))
}

/// Reads a role.
#[utoipa::path(
    get, path = "/api/v1/roles/{id}", tag = "roles",
    params(("id" = String, Path, description = "The role's id")),
    responses((status = 200, description = "The role.", body = RoleBody))
)]
pub async fn get(api: ApiRequest, Path(id): Path<String>) -> ApiResult {
    let role = role::get(&api.ctx(), &api.caller, &id).await;
    let role = role.map_err(|error| problem::refused(&api, error))?;
    Ok(respond::json(StatusCode::OK, &RoleBody::new(&api, role)))
}

/// Changes a role, as a whole or not at all.
///
/// Operations `replace`, `add` and `remove-value` on `/name`, `/description`, `/assignedScopes` and
/// `/assignedScopes/-`. Whoever has the role has the changed one at once. Roles that came with the
/// tenant do not change.
#[utoipa::path(
    patch, path = "/api/v1/roles/{id}", tag = "roles",
    params(("id" = String, Path, description = "The role's id")),
    request_body = Vec<PatchOperation>,
    responses((status = 204, description = "Changed."))
)]
pub async fn patch(
    api: ApiRequest,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult {
    let body: Value = json(&api, &headers, body).await?;
    let changed = role::patch(&api.ctx(), &api.caller, (&id, None), body).await;
    done(&api, changed)
}

/// Deletes a role.
///
/// Whoever has it loses it at once. Roles that came with the tenant stay.
#[utoipa::path(
    delete, path = "/api/v1/roles/{id}", tag = "roles",
    params(("id" = String, Path, description = "The role's id")),
    responses((status = 204, description = "Deleted."))
)]
pub async fn delete(api: ApiRequest, Path(id): Path<String>) -> ApiResult {
    let deleted = role::delete(&api.ctx(), &api.caller, &id).await;
    done(&api, deleted)
}
