//! What stands before every handler of the API: who calls, and whether they may.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use domain::api_error::Noun;
use engine::Ctx;
use engine::access_token::{self, AccessToken};
use engine::api_key;
use engine::authority::{Caller, Right};
use engine::rate_limit::{self, Tier};

use super::problem;
use crate::http::{TenantRequest, bearer, path, respond};

/// What the router's table says about an address of the API.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// What it is about.
    pub noun: Noun,
    /// What it asks of its caller.
    pub right: &'static Right,
}

/// A request to the API by somebody who may make it.
pub struct ApiRequest {
    /// The request's tenant.
    pub request: TenantRequest,
    /// Who calls.
    pub caller: Caller,
    /// What the address is about.
    pub noun: Noun,
}

impl ApiRequest {
    /// The engine's context of this request.
    pub fn ctx(&self) -> Ctx<'_> {
        self.request.ctx()
    }

    /// An absolute address of this tenant, as the outside sees it (contract 0.8).
    pub fn href(&self, path: &str) -> String {
        format!("{}{path}", self.request.tenant.issuer)
    }
}

#[derive(Clone)]
struct Passed {
    caller: Caller,
    noun: Noun,
}

/// Finds out who calls, that they do not call too often, that the right is theirs, and that the
/// address can name something, before anything of the body is read.
pub async fn guard(State(rule): State<Rule>, mut request: Request, next: Next) -> Response {
    let Some(tenant) = request.extensions().get::<TenantRequest>().cloned() else {
        return next.run(request).await;
    };
    let caller = match caller(&tenant, request.headers()).await {
        Ok(caller) => caller,
        Err(response) => return refused(&tenant, rule.noun, response),
    };
    let tier = Tier::of(request.method().as_str(), request.uri().path());
    if let Err(wait) = rate_limit::check(&tenant.ctx(), &caller, tier) {
        return problem::too_many(rule.noun, wait, &tenant.trace_id);
    }
    if let Err(denied) = caller.require(&tenant.ctx(), rule.right) {
        return problem::denied(rule.noun, denied, &tenant.trace_id);
    }
    if !path::is_text(&mut request).await {
        return problem::nothing(rule.noun, &tenant.trace_id);
    }
    request.extensions_mut().insert(Passed { caller, noun: rule.noun });
    next.run(request).await
}

/// Calls without a good credential are counted, so that guessing slows down.
fn refused(tenant: &TenantRequest, noun: Noun, response: Response) -> Response {
    if response.status() != StatusCode::UNAUTHORIZED {
        return response;
    }
    match rate_limit::failed(&tenant.ctx()) {
        Ok(()) => response,
        Err(wait) => problem::too_many(noun, wait, &tenant.trace_id),
    }
}

async fn caller(tenant: &TenantRequest, headers: &HeaderMap) -> Result<Caller, Response> {
    let caller = match bearer::required(headers) {
        Ok(credential) => api_key::caller(&tenant.ctx(), credential).await,
        Err(error) => Err(error),
    };
    caller.map_err(|error| respond::bearer_error(&error, &tenant.trace_id))
}

/// The access token of a request.
///
/// # Errors
/// The finished answer.
pub async fn access_token(
    tenant: &TenantRequest,
    headers: &HeaderMap,
) -> Result<AccessToken, Response> {
    let token = match bearer::required(headers) {
        Ok(token) => access_token::verify(&tenant.ctx(), token).await,
        Err(error) => Err(error),
    };
    token.map_err(|error| respond::bearer_error(&error, &tenant.trace_id))
}

impl<S: Send + Sync> FromRequestParts<S> for ApiRequest {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let request = TenantRequest::from_request_parts(parts, state).await?;
        let passed = parts.extensions.get::<Passed>().cloned();
        let passed = passed.ok_or_else(|| respond::not_found(&request.trace_id))?;
        Ok(Self { request, caller: passed.caller, noun: passed.noun })
    }
}
