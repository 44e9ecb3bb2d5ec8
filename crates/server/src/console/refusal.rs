//! Why a page of the console cannot be shown, or something was not done, in words.

use axum::http::StatusCode;
use axum::response::Response;
use domain::oauth_error::{ErrorKind, OauthError};
use engine::admin::AdminError;

use super::{Admin, own};
use crate::http::page::{self, Needs, brand};
use crate::http::{TenantRequest, respond};
use crate::pages::console::{RefusalPage, Section};
use crate::pages::{BackLink, ErrorPage};
use crate::texts::Texts;

/// Somebody is signed in, and may not be here.
pub fn no_administrator(admin: &Admin) -> Response {
    let t = admin.texts;
    let what = t.of("refusal-role", &admin.signed_in.user.name);
    let back = BackLink { url: "/account".to_owned(), label: t.t("refusal-to-account") };
    bare(&admin.request, t, StatusCode::FORBIDDEN, (t.t("refusal-role-title"), what), back)
}

/// A form that our own page did not send.
pub fn not_our_form(tenant: &TenantRequest, t: Texts) -> Response {
    to_console(tenant, t, StatusCode::FORBIDDEN, ("refusal-form-title", "refusal-form"))
}

/// A held form that cannot be opened any more.
pub fn too_old(tenant: &TenantRequest, t: Texts) -> Response {
    to_console(tenant, t, StatusCode::BAD_REQUEST, ("refusal-old-title", "refusal-old"))
}

/// A form that cannot be read: too large, or broken on its way.
pub fn unreadable(tenant: &TenantRequest, t: Texts, error: &OauthError) -> Response {
    if error.kind().status() >= 500 {
        return unavailable(tenant, t, error);
    }
    respond::log_error(error, &tenant.trace_id);
    let words = match error.kind() {
        ErrorKind::TooLarge => ("refusal-large-title", "refusal-large"),
        _ => ("refusal-unreadable-title", "refusal-unreadable"),
    };
    to_console(tenant, t, page::status(error), words)
}

/// No page of the console has this address.
pub fn not_there(tenant: &TenantRequest, t: Texts) -> Response {
    to_console(tenant, t, StatusCode::NOT_FOUND, ("refusal-gone-title", "refusal-gone"))
}

/// An address that takes forms and shows nothing, such as when its answer is loaded again.
pub fn only_forms(tenant: &TenantRequest, t: Texts) -> Response {
    let back = BackLink { url: "/".to_owned(), label: t.t("refusal-to-start") };
    let words = (t.t("refusal-form-title"), t.t("refusal-only-forms"));
    bare(tenant, t, StatusCode::METHOD_NOT_ALLOWED, words, back)
}

/// The data is out of reach.
pub fn unavailable(tenant: &TenantRequest, t: Texts, error: &OauthError) -> Response {
    respond::log_error(error, &tenant.trace_id);
    to_console(tenant, t, page::status(error), ("refusal-away-title", "refusal-away"))
}

/// A page of its own that leads back to the console; the words are keys.
fn to_console(
    tenant: &TenantRequest,
    t: Texts,
    status: StatusCode,
    (title, what): (&str, &str),
) -> Response {
    let back = BackLink { url: "/admin".to_owned(), label: t.t("refusal-to-console") };
    bare(tenant, t, status, (t.t(title), t.t(what)), back)
}

fn bare(
    tenant: &TenantRequest,
    t: Texts,
    status: StatusCode,
    (title, what): (String, String),
    back: BackLink,
) -> Response {
    let template = ErrorPage {
        brand: Some(brand(tenant)),
        t,
        status: status.as_u16(),
        title,
        what,
        next: String::new(),
        code: None,
        detail: None,
        trace_id: tenant.trace_id.as_str().to_owned(),
        back: Some(back),
    };
    page::page(status, &template, &Needs::default())
}

/// The status of an error, and its text where the reader can do something about it.
pub fn explained(t: Texts, error: &AdminError) -> (StatusCode, String) {
    match error {
        AdminError::Denied(denied) => (StatusCode::FORBIDDEN, t.said(&denied.said())),
        AdminError::Forbidden(why) => (StatusCode::FORBIDDEN, t.said(why)),
        AdminError::NotFound(_) => (StatusCode::NOT_FOUND, t.t("refusal-gone")),
        AdminError::Conflict(why) | AdminError::Limit(why) => (StatusCode::CONFLICT, t.said(why)),
        AdminError::Stale => (StatusCode::CONFLICT, t.t("refusal-stale")),
        AdminError::Repeated => (StatusCode::CONFLICT, t.t("refusal-twice")),
        AdminError::OwnLoss { is_all } => (StatusCode::CONFLICT, t.t(own::loss(*is_all))),
        AdminError::Busy(why) => (StatusCode::TOO_MANY_REQUESTS, t.said(why)),
        AdminError::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, t.t("refusal-away")),
        // Filters are made of what the address says in words of ours: what is wrong at which
        // character tells its reader nothing.
        AdminError::Parameter { name: "filter", .. } => {
            (StatusCode::BAD_REQUEST, t.t("list-filter-unknown"))
        }
        AdminError::Invalid { field, message, .. }
        | AdminError::Parameter { name: field, message } => {
            (StatusCode::BAD_REQUEST, t.said_of(field, message))
        }
        AdminError::Patch(error) if error.field.is_empty() => {
            (StatusCode::BAD_REQUEST, t.said(&error.message))
        }
        AdminError::Patch(error) => {
            (StatusCode::BAD_REQUEST, t.said_of(&error.field, &error.message))
        }
    }
}

/// A whole page that says why, inside the console.
pub fn page(admin: &Admin, section: Section, error: &AdminError) -> Response {
    if let AdminError::Unavailable(private) = error {
        log(admin, private);
    }
    let (status, _) = explained(admin.texts, error);
    admin.page_with(status, &refused(admin, section, error))
}

fn refused(admin: &Admin, section: Section, error: &AdminError) -> RefusalPage {
    let t = admin.texts;
    let (status, what) = explained(t, error);
    let title = match status {
        StatusCode::NOT_FOUND => t.t("refusal-gone-title"),
        StatusCode::SERVICE_UNAVAILABLE => t.t("refusal-away-title"),
        StatusCode::FORBIDDEN => t.t("refusal-denied-title"),
        _ if matches!(error, AdminError::Repeated) => t.t("refusal-twice-title"),
        _ => t.t("refusal-not-done-title"),
    };
    RefusalPage {
        shell: admin.shell(section),
        title,
        what,
        back: section.path().to_owned(),
        trace_id: admin.request.trace_id.as_str().to_owned(),
    }
}

/// A form that was carried out before, with the list where its fruit is.
pub fn twice(admin: &Admin, section: Section, list: &str) -> Response {
    let page = refused(admin, section, &AdminError::Repeated);
    admin.page_with(StatusCode::CONFLICT, &RefusalPage { back: list.to_owned(), ..page })
}

/// Writes down why the data was out of reach, for the operator.
pub fn log(admin: &Admin, private: &str) {
    let told = OauthError::unavailable("The data cannot be reached.");
    respond::log_error(&told.with_private(private.to_owned()), &admin.request.trace_id);
}
