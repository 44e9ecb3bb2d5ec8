//! The parameters of lists, from the engine's own tables of what a list can be asked.

use domain::api_key::ApiKeyStatus;
use domain::filter::{self, Attribute, Kind, Op};
use domain::list::{DEFAULT_LIMIT, MAX_LIMIT};
use engine::admin::listing::Listing;
use engine::admin::{api_key, audit, client, group, oauth_token, role, user};
use serde_json::{Value, json};

use super::each_operation;

/// Where each list is.
pub const LISTS: &[(&str, &Listing)] = &[
    ("/api/v1/audits", &audit::AUDITS),
    ("/api/v1/groups", &group::GROUPS),
    ("/api/v1/oauth-clients", &client::CLIENTS),
    ("/api/v1/roles", &role::ROLES),
    ("/api/v1/users", &user::USERS),
];

/// Lists without a filter of their own: their handlers declare what else they can be asked.
const PLAIN: &[(&str, &Listing)] = &[
    ("/api/v1/api-keys", &api_key::API_KEYS_LIST),
    ("/api/v1/oauth-tokens", &oauth_token::OAUTH_TOKENS),
];

/// The parameters that all lists have, by name.
const SHARED: &[&str] = &["limit", "next", "prev", "totalResults"];

/// Writes the shared parameters and those of each list into the document.
pub fn add(document: &mut Value) {
    document["components"]["parameters"] = shared();
    for (path, listing) in LISTS {
        let operation = &mut document["paths"][path]["get"];
        if !operation.is_object() {
            continue;
        }
        let own = operation["parameters"].as_array().cloned().unwrap_or_default();
        let ours = ["filter", "sort"].iter().chain(SHARED);
        let ours: Vec<&str> = ours.copied().collect();
        let named = |parameter: &Value| ours.iter().any(|name| parameter["name"] == *name);
        let mut parameters: Vec<Value> = own.into_iter().filter(|one| !named(one)).collect();
        parameters.push(filter_parameter(listing));
        parameters.push(sort_parameter(listing));
        parameters.extend(SHARED.iter().map(refer));
        operation["parameters"] = parameters.into();
    }
    complete(document);
}

fn refer(name: &&str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

/// Says what the parameters are that a handler only named.
fn complete(document: &mut Value) {
    each_operation(document, |path, method, operation| {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten().filter(|one| one["in"] == "query") {
            let shared = SHARED.iter().find(|name| parameter["name"] == **name);
            let plain = PLAIN.iter().find(|(list, _)| *list == path && method == "get");
            match (shared, plain) {
                (Some(name), _) => *parameter = refer(name),
                (None, Some((_, listing))) if parameter["name"] == "sort" => {
                    *parameter = sort_parameter(listing);
                }
                (None, Some(_)) if parameter["name"] == "status" => {
                    parameter["schema"] = json!({ "type": "string", "enum": ApiKeyStatus::ALL });
                }
                _ => {}
            }
        }
    });
}

fn shared() -> Value {
    let query = |name: &str, text: &str, schema: Value| json!({ "name": name, "in": "query", "required": false, "description": text, "schema": schema });
    let cursor = |name: &str, text: &str| query(name, text, json!({ "type": "string" }));
    let limit = json!({
        "type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT,
    });
    json!({
        "limit": query("limit", "How many items a page has.", limit),
        "next": cursor("next", "The cursor of the next page, from the links of an answer. Not together with `prev`."),
        "prev": cursor("prev", "The cursor of the page before, from the links of an answer. Not together with `next`."),
        "totalResults": query(
            "totalResults",
            "Whether the answer says how many items there are in all pages.",
            json!({ "type": "boolean", "default": false }),
        ),
    })
}

fn filter_parameter(listing: &Listing) -> Value {
    let text = format!(
        "A SCIM filter (RFC 7644) over: {}. With `and`, `or`, `not` and parentheses; at most {} tests.",
        filter_text(listing.attributes),
        filter::MAX_TESTS
    );
    json!({
        "name": "filter", "in": "query", "required": false, "description": text,
        "schema": { "type": "string", "maxLength": filter::MAX_LENGTH },
        "example": example(listing.attributes),
    })
}

fn example(attributes: &[Attribute]) -> String {
    let word = attributes.iter().find_map(|attribute| match attribute.kind {
        Kind::Word(words) => Some(format!("{} eq \"{}\"", attribute.name, words.first()?)),
        _ => None,
    });
    word.unwrap_or_else(|| match attributes.first() {
        Some(attribute) => format!("{} pr", attribute.name),
        None => String::new(),
    })
}

/// The attributes of a filter with the operators that fit each.
pub fn filter_text(attributes: &[Attribute]) -> String {
    let describe = |attribute: &Attribute| {
        let fitting = Op::ALL.iter().filter(|op| op.fits(attribute.kind)).map(|op| op.as_str());
        let fitting = fitting.collect::<Vec<_>>().join(" ");
        match attribute.kind {
            Kind::Word(words) => {
                format!("`{}` ({}; {fitting})", attribute.name, words.join(", "))
            }
            _ => format!("`{}` ({fitting})", attribute.name),
        }
    };
    attributes.iter().map(describe).collect::<Vec<_>>().join(", ")
}

fn sort_parameter(listing: &Listing) -> Value {
    let sign = if listing.default_sort.descending { "-" } else { "+" };
    json!({
        "name": "sort", "in": "query", "required": false,
        "description": "`+` (or nothing) ascending, `-` descending. Write `+` as `%2B` in an address.",
        "schema": {
            "type": "string",
            "enum": sort_values(listing),
            "default": format!("{sign}{}", listing.default_sort.by),
        },
    })
}

/// What `sort` may be.
fn sort_values(listing: &Listing) -> Vec<String> {
    let spell = |name: &&str| ["+", "-", ""].map(|sign| format!("{sign}{name}"));
    listing.sorts.iter().flat_map(spell).collect()
}
