//! `POST /consent`: the user's answer.

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::oauth_error::OauthError;
use engine::authorize::{Decision, Failure, consented};

use super::authorize::{failed, render};
use crate::http::form::{Form, FormError};
use crate::http::visit::Visit;
use crate::http::{TenantRequest, page};

/// The filled-in form.
pub async fn post(request: TenantRequest, headers: HeaderMap, body: Body) -> Response {
    let visit = match Visit::read(&request, &headers).await {
        Ok(visit) => visit,
        Err(error) => return failed(&request, Failure::ShowPage(error)),
    };
    let form = match Form::read(&request, &headers, body, &visit).await {
        Ok(form) => form,
        Err(FormError::Unreadable(error)) => return failed(&request, Failure::ShowPage(error)),
        Err(FormError::NotOurs { .. }) => {
            return page::error(
                &request,
                &OauthError::invalid_request(
                    "The answer did not come from this browser's own page.",
                ),
                ("error-consent-title", "error-consent-next"),
            );
        }
    };
    let decision = match form.field("action") {
        Some("allow") => Decision::Allow,
        Some("deny") => Decision::Deny,
        Some("switch") => Decision::Switch,
        _ => {
            let status = StatusCode::BAD_REQUEST;
            return page::plain(&request, status, ("error-no-answer-title", "error-no-answer"));
        }
    };
    let sealed = form.field("request").unwrap_or("");
    let step = consented(&request.ctx(), sealed, visit.visitor(), decision).await;
    render(&request, &visit, step)
}
