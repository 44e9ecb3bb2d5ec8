//! `/account`: the apps that a person has let in, and the person's sessions; and `/`.

pub(crate) mod device;

use axum::body::Body;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::grant::{AuthorizedApp, Session};
use domain::ids::{ClientId, SessionId};
use domain::oauth_error::OauthError;
use engine::account;
use engine::session::SignedIn;

use crate::http::form::{Form, FormError};
use crate::http::page::{self, Needs, brand};
use crate::http::visit::Visit;
use crate::http::{TenantRequest, respond};
use crate::oauth::authorize::scope_lines;
use crate::pages::{AccountPage, AppLine, HomePage, SessionLine};
use crate::texts::Texts;

/// What was just done, as the query says it; anything else says nothing.
fn notice(t: Texts, query: Option<&str>) -> Option<String> {
    match query? {
        "done=removed" => Some(t.t("account-done-removed")),
        "done=ended" => Some(t.t("account-done-ended")),
        "done=others" => Some(t.t("account-done-others")),
        "done=nothing" => Some(t.t("account-done-nothing")),
        _ => None,
    }
}

fn failed(request: &TenantRequest, error: &OauthError) -> Response {
    page::error(request, error, ("error-moment-title", "error-moment-next"))
}

fn to_sign_in() -> Response {
    respond::redirect(StatusCode::SEE_OTHER, "/login?returnto=/account")
}

/// The tenant's front page.
pub async fn home(request: TenantRequest, headers: HeaderMap) -> Response {
    let visit = match Visit::read(&request, &headers).await {
        Ok(visit) => visit,
        Err(error) => return failed(&request, &error),
    };
    let template = HomePage {
        brand: brand(&request),
        t: visit.texts,
        issuer: request.tenant.issuer.clone(),
        signed_in_as: visit.signed_in.map(|signed_in| signed_in.user.name.clone()),
    };
    page::page(StatusCode::OK, &template, &Needs::default())
}

/// The page.
pub async fn get(
    request: TenantRequest,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let visit = match Visit::read(&request, &headers).await {
        Ok(visit) => visit,
        Err(error) => return failed(&request, &error),
    };
    let Some(signed_in) = &visit.signed_in else { return to_sign_in() };
    let overview = match account::overview(&request.ctx(), signed_in).await {
        Ok(overview) => overview,
        Err(error) => return failed(&request, &error),
    };
    let template = AccountPage {
        brand: brand(&request),
        t: visit.texts,
        user_name: signed_in.user.name.clone(),
        user_email: signed_in.user.email.clone(),
        apps: overview.apps.iter().map(|app| app_line(&request, visit.texts, app)).collect(),
        sessions: overview
            .sessions
            .iter()
            .map(|one| session_line(visit.texts, one, signed_in))
            .collect(),
        csrf: visit.csrf(&request.ctx()),
        notice: notice(visit.texts, query.as_deref()),
    };
    let mut response =
        page::page(StatusCode::OK, &template, &Needs { script: true, ..Needs::default() });
    visit.remember(&request, &mut response);
    response
}

fn app_line(request: &TenantRequest, t: Texts, app: &AuthorizedApp) -> AppLine {
    AppLine {
        client_id: app.consent.client_id.to_string(),
        name: app.client_name.clone(),
        scopes: scope_lines(request, t, &app.consent.scope),
        granted_at: app.consent.granted_at,
        last_used_at: app.last_used_at,
    }
}

fn session_line(t: Texts, session: &Session, signed_in: &SignedIn) -> SessionLine {
    SessionLine {
        id: session.id.to_string(),
        current: session.id == signed_in.session.id,
        device: device::describe(t, &session.user_agent),
        address: session.address.clone(),
        started_at: session.created_at,
        last_seen_at: session.last_seen_at,
    }
}

/// A form of the page, and who sent it.
async fn form(
    request: &TenantRequest,
    headers: &HeaderMap,
    body: Body,
) -> Result<(SignedIn, Form), Response> {
    let visit = Visit::read(request, headers).await.map_err(|error| failed(request, &error))?;
    let form = Form::read(request, headers, body, &visit).await.map_err(|error| match error {
        FormError::Unreadable(error) => failed(request, &error),
        FormError::NotOurs { .. } => {
            page::plain(request, StatusCode::FORBIDDEN, ("error-form-title", "error-form"))
        }
    })?;
    let signed_in = visit.signed_in.ok_or_else(to_sign_in)?;
    Ok((signed_in, form))
}

fn done(request: &TenantRequest, result: Result<bool, OauthError>, what: &str) -> Response {
    let what = match result {
        Ok(true) => what,
        Ok(false) => "nothing",
        Err(error) => return failed(request, &error),
    };
    respond::redirect(StatusCode::SEE_OTHER, &format!("/account?done={what}"))
}

/// "Remove access".
pub async fn remove_app(request: TenantRequest, headers: HeaderMap, body: Body) -> Response {
    let (signed_in, form) = match form(&request, &headers, body).await {
        Ok(read) => read,
        Err(response) => return response,
    };
    let result = match ClientId::parse(form.field("client_id").unwrap_or("")) {
        Ok(client_id) => account::remove_app(&request.ctx(), &signed_in, &client_id).await,
        Err(_) => Ok(false),
    };
    done(&request, result, "removed")
}

/// "End session".
pub async fn end_session(request: TenantRequest, headers: HeaderMap, body: Body) -> Response {
    let (signed_in, form) = match form(&request, &headers, body).await {
        Ok(read) => read,
        Err(response) => return response,
    };
    let result = match SessionId::parse(form.field("session_id").unwrap_or("")) {
        Ok(session_id) => account::end_session(&request.ctx(), &signed_in, &session_id).await,
        Err(_) => Ok(false),
    };
    done(&request, result, "ended")
}

/// "End all other sessions".
pub async fn end_others(request: TenantRequest, headers: HeaderMap, body: Body) -> Response {
    let (signed_in, _) = match form(&request, &headers, body).await {
        Ok(read) => read,
        Err(response) => return response,
    };
    let result = account::end_other_sessions(&request.ctx(), &signed_in).await;
    done(&request, result.map(|count| count > 0), "others")
}
