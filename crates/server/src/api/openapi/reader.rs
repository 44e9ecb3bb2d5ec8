//! The document as its readers' pages have it: texts, out of the same JSON that programs read.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

use super::example::curl;
use super::{NOUNS, document};
use crate::pages::api_docs::{
    AnswerDocs, BodyDocs, FieldDocs, KindDocs, OperationDocs, PartDocs, ShapeDocs,
};

/// The parts of the API that have operations, in order.
pub fn parts() -> &'static [PartDocs] {
    static PARTS: LazyLock<Vec<PartDocs>> = LazyLock::new(|| {
        let parts = NOUNS.iter().map(|noun| {
            let operations = operations(noun.tag);
            PartDocs {
                slug: noun.tag.to_owned(),
                title: noun.title.to_owned(),
                text: noun.text.to_owned(),
                shapes: shapes(&operations),
                operations,
            }
        });
        parts.filter(|part| !part.operations.is_empty()).collect()
    });
    &PARTS
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// What a reference leads to; anything else is itself.
pub(super) fn resolved(value: &'static Value) -> &'static Value {
    let target = value["$ref"].as_str().and_then(|target| target.strip_prefix('#'));
    target.and_then(|pointer| document().value.pointer(pointer)).unwrap_or(value)
}

fn operations(tag: &str) -> Vec<OperationDocs> {
    let Some(paths) = document().value["paths"].as_object() else { return Vec::new() };
    let each = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, described)| (path, method, described))
    });
    let ours = each.filter(|(_, _, described)| described["tags"][0] == *tag);
    let mut all: Vec<OperationDocs> =
        ours.map(|(path, method, described)| operation(path, method, described)).collect();
    let rank = |method: &str| ["GET", "POST", "PATCH", "DELETE"].iter().position(|m| *m == method);
    all.sort_by_key(|one| (one.path.clone(), rank(&one.method)));
    all
}

fn operation(path: &str, method: &str, described: &'static Value) -> OperationDocs {
    let prose = text(&described["description"]);
    // The last paragraph says what is needed; the page shows that by itself.
    let paragraphs =
        prose.split("\n\n").filter(|one| !one.starts_with("Needs ") && !one.is_empty());
    let answers = described["responses"].as_object().into_iter().flatten();
    OperationDocs {
        id: text(&described["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&described["summary"]).trim_end_matches('.').to_owned(),
        paragraphs: paragraphs.map(|one| one.replace('\n', " ")).collect(),
        scopes: items(&described["x-required-scopes"]).iter().map(text).collect(),
        role: described["x-required-role"].as_str().map(str::to_owned),
        parameters: items(&described["parameters"]).iter().map(parameter).collect(),
        body: body(&described["requestBody"]),
        answers: answers.map(|(status, answer)| self::answer(status, resolved(answer))).collect(),
        curl: curl(path, method, described),
    }
}

fn parameter(described: &'static Value) -> FieldDocs {
    let described = resolved(described);
    FieldDocs {
        place: text(&described["in"]),
        text: text(&described["description"]),
        ..field(&text(&described["name"]), &described["schema"], described["required"] == true)
    }
}

fn body(described: &'static Value) -> Option<BodyDocs> {
    let schema = described["content"]["application/json"].get("schema")?;
    let kind = kind(schema);
    let shape = match resolved(schema) {
        list if list["type"] == "array" => resolved(&list["items"]),
        one => one,
    };
    let said = text(&described["description"]);
    Some(BodyDocs {
        text: if said.is_empty() { text(&shape["description"]) } else { said },
        required: described["required"] == true,
        kind: KindDocs { shape: None, ..kind },
        fields: fields(shape),
    })
}

fn answer(status: &str, described: &'static Value) -> AnswerDocs {
    let schema = &described["content"]["application/json"]["schema"];
    let kind = if schema.is_null() { KindDocs::default() } else { kind(schema) };
    AnswerDocs { status: status.to_owned(), text: text(&described["description"]), kind }
}

/// The members of an object, those of its parts included.
fn fields(schema: &'static Value) -> Vec<FieldDocs> {
    let mut all = Vec::new();
    for part in items(&schema["allOf"]) {
        all.extend(fields(resolved(part)));
    }
    let required: Vec<&str> = items(&schema["required"]).iter().filter_map(Value::as_str).collect();
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        all.push(field(name, member, required.contains(&name.as_str())));
    }
    all
}

fn field(name: &str, schema: &'static Value, required: bool) -> FieldDocs {
    let said = text(&schema["description"]);
    FieldDocs {
        name: name.to_owned(),
        place: String::new(),
        kind: kind(schema),
        required,
        text: if said.is_empty() { text(&inner(schema)["description"]) } else { said },
        limits: limits(inner(schema)),
    }
}

/// The schema itself where it may be null or a reference to a few words.
fn inner(schema: &'static Value) -> &'static Value {
    let choices = items(&schema["oneOf"]);
    let real: Vec<&Value> = choices.iter().filter(|one| one["type"] != "null").collect();
    match (choices.len(), real.as_slice()) {
        (2, [only]) => inner(only),
        _ => match resolved(schema) {
            words if words.get("enum").is_some() => words,
            _ => schema,
        },
    }
}

fn kind(schema: &'static Value) -> KindDocs {
    let schema = inner(schema);
    if let Some(target) = schema["$ref"].as_str() {
        let shape = target.rsplit('/').next().map(str::to_owned);
        return KindDocs { words: String::new(), shape };
    }
    let named = schema["type"].as_str().or_else(|| {
        items(&schema["type"]).iter().filter_map(Value::as_str).find(|name| *name != "null")
    });
    let words = match (named, schema["format"].as_str()) {
        (Some("string"), Some("date-time")) => "time",
        (Some("string"), _) => "text",
        (Some("integer" | "number"), _) => "number",
        (Some("boolean"), _) => "true or false",
        (Some("array"), _) => {
            let item = kind(&schema["items"]);
            let words = format!("list of {}", item.words).trim_end().to_owned();
            return KindDocs { words, shape: item.shape };
        }
        (Some("object"), _) => "object",
        _ => "any JSON",
    };
    KindDocs { words: words.to_owned(), shape: None }
}

fn limits(schema: &Value) -> Vec<String> {
    let mut all = Vec::new();
    let shown = |value: &Value| match value.as_str() {
        Some(text) => format!("`{text}`"),
        None => format!("`{value}`"),
    };
    let words = |schema: &Value| {
        items(&schema["enum"])
            .iter()
            .filter(|word| !word.is_null())
            .map(shown)
            .collect::<Vec<_>>()
            .join(", ")
    };
    if schema.get("enum").is_some() {
        all.push(words(schema));
    }
    if let Some(most) = schema["maxLength"].as_u64() {
        all.push(format!("at most {most} characters"));
    }
    if schema["minLength"].as_u64().is_some_and(|least| least > 0) {
        all.push("not empty".to_owned());
    }
    if schema["minItems"].as_u64().is_some_and(|least| least > 0) {
        all.push("at least one".to_owned());
    }
    if let Some(most) = schema["maxItems"].as_u64() {
        all.push(format!("at most {most}"));
    }
    if schema["uniqueItems"] == true {
        all.push("each once".to_owned());
    }
    if schema["items"].get("enum").is_some() {
        all.push(format!("each one of {}", words(&schema["items"])));
    }
    if let Some(most) = schema["items"]["maxLength"].as_u64() {
        all.push(format!("each at most {most} characters"));
    }
    match (schema.get("minimum"), schema.get("maximum")) {
        (Some(least), Some(most)) => all.push(format!("{least} to {most}")),
        (None, Some(most)) => all.push(format!("at most {most}")),
        _ => {}
    }
    if let Some(pattern) = schema["pattern"].as_str() {
        all.push(format!("`{pattern}`"));
    }
    if let Some(usual) = schema.get("default").filter(|usual| !usual.is_null()) {
        all.push(format!("{} unless said", shown(usual)));
    }
    all
}

/// What the operations answer, and what that is made of; the shape of errors is on the overview.
fn shapes(operations: &[OperationDocs]) -> Vec<ShapeDocs> {
    let answers = operations.iter().flat_map(|one| &one.answers).map(|answer| &answer.kind);
    let bodies = operations.iter().filter_map(|one| one.body.as_ref());
    let sent = bodies.flat_map(|body| &body.fields).map(|field| &field.kind);
    let mut open: Vec<String> = answers.chain(sent).filter_map(|kind| kind.shape.clone()).collect();
    open.reverse();
    let mut seen = BTreeSet::from(["Errors".to_owned()]);
    let mut all = Vec::new();
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let schema = &document().value["components"]["schemas"][&name];
        let fields = fields(schema);
        open.extend(fields.iter().rev().filter_map(|field| field.kind.shape.clone()));
        all.push(ShapeDocs { name, text: text(&schema["description"]), fields });
    }
    all
}
