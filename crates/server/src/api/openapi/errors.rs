//! The errors that every operation of a kind may answer, once, and referred to.
//!
//! Which ones an operation has follows from what it asks for: who has a body can send too much of
//! it. What only one operation can meet (such as a conflict) its handler declares.

use domain::api_error::Fault;
use serde_json::{Value, json};

use super::each_operation;

/// The statuses that operations share, with the key of the shared response.
const SHARED: &[(Fault, &str, &str)] = &[
    (
        Fault::Invalid,
        "BadRequest",
        "A parameter or the body is wrong; `source` says where and `detail` what would be right.",
    ),
    (Fault::Forbidden, "Forbidden", "The token lacks a scope, or its user a role."),
    (Fault::NotFound, "NotFound", "There is no such thing in this tenant."),
    (Fault::Conflict, "Conflict", "It is taken, or there are as many as there may be."),
    (Fault::TooLarge, "TooLarge", "The body is larger than 500 KiB."),
    (Fault::MediaType, "UnsupportedMediaType", "The body is not `application/json`."),
    (Fault::TooSlow, "TooSlow", "The body did not arrive in time."),
    (
        Fault::TooManyRequests,
        "TooManyRequests",
        "Too many requests; wait for as long as `retry-after` says.",
    ),
    (
        Fault::Unavailable,
        "Unavailable",
        "The server cannot do it now; try again after `retry-after`.",
    ),
];

/// Writes the shared errors into the document and refers to them.
pub fn add(document: &mut Value) {
    document["components"]["schemas"]["Errors"] = errors();
    document["components"]["schemas"]["Error"] = error();
    document["components"]["responses"] = responses();
    each_operation(document, |path, method, operation| {
        if operation["tags"][0] == "oauth" {
            return;
        }
        for (fault, key) in of_operation(path, method, operation) {
            let status = fault.status().to_string();
            let answer = &mut operation["responses"][status];
            if !answer.is_object() {
                *answer = json!({ "$ref": format!("#/components/responses/{key}") });
            }
        }
        if path.starts_with("/api/")
            && method == "get"
            && operation["responses"].get("400").is_some()
        {
            operation["responses"]["431"] = json!({
                "description": "The address and the headers are too long together.",
            });
        }
        complete(operation);
    });
}

/// What an operation can meet.
fn of_operation(path: &str, method: &str, operation: &Value) -> Vec<(Fault, &'static str)> {
    let body = operation["requestBody"].is_object();
    let query = operation["parameters"]
        .as_array()
        .is_some_and(|all| all.iter().any(|one| one["in"] != "path"));
    let applies = |fault: Fault| match fault {
        Fault::Invalid => body || query,
        Fault::NotFound => path.contains('{'),
        Fault::Conflict => method != "get" && !path.ends_with("/filter"),
        Fault::TooLarge | Fault::MediaType | Fault::TooSlow => body,
        _ => true,
    };
    let rows = SHARED.iter().filter(|(fault, ..)| applies(*fault));
    rows.map(|(fault, key, _)| (*fault, *key)).collect()
}

/// An error that a handler declared without a body has ours.
fn complete(operation: &mut Value) {
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (status, response) in responses {
        let refers = response.get("$ref").is_some() || response.get("content").is_some();
        if !refers && status != "431" && status.starts_with(['4', '5']) {
            response["content"] = content();
        }
    }
}

fn content() -> Value {
    json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Errors" } } })
}

fn responses() -> Value {
    let mut responses = serde_json::Map::new();
    for (fault, key, text) in SHARED {
        let mut response = json!({ "description": text, "content": content() });
        if matches!(fault, Fault::TooManyRequests | Fault::Unavailable) {
            response["headers"] = json!({
                "retry-after": {
                    "description": "Seconds to wait.",
                    "required": true,
                    "schema": { "type": "integer", "minimum": 1 },
                },
            });
        }
        responses.insert((*key).to_owned(), response);
    }
    let unauthorized = json!({
        "description": "There is no access token or API key, or it is expired, revoked or not of this tenant.",
        "content": content(),
        "headers": {
            "www-authenticate": {
                "description": "The challenge of RFC 6750.",
                "required": true,
                "schema": { "type": "string" },
            },
        },
    });
    responses.insert("Unauthorized".to_owned(), unauthorized);
    responses.into()
}

fn errors() -> Value {
    json!({
        "type": "object",
        "description": "What is wrong with a request.",
        "required": ["errors", "traceId"],
        "properties": {
            "errors": {
                "type": "array", "minItems": 1,
                "items": { "$ref": "#/components/schemas/Error" },
            },
            "traceId": { "type": "string", "description": "Finds the server's log line." },
            "error": {
                "type": "string",
                "description": "The word of RFC 6750, where the token is what is wrong.",
            },
            "error_description": { "type": "string", "description": "The same as `detail`." },
        },
    })
}

fn error() -> Value {
    json!({
        "type": "object",
        "description": "One thing that is wrong.",
        "required": ["code", "title"],
        "properties": {
            "code": { "type": "string", "description": "A code of the table, such as `USERS-7`.", "pattern": "^[A-Z-]+-[0-9]+$" },
            "title": { "type": "string", "description": "A few words." },
            "detail": { "type": "string", "description": "What is wrong and what to do." },
            "status": {
                "type": ["string", "integer"],
                "description": "The HTTP status: text with OAuth clients, OAuth tokens and tenants, a number elsewhere.",
            },
            "source": {
                "type": "object",
                "description": "Where it is wrong.",
                "properties": {
                    "pointer": { "type": "string", "description": "A place in the body (RFC 6901)." },
                    "parameter": { "type": "string", "description": "A query parameter or header." },
                },
            },
        },
    })
}
