//! `/api/v1/users/actions/*` (contract, section 6).

use axum::body::Body;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode};
use engine::admin::user::{self, Invitation, Invitee, Selection};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::body::json;
use super::super::listing::{self, ListBody};
use super::super::query::Query;
use super::super::{ApiRequest, ApiResult, problem};
use super::{Fields, UserBody};
use crate::http::respond;

/// How many users there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct UserCount {
    /// People and bot users, of every status.
    total: i64,
}

/// Counts the users of the tenant.
#[utoipa::path(
    get, path = "/api/v1/users/actions/count", tag = "users",
    responses((status = 200, body = UserCount))
)]
pub async fn count(api: ApiRequest) -> ApiResult {
    let total = user::count(&api.ctx(), &api.caller).await;
    let total = total.map_err(|error| problem::refused(&api, error))?;
    Ok(respond::json(StatusCode::OK, &UserCount { total }))
}

/// A filter that may be too long for an address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FilterBody {
    /// As `filter` of the list. Its length counts in bytes.
    pub filter: String,
}

/// Lists users by a filter that may be long.
///
/// The addresses of the next page and the page before are asked with the same body.
#[utoipa::path(
    post, path = "/api/v1/users/actions/filter", tag = "users",
    params(
        ("fields" = Option<String>, Query, description = "The fields to answer, with commas"),
        ("sort" = Option<String>, Query, description = "`+` or `-` and `name`"),
        ("limit" = Option<u32>, Query), ("next" = Option<String>, Query), ("prev" = Option<String>, Query),
    ),
    request_body = FilterBody,
    responses((status = 200, body = ListBody<UserBody>))
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
    let none = Selection::default();
    let listed = user::list(&api.ctx(), &api.caller, &params, &none).await;
    let listed = listed.map_err(|error| problem::refused(&api, error))?;
    let fields = Fields::of(&query);
    let bodies = listed.map(|seen| fields.cut(&UserBody::new(&api, &seen)));
    Ok(listing::answer(&api, "/api/v1/users/actions/filter", &query, bodies))
}

/// People to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invitees {
    /// Who.
    invitees: Vec<NewInvitee>,
}

/// Somebody to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitee {
    /// Where to reach them.
    email: String,
    /// What they are called; the address without it.
    name: Option<String>,
    /// In which language to write to them, such as `de-CH`.
    language: Option<String>,
    /// Begin an invitation anew that is there already.
    #[serde(default)]
    resend: bool,
}

/// What came of each invitation, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationsBody {
    /// One for each invitee.
    data: Vec<InvitationBody>,
}

/// What came of an invitation.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationBody {
    /// `ok`, `exists` (invited before) or `error`.
    status: &'static str,
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    /// `1001`: is a user already. `1002`: is switched off. `1004`: the address, name or language is
    /// none. `1005`: has a role that the caller could not give.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    /// What is wrong, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
}

impl InvitationBody {
    fn new(email: String, outcome: Invitation) -> Self {
        let refused = |code, title: String| Self {
            status: "error",
            email: email.clone(),
            code: Some(code),
            title: Some(title),
            ..Self::default()
        };
        let (status, invited) = match outcome {
            Invitation::Active => return refused("1001", "Is an active user already".to_owned()),
            Invitation::Disabled => return refused("1002", "Is a disabled user".to_owned()),
            Invitation::Invalid { field, message } => {
                return refused("1004", format!("{field}: {message}"));
            }
            Invitation::Mighty(why) => return refused("1005", why.to_string()),
            Invitation::Made(invited) => ("ok", invited),
            Invitation::Exists(invited) => ("exists", invited),
        };
        let (user_id, subject) = (Some(invited.user_id), Some(invited.subject));
        Self { status, email, user_id, subject, ..Self::default() }
    }
}

/// Invites people.
///
/// Makes users with the status `invited`, and a week to come; says what came of each. No mail is
/// sent; that is up to the program that invites.
#[utoipa::path(
    post, path = "/api/v1/users/actions/invite", tag = "users",
    request_body = Invitees,
    responses((status = 207, body = InvitationsBody))
)]
pub async fn invite(api: ApiRequest, headers: HeaderMap, body: Body) -> ApiResult {
    let Invitees { invitees } = json(&api, &headers, body).await?;
    let emails: Vec<String> = invitees.iter().map(|invitee| invitee.email.clone()).collect();
    let invitees: Vec<Invitee> = invitees.into_iter().map(Invitee::from).collect();
    let outcomes = user::invite(&api.ctx(), &api.caller, &invitees).await;
    let outcomes = outcomes.map_err(|error| problem::refused(&api, error))?;
    let data = emails.into_iter().zip(outcomes);
    let data = data.map(|(email, outcome)| InvitationBody::new(email, outcome)).collect();
    Ok(respond::json(StatusCode::MULTI_STATUS, &InvitationsBody { data }))
}

impl From<NewInvitee> for Invitee {
    fn from(new: NewInvitee) -> Self {
        let NewInvitee { email, name, language, resend } = new;
        Self { email, name, language, resend }
    }
}
