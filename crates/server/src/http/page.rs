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
use crate::texts::Texts;

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

/// An error page for a person; title and what to do next are keys of the catalogue.
pub fn error(request: &TenantRequest, error: &OauthError, (title, next): (&str, &str)) -> Response {
    respond::log_error(error, &request.trace_id);
    let template = ErrorPage {
        brand: Some(brand(request)),
        next: request.texts().t(next),
        code: Some(error.kind().code().to_owned()),
        ..of_error(request.texts(), title, error, &request.trace_id)
    };
    page(status(error), &template, &Needs::default())
}

/// The status of an error.
pub fn status(error: &OauthError) -> StatusCode {
    StatusCode::from_u16(error.kind().status()).unwrap_or(StatusCode::BAD_REQUEST)
}

/// What is said of an error in words for its developer is English: other readers find it apart.
fn of_error(t: Texts, title: &str, error: &OauthError, trace_id: &TraceId) -> ErrorPage {
    let told = error.description().to_owned();
    let (what, detail) = match t.is_english() {
        true => (told, None),
        false => (String::new(), Some(told)),
    };
    ErrorPage {
        brand: None,
        t,
        status: status(error).as_u16(),
        title: t.t(title),
        what,
        next: String::new(),
        code: None,
        detail,
        trace_id: trace_id.as_str().to_owned(),
        back: None,
    }
}

/// An error page for a person when no tenant could be asked for its name.
pub fn nameless(t: Texts, error: &OauthError, trace_id: &TraceId) -> Response {
    respond::log_error(error, trace_id);
    let next = t.t("error-nameless-next");
    let template = ErrorPage { next, ..of_error(t, "error-nameless-title", error, trace_id) };
    page(status(error), &template, &Needs::default())
}

/// There is no such page.
pub fn not_found(request: &TenantRequest) -> Response {
    let words = ("error-not-found-title", "error-not-found");
    plain(request, StatusCode::NOT_FOUND, words)
}

/// A page that says what happened, by two keys of the catalogue, and leads to the account page.
pub fn plain(request: &TenantRequest, status: StatusCode, (title, what): (&str, &str)) -> Response {
    let t = request.texts();
    let template = ErrorPage {
        brand: Some(brand(request)),
        t,
        status: status.as_u16(),
        title: t.t(title),
        what: t.t(what),
        next: t.t("error-plain-next"),
        code: None,
        detail: None,
        trace_id: request.trace_id.as_str().to_owned(),
        back: Some(BackLink { url: "/account".to_owned(), label: t.t("home-account") }),
    };
    page(status, &template, &Needs::default())
}
