//! `/login`: the sign-in form, for authorization requests and for our own pages.

use axum::body::Body;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::oauth_error::OauthError;
use domain::params::{Limits, Params};
use engine::authorize::{self, Visitor};
use engine::session::{NewSession, SignInError, SignInForm, sign_in};

use super::authorize::{answered, failed, render, sign_in_page};
use crate::http::cookies::Cookie;
use crate::http::form::{Form, FormError};
use crate::http::page::{self, Needs, brand};
use crate::http::visit::{Visit, user_agent};
use crate::http::{TenantRequest, respond};
use crate::pages::{Alert, SignInPage};

/// Where a sign-in without an app leads.
const HOME: &str = "/account";

/// An address of ours to go to after sign-in: a path on this host and nothing that a browser
/// could read as another host.
fn local(return_to: Option<&str>) -> &str {
    let safe = |path: &&str| {
        path.starts_with('/')
            && !path.starts_with("//")
            && path.len() <= 2048
            && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
    };
    return_to.filter(safe).unwrap_or(HOME)
}

/// The form by itself.
pub async fn get(
    request: TenantRequest,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let visit = match Visit::read(&request, &headers).await {
        Ok(visit) => visit,
        Err(error) => return unavailable(&request, &error),
    };
    let query = query.unwrap_or_default();
    let params = Params::from_form(query.as_bytes(), Limits::default()).unwrap_or_default();
    let return_to = local(params.get("returnto").ok().flatten());
    if visit.signed_in.is_some() {
        return respond::redirect(StatusCode::SEE_OTHER, return_to);
    }
    own_page(&request, &visit, return_to, "", None)
}

fn own_page(
    request: &TenantRequest,
    visit: &Visit,
    return_to: &str,
    username: &str,
    alert: Option<Alert>,
) -> Response {
    let status = match &alert {
        None => StatusCode::OK,
        Some(Alert::Throttled { .. }) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::UNAUTHORIZED,
    };
    let template = SignInPage {
        brand: brand(request),
        t: visit.texts,
        client_name: None,
        request: None,
        return_to: Some(return_to.to_owned()),
        csrf: visit.csrf(&request.ctx()),
        username: username.to_owned(),
        alert,
        reauthenticate: false,
        can_cancel: false,
    };
    let mut response = page::page(status, &template, &Needs::default());
    visit.remember(request, &mut response);
    response
}

fn unavailable(request: &TenantRequest, error: &OauthError) -> Response {
    page::error(request, error, ("error-moment-title", "error-moment-next"))
}

/// The filled-in form.
pub async fn post(request: TenantRequest, headers: HeaderMap, body: Body) -> Response {
    let visit = match Visit::read(&request, &headers).await {
        Ok(visit) => visit,
        Err(error) => return unavailable(&request, &error),
    };
    let params = match Form::parse(&headers, body).await {
        Ok(params) => params,
        Err(error) => return refused(&request, &visit, &error),
    };
    // Kept for the page that is shown again when the form's token does not fit.
    let sealed = params.get("request").ok().flatten().map(str::to_owned);
    match Form::check(&request, &headers, &visit, params) {
        Err(FormError::Unreadable(error)) => unavailable(&request, &error),
        Err(FormError::NotOurs { without_cookie }) => {
            let alert = if without_cookie { Alert::CookieMissing } else { Alert::PageExpired };
            again(&request, &visit, &Typed { sealed, ..Typed::default() }, alert).await
        }
        Ok(form) => submitted(&request, &headers, &visit, &form).await,
    }
}

fn refused(request: &TenantRequest, visit: &Visit, error: &FormError) -> Response {
    match error {
        FormError::Unreadable(error) => unavailable(request, error),
        FormError::NotOurs { .. } => own_page(request, visit, HOME, "", Some(Alert::PageExpired)),
    }
}

/// What the person typed, to be shown again.
#[derive(Default)]
struct Typed {
    sealed: Option<String>,
    return_to: Option<String>,
    username: String,
}

async fn submitted(
    request: &TenantRequest,
    headers: &HeaderMap,
    visit: &Visit,
    form: &Form,
) -> Response {
    let ctx = request.ctx();
    let sealed = form.field("request");
    if form.field("action") == Some("cancel") {
        return match sealed {
            None => respond::redirect(StatusCode::SEE_OTHER, "/"),
            Some(sealed) => match authorize::cancel(&ctx, sealed, visit.visitor()).await {
                Ok(answer) => answered(request, &answer),
                Err(failure) => failed(request, failure),
            },
        };
    }
    let username = form.field("username").unwrap_or("");
    let sign_in_form = SignInForm {
        login: username,
        password: form.secret("password"),
        user_agent: user_agent(headers),
        current: visit.signed_in.as_ref(),
        device: Cookie::Device.get(request.engine(), headers),
    };
    match sign_in(&ctx, sign_in_form).await {
        Ok(new) => signed_in(request, visit, form, &new).await,
        Err(error) => {
            let typed = Typed {
                sealed: sealed.map(str::to_owned),
                return_to: form.field("return_to").map(str::to_owned),
                username: username.to_owned(),
            };
            match error {
                SignInError::WrongCredentials => {
                    again(request, visit, &typed, Alert::WrongCredentials).await
                }
                SignInError::Throttled(retry_after_seconds) => {
                    again(request, visit, &typed, Alert::Throttled { retry_after_seconds }).await
                }
                SignInError::Busy => unavailable(
                    request,
                    &OauthError::unavailable("Many people are signing in right now."),
                ),
                SignInError::Failed(error) => unavailable(request, &error),
            }
        }
    }
}

async fn signed_in(
    request: &TenantRequest,
    visit: &Visit,
    form: &Form,
    new: &NewSession,
) -> Response {
    let ctx = request.ctx();
    let now = visit.clone().signed_in_as(request, new.signed_in.clone());
    let mut response = match form.field("request") {
        Some(sealed) => {
            let visitor = Visitor { browser: &now.browser, signed_in: Some(&new.signed_in) };
            render(request, &now, authorize::resume(&ctx, sealed, visitor).await)
        }
        None => respond::redirect(StatusCode::SEE_OTHER, local(form.field("return_to"))),
    };
    let engine = request.engine();
    Cookie::Session.set(engine, &mut response, new.cookie.expose());
    Cookie::Device.set(engine, &mut response, &new.device);
    response
}

/// The page once more, with what was typed (except the password) and why.
async fn again(request: &TenantRequest, visit: &Visit, typed: &Typed, alert: Alert) -> Response {
    let Some(sealed) = &typed.sealed else {
        let return_to = local(typed.return_to.as_deref());
        return own_page(request, visit, return_to, &typed.username, Some(alert));
    };
    match authorize::sign_in_again(&request.ctx(), sealed, visit.visitor()).await {
        Ok(mut step) => {
            if !typed.username.is_empty() {
                step.login_hint = Some(typed.username.clone());
            }
            let mut response = sign_in_page(request, visit, &step, Some(alert));
            visit.remember(request, &mut response);
            response
        }
        Err(failure) => failed(request, failure),
    }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn only_our_own_paths_are_followed() {
        assert_eq!(local(Some("/account?x=1")), "/account?x=1");
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "account",
            "/a b",
            "/a\r\nb",
        ] {
            assert_eq!(local(Some(bad)), "/account", "{bad:?}");
        }
        assert_eq!(local(None), "/account");
    }
}
