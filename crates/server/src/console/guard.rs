//! What stands before every page of the console: who is signed in, and whether they may.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use domain::oauth_error::OauthError;
use domain::params::Params;
use domain::time::plus_seconds;
use engine::authority::Right;
use engine::session::SignedIn;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::admin::Admin;
use super::interrupt::{self, Why};
use super::refusal;
use crate::http::form::{CONSOLE_MAX, Form, FormError, is_same_origin};
use crate::http::upload::{self, Upload};
use crate::http::visit::Visit;
use crate::http::{TenantRequest, path, respond};

/// How long a proof of who acts counts for what changes something, in seconds.
const FRESH_SECONDS: i64 = 15 * 60;

/// What the router's table says about a page of the console.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its path, with `{parameters}`.
    pub path: &'static str,
    /// What it asks of the administrator.
    pub right: &'static Right,
    /// Whether the administrator must have signed in within the last fifteen minutes.
    pub fresh: bool,
    /// Whether a file may come with its form.
    pub file: bool,
}

/// Finds out who is signed in and that the right is theirs; reads a form and finds out that our
/// own page sent it. A form that comes too late is held until its sender has signed in again.
/// Whoever may not do it is told so first, and not asked for a password. A form that could not be
/// carried out because the data is out of reach comes back, to be sent again.
pub async fn guard(State(rule): State<Rule>, mut request: Request, next: Next) -> Response {
    let Some(tenant) = request.extensions().get::<TenantRequest>().cloned() else {
        return next.run(request).await;
    };
    let visit = match Visit::read(&tenant, request.headers()).await {
        Ok(visit) => visit,
        Err(error) => return unavailable(&tenant, rule, request, &error).await,
    };
    let admin = Admin::new(&tenant, &visit, visit.texts);
    if let Some(admin) = &admin
        && !admin.caller.may(&admin.ctx(), rule.right)
    {
        return refusal::no_administrator(admin);
    }
    let path = request.uri().path().to_owned();
    let posted = Posted { tenant: &tenant, visit: &visit, path: &path, rule };
    let mut sent = None;
    if request.method() == Method::POST {
        let (parts, body) = request.into_parts();
        let form = match posted.form(&parts.headers, body).await {
            Ok(form) => form,
            Err(response) => return response,
        };
        request = Request::from_parts(parts, Body::empty());
        sent = rule.fresh.then(|| form.params().clone());
        request.extensions_mut().insert(form);
    }
    let Some(admin) = admin else { return to_sign_in(request.uri()) };
    if !path::is_text(&mut request).await {
        return refusal::not_there(&admin.request, admin.texts);
    }
    request.extensions_mut().insert(admin);
    let response = next.run(request).await;
    match sent {
        Some(params) if response.status() == StatusCode::SERVICE_UNAVAILABLE => {
            posted.given_back(&params)
        }
        _ => response,
    }
}

/// The data is out of reach. A form of our own page comes back in one that sends it again; whether
/// its sender may do what it says is found out then.
async fn unavailable(
    tenant: &TenantRequest,
    rule: Rule,
    request: Request,
    error: &OauthError,
) -> Response {
    if request.method() != Method::POST || !rule.fresh {
        return refusal::unavailable(tenant, tenant.texts(), error);
    }
    let visit = Visit::of_nobody(tenant, request.headers());
    let (parts, body) = request.into_parts();
    let posted = Posted { tenant, visit: &visit, path: parts.uri.path(), rule };
    let params = match posted.read(&parts.headers, body).await {
        Ok(upload) => upload.params,
        Err(response) => return response,
    };
    match Form::check(tenant, &parts.headers, &visit, params) {
        Ok(form) => {
            respond::log_error(error, &tenant.trace_id);
            posted.given_back(form.params())
        }
        Err(error) => posted.refused(error),
    }
}

/// To the sign-in page, and back to this page with all that its address says.
fn to_sign_in(uri: &axum::http::Uri) -> Response {
    let here = uri.path_and_query().map_or("/admin", |here| here.as_str());
    let returnto = utf8_percent_encode(here, NON_ALPHANUMERIC).to_string();
    respond::redirect(StatusCode::SEE_OTHER, &format!("/login?returnto={returnto}"))
}

/// A form on its way in.
struct Posted<'a> {
    tenant: &'a TenantRequest,
    visit: &'a Visit,
    path: &'a str,
    rule: Rule,
}

impl Posted<'_> {
    async fn form(&self, headers: &HeaderMap, body: Body) -> Result<Form, Response> {
        let Upload { params, file } = self.read(headers, body).await?;
        let hold = |why, params: &_| {
            let places = (self.path, self.rule.path);
            interrupt::hold(self.tenant, self.visit, (places, params), why)
        };
        if self.visit.signed_in.is_none() && is_same_origin(self.tenant, headers) {
            return Err(hold(Why::SignedOut, &params));
        }
        let form = Form::check(self.tenant, headers, self.visit, params);
        let form = form.map_err(|error| self.refused(error))?;
        let now = self.tenant.ctx().now;
        let is_fresh =
            |signed_in: &SignedIn| plus_seconds(signed_in.session.auth_time, FRESH_SECONDS) > now;
        if self.rule.fresh && !self.visit.signed_in.as_ref().is_some_and(is_fresh) {
            return Err(hold(Why::NotFresh, form.params()));
        }
        Ok(form.with_file(file))
    }

    /// The form in a page that sends it again.
    fn given_back(&self, params: &Params) -> Response {
        let places = (self.path, self.rule.path);
        interrupt::give_back(self.tenant, self.visit, (places, params))
    }

    /// What was sent. Of somebody who is not signed in no file is taken: it could not be held.
    async fn read(&self, headers: &HeaderMap, body: Body) -> Result<Upload, Response> {
        let read = match (self.rule.file, &self.visit.signed_in) {
            (false, _) => Form::parse_within(headers, body, CONSOLE_MAX).await.map(Upload::from),
            (true, Some(_)) => upload::read(headers, body).await,
            (true, None) => {
                upload::forget(body).await;
                Ok(Upload::default())
            }
        };
        read.map_err(|error| self.refused(error))
    }

    fn refused(&self, error: FormError) -> Response {
        match error {
            FormError::Unreadable(error) => {
                refusal::unreadable(self.tenant, self.visit.texts, &error)
            }
            FormError::NotOurs { .. } => refusal::not_our_form(self.tenant, self.visit.texts),
        }
    }
}
