//! `/api/v1/tenants` (contract, sections 0.6 and 6).

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use domain::tenant::{Tenant, TenantStatus};
use domain::time::Timestamp;
use engine::admin::{AdminError, tenant_patch};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::body::json;
use super::listing::SelfLink;
use super::patch_body::PatchOperation;
use super::{ApiRequest, ApiResult, done, problem};
use crate::http::respond;

/// A tenant.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TenantBody {
    id: String,
    name: String,
    /// Host names; the first makes the issuer.
    hostnames: Vec<String>,
    /// The code of the region.
    datacenter: String,
    /// The same.
    region: String,
    #[schema(value_type = String)]
    status: TenantStatus,
    #[schema(value_type = String, format = DateTime)]
    created: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_updated: Timestamp,
    /// Kept for products that read it.
    auto_assign_create_shared_spaces_role_to_professionals: bool,
    /// Kept for products that read it.
    auto_assign_data_services_contributor_role_to_professionals: bool,
    /// Kept for products that read it.
    auto_assign_private_analytics_content_creator_role_to_professionals: bool,
    /// Kept for products that read it.
    enable_analytic_creation: bool,
    /// Kept for products that read it.
    enable_app_opening_feedback: bool,
    links: SelfLink,
}

impl TenantBody {
    fn new(api: &ApiRequest, tenant: &Tenant) -> Self {
        let settings = &tenant.settings;
        Self {
            id: tenant.id.to_string(),
            name: tenant.name.clone(),
            hostnames: tenant.hostnames.clone(),
            datacenter: tenant.region.to_string(),
            region: tenant.region.to_string(),
            status: tenant.status,
            created: tenant.created_at,
            last_updated: tenant.updated_at,
            auto_assign_create_shared_spaces_role_to_professionals: settings
                .auto_assign_create_shared_spaces_role_to_professionals,
            auto_assign_data_services_contributor_role_to_professionals: settings
                .auto_assign_data_services_contributor_role_to_professionals,
            auto_assign_private_analytics_content_creator_role_to_professionals: settings
                .auto_assign_private_analytics_content_creator_role_to_professionals,
            enable_analytic_creation: settings.enable_analytic_creation,
            enable_app_opening_feedback: settings.enable_app_opening_feedback,
            links: SelfLink::new(api, &format!("/api/v1/tenants/{}", tenant.id)),
        }
    }
}

/// Leads to the caller's own tenant.
///
/// A redirect to its own address, relative so that clients keep their token.
#[utoipa::path(
    get, path = "/api/v1/tenants/me", tag = "tenants",
    responses((
        status = 302, description = "The tenant's address is in `location`.",
        headers(("location" = String, description = "A path on this host."))
    ))
)]
pub async fn me(api: ApiRequest) -> ApiResult {
    let location = format!("/api/v1/tenants/{}", api.request.tenant.tenant.id);
    Ok(respond::redirect(StatusCode::FOUND, &location))
}

/// Reads a tenant: this host's.
#[utoipa::path(
    get, path = "/api/v1/tenants/{id}", tag = "tenants",
    params(("id" = String, Path, description = "The tenant's id")),
    responses((status = 200, description = "The tenant.", body = TenantBody))
)]
pub async fn get(api: ApiRequest, Path(id): Path<String>) -> ApiResult {
    let tenant = &api.request.tenant.tenant;
    if id != tenant.id.as_str() {
        return Err(problem::refused(&api, AdminError::NotFound("tenant")));
    }
    Ok(respond::json(StatusCode::OK, &TenantBody::new(&api, tenant)))
}

/// Changes a tenant, as a whole or not at all.
///
/// The operation `replace` on `/name`, `/enableAnalyticCreation`, `/enableAppOpeningFeedback` and the
/// three `/autoAssign…RoleToProfessionals`. Host names are set by the operator of the server.
#[utoipa::path(
    patch, path = "/api/v1/tenants/{id}", tag = "tenants",
    params(("id" = String, Path, description = "The tenant's id")),
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
    let changed = tenant_patch::patch(&api.ctx(), &api.caller, &id, body).await;
    done(&api, changed)
}
