//! The table of contents: every address, with what it asks of its caller.
//!
//! Invariant: the router is built from this table and from nothing else, and the coverage gate of
//! the tests walks it, so that an address without its tests of access cannot exist.

mod api;
mod console;
mod pages;
mod protocol;

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use engine::authority::Right;

use crate::app::App;
use crate::console::refusal;
use crate::http::edge::{Traced, edge};
use crate::http::{TenantRequest, page, respond};
use crate::ops;

/// What an address asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Public,
    /// A client's authentication.
    Client,
    /// A bearer token with this right.
    Bearer(&'static Right),
    /// A signed-in person; others are sent to sign in.
    SignedIn,
    /// A form of our own page, in the browser that it was shown in.
    OwnForm,
    /// A signed-in administrator with this right; others get a page that says so.
    Admin(&'static Right),
    /// A form of the console, sent by an administrator with this right.
    AdminForm(&'static Right),
}

/// One address and method.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint {
    /// The method.
    pub method: &'static str,
    /// The path, with `{parameters}`.
    pub path: &'static str,
    /// What it asks of its caller.
    pub access: Access,
    /// Whether browser apps of other origins may call it.
    pub cross_origin: bool,
}

struct Row(Endpoint, MethodRouter<App>);

fn row(method: &'static str, path: &'static str, access: Access, route: MethodRouter<App>) -> Row {
    Row(Endpoint { method, path, access, cross_origin: false }, route)
}

/// The same for an address that browser apps of other origins may call.
fn cors_row(
    method: &'static str,
    path: &'static str,
    access: Access,
    route: MethodRouter<App>,
) -> Row {
    let endpoint = Endpoint { method, path, access, cross_origin: true };
    Row(endpoint, route)
}

fn rows() -> Vec<Row> {
    let mut rows = protocol::rows();
    rows.extend(pages::rows());
    rows.extend(api::rows());
    rows.extend(console::rows());
    rows
}

/// Every address of a tenant's host, for documents and tests.
pub fn endpoints() -> Vec<Endpoint> {
    rows().into_iter().map(|Row(endpoint, _)| endpoint).collect()
}

/// Whether browser apps of other origins may call a path of the table.
pub fn is_cross_origin(path: &str) -> bool {
    static PATHS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
        let open = endpoints().into_iter().filter(|endpoint| endpoint.cross_origin);
        open.map(|endpoint| endpoint.path).collect()
    });
    PATHS.contains(path)
}

/// The whole router.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for Row(endpoint, route) in rows() {
        router = router.route(endpoint.path, route);
    }
    router
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(Arc::clone(&app), edge))
        // Asked by load balancers under whatever host name: they do not pass the edge.
        .route("/healthz", get(ops::healthz))
        .route("/readyz", get(ops::readyz))
        .with_state(app)
}

async fn wrong_method(
    tenant: Result<TenantRequest, Response>,
    Traced(trace_id): Traced,
    headers: HeaderMap,
) -> Response {
    match tenant {
        Ok(tenant) if respond::wants_page(&headers) => refusal::only_forms(&tenant, tenant.texts()),
        _ => respond::method_not_allowed(&trace_id),
    }
}

/// People get a page, programs get JSON; who typed a slash too many at the end goes on without it.
async fn nothing_here(
    tenant: Result<TenantRequest, Response>,
    Traced(trace_id): Traced,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if let (Ok(_), Method::GET, Some(page)) = (&tenant, method, without_slash(&uri)) {
        return respond::redirect(StatusCode::MOVED_PERMANENTLY, &page);
    }
    match tenant {
        Ok(tenant) if respond::wants_page(&headers) => match uri.path().starts_with("/admin") {
            true => refusal::not_there(&tenant, tenant.texts()),
            false => page::not_found(&tenant),
        },
        _ => respond::not_found(&trace_id),
    }
}

/// A page of ours, for its address with a slash at the end.
fn without_slash(uri: &Uri) -> Option<String> {
    static PAGES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
        let is_page = |access| matches!(access, Access::SignedIn | Access::Admin(_));
        let all = endpoints().into_iter();
        all.filter(|it| it.method == "GET" && is_page(it.access)).map(|it| it.path).collect()
    });
    let path = PAGES.get(uri.path().strip_suffix('/')?)?;
    match uri.query() {
        None => Some((*path).to_owned()),
        // An address may hold what a header may not.
        Some(query) => query.is_ascii().then(|| format!("{path}?{query}")),
    }
}
