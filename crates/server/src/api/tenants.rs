//! `/api/v1/tenants` (contract, sections 0.6 and 6).

use axum::extract::Path;
use axum::http::StatusCode;
use domain::api_error::{ApiProblem, Fault, Noun};
use serde_json::json;

use super::{ApiRequest, ApiResult, problem};
use crate::http::respond;

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
    responses((status = 200, description = "The tenant.", body = serde_json::Value))
)]
pub async fn get(api: ApiRequest, Path(id): Path<String>) -> ApiResult {
    let request = &api.request;
    let tenant = &request.tenant.tenant;
    if id != tenant.id.as_str() {
        let detail = "This host serves one tenant, and that is not it.";
        let problem = ApiProblem::new(Noun::Tenant, Fault::NotFound, detail);
        return Ok(problem::answer(&problem, &request.trace_id));
    }
    let href = format!("{}/api/v1/tenants/{}", request.tenant.issuer, tenant.id);
    let body = json!({
        "id": tenant.id,
        "name": tenant.name,
        "hostnames": tenant.hostnames,
        "datacenter": tenant.region,
        "region": tenant.region,
        "status": tenant.status,
        "created": tenant.created_at,
        "lastUpdated": tenant.updated_at,
        "links": { "self": { "href": href } },
    });
    Ok(respond::json(StatusCode::OK, &body))
}
