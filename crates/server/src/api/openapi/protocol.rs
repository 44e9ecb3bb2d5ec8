//! The protocol's own endpoints, in short: enough for a reader to find them. What they take and
//! answer is in the RFCs, and discovery has the details of this tenant.

use serde_json::{Value, json};

/// Path, method, id, summary, the RFC, and the parameters of its form.
const ENDPOINTS: &[(&str, &str, &str, &str, &[&str])] = &[
    (
        "/oauth/token",
        "post",
        "oauthToken",
        "Exchanges a grant for tokens (RFC 6749, section 3.2).",
        &[
            "grant_type",
            "client_id",
            "client_secret",
            "scope",
            "code",
            "redirect_uri",
            "code_verifier",
            "refresh_token",
        ],
    ),
    (
        "/oauth/revoke",
        "post",
        "oauthRevoke",
        "Revokes a token (RFC 7009).",
        &["token", "token_type_hint"],
    ),
    (
        "/oauth/introspect",
        "post",
        "oauthIntrospect",
        "Tells whether a token is good (RFC 7662).",
        &["token", "token_type_hint"],
    ),
    (
        "/oauth/userinfo",
        "get",
        "oauthUserinfo",
        "The claims about the token's user (OpenID Connect Core, section 5.3).",
        &[],
    ),
];

/// Adds them to the document.
pub fn add(document: &mut Value) {
    for (path, method, id, summary, fields) in ENDPOINTS {
        let mut operation = json!({
            "tags": ["oauth"],
            "operationId": id,
            "summary": summary,
            "responses": {
                "200": { "description": "Done.", "content": { "application/json": {} } },
                "default": {
                    "description": "An error of RFC 6749 or RFC 6750.",
                    "content": {
                        "application/json": { "schema": { "$ref": "#/components/schemas/Errors" } },
                    },
                },
            },
        });
        if !fields.is_empty() {
            operation["requestBody"] = form(fields);
        }
        document["paths"][path][method] = operation;
    }
}

fn form(fields: &[&str]) -> Value {
    let properties = fields.iter().map(|field| ((*field).to_owned(), json!({ "type": "string" })));
    let properties: serde_json::Map<String, Value> = properties.collect();
    let required = fields.first();
    let schema = json!({ "type": "object", "required": [required], "properties": properties });
    json!({
        "required": true,
        "content": {
            "application/x-www-form-urlencoded": { "schema": schema },
            "application/json": { "schema": schema },
        },
    })
}
