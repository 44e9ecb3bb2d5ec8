//! `/api/v1/roles` (contract, section 6).

use axum::extract::RawQuery;
use domain::ids::RoleId;
use domain::scope::ScopeSet;
use domain::time::Timestamp;
use domain::user::{RoleKind, RoleLevel};
use engine::admin::role;
use serde::Serialize;
use store::Role;
use utoipa::ToSchema;

use super::listing::{self, ListBody, SelfLink};
use super::query::Query;
use super::{ApiRequest, ApiResult, problem};

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
    links: SelfLink,
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
