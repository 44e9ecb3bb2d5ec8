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
    (places, params): ((&str, &str), &Params),
    why: Why,
) -> Response {
    let form = kept(visit, places, params);
    let what = held::what(visit.texts, &form.route);
    let sealed = held_form::seal(&tenant.ctx(), form, &visit.browser);
    ask(tenant, visit, sealed, Asked { what, why: why.key(), ..Asked::default() })
}

/// Gives a form back that could not be carried out, since the data is out of reach.
pub(super) fn give_back(
    tenant: &TenantRequest,
    visit: &Visit,
    (places, params): ((&str, &str), &Params),
) -> Response {
    let form = kept(visit, places, params);
    let reason = ContinueReason::DataAway { trace_id: tenant.trace_id.as_str().to_owned() };
    let template = once_more(tenant, visit, form, reason, &held::Names::default());
    page::page(StatusCode::SERVICE_UNAVAILABLE, &template, &Needs::default())
}

/// What of a form is kept.
fn kept(visit: &Visit, (path, route): (&str, &str), params: &Params) -> HeldForm {
    let (fields, withheld) = held::keep(params);
    let user = visit.signed_in.as_ref().map(|signed_in| signed_in.user.id.clone());
    HeldForm { path: path.to_owned(), route: route.to_owned(), fields, withheld, user }
}

/// The page that shows a form and sends it again.
fn once_more(
    tenant: &TenantRequest,
    visit: &Visit,
    form: HeldForm,
    reason: ContinueReason,
    names: &held::Names,
) -> ContinuePage {
    let t = visit.texts;
    ContinuePage {
        brand: brand(tenant),
        t,
        reason,
        what: held::what(t, &form.route),
        lines: held::told(t, names, &form.fields),
        withheld: held::names(t, &form.withheld),
        action: form.path,
        fields: form.fields,
        csrf: visit.csrf(&tenant.ctx()),
    }
}

/// What the page that asks for the password says.
#[derive(Default)]
struct Asked {
    what: String,
    why: &'static str,
    username: String,
    wrong: Option<String>,
}

fn ask(tenant: &TenantRequest, visit: &Visit, held: String, asked: Asked) -> Response {
    let texts = visit.texts;
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
    // The form that waits is in what was sent: it is kept when the data is out of reach.
    let (visit, away) = match Visit::read(&tenant, &headers).await {
        Ok(visit) => (visit, None),
        Err(error) => (Visit::of_nobody(&tenant, &headers), Some(error)),
    };
    let texts = visit.texts;
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
        ask(&tenant, &visit, sealed.clone(), asked)
    };
    let signed_in = match away {
        Some(error) => Err(SignInError::Failed(error)),
        None => sign_in(&tenant.ctx(), proof).await,
    };
    match signed_in {
        Ok(new) => go_on(&tenant, &visit, held, &new).await,
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
    held: HeldForm,
    new: &NewSession,
) -> Response {
    let same = held.user.as_ref().is_none_or(|user| *user == new.signed_in.user.id);
    let now = visit.clone().signed_in_as(tenant, new.signed_in.clone());
    let mut response = match Admin::new(tenant, &now, now.texts).filter(|_| same) {
        Some(admin) => {
            let names = held::Names::of(&admin, &held.fields).await;
            let user_name = new.signed_in.user.name.clone();
            let reason = ContinueReason::SignedIn { user_name };
            let template = once_more(tenant, &now, held, reason, &names);
            page::page(StatusCode::OK, &template, &Needs::default())
        }
        None => respond::redirect(StatusCode::SEE_OTHER, "/admin"),
    };
    let engine = tenant.engine();
    Cookie::Session.set(engine, &mut response, new.cookie.expose());
    Cookie::Device.set(engine, &mut response, &new.device);
    response
}
