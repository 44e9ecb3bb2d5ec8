//! `/api/v1/groups` (contract, section 6).

mod body;
pub mod settings;

use axum::body::Body;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use engine::admin::group;
use serde_json::Value;

use super::body::json;
use super::listing::{self, ListBody};
use super::patch_body::PatchOperation;
use super::query::Query;
use super::users::actions::FilterBody;
use super::{ApiRequest, ApiResult, done, made, problem};
use crate::http::respond;

pub use body::{GroupBody, NewGroup};

const PATH: &str = "/api/v1/groups";

/// Lists the groups of the tenant.
///
/// With `systemGroups=true`, those that the tenant came with, and no others.
#[utoipa::path(
    get, path = "/api/v1/groups", tag = "groups",
    params(("systemGroups" = Option<bool>, Query, description = "The tenant's own groups, or the others")),
    responses((status = 200, description = "A page of groups.", body = ListBody<GroupBody>))
)]
pub async fn list(api: ApiRequest, RawQuery(query): RawQuery) -> ApiResult {
    let query = Query::parse(&api, query.as_deref())?;
    let system = query.flag("systemGroups")?.unwrap_or(false);
    let listed = group::list(&api.ctx(), &api.caller, &query.list()?, system).await;
    let listed = listed.map_err(|error| problem::refused(&api, error))?;
    let bodies = listed.map(|group| GroupBody::new(&api, group));
    Ok(listing::answer(&api, PATH, &query, bodies))
}

/// Lists groups by a filter that may be long.
///
/// The addresses of the next page and the page before are asked with the same body.
#[utoipa::path(
    post, path = "/api/v1/groups/actions/filter", tag = "groups",
    params(
        ("sort" = Option<String>, Query, description = "`+` or `-` and `name`"),
        ("limit" = Option<u32>, Query), ("next" = Option<String>, Query), ("prev" = Option<String>, Query),
    ),
    request_body = FilterBody,
    responses((status = 200, description = "A page of groups.", body = ListBody<GroupBody>))
)]
pub async fn filter(
    api: ApiRequest,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> ApiResult {
    let query = Query::parse(&api, query.as_deref())?;
    let FilterBody { filter } = json(&api, &headers, body).await?;
    let mut params = query.list()?;
    params.filter = Some(filter);
    let listed = group::list(&api.ctx(), &api.caller, &params, false).await;
    let listed = listed.map_err(|error| problem::refused(&api, error))?;
    let bodies = listed.map(|group| GroupBody::new(&api, group));
    Ok(listing::answer(&api, "/api/v1/groups/actions/filter", &query, bodies))
}

/// Makes a group.
#[utoipa::path(
    post, path = "/api/v1/groups", tag = "groups",
    request_body = NewGroup,
    responses((status = 201, description = "The new group.", body = GroupBody))
)]
pub async fn create(api: ApiRequest, headers: HeaderMap, body: Body) -> ApiResult {
    let new: NewGroup = json(&api, &headers, body).await?;
    let draft = new.draft(&api)?;
    let group = group::create(&api.ctx(), &api.caller, &draft).await;
    let group = group.map_err(|error| problem::refused(&api, error))?;
    let location = format!("{PATH}/{}", group.id);
    Ok(made(&location, &GroupBody::new(&api, group)))
}

/// Reads a group.
#[utoipa::path(
    get, path = "/api/v1/groups/{id}", tag = "groups",
    params(("id" = String, Path, description = "The group's id")),
    responses((status = 200, description = "The group.", body = GroupBody))
)]
pub async fn get(api: ApiRequest, Path(id): Path<String>) -> ApiResult {
    let group = group::get(&api.ctx(), &api.caller, &id).await;
    let group = group.map_err(|error| problem::refused(&api, error))?;
    Ok(respond::json(StatusCode::OK, &GroupBody::new(&api, group)))
}

/// Changes a group, as a whole or not at all.
///
/// The operation `replace` on `/name`, `/description` and `/assignedRoles`. Members have the new
/// roles at once. Who is in a group is changed with the user.
#[utoipa::path(
    patch, path = "/api/v1/groups/{id}", tag = "groups",
    params(("id" = String, Path, description = "The group's id")),
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
    let changed = group::patch(&api.ctx(), &api.caller, (&id, None), body).await;
    done(&api, changed)
}

/// Deletes a group.
///
/// Its members lose what it gave at once.
#[utoipa::path(
    delete, path = "/api/v1/groups/{id}", tag = "groups",
    params(("id" = String, Path, description = "The group's id")),
    responses((status = 204, description = "Deleted."))
)]
pub async fn delete(api: ApiRequest, Path(id): Path<String>) -> ApiResult {
    let deleted = group::delete(&api.ctx(), &api.caller, &id).await;
    done(&api, deleted)
}
