//! `/api/openapi.json` says what the router's table and the code say.

mod limits;
mod links;

use std::collections::{BTreeMap, BTreeSet};

use countersign::api::openapi::{NOUNS, document};
use countersign::router::{Access, Endpoint, endpoints};
use serde_json::{Map, Value};

/// The document's own address and the pages made from it.
const ABOUT_ITSELF: &[&str] = &["/api/openapi.json", "/api/docs", "/api/docs/{noun}"];

/// The API's rows of the table, by method and path.
fn rows() -> BTreeMap<(String, &'static str), Endpoint> {
    let of_api =
        |row: &Endpoint| row.path.starts_with("/api/") && !ABOUT_ITSELF.contains(&row.path);
    let rows = endpoints().into_iter().filter(of_api);
    rows.map(|row| ((row.method.to_ascii_lowercase(), row.path), row)).collect()
}

/// The document's operations, by method and path.
fn operations() -> BTreeMap<(String, &'static str), &'static Value> {
    let paths = document().value["paths"].as_object().expect("paths");
    let each = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().expect("methods");
        methods.iter().map(move |(method, operation)| ((method.clone(), path.as_str()), operation))
    });
    each.collect()
}

fn of_api() -> BTreeMap<(String, &'static str), &'static Value> {
    operations().into_iter().filter(|((_, path), _)| path.starts_with("/api/")).collect()
}

fn walk(value: &Value, see: &mut impl FnMut(&Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            see(members);
            members.values().for_each(|member| walk(member, see));
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, see)),
        _ => {}
    }
}

/// What a parameter is, wherever it is written.
fn resolved(value: &Value) -> &Value {
    match value["$ref"].as_str() {
        Some(target) => document().value.pointer(&target[1..]).expect("resolves"),
        None => value,
    }
}

#[test]
fn every_address_of_the_api_is_described_and_no_other() {
    let rows: BTreeSet<_> = rows().into_keys().collect();
    let described: BTreeSet<_> = of_api().into_keys().collect();
    let missing: Vec<_> = rows.difference(&described).collect();
    let invented: Vec<_> = described.difference(&rows).collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "add to crates/server/src/api/openapi/operations.rs: {missing:?}; take away: {invented:?}"
    );
    assert!(operations().keys().any(|(_, path)| *path == "/oauth/token"));
    let known: Vec<_> =
        endpoints().iter().map(|row| (row.method.to_ascii_lowercase(), row.path)).collect();
    assert!(
        operations().keys().all(|key| known.contains(key)),
        "the protocol's are in the table, too"
    );
}

#[test]
fn every_operation_says_what_the_table_asks_for() {
    let operations = operations();
    for (key, row) in rows() {
        let operation = operations[&key];
        let Access::Bearer(right) = row.access else { panic!("{key:?} asks for no token") };
        let security = operation["security"].as_array().expect("security");
        let token: BTreeSet<&str> = security
            .iter()
            .filter_map(|one| one["accessToken"].as_array())
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(token, right.scopes.iter().copied().collect(), "{key:?}");
        assert!(security.iter().any(|one| one.get("accessToken").is_some()), "{key:?}");
        let text = operation["description"].as_str().expect("a description");
        assert!(
            right.scopes.iter().all(|scope| text.contains(&format!("`{scope}`"))),
            "{key:?}: {text}"
        );
    }
}

#[test]
fn every_operation_is_whole() {
    let tags: Vec<&str> = NOUNS.iter().map(|noun| noun.tag).collect();
    let mut ids = BTreeSet::new();
    for (key, operation) in operations() {
        let id = operation["operationId"].as_str().expect("an id");
        assert!(ids.insert(id.to_owned()), "{id} is there twice");
        assert!(id.chars().all(|c| c.is_ascii_alphanumeric()), "{id}");
        let summary = operation["summary"].as_str().unwrap_or_default();
        assert!(summary.ends_with('.') && summary.len() < 120, "{key:?}: {summary:?}");
        let tag = operation["tags"][0].as_str().expect("a tag");
        assert!(tag == "oauth" || tags.contains(&tag), "{key:?}: {tag}");
        let responses = operation["responses"].as_object().expect("answers");
        assert!(responses.keys().any(|status| status.starts_with(['2', '3'])), "{key:?}");
        for response in responses.values().map(resolved) {
            assert!(!response["description"].as_str().unwrap_or_default().is_empty(), "{key:?}");
        }
        let parameters = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        let parameters: Vec<&Value> = parameters.iter().map(resolved).collect();
        let named: BTreeSet<&str> = parameters
            .iter()
            .filter(|one| one["in"] == "path")
            .filter_map(|one| one["name"].as_str())
            .collect();
        let in_path = key.1.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        assert_eq!(named, in_path.collect(), "{key:?}");
        for parameter in parameters {
            assert!(
                !parameter["description"].as_str().unwrap_or_default().is_empty(),
                "{key:?}: {parameter}"
            );
        }
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_used() {
    let whole = &document().value;
    let mut used = BTreeSet::new();
    walk(whole, &mut |members| {
        if let Some(target) = members.get("$ref").and_then(Value::as_str) {
            let pointer = target.strip_prefix('#').expect("a place in the document");
            assert!(whole.pointer(pointer).is_some(), "{target} leads nowhere");
            used.insert(target.to_owned());
        }
    });
    for part in ["schemas", "parameters"] {
        for name in whole["components"][part].as_object().expect("components").keys() {
            let target = format!("#/components/{part}/{name}");
            assert!(used.contains(&target), "nothing refers to {target}");
        }
    }
}

#[test]
fn what_is_sent_and_refuses_unknown_fields_says_so() {
    for (key, operation) in of_api() {
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        if body.is_null() {
            continue;
        }
        let schema = resolved(body);
        if schema["type"] == "array" {
            continue; // Operations of a patch: their other members are ignored (RFC 6902 section 4).
        }
        let closed = schema["additionalProperties"] == false;
        assert!(closed || schema.get("oneOf").is_some(), "{key:?}: unknown fields are refused");
    }
}

both! {
    async fn anybody_may_read_it_and_keep_it(world) {
        let answer = world.get(&world.a, "/api/openapi.json").send().await;
        assert_eq!(answer.expect(200).header("content-type"), Some("application/json"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
        let read = answer.json();
        assert_eq!(read["openapi"], "3.1.0");
        assert_eq!(read["servers"][0]["url"], "/");
        assert_eq!(read, document().value);
        let tag = answer.header("etag").expect("a tag").to_owned();
        let again = world.get(&world.a, "/api/openapi.json").header("if-none-match", &tag).send().await;
        assert!(again.expect(304).text().is_empty());
        let other = world.get(&world.b, "/api/openapi.json").send().await;
        assert_eq!(other.header("etag"), Some(tag.as_str()), "nothing of a tenant is in it");
    }
}
