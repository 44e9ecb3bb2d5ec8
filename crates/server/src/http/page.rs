//! Pages: HTML with a strict Content Security Policy.
//!
//! Invariant: no inline script or style, no framing, no other host, except what one page needs:
//! where its form may lead in the end (browsers apply `form-action` to redirects too), and the
//! app's own logo.

use askama::Template;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use domain::oauth_error::OauthError;
use domain::redirect_uri;
use engine::TraceId;

use super::edge::TenantRequest;
use super::respond;
use crate::pages::{BackLink, Brand, ErrorPage};

/// What a page needs beyond our own host.
#[derive(Debug, Clone, Copy, Default)]
pub struct Needs<'a> {
    /// Where its form may lead in the end.
    pub form_target: Option<&'a str>,
    /// The app's logo.
    pub logo: Option<&'a str>,
    /// Whether it has a script of ours.
    pub script: bool,
    /// Whether its script asks our own host for more.
    pub connect: bool,
}

fn policy(needs: &Needs<'_>) -> String {
    let target = needs.form_target.and_then(redirect_uri::origin).unwrap_or_default();
    let logo = needs.logo.and_then(redirect_uri::origin).unwrap_or_default();
    let script = if needs.script { "'self'" } else { "'none'" };
    let connect = if needs.connect { "connect-src 'self'; " } else { "" };
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data: {logo}; script-src {script}; \
         {connect}form-action 'self' {target}; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// A rendered page.
pub fn page(status: StatusCode, template: &impl Template, needs: &Needs<'_>) -> Response {
    let Ok(html) = template.render() else {
        tracing::error!("a page could not be rendered");
        return respond::empty(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&policy(needs)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The tenant's brand, as pages show it.
pub fn brand(request: &TenantRequest) -> Brand {
    Brand::of(&request.tenant.tenant)
}

/// An error page for a person.
pub fn error(request: &TenantRequest, error: &OauthError, title: &str, next: &str) -> Response {
    respond::log_error(error, &request.trace_id);
    let status = StatusCode::from_u16(error.kind().status()).unwrap_or(StatusCode::BAD_REQUEST);
    let template = ErrorPage {
        brand: Some(brand(request)),
        status: status.as_u16(),
        title: title.to_owned(),
        what: error.description().to_owned(),
        next: next.to_owned(),
        code: Some(error.kind().code().to_owned()),
        detail: None,
        trace_id: request.trace_id.as_str().to_owned(),
        back: None,
    };
    page(status, &template, &Needs::default())
}

/// An error page for a person when no tenant could be asked for its name.
pub fn nameless(error: &OauthError, trace_id: &TraceId) -> Response {
    respond::log_error(error, trace_id);
    let status = StatusCode::from_u16(error.kind().status()).unwrap_or(StatusCode::BAD_REQUEST);
    let template = ErrorPage {
        brand: None,
        status: status.as_u16(),
        title: "We could not finish that".to_owned(),
        what: error.description().to_owned(),
        next: "Try again in a minute. If it happens again, tell the operator the reference below."
            .to_owned(),
        code: None,
        detail: None,
        trace_id: trace_id.as_str().to_owned(),
        back: None,
    };
    page(status, &template, &Needs::default())
}

/// There is no such page.
pub fn not_found(request: &TenantRequest) -> Response {
    plain(request, StatusCode::NOT_FOUND, "There is no such page", "The address may be mistyped.")
}

/// A page that says what happened and leads to the account page.
pub fn plain(request: &TenantRequest, status: StatusCode, title: &str, what: &str) -> Response {
    let template = ErrorPage {
        brand: Some(brand(request)),
        status: status.as_u16(),
        title: title.to_owned(),
        what: what.to_owned(),
        next: "Go to your account, or back to the app that you came from.".to_owned(),
        code: None,
        detail: None,
        trace_id: request.trace_id.as_str().to_owned(),
        back: Some(BackLink { url: "/account".to_owned(), label: "Your account".to_owned() }),
    };
    page(status, &template, &Needs::default())
}
