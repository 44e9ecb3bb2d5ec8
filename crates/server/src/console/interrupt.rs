//! A form that was sent too late, or while the data was out of reach: nothing typed is lost.
//!
//! Invariant: a form that was held is shown again, with a token of the new session, and does
//! nothing until it is sent again by the person who sees it.

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::params::Params;
use engine::held_form::{self, HeldForm};
use engine::session::{NewSession, SignInError, SignInForm, sign_in};

use super::{Admin, held, refusal};
use crate::http::cookies::Cookie;
use crate::http::form::{Form, FormError, HELD_MAX};
use crate::http::page::{self, Needs, brand};
use crate::http::visit::{Visit, user_agent};
use crate::http::{TenantRequest, respond};
use crate::pages::console::{ConfirmPage, ContinuePage, ContinueReason};
use crate::texts::Texts;

/// Why a form is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The session had ended.
    SignedOut,
    /// What it does asks for a fresh proof of who acts.
    NotFresh,
}

impl Why {
    fn key(self) -> &'static str {
        match self {
            Self::SignedOut => "confirm-signed-out",
            Self::NotFresh => "confirm-not-fresh",
        }
    }
}

/// Asks for the password before a form is carried out, and keeps what it says: its path as it was
/// sent and as the table has it, and its fields.
pub(super) fn hold(
    tenant: &TenantRequest,
    visit: &Visit,
    texts: Texts,
    ((path, route), params): ((&str, &str), &Params),
    why: Why,
) -> Response {
    let (fields, withheld) = held::keep(params);
    let form = HeldForm {
        path: path.to_owned(),
        route: route.to_owned(),
        fields,
        withheld,
        user: visit.signed_in.as_ref().map(|signed_in| signed_in.user.id.clone()),
    };
    let sealed = held_form::seal(&tenant.ctx(), form, &visit.browser);
    let what = held::what(texts, route);
    ask(tenant, visit, texts, sealed, Asked { what, why: why.key(), ..Asked::default() })
}

/// Gives a form back that could not be carried out, since the data is out of reach.
pub(super) fn keep(
    tenant: &TenantRequest,
    visit: &Visit,
    texts: Texts,
    ((path, route), params): ((&str, &str), &Params),
) -> Response {
    let (fields, withheld) = held::keep(params);
    let template = ContinuePage {
        brand: brand(tenant),
        t: texts,
        reason: ContinueReason::DataAway { trace_id: tenant.trace_id.as_str().to_owned() },
        action: path.to_owned(),
        what: held::what(texts, route),
        lines: held::told(texts, &held::Names::default(), &fields),
        withheld: held::names(texts, &withheld),
        fields,
        csrf: visit.csrf(&tenant.ctx()),
    };
    page::page(StatusCode::SERVICE_UNAVAILABLE, &template, &Needs::default())
}

/// What the page that asks for the password says.
#[derive(Default)]
struct Asked {
    what: String,
    why: &'static str,
    username: String,
    wrong: Option<String>,
}

fn ask(
    tenant: &TenantRequest,
    visit: &Visit,
    texts: Texts,
    held: String,
    asked: Asked,
) -> Response {
    let who = visit.signed_in.as_ref();
    let template = ConfirmPage {
        brand: brand(tenant),
        t: texts,
        what: asked.what,
        why: texts.t(asked.why),
        user_name: who.map(|signed_in| signed_in.user.name.clone()),
        username: who.map_or(asked.username, |signed_in| signed_in.login().to_owned()),
        wrong: asked.wrong,
        held,
        csrf: visit.csrf(&tenant.ctx()),
    };
    let mut response = page::page(StatusCode::UNAUTHORIZED, &template, &Needs::default());
    visit.remember(tenant, &mut response);
    response
}

/// `POST /admin/confirm`: the password.
pub async fn confirm(tenant: TenantRequest, headers: HeaderMap, body: Body) -> Response {
    let asked = headers.get("accept-language").and_then(|value| value.to_str().ok());
    let texts = Texts::choose(Texts::wishes(asked.unwrap_or_default()));
    // The form that waits is in what was sent: it is kept when the data is out of reach.
    let (visit, away) = match Visit::read(&tenant, &headers).await {
        Ok(visit) => (visit, None),
        Err(error) => (Visit::of_nobody(&tenant, &headers), Some(error)),
    };
    let form = match Form::read_within(&tenant, &headers, (body, HELD_MAX), &visit).await {
        Ok(form) => form,
        Err(FormError::Unreadable(error)) => return refusal::unreadable(&tenant, texts, &error),
        Err(FormError::NotOurs { .. }) => return refusal::not_our_form(&tenant, texts),
    };
    let sealed = form.field("held").unwrap_or_default().to_owned();
    let Some(held) = held_form::open(&tenant.ctx(), &sealed, &visit.browser) else {
        return refusal::too_old(&tenant, texts);
    };
    let login = visit.signed_in.as_ref().map(|signed_in| signed_in.login().to_owned());
    let login = login.or_else(|| form.field("username").map(str::to_owned)).unwrap_or_default();
    let proof = SignInForm {
        login: &login,
        password: form.secret("password"),
        user_agent: user_agent(&headers),
        current: visit.signed_in.as_ref(),
        device: Cookie::Device.get(tenant.engine(), &headers),
    };
    let again = |wrong: String| {
        let why = if visit.signed_in.is_some() { Why::NotFresh } else { Why::SignedOut };
        let what = held::what(texts, &held.route);
        let asked = Asked { what, why: why.key(), username: login.clone(), wrong: Some(wrong) };
        ask(&tenant, &visit, texts, sealed.clone(), asked)
    };
    let signed_in = match away {
        Some(error) => Err(SignInError::Failed(error)),
        None => sign_in(&tenant.ctx(), proof).await,
    };
    match signed_in {
        Ok(new) => go_on(&tenant, &visit, texts, &held, &new).await,
        Err(SignInError::WrongCredentials) => again(texts.t("confirm-wrong")),
        Err(SignInError::Throttled(seconds)) => {
            again(texts.with("confirm-throttled", &[("count", seconds.into())]))
        }
        Err(SignInError::Busy) => again(texts.t("confirm-busy")),
        Err(SignInError::Failed(error)) => {
            respond::log_error(&error, &tenant.trace_id);
            let mut response = again(texts.t("confirm-away"));
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            response
        }
    }
}

/// The form once more, with what it does and as whom, ready to be sent; or the console, when it was
/// somebody else's.
async fn go_on(
    tenant: &TenantRequest,
    visit: &Visit,
    texts: Texts,
    held: &HeldForm,
    new: &NewSession,
) -> Response {
    let same = held.user.as_ref().is_none_or(|user| *user == new.signed_in.user.id);
    let now = Visit {
        browser: visit.browser.clone(),
        is_new: visit.is_new,
        texts: visit.texts,
        signed_in: Some(new.signed_in.clone()),
    };
    let mut response = match Admin::new(tenant, &now, texts).filter(|_| same) {
        Some(admin) => {
            let template = ContinuePage {
                brand: brand(tenant),
                t: texts,
                action: held.path.clone(),
                reason: ContinueReason::SignedIn { user_name: new.signed_in.user.name.clone() },
                what: held::what(texts, &held.route),
                lines: held::told(
                    texts,
                    &held::Names::of(&admin, &held.fields).await,
                    &held.fields,
                ),
                withheld: held::names(texts, &held.withheld),
                fields: held.fields.clone(),
                csrf: visit.csrf(&tenant.ctx()),
            };
            page::page(StatusCode::OK, &template, &Needs::default())
        }
        None => respond::redirect(StatusCode::SEE_OTHER, "/admin"),
    };
    let engine = tenant.engine();
    Cookie::Session.set(engine, &mut response, new.cookie.expose());
    Cookie::Device.set(engine, &mut response, &new.device);
    response
}
