//! `/api/v1/users` (contract, sections 0.6, 0.9, 5 and 6).

pub mod actions;
mod body;

use axum::body::Body;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use engine::admin::user::{self, Seen, Selection, Sight};
use serde_json::Value;

use super::body::json;
use super::listing::{self, ListBody};
use super::patch_body::PatchOperation;
use super::query::Query;
use super::{ApiRequest, ApiResult, done, made, problem};
use crate::http::respond;

pub use body::{AssignedRole, Named, NewUser, UserBody};

const PATH: &str = "/api/v1/users";

/// The fields that an answer is cut down to, beside the id; all of them without `fields`.
struct Fields(Option<Vec<String>>);

impl Fields {
    fn of(query: &Query<'_>) -> Self {
        let names = query.text("fields").filter(|names| !names.is_empty());
        Self(names.map(|names| names.split(',').map(|name| name.trim().to_owned()).collect()))
    }

    fn cut(&self, body: &UserBody) -> Value {
        let mut value = serde_json::to_value(body).unwrap_or_default();
        if let (Some(names), Some(members)) = (&self.0, value.as_object_mut()) {
            members.retain(|name, _| name == "id" || names.iter().any(|known| known == name));
        }
        value
    }
}

/// Lists the users of the tenant.
///
/// People, and the bot users that machine clients act as, of every status unless the filter or
/// `status` says otherwise. In a filter, conditions on `status` stand in a group of their own:
/// `(name co "bob") and (status eq "active")`. Who does not administer users sees names only, and
/// filters and sorts by `id`, `name` and `status`.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "users",
    params(
        ("fields" = Option<String>, Query, description = "The fields to answer beside `id`, with commas"),
        ("email" = Option<String>, Query, description = "Deprecated: use `filter`"),
        ("role" = Option<String>, Query, description = "Deprecated: use `filter`"),
        ("status" = Option<String>, Query, description = "Deprecated: use `filter`"),
        ("subject" = Option<String>, Query, description = "Deprecated: use `filter`"),
        ("tenantId" = Option<String>, Query, description = "Deprecated: this tenant's"),
        ("sortBy" = Option<String>, Query, description = "Deprecated: use `sort`"),
        ("sortOrder" = Option<String>, Query, description = "Deprecated: use `sort`"),
        ("startingAfter" = Option<String>, Query, description = "Deprecated: use `next`"),
        ("endingBefore" = Option<String>, Query, description = "Deprecated: use `prev`"),
    ),
    responses((status = 200, description = "A page of users.", body = ListBody<UserBody>))
)]
pub async fn list(api: ApiRequest, RawQuery(query): RawQuery) -> ApiResult {
    let query = Query::parse(&api, query.as_deref())?;
    let text = |name| query.text(name).map(str::to_owned);
    let selection = Selection {
        email: text("email"),
        role: text("role"),
        status: text("status"),
        subject: text("subject"),
        tenant_id: text("tenantId"),
        sort_by: text("sortBy"),
        sort_order: text("sortOrder"),
        starting_after: text("startingAfter"),
        ending_before: text("endingBefore"),
    };
    let listed = user::list(&api.ctx(), &api.caller, &query.list()?, &selection).await;
    let listed = listed.map_err(|error| problem::refused(&api, error))?;
    let fields = Fields::of(&query);
    let bodies = listed.map(|seen| fields.cut(&UserBody::new(&api, &seen)));
    Ok(listing::answer(&api, PATH, &query, bodies))
}

/// Makes a user.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "users",
    request_body = NewUser,
    responses((
        status = 201, description = "The new user.", body = UserBody,
        headers(("location" = String, description = "The user's address."))
    ))
)]
pub async fn create(api: ApiRequest, headers: HeaderMap, body: Body) -> ApiResult {
    let new: NewUser = json(&api, &headers, body).await?;
    let draft = new.draft(&api)?;
    let user = user::create(&api.ctx(), &api.caller, &draft).await;
    let user = user.map_err(|error| problem::refused(&api, error))?;
    let location = format!("{PATH}/{}", user.id);
    let seen = Seen { user: user.into(), sight: Sight::All };
    Ok(made(&location, &UserBody::new(&api, &seen)))
}

/// Leads to the caller's own user.
///
/// A redirect to its own address, relative so that clients keep their token.
#[utoipa::path(
    get, path = "/api/v1/users/me", tag = "users",
    responses((
        status = 301, description = "The user's address is in `location`.",
        headers(("location" = String, description = "A path on this host."))
    ))
)]
pub async fn me(api: ApiRequest) -> ApiResult {
    let user = api.caller.user();
    let user = user.ok_or_else(|| respond::not_found(&api.request.trace_id))?;
    Ok(respond::redirect(StatusCode::MOVED_PERMANENTLY, &format!("{PATH}/{}", user.id)))
}

/// Reads a user.
///
/// Others as in the list. Oneself with any token: all of it with `user_default`; otherwise id,
/// tenant and status, and what the token's `identity.*:read` scopes (or `profile` and `email`) add.
#[utoipa::path(
    get, path = "/api/v1/users/{id}", tag = "users",
    params(
        ("id" = String, Path, description = "The user's id"),
        ("fields" = Option<String>, Query, description = "The fields to answer beside `id`, with commas"),
    ),
    responses((status = 200, description = "The user.", body = UserBody))
)]
pub async fn get(api: ApiRequest, Path(id): Path<String>, RawQuery(query): RawQuery) -> ApiResult {
    let query = Query::parse(&api, query.as_deref())?;
    let seen = user::get(&api.ctx(), &api.caller, &id).await;
    let seen = seen.map_err(|error| problem::refused(&api, error))?;
    let body = Fields::of(&query).cut(&UserBody::new(&api, &seen));
    Ok(respond::json(StatusCode::OK, &body))
}

/// Changes a user, as a whole or not at all.
///
/// Operations `replace`, `add`, `remove-value` and `renew` (and the older `set` and `unset`) on
/// `/name`, `/status`, `/assignedRoles`, `/assignedGroups`, `/inviteExpiry`, `/preferredLocale` and
/// `/preferredZoneinfo`. Users change their own `preferredLocale` and `preferredZoneinfo`; everything
/// else is for administrators.
#[utoipa::path(
    patch, path = "/api/v1/users/{id}", tag = "users",
    params(("id" = String, Path, description = "The user's id")),
    request_body = Vec<PatchOperation>,
    responses((status = 204, description = "Changed"))
)]
pub async fn patch(
    api: ApiRequest,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult {
    let body: Value = json(&api, &headers, body).await?;
    let changed = user::patch(&api.ctx(), &api.caller, (&id, None), body).await;
    done(&api, changed)
}

/// Deletes a user, and everything that hangs on it.
#[utoipa::path(
    delete, path = "/api/v1/users/{id}", tag = "users",
    params(("id" = String, Path, description = "The user's id")),
    responses((status = 204, description = "Deleted"))
)]
pub async fn delete(api: ApiRequest, Path(id): Path<String>) -> ApiResult {
    let deleted = user::delete(&api.ctx(), &api.caller, &id).await;
    done(&api, deleted)
}
