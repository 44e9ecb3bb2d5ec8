//! The bodies of patches, from the engine's own rules of what a patch may do.

use domain::patch::{MAX_OPERATIONS, Op, Rules};
use engine::admin::{api_key, client, group, role, tenant_patch, user};
use serde_json::{Value, json};

/// What is patched: the schema's name, where, by which rules, and an example.
const PATCHES: &[(&str, &str, &Rules, (&str, &str))] = &[
    ("ApiKeyPatch", "/api/v1/api-keys/{id}", &api_key::PATCH, ("/description", "Nightly export")),
    (
        "ApiKeyConfigPatch",
        "/api/v1/api-keys/configs/{tenantId}",
        &api_key::SETTINGS_PATCH,
        ("/max_api_key_expiry", "P30D"),
    ),
    ("GroupPatch", "/api/v1/groups/{id}", &group::RULES, ("/name", "Analysts")),
    ("RolePatch", "/api/v1/roles/{id}", &role::RULES, ("/name", "Helper")),
    ("TenantPatch", "/api/v1/tenants/{id}", &tenant_patch::RULES, ("/name", "Acme")),
    ("OauthClientPatch", "/api/v1/oauth-clients/{id}", &client::PATCH, ("/clientName", "Reports")),
    (
        "ConnectionPatch",
        "/api/v1/oauth-clients/{id}/connection-configs/me",
        &client::CONNECTION_PATCH,
        ("/consentMethod", "trusted"),
    ),
    ("UserPatch", "/api/v1/users/{id}", &user::RULES, ("/name", "Ada Lovelace")),
];

/// Writes the body of each patch into the document.
pub fn add(document: &mut Value) {
    for (name, path, rules, (place, value)) in PATCHES {
        let operation = &mut document["paths"][path]["patch"];
        if !operation.is_object() {
            continue;
        }
        operation["requestBody"] = json!({
            "required": true,
            "description": text(rules),
            "content": { "application/json": {
                "schema": {
                    "type": "array", "minItems": 1, "maxItems": MAX_OPERATIONS,
                    "items": { "$ref": format!("#/components/schemas/{name}") },
                },
                "example": [{ "op": "replace", "path": place, "value": value }],
            } },
        });
        document["components"]["schemas"][name] = operation_schema(rules);
    }
    forget_the_unused(document);
}

/// The derives may have left schemas behind that only the handlers' own words named.
fn forget_the_unused(document: &mut Value) {
    loop {
        let text = document.to_string();
        let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
        let before = schemas.len();
        schemas.retain(|name, _| text.contains(&format!("\"#/components/schemas/{name}\"")));
        if schemas.len() == before {
            return;
        }
    }
}

fn text(rules: &Rules) -> String {
    let paths = rules.paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ");
    let star = if has_wildcard(rules) { "; `*` stands for an index, an id or `-`" } else { "" };
    format!("Operations of JSON Patch (RFC 6902) on {paths}{star}. All are made, or none.")
}

fn has_wildcard(rules: &Rules) -> bool {
    rules.paths.iter().any(|path| path.contains('*'))
}

fn operation_schema(rules: &Rules) -> Value {
    let ops: Vec<&str> = rules.ops.iter().copied().map(Op::as_str).collect();
    let path = if has_wildcard(rules) || rules.bare_paths {
        let each = rules.paths.iter().map(|path| path.replace('*', "[^/]+"));
        let each =
            each.map(|path| if rules.bare_paths { path.replacen('/', "/?", 1) } else { path });
        json!({ "type": "string", "pattern": format!("^({})$", each.collect::<Vec<_>>().join("|")) })
    } else {
        json!({ "type": "string", "enum": rules.paths })
    };
    let described = |text: &str, mut schema: Value| {
        schema["description"] = json!(text);
        schema
    };
    json!({
        "type": "object",
        "description": "One change.",
        "required": ["op", "path"],
        "properties": {
            "op": described("What to do.", json!({ "type": "string", "enum": ops })),
            "path": described("Where.", path),
            "value": { "description": "With what; not with operations that only take away." },
        },
    })
}
