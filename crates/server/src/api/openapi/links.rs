//! What can be done with what was just made (OpenAPI 3.1, "Link Object"): where in an answer the id
//! is that other operations ask for. Tools follow these to operations that need something that
//! exists.

use serde_json::{Map, Value, json};

/// An answer: of which operation, and its status.
type Answer = (&'static str, &'static str, &'static str);
/// The parameters of an address, and where in the answer their values are (RFC 6901).
type Values = &'static [(&'static str, &'static str)];

/// Names of links, each with its method.
type Names = &'static [(&'static str, &'static str)];

/// Answers with an id, the address that it belongs into, and what can be done there.
const LINKS: &[(Answer, Values, &str, Names)] = &[
    (
        ("/api/v1/oauth-clients", "post", "201"),
        &[("id", "/clientId")],
        "/api/v1/oauth-clients/{id}",
        &[("read", "get"), ("change", "patch"), ("delete", "delete")],
    ),
    (
        ("/api/v1/oauth-clients", "post", "201"),
        &[("id", "/clientId")],
        "/api/v1/oauth-clients/{id}/activity",
        &[("readActivity", "get")],
    ),
    (
        ("/api/v1/oauth-clients", "post", "201"),
        &[("id", "/clientId")],
        "/api/v1/oauth-clients/{id}/actions/publish",
        &[("publish", "post")],
    ),
    (
        ("/api/v1/oauth-clients", "post", "201"),
        &[("id", "/clientId")],
        "/api/v1/oauth-clients/{id}/client-secrets",
        &[("addSecret", "post")],
    ),
    (
        ("/api/v1/oauth-clients", "post", "201"),
        &[("id", "/clientId")],
        "/api/v1/oauth-clients/{id}/connection-configs/me",
        &[("readConnection", "get"), ("changeConnection", "patch")],
    ),
    (
        ("/api/v1/oauth-clients", "post", "201"),
        &[("id", "/clientId"), ("hint", "/clientSecretHint")],
        "/api/v1/oauth-clients/{id}/client-secrets/{hint}",
        &[("deleteSecret", "delete")],
    ),
    (
        ("/api/v1/oauth-clients/{id}/client-secrets", "post", "201"),
        &[("id", "/clientId"), ("hint", "/hint")],
        "/api/v1/oauth-clients/{id}/client-secrets/{hint}",
        &[("delete", "delete")],
    ),
    (
        ("/api/v1/users", "post", "201"),
        &[("id", "/id")],
        "/api/v1/users/{id}",
        &[("read", "get"), ("change", "patch"), ("delete", "delete")],
    ),
    (
        ("/api/v1/groups", "post", "201"),
        &[("id", "/id")],
        "/api/v1/groups/{id}",
        &[("read", "get"), ("change", "patch"), ("delete", "delete")],
    ),
    (
        ("/api/v1/roles", "post", "201"),
        &[("id", "/id")],
        "/api/v1/roles/{id}",
        &[("read", "get"), ("change", "patch"), ("delete", "delete")],
    ),
    (
        ("/api/v1/api-keys", "post", "201"),
        &[("id", "/id")],
        "/api/v1/api-keys/{id}",
        &[("read", "get"), ("change", "patch"), ("delete", "delete")],
    ),
];

/// Writes the links into the answers.
pub fn add(document: &mut Value) {
    for ((path, method, status), values, target, names) in LINKS {
        let parameters: Map<String, Value> = values
            .iter()
            .map(|(name, place)| ((*name).to_owned(), json!(format!("$response.body#{place}"))))
            .collect();
        for (name, target_method) in *names {
            let id = document["paths"][target][target_method]["operationId"].clone();
            let answer = &mut document["paths"][path][method]["responses"][status];
            answer["links"][name] = json!({ "operationId": id, "parameters": parameters });
        }
    }
}
