//! `/api/v1/tenants` (contract, sections 0.6 and 6).

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::api_error::{ApiProblem, Fault, Noun};
use serde_json::json;

use super::guard::access_token as caller;
use super::problem;
use crate::http::{TenantRequest, respond};

/// The caller's tenant: a redirect to its own address, relative so that clients keep their token.
pub async fn me(request: TenantRequest, headers: HeaderMap) -> Response {
    match caller(&request, &headers).await {
        Err(response) => response,
        Ok(_) => {
            let location = format!("/api/v1/tenants/{}", request.tenant.tenant.id);
            respond::redirect(StatusCode::FOUND, &location)
        }
    }
}

/// One tenant: this host's.
pub async fn get(request: TenantRequest, Path(id): Path<String>, headers: HeaderMap) -> Response {
    if let Err(response) = caller(&request, &headers).await {
        return response;
    }
    let tenant = &request.tenant.tenant;
    if id != tenant.id.as_str() {
        let detail = "This host serves one tenant, and that is not it.";
        let problem = ApiProblem::new(Noun::Tenant, Fault::NotFound, detail);
        return problem::answer(&problem, &request.trace_id);
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
    respond::json(StatusCode::OK, &body)
}
