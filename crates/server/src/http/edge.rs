//! The first thing that happens to a request, and the last that happens to its answer.
//!
//! Invariant: host and trace id are settled before any handler runs; a handler for tenants gets a
//! [`TenantRequest`] or is not called at all.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::oauth_error::OauthError;
use engine::site::{Site, TenantView};
use engine::{Ctx, Engine, TraceId};

use super::{cors, page, respond};
use crate::app::{App, RequestLog};
use crate::net::{Failure, PeerAddress, client_address, guarded};
use crate::telemetry;
use crate::texts::Texts;

/// A request to a tenant.
#[derive(Clone)]
pub struct TenantRequest {
    /// The shared state.
    pub app: App,
    /// The tenant of the host.
    pub tenant: Arc<TenantView>,
    /// The trace id.
    pub trace_id: TraceId,
    /// The caller's address.
    pub address: IpAddr,
    /// The languages that the caller reads, as they were asked for.
    pub accept_language: Option<HeaderValue>,
}

impl TenantRequest {
    /// The words in the language that was asked for; programs cost it nothing.
    pub fn texts(&self) -> Texts {
        Texts::of_reader(None, "", self.accept_language.as_ref())
    }

    /// The engine's context of this request.
    pub fn ctx(&self) -> Ctx<'_> {
        let tenant = Arc::clone(&self.tenant);
        self.app.engine.context(tenant, self.trace_id, self.address)
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.app.engine
    }
}

/// The request's trace id, for handlers that have no tenant.
#[derive(Clone)]
pub struct Traced(pub TraceId);

impl<S: Send + Sync> FromRequestParts<S> for TenantRequest {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            let trace_id = parts.extensions.get::<Traced>().map(|traced| traced.0);
            respond::not_found(&trace_id.unwrap_or_else(|| TraceId::new("")))
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Traced {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let traced = parts.extensions.get::<Self>().cloned();
        Ok(traced.unwrap_or_else(|| Self(TraceId::new(""))))
    }
}

/// The one host that a request names. Two `Host` headers are none (RFC 9112 section 3.2). HTTP/2
/// names it in the address; it is made a header, where the checks of our forms look for it.
fn host(request: &mut Request) -> Option<String> {
    if let Some(authority) = request.uri().authority().map(|authority| authority.to_string()) {
        let value = HeaderValue::from_str(&authority).ok()?;
        request.headers_mut().insert(header::HOST, value);
        return Some(authority);
    }
    let mut named = request.headers().get_all(header::HOST).iter();
    let host = named.next()?.to_str().ok()?.to_owned();
    named.next().is_none().then_some(host)
}

fn address(app: &App, request: &Request) -> IpAddr {
    let peer = request.extensions().get::<PeerAddress>().map(|peer| peer.0.ip());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    client_address(peer, request.headers(), &app.trusted_proxies)
}

/// Settles trace id, host and address; answers preflights; finishes every answer.
pub async fn edge(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let trace_id = telemetry::trace_id(request.headers(), || app.engine.new_trace_id());
    let trace_id = TraceId::new(trace_id.as_str());
    let method = request.method().clone();
    let path = (app.request_log != RequestLog::None).then(|| request.uri().path().to_owned());
    request.extensions_mut().insert(Traced(trace_id));
    let wants_page = respond::wants_page(request.headers());
    // Programs have no use for it.
    let accept_language = match wants_page {
        true => request.headers().get(header::ACCEPT_LANGUAGE).cloned(),
        false => None,
    };
    let answer = answer(&app, request, next, &trace_id);
    let mut response = match run(&app, answer).await {
        Ok(response) => response,
        Err(error) if wants_page => {
            let t = Texts::of_reader(None, "", accept_language.as_ref());
            page::nameless(t, &error, &trace_id)
        }
        Err(error) => respond::oauth_error(&error, &trace_id),
    };
    app.count(response.status().as_u16());
    harden(response.headers_mut(), app.engine.settings().is_https());
    if let Some(path) = path {
        log(&app, &method, &path, &trace_id, &response);
    }
    response
}

/// Finds the site, and lets its handler answer its own pages and apps of other origins.
async fn answer(
    app: &App,
    mut request: Request,
    next: Next,
    trace_id: &TraceId,
) -> Result<Response, OauthError> {
    let tenant = match resolve(app, &mut request, trace_id).await? {
        Host::Tenant(tenant) => tenant,
        Host::Other => return Ok(next.run(request).await),
        Host::Unknown => return Ok(respond::not_found(trace_id)),
    };
    let origin = match cors::origin(&request) {
        Some(origin) => Box::pin(cors::allowed(&tenant, origin)).await,
        None => None,
    };
    let mut response = match request.method() {
        &Method::OPTIONS => cors::preflight(origin.is_some()),
        _ => next.run(request).await,
    };
    if let Some(origin) = origin {
        cors::finish(&mut response, origin);
    }
    Ok(response)
}

/// Answers within the time that a request has, with a net under panics.
async fn run(
    app: &App,
    handler: impl Future<Output = Result<Response, OauthError>>,
) -> Result<Response, OauthError> {
    Err(match guarded(app.request_timeout, handler).await {
        Ok(answered) => return answered,
        Err(Failure::TimedOut(limit)) => {
            OauthError::unavailable("The request took too long. Try again in a moment.")
                .with_private(format!("a request took longer than {limit:?}"))
        }
        Err(Failure::Panicked(what)) => {
            OauthError::server_error("Something went wrong here; the fault is ours.")
                .with_private(format!("a handler panicked: {what}"))
        }
    })
}

/// What a host name leads to.
enum Host {
    /// A tenant.
    Tenant(TenantRequest),
    /// Another site of ours: what it serves is not there yet.
    Other,
    /// Nothing of ours.
    Unknown,
}

/// Puts what handlers need into the request.
async fn resolve(app: &App, request: &mut Request, trace_id: &TraceId) -> Result<Host, OauthError> {
    let Some(host) = host(request) else { return Ok(Host::Unknown) };
    let site = app.engine.site(&host).await.map_err(|error| {
        OauthError::unavailable("The server cannot reach its data. Try again.")
            .with_private(format!("directory: {error}"))
    })?;
    match site {
        Some(Site::Tenant(tenant)) => {
            let address = address(app, request);
            let app = Arc::clone(app);
            let accept_language = request.headers().get(header::ACCEPT_LANGUAGE).cloned();
            let trace_id = *trace_id;
            let found = TenantRequest { app, tenant, trace_id, address, accept_language };
            request.extensions_mut().insert(found.clone());
            Ok(Host::Tenant(found))
        }
        Some(Site::Region(_) | Site::Organization | Site::Hub) => Ok(Host::Other),
        None => Ok(Host::Unknown),
    }
}

/// Headers of every answer (OWASP; RFC 6797 for HSTS).
fn harden(headers: &mut HeaderMap, https: bool) {
    const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
    const DENY: HeaderValue = HeaderValue::from_static("DENY");
    const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
    const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");
    const NO_CONTENT: HeaderValue =
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers.insert(header::X_FRAME_OPTIONS, DENY);
    // `no-referrer` would make browsers send `Origin: null` with our own forms.
    headers.insert(header::REFERRER_POLICY, SAME_ORIGIN);
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(NO_CONTENT);
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
}

fn log(app: &App, method: &Method, path: &str, trace_id: &TraceId, response: &Response) {
    let status = response.status();
    if app.request_log == RequestLog::All || status.is_client_error() || status.is_server_error() {
        let (status, trace_id) = (status.as_u16(), trace_id.as_str());
        tracing::info!(%method, path, status, trace_id, "request");
    }
}
