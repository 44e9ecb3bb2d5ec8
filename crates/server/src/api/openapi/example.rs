//! A command that calls an operation, with the smallest body that it takes.

use serde_json::{Map, Value, json};

use super::reader::resolved;

/// Deepest nesting of an example.
const DEPTH: u8 = 5;

/// What stands before and after the tenant's address.
pub(super) fn curl(path: &str, method: &str, described: &'static Value) -> (String, String) {
    let verb = match method {
        "get" => String::new(),
        other => format!(" -X {}", other.to_uppercase()),
    };
    let before = format!("curl -s{verb} \"");
    let mut after = format!("{path}\" \\\n  -H \"authorization: Bearer $TOKEN\"");
    let content = &described["requestBody"]["content"]["application/json"];
    if content.get("schema").is_some() {
        let body = match content.get("example") {
            Some(example) => example.clone(),
            None => example(&content["schema"], "", DEPTH),
        };
        let body = body.to_string().replace('\'', "'\\''");
        after.push_str(&format!(" \\\n  -H \"content-type: application/json\" \\\n  -d '{body}'"));
    }
    (before, after)
}

/// A value that a schema takes: what must be there, and nothing more.
fn example(schema: &'static Value, name: &str, depth: u8) -> Value {
    let schema = resolved(schema);
    if depth == 0 {
        return Value::Null;
    }
    if let Some(given) = schema.get("example").or_else(|| schema["enum"].get(0)) {
        return given.clone();
    }
    let first =
        schema["oneOf"].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null"));
    if let Some(first) = first {
        return example(first, name, depth - 1);
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match kind {
        Some("array") => json!([example(&schema["items"], name, depth - 1)]),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("string") => json!(words(name, schema["format"].as_str())),
        Some("object") => object(schema, depth),
        _ => json!({}),
    }
}

fn object(schema: &'static Value, depth: u8) -> Value {
    let Some(properties) = schema["properties"].as_object() else { return json!({}) };
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut shown: Map<String, Value> = Map::new();
    for (name, member) in properties {
        if required.contains(&name.as_str()) {
            shown.insert(name.clone(), example(member, name, depth - 1));
        }
    }
    if let (true, Some((name, member))) = (shown.is_empty(), properties.iter().next()) {
        shown.insert(name.clone(), example(member, name, depth - 1));
    }
    shown.into()
}

fn words(name: &str, format: Option<&str>) -> &'static str {
    match (name, format) {
        (_, Some("date-time")) => "2027-01-01T00:00:00Z",
        ("email", _) => "ada@example.com",
        ("subject", _) => "idp|ada",
        ("filter", _) => "name sw \"a\"",
        ("clientName" | "name", _) => "Reports",
        _ => "…",
    }
}
