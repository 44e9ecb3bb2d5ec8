//! What each operation asks of its caller, from the router's table.

use std::collections::BTreeMap;

use domain::scope::Catalogue;
use domain::user::TENANT_ADMIN;
use engine::authority::{Right, RoleNeed};
use serde_json::{Value, json};

use super::each_operation;
use crate::router::{Access, endpoints};

/// The scopes of a right, as a phrase: any one of them is enough.
pub fn scopes_text(right: &Right) -> String {
    match right.scopes {
        [] => "any access token of this tenant".to_owned(),
        [only] => format!("the scope `{only}`"),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(|scope| format!("`{scope}`")).collect();
            format!("one of the scopes {} or `{last}`", first.join(", "))
        }
    }
}

/// The role of a right, as a phrase.
pub fn role_text(right: &Right) -> String {
    match right.role {
        RoleNeed::Anybody => "no role".to_owned(),
        RoleNeed::Administrator => {
            format!("the role `{TENANT_ADMIN}`, or one that gives such a scope")
        }
    }
}

/// Writes security schemes, and what each operation asks for, into the document.
pub fn add(document: &mut Value) {
    let rights: BTreeMap<(String, &str), &Right> = endpoints()
        .into_iter()
        .filter_map(|endpoint| match endpoint.access {
            Access::Bearer(right) => {
                Some(((endpoint.method.to_ascii_lowercase(), endpoint.path), right))
            }
            _ => None,
        })
        .collect();
    document["components"]["securitySchemes"] = schemes(rights.values().copied());
    each_operation(document, |path, method, operation| {
        let Some(right) = rights.get(&(method.to_owned(), path)) else { return };
        operation["security"] = requirements(right);
        operation["x-required-scopes"] = json!(right.scopes);
        if right.role == RoleNeed::Administrator {
            operation["x-required-role"] = json!(TENANT_ADMIN);
        }
        let needs = match right.role {
            RoleNeed::Anybody => format!("Needs {}.", scopes_text(right)),
            RoleNeed::Administrator => {
                format!("Needs {} and {}.", scopes_text(right), role_text(right))
            }
        };
        let text = operation["description"].as_str().unwrap_or_default();
        operation["description"] = json!(format!("{text}\n\n{needs}").trim_start());
        let answers = &mut operation["responses"];
        if answers.get("401").is_none() {
            answers["401"] = json!({ "$ref": "#/components/responses/Unauthorized" });
        }
    });
}

/// Any of the scopes is enough, so each is an alternative of its own; an API key has no scopes.
fn requirements(right: &Right) -> Value {
    let token = |scopes: Value| json!({ "accessToken": scopes });
    let mut any: Vec<Value> = right.scopes.iter().map(|scope| token(json!([scope]))).collect();
    if any.is_empty() {
        any.push(token(json!([])));
    }
    any.push(json!({ "apiKey": [] }));
    any.into()
}

/// The schemes, with the scopes that the API asks for.
fn schemes<'a>(rights: impl Iterator<Item = &'a Right>) -> Value {
    let catalogue = Catalogue::embedded().ok();
    let text = |scope: &str| {
        let entry = catalogue.as_ref().and_then(|catalogue| catalogue.get(scope));
        entry.map_or_else(String::new, |entry| entry.description.clone())
    };
    let scopes: BTreeMap<&str, String> =
        rights.flat_map(|right| right.scopes).map(|scope| (*scope, text(scope))).collect();
    json!({
        "accessToken": {
            "type": "oauth2",
            "description": "An access token of this tenant, for a person or for a machine.",
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": "/oauth/authorize",
                    "tokenUrl": "/oauth/token",
                    "refreshUrl": "/oauth/token",
                    "scopes": scopes,
                },
                "clientCredentials": { "tokenUrl": "/oauth/token", "scopes": scopes },
            },
        },
        "apiKey": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key of a user, sent like an access token. It may do what its user may.",
        },
    })
}
