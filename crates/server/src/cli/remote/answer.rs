//! What the server answered, and its refusals as people read them (contract, section 6).

use serde_json::Value;

use super::origin::Origin;
use crate::cli::exit::{Exit, Refusal};
use crate::cli::output::printable;

/// Errors of one answer that are shown, and letters of each of their texts.
const MAX_ERRORS: usize = 20;
const MAX_TEXT: usize = 1000;

/// An answer, with its body as it came.
#[derive(Debug)]
pub(in crate::cli) struct Answer {
    pub status: u16,
    pub text: String,
}

impl Answer {
    /// The body.
    ///
    /// # Errors
    /// When it is no JSON.
    pub fn value(&self) -> Result<Value, Refusal> {
        serde_json::from_str(&self.text).map_err(|_| {
            Refusal::new(Exit::Failed, "the server's answer is no JSON: is the address right?")
        })
    }
}

/// What a server says when it refuses: each error with its title, detail, field and code, and the
/// trace id by which its operator finds the request.
pub(super) fn refused(answer: &Answer, origin: &Origin) -> Refusal {
    let exit = Exit::of_status(answer.status);
    let body: Value = serde_json::from_str(&answer.text).unwrap_or(Value::Null);
    let errors = body["errors"].as_array().map_or(&[][..], Vec::as_slice);
    let mut told = errors.iter().take(MAX_ERRORS).map(error).collect::<Vec<_>>();
    if told.is_empty() {
        // RFC 6749 section 5.2 has one.
        let parts = [text(&body["error"]), text(&body["error_description"])];
        told.extend(parts.into_iter().flatten().reduce(|code, why| format!("{code}: {why}")));
    }
    if told.is_empty() {
        told.push(format!("{origin} answers {} and does not say why", answer.status));
    }
    let more = errors.len().saturating_sub(MAX_ERRORS);
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    if let Some(advice) = advice(answer.status) {
        told.push(advice.to_owned());
    }
    told.extend(text(&body["traceId"]).map(|id| format!("trace id: {id}")));
    let of_operation = answer.status == 400 && errors.iter().all(is_of_operation);
    Refusal { of_operation, ..Refusal::new(exit, told.join("\n  ")) }
}

/// Whether an error is about the operation or path of a patch, or does not say what it is about.
fn is_of_operation(error: &Value) -> bool {
    let place = error["source"]["pointer"].as_str().unwrap_or_default();
    let mut steps = place.split('/').skip(1);
    let index = steps.next().is_some_and(|step| step.bytes().all(|byte| byte.is_ascii_digit()));
    match steps.next() {
        None => place.is_empty() || index,
        Some(member) => index && matches!(member, "op" | "path"),
    }
}

fn error(error: &Value) -> String {
    let source = &error["source"];
    let mut told = text(&error["title"]).unwrap_or_else(|| "refused".to_owned());
    if let Some(detail) = text(&error["detail"]) {
        told = format!("{told}: {detail}");
    }
    if let Some(place) = text(&source["pointer"]).or_else(|| text(&source["parameter"])) {
        told = format!("{told} [{place}]");
    }
    match text(&error["code"]) {
        Some(code) => format!("{told} ({code})"),
        None => told,
    }
}

/// What to do about it, where the server cannot know.
fn advice(status: u16) -> Option<&'static str> {
    match status {
        401 => Some(
            "check the context (`countersign context show`): server, client id, and that the secret still exists",
        ),
        _ => None,
    }
}

/// A text of the server's, bounded and printable.
fn text(value: &Value) -> Option<String> {
    let text = value.as_str().filter(|text| !text.is_empty())?;
    Some(printable(&text.chars().take(MAX_TEXT).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(status: u16, body: &str) -> String {
        let origin = Origin::parse("https://acme.example", false).expect("an origin");
        refused(&Answer { status, text: body.to_owned() }, &origin).told
    }

    #[test]
    fn a_refusal_has_title_detail_field_code_and_trace_id() {
        let body = json!({
            "errors": [
                { "code": "C-1", "title": "Invalid", "detail": "is too long",
                  "source": { "pointer": "/clientName" }, "status": "400" },
                { "code": "C-2", "title": "Unknown", "source": { "parameter": "sort" } },
            ],
            "traceId": "0af7",
        });
        assert_eq!(
            told(400, &body.to_string()),
            "Invalid: is too long [/clientName] (C-1)\n  Unknown [sort] (C-2)\n  trace id: 0af7"
        );
    }

    #[test]
    fn other_bodies_are_told_as_well_as_they_can_be() {
        let oauth = r#"{"error":"invalid_client","error_description":"unknown"}"#;
        assert!(told(401, oauth).starts_with("invalid_client: unknown\n  check the context"));
        assert_eq!(told(502, "<html>"), "https://acme.example answers 502 and does not say why");
        assert_eq!(told(400, r#"{"errors":[{}]}"#), "refused");
        let many = json!({ "errors": vec![json!({ "title": "x".repeat(5000) }); 1000] });
        let told = told(400, &many.to_string());
        assert!(told.len() < 25_000 && told.ends_with("and 980 more"), "{}", told.len());
    }

    #[test]
    fn an_operation_that_a_server_does_not_know_is_told_from_a_wrong_value() {
        let origin = Origin::parse("https://acme.example", false).expect("an origin");
        let refused = |status: u16, source: Value| {
            let body = json!({ "errors": [{ "title": "Invalid", "source": source }] });
            refused(&Answer { status, text: body.to_string() }, &origin).of_operation
        };
        let pointer = |place: &str| json!({ "pointer": place });
        for place in ["/0/op", "/12/path", "/3", ""] {
            assert!(refused(400, pointer(place)), "{place}");
            assert!(!refused(409, pointer(place)), "{place}");
        }
        assert!(refused(400, Value::Null), "it does not say");
        for place in ["/0/value", "/0/value/op", "/allowedScopes", "/x/op"] {
            assert!(!refused(400, pointer(place)), "{place}");
        }
    }

    #[test]
    fn what_the_server_says_cannot_move_the_cursor() {
        let told = told(400, r#"{"errors":[{"title":"\u001b[2Jgone\r\n"}]}"#);
        assert!(!told.contains('\u{1b}') && !told.contains('\r'), "{told:?}");
    }
}
