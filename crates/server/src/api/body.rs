//! JSON bodies: bounded, strict, and refused with the place of what is wrong.

use axum::body::Body;
use axum::http::{HeaderMap, header};
use domain::api_error::{ApiProblem, Fault, Source};
use domain::fit::Reader;
use domain::strict_json;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{ApiRequest, Refusal, problem};
use crate::net::{BodyError, read_body};

/// Longest body, in bytes (contract, section 6).
pub const MAX_BYTES: usize = 500 * 1024;

/// Reads a body of a type. Unknown members are refused by types with `deny_unknown_fields`.
///
/// # Errors
/// The refusal.
pub async fn json<T: DeserializeOwned>(
    api: &ApiRequest,
    headers: &HeaderMap,
    body: Body,
) -> Result<T, Refusal> {
    let read = async {
        let bytes = bytes(api, headers, body).await?;
        typed(api, value(api, &bytes)?)
    };
    read.await.map_err(|wrong: ApiProblem| problem::answer(&wrong, &api.request.trace_id).into())
}

/// The same where no body at all means the type's default.
///
/// # Errors
/// The refusal.
pub async fn json_or_default<T: DeserializeOwned + Default>(
    api: &ApiRequest,
    headers: &HeaderMap,
    body: Body,
) -> Result<T, Refusal> {
    let read = async {
        let bytes = read_body(body, MAX_BYTES).await.map_err(|error| unread(api, &error))?;
        if bytes.is_empty() {
            return Ok(T::default());
        }
        check_type(api, headers)?;
        typed(api, value(api, &bytes)?)
    };
    read.await.map_err(|wrong: ApiProblem| problem::answer(&wrong, &api.request.trace_id).into())
}

async fn bytes(
    api: &ApiRequest,
    headers: &HeaderMap,
    body: Body,
) -> Result<bytes::Bytes, ApiProblem> {
    check_type(api, headers)?;
    read_body(body, MAX_BYTES).await.map_err(|error| unread(api, &error))
}

fn check_type(api: &ApiRequest, headers: &HeaderMap) -> Result<(), ApiProblem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or("").trim();
    let known = ["application/json", "application/json-patch+json"];
    if known.iter().any(|one| kind.eq_ignore_ascii_case(one)) {
        return Ok(());
    }
    Err(ApiProblem::new(api.noun, Fault::MediaType, "Send application/json.")
        .at(Source::Parameter("content-type".to_owned())))
}

fn unread(api: &ApiRequest, error: &BodyError) -> ApiProblem {
    let fault = match error {
        BodyError::TooLarge { .. } => Fault::TooLarge,
        BodyError::TooSlow => Fault::TooSlow,
        BodyError::Broken => Fault::Malformed,
    };
    ApiProblem::new(api.noun, fault, format!("{error}."))
}

fn value(api: &ApiRequest, bytes: &[u8]) -> Result<Value, ApiProblem> {
    strict_json::parse_value(bytes).map_err(|error| {
        ApiProblem::new(api.noun, Fault::Malformed, format!("The body {error}."))
            .at(Source::Pointer(String::new()))
    })
}

fn typed<T: DeserializeOwned>(api: &ApiRequest, value: Value) -> Result<T, ApiProblem> {
    serde_path_to_error::deserialize(Reader(value)).map_err(|error| {
        let mut pointer = pointer(error.path());
        let misfit = error.into_inner();
        if let Some(member) = misfit.missing() {
            pointer = format!("{pointer}/{member}");
        }
        let place = if pointer.is_empty() { "The body" } else { &pointer };
        ApiProblem::new(api.noun, Fault::Malformed, format!("{place} {misfit}."))
            .at(Source::Pointer(pointer))
    })
}

/// A path of serde as a JSON pointer (RFC 6901 section 3).
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        let step = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
            Segment::Enum { .. } | Segment::Unknown => continue,
        };
        pointer.push('/');
        pointer.push_str(&step);
    }
    pointer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::openapi::document;

    #[test]
    fn the_advice_and_the_document_name_the_limit() {
        let limit = format!("{} KiB", MAX_BYTES / 1024);
        let answer = &document().value["components"]["responses"]["TooLarge"]["description"];
        for text in [Fault::TooLarge.advice(), answer.as_str().expect("a description")] {
            assert!(text.contains(&limit), "{text}");
        }
    }
}
