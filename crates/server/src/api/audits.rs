//! `/api/v1/audits`: what happened in the tenant, for its administrators.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use domain::time::Timestamp;
use engine::admin::audit;
use serde::Serialize;
use serde_json::{Map, Value};
use store::AuditEntry;
use utoipa::ToSchema;

use super::listing::{self, ListBody, SelfLink};
use super::query::Query;
use super::{ApiRequest, ApiResult, problem};
use crate::http::respond;

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActorBody {
    /// `operator`, `user`, `client`, `anonymous` or `system`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The id of a user or a client; empty for the others.
    id: String,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditBody {
    /// Sorts by time.
    id: String,
    /// Such as `client.created`.
    event_type: String,
    #[schema(value_type = String, format = DateTime)]
    event_time: Timestamp,
    actor: ActorBody,
    /// The client through which the actor came, or which made the API key by which they did; or
    /// empty.
    client_id: String,
    /// The id of what it happened to.
    subject_id: String,
    /// The caller's network address, or empty.
    address: String,
    /// The trace id of the request, or empty.
    trace_id: String,
    /// What changed: `{"field": {"from": …, "to": …}}`. No secret is in it.
    #[schema(value_type = Object)]
    changes: Value,
    /// More, without secrets. `apiKeyId` is the API key by which the actor came.
    #[schema(value_type = Object)]
    details: Value,
    links: SelfLink,
}

impl AuditBody {
    fn new(api: &ApiRequest, entry: AuditEntry) -> Self {
        let mut details = entry.details;
        let changes = details.as_object_mut().and_then(|details| details.remove("changes"));
        Self {
            links: SelfLink::new(api, &format!("/api/v1/audits/{}", entry.id)),
            id: entry.id,
            event_type: entry.event,
            event_time: entry.at,
            actor: ActorBody { kind: entry.actor.kind(), id: entry.actor.id().to_owned() },
            client_id: entry.client_id,
            subject_id: entry.subject,
            address: entry.address,
            trace_id: entry.trace_id,
            changes: changes.unwrap_or_else(|| Value::Object(Map::new())),
            details,
        }
    }
}

/// Lists the events of the tenant, newest first.
#[utoipa::path(
    get, path = "/api/v1/audits", tag = "audits",
    responses((status = 200, body = ListBody<AuditBody>))
)]
pub async fn list(api: ApiRequest, RawQuery(query): RawQuery) -> ApiResult {
    let query = Query::parse(&api, query.as_deref())?;
    let listed = audit::list(&api.ctx(), &api.caller, &query.list()?).await;
    let listed = listed.map_err(|error| problem::refused(&api, error))?;
    let bodies = listed.map(|entry| AuditBody::new(&api, entry));
    Ok(listing::answer(&api, "/api/v1/audits", &query, bodies))
}

/// Reads one event of the tenant.
#[utoipa::path(
    get, path = "/api/v1/audits/{id}", tag = "audits",
    params(("id" = String, Path, description = "The event's id")),
    responses((status = 200, body = AuditBody))
)]
pub async fn get(api: ApiRequest, Path(id): Path<String>) -> ApiResult {
    let entry = audit::get(&api.ctx(), &api.caller, &id).await;
    let entry = entry.map_err(|error| problem::refused(&api, error))?;
    Ok(respond::json(StatusCode::OK, &AuditBody::new(&api, entry)))
}
