//! Refusals, in the shape of the contract (section 6).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::api_error::{ApiProblem, Fault, Noun, Source};
use domain::oauth_error::{ErrorKind, OauthError};
use engine::TraceId;
use engine::admin::AdminError;
use engine::authority::Denied;

use super::ApiRequest;
use crate::http::respond;

/// A refusal that is finished already, so that handlers can give up with `?`.
pub struct Refusal(Box<Response>);

impl From<Response> for Refusal {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// A problem of the table.
pub fn answer(problem: &ApiProblem, trace_id: &TraceId) -> Response {
    let status = StatusCode::from_u16(problem.status());
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = respond::json(status, &problem.body(trace_id.as_str()));
    if matches!(problem.fault, Fault::Unavailable | Fault::TooManyRequests) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// The caller, or its address, asks too often (RFC 6585 section 4).
pub fn too_many(noun: Noun, wait_seconds: u64, trace_id: &TraceId) -> Response {
    let detail = format!("Too many requests in a minute. Try again in {wait_seconds} seconds.");
    let mut response = answer(&ApiProblem::new(noun, Fault::TooManyRequests, detail), trace_id);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait_seconds));
    response
}

/// The address names nothing.
pub fn nothing(noun: Noun, trace_id: &TraceId) -> Response {
    let detail = no_such(noun.name());
    answer(&ApiProblem::new(noun, Fault::NotFound, detail), trace_id)
}

fn no_such(what: &str) -> String {
    let place = if what == "tenant" { "" } else { " in this tenant" };
    format!("There is no such {what}{place}.")
}

/// A right is missing: a scope as in RFC 6750, so that the app can ask for it; or a role.
pub fn denied(noun: Noun, denied: Denied, trace_id: &TraceId) -> Response {
    match denied {
        Denied::Scope(_) => {
            let error = OauthError::new(ErrorKind::InsufficientScope, denied.said().to_string());
            respond::bearer_error(&error, trace_id)
        }
        Denied::Role(_) => {
            answer(&ApiProblem::new(noun, Fault::Forbidden, denied.said().to_string()), trace_id)
        }
    }
}

/// What the engine refused.
pub fn refused(api: &ApiRequest, error: AdminError) -> Refusal {
    let trace_id = &api.request.trace_id;
    let noun = api.noun;
    let problem = match error {
        AdminError::Denied(missing) => return denied(noun, missing, trace_id).into(),
        AdminError::Invalid { field, index, message } => {
            let pointer = match index {
                Some(index) => format!("/{field}/{index}"),
                None => format!("/{field}"),
            };
            ApiProblem::new(noun, Fault::Invalid, format!("{field}: {message}"))
                .at(Source::Pointer(pointer))
        }
        AdminError::Patch(error) => {
            let pointer = Source::Pointer(error.pointer());
            ApiProblem::new(noun, Fault::Invalid, error.to_string()).at(pointer)
        }
        AdminError::Parameter { name, message } => {
            ApiProblem::new(noun, Fault::Parameter, format!("{name}: {message}"))
                .at(Source::Parameter(name.to_owned()))
        }
        AdminError::NotFound(what) => ApiProblem::new(noun, Fault::NotFound, no_such(what)),
        AdminError::Forbidden(message) => {
            ApiProblem::new(noun, Fault::Forbidden, message.to_string())
        }
        AdminError::Conflict(message) => {
            ApiProblem::new(noun, Fault::Conflict, message.to_string())
        }
        error @ (AdminError::Stale | AdminError::Repeated | AdminError::OwnLoss { .. }) => {
            ApiProblem::new(noun, Fault::Conflict, error.to_string())
        }
        AdminError::Limit(message) => ApiProblem::new(noun, Fault::Limit, message.to_string()),
        AdminError::Busy(message) => {
            ApiProblem::new(noun, Fault::TooManyRequests, message.to_string())
        }
        AdminError::Unavailable(reason) => {
            tracing::error!(trace_id = trace_id.as_str(), reason, "an operation failed");
            let detail = "The server cannot reach its data. Try again in a moment.";
            ApiProblem::new(noun, Fault::Unavailable, detail)
        }
    };
    answer(&problem, trace_id).into()
}
