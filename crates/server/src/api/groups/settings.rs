//! `/api/v1/groups/settings` (contract, section 6).

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use domain::user::GroupStatus;
use engine::admin::group;
use serde::Serialize;
use serde_json::Value;
use store::Group;
use utoipa::ToSchema;

use super::super::body::json;
use super::super::listing::SelfLink;
use super::super::patch_body::PatchOperation;
use super::super::users::AssignedRole;
use super::super::{ApiRequest, ApiResult, done, problem};
use crate::http::respond;

/// How the tenant treats groups.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupSettingsBody {
    tenant_id: String,
    /// Groups are made when the identity provider names them.
    auto_create_groups: bool,
    /// Memberships follow the identity provider.
    sync_idp_groups: bool,
    /// The groups that the tenant came with, by id.
    system_groups: BTreeMap<String, SystemGroupBody>,
    links: SelfLink,
}

/// A group that the tenant came with.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SystemGroupBody {
    id: String,
    name: String,
    /// Whether it gives its roles.
    enabled: bool,
    assigned_roles: Vec<AssignedRole>,
}

impl SystemGroupBody {
    fn new(group: &Group) -> Self {
        Self {
            id: group.id.to_string(),
            name: group.name.clone(),
            enabled: group.status == GroupStatus::Active,
            assigned_roles: AssignedRole::all(&group.roles),
        }
    }
}

/// Reads the settings of groups.
#[utoipa::path(
    get, path = "/api/v1/groups/settings", tag = "groups", operation_id = "settings_get",
    responses((status = 200, description = "The settings.", body = GroupSettingsBody))
)]
pub async fn get(api: ApiRequest) -> ApiResult {
    let settings = group::settings(&api.ctx(), &api.caller).await;
    let settings = settings.map_err(|error| problem::refused(&api, error))?;
    let everyone = SystemGroupBody::new(&settings.everyone);
    let body = GroupSettingsBody {
        tenant_id: api.request.tenant.tenant.id.to_string(),
        auto_create_groups: settings.auto_create_groups,
        sync_idp_groups: settings.sync_idp_groups,
        system_groups: BTreeMap::from([(everyone.id.clone(), everyone)]),
        links: SelfLink::new(&api, "/api/v1/groups/settings"),
    };
    Ok(respond::json(StatusCode::OK, &body))
}

/// Changes the settings of groups, as a whole or not at all.
///
/// The operation `replace` on `/autoCreateGroups`, `/syncIdpGroups`,
/// `/systemGroups/{id}/assignedRoles` and `/systemGroups/{id}/enabled`. Everybody has the new roles
/// at once.
#[utoipa::path(
    patch, path = "/api/v1/groups/settings", tag = "groups", operation_id = "settings_patch",
    request_body = Vec<PatchOperation>,
    responses((status = 204, description = "Changed."))
)]
pub async fn patch(api: ApiRequest, headers: HeaderMap, body: Body) -> ApiResult {
    let body: Value = json(&api, &headers, body).await?;
    let changed = group::patch_settings(&api.ctx(), &api.caller, None, body).await;
    done(&api, changed)
}
