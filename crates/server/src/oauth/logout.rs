//! `/oauth/logout` (OpenID Connect RP-Initiated Logout 1.0) and `POST /logout` of our own pages.

use axum::body::Body;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::oauth_error::OauthError;
use domain::params::{Limits, Params};
use engine::logout::{LogoutStep, confirm, start};

use crate::http::cookies::Cookie;
use crate::http::form::{Form, FormError};
use crate::http::page::{self, Needs, brand};
use crate::http::visit::Visit;
use crate::http::{TenantRequest, body, respond};
use crate::pages::{LogoutPage, SignedOutPage};

/// Largest form, in bytes.
const POST_MAX: usize = 64 * 1024;

/// A client sends the browser here.
pub async fn get(
    request: TenantRequest,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    match Params::from_form(query.as_bytes(), Limits::default()) {
        Ok(params) => asked(&request, &headers, &params).await,
        Err(error) => failed(
            &request,
            &OauthError::invalid_request(format!("The request cannot be read: {error}.")),
        ),
    }
}

/// A client's form, or the confirmation of our own page: that one carries a token. Browsers do not
/// send our cookies with another site's form, so a client's form goes on as a GET, where they do.
pub async fn post(request: TenantRequest, headers: HeaderMap, body: Body) -> Response {
    let form = match body::form_text(&headers, body, POST_MAX).await {
        Ok(form) => form,
        Err(error) => return failed(&request, &error),
    };
    let params = match Form::parse(&headers, Body::from(form.clone())).await {
        Ok(params) => params,
        Err(FormError::Unreadable(error)) => return failed(&request, &error),
        Err(FormError::NotOurs { .. }) => return not_ours(&request),
    };
    if !matches!(params.get("csrf"), Ok(None)) {
        return confirmed(&request, &headers, params).await;
    }
    match respond::form_as_get("/oauth/logout", &form) {
        Some(redirect) => redirect,
        None => asked(&request, &headers, &params).await,
    }
}

/// The sign-out button of our own pages.
pub async fn own(request: TenantRequest, headers: HeaderMap, body: Body) -> Response {
    match Form::parse(&headers, body).await {
        Ok(params) => confirmed(&request, &headers, params).await,
        Err(FormError::Unreadable(error)) => failed(&request, &error),
        Err(FormError::NotOurs { .. }) => not_ours(&request),
    }
}

async fn asked(request: &TenantRequest, headers: &HeaderMap, params: &Params) -> Response {
    let visit = match Visit::read(request, headers).await {
        Ok(visit) => visit,
        Err(error) => return failed(request, &error),
    };
    let step = start(&request.ctx(), params, visit.signed_in.as_ref()).await;
    render(request, &visit, step)
}

async fn confirmed(request: &TenantRequest, headers: &HeaderMap, params: Params) -> Response {
    let visit = match Visit::read(request, headers).await {
        Ok(visit) => visit,
        Err(error) => return failed(request, &error),
    };
    let form = match Form::check(request, headers, &visit, params) {
        Ok(form) => form,
        Err(FormError::Unreadable(error)) => return failed(request, &error),
        Err(FormError::NotOurs { .. }) => return not_ours(request),
    };
    let sealed = form.field("request");
    let step = confirm(&request.ctx(), sealed, visit.signed_in.as_ref()).await;
    render(request, &visit, step)
}

fn render(
    request: &TenantRequest,
    visit: &Visit,
    step: Result<LogoutStep, OauthError>,
) -> Response {
    let step = match step {
        Ok(step) => step,
        Err(error) => return failed(request, &error),
    };
    match step {
        LogoutStep::Confirm { request: sealed, client_name, redirect_uri } => {
            let user = visit.signed_in.as_ref().map(|signed_in| signed_in.user.name.clone());
            let template = LogoutPage {
                brand: brand(request),
                t: visit.texts,
                user_name: user,
                client_name,
                request: sealed,
                csrf: visit.csrf(&request.ctx()),
            };
            let needs = Needs { form_target: redirect_uri.as_deref(), ..Needs::default() };
            let mut response = page::page(StatusCode::OK, &template, &needs);
            visit.remember(request, &mut response);
            response
        }
        LogoutStep::SignedOut { client_name } => {
            let template = SignedOutPage {
                brand: brand(request),
                t: visit.texts,
                client_name,
                return_url: None,
            };
            signed_out(request, page::page(StatusCode::OK, &template, &Needs::default()))
        }
        LogoutStep::Redirect(target) => {
            signed_out(request, respond::redirect(StatusCode::SEE_OTHER, &target))
        }
    }
}

fn signed_out(request: &TenantRequest, mut response: Response) -> Response {
    Cookie::Session.remove(request.engine(), &mut response);
    response
}

fn failed(request: &TenantRequest, error: &OauthError) -> Response {
    page::error(request, error, ("error-sign-out-title", "error-sign-out-next"))
}

fn not_ours(request: &TenantRequest) -> Response {
    failed(
        request,
        &OauthError::invalid_request("The form did not come from this browser's own page."),
    )
}
