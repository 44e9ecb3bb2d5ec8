//! Reading clients: the list, and one of them.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use engine::admin::client;

use super::view::ClientBody;
use super::{PATH, client_id};
use crate::api::listing::{self, ListBody};
use crate::api::query::Query;
use crate::api::{ApiRequest, ApiResult, problem};
use crate::http::respond;

/// Lists the clients of the tenant: all of their own for administrators, less for others.
#[utoipa::path(
    get, path = "/api/v1/oauth-clients", tag = "oauth-clients",
    responses((status = 200, body = ListBody<ClientBody>))
)]
pub async fn list(api: ApiRequest, RawQuery(query): RawQuery) -> ApiResult {
    let query = Query::parse(&api, query.as_deref())?;
    let listed = client::list(&api.ctx(), &api.caller, &query.list()?).await;
    let listed = listed.map_err(|error| problem::refused(&api, error))?;
    Ok(listing::answer(&api, PATH, &query, listed.map(ClientBody::from)))
}

/// Reads a client.
#[utoipa::path(
    get, path = "/api/v1/oauth-clients/{id}", tag = "oauth-clients",
    params(("id" = String, Path, description = "The client's id")),
    responses((status = 200, body = ClientBody))
)]
pub async fn get(api: ApiRequest, Path(id): Path<String>) -> ApiResult {
    let id = client_id(&api, &id)?;
    let seen = client::read(&api.ctx(), &api.caller, &id).await;
    let seen = seen.map_err(|error| problem::refused(&api, error))?;
    Ok(respond::json(StatusCode::OK, &ClientBody::from(seen)))
}
