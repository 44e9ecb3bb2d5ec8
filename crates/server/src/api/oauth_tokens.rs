//! `/api/v1/oauth-tokens` (contract, section 6).

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use domain::time::Timestamp;
use engine::admin::oauth_token;
use serde::Serialize;
use store::OauthToken;
use utoipa::ToSchema;

use super::listing::{self, ListBody};
use super::query::{Cursors, Query};
use super::{ApiRequest, ApiResult, problem};
use crate::account::device;
use crate::http::respond;
use crate::texts::Texts;

/// As the contract calls the cursors of this list.
const CURSORS: Cursors = Cursors { next: "page", prev: "page" };

/// What a user let a client do over time: its refresh tokens and the access tokens from them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OauthTokenBody {
    /// Its id.
    id: String,
    /// The tenant.
    tenant_id: String,
    /// The id of the user.
    user_id: String,
    /// The client's name, and the scopes.
    description: String,
    /// The browser and system it was granted on; empty when its session is over.
    device_type: String,
    /// When a refresh token of it was last used.
    #[schema(value_type = String, format = DateTime)]
    last_used: Timestamp,
    /// The client's id.
    client_id: String,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it ends if it is not used again.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl OauthTokenBody {
    fn new(api: &ApiRequest, token: OauthToken) -> Self {
        Self {
            id: token.id.to_string(),
            tenant_id: api.request.tenant.tenant.id.to_string(),
            user_id: token.user_id.to_string(),
            description: format!("{}: {}", token.client_name, token.scope),
            device_type: token.user_agent.as_deref().map(device_type).unwrap_or_default(),
            last_used: token.last_used_at,
            client_id: token.client_id.to_string(),
            created_at: token.created_at,
            expires_at: token.expires_at,
        }
    }
}

/// Lists what users let clients do over time: one's own, everybody's for administrators.
#[utoipa::path(
    get, path = "/api/v1/oauth-tokens", tag = "oauth-tokens",
    params(
        ("userId" = Option<String>, Query, description = "Of the user of this id"),
        ("sort" = Option<String>, Query), ("limit" = Option<u32>, Query), ("totalResults" = Option<bool>, Query),
        ("page" = Option<String>, Query, description = "The cursor of a page, from the links of an answer"),
    ),
    responses((status = 200, description = "A page.", body = ListBody<OauthTokenBody>))
)]
pub async fn list(api: ApiRequest, RawQuery(query): RawQuery) -> ApiResult {
    let query = Query::parse(&api, query.as_deref())?;
    let params = query.list_by(&CURSORS)?;
    let listed = oauth_token::list(&api.ctx(), &api.caller, query.text("userId"), &params).await;
    let listed = listed.map_err(|error| problem::refused(&api, error))?;
    let bodies = listed.map(|token| OauthTokenBody::new(&api, token));
    Ok(listing::answer_by(&api, "/api/v1/oauth-tokens", (&query, &CURSORS), bodies))
}

/// Revokes the refresh tokens and the access tokens of one entry.
#[utoipa::path(
    delete, path = "/api/v1/oauth-tokens/{id}", tag = "oauth-tokens",
    params(("id" = String, Path, description = "The entry's id")),
    responses((status = 204, description = "Done."))
)]
pub async fn delete(api: ApiRequest, Path(id): Path<String>) -> ApiResult {
    let ended = oauth_token::remove(&api.ctx(), &api.caller, &id).await;
    ended.map_err(|error| problem::refused(&api, error))?;
    Ok(respond::empty(StatusCode::NO_CONTENT))
}

/// Programs are told in English.
fn device_type(user_agent: &str) -> String {
    device::describe(Texts::english(), user_agent)
}
