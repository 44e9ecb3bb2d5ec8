//! The configuration's JSON schema, and what the checks read from it.
//!
//! Invariant: the schema holds no `null`, which TOML does not have, and no references, so that a
//! check can follow it key by key.

use std::sync::OnceLock;

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::Value;

use super::Config;

/// The documented example file: every key, each with its default.
pub fn example() -> &'static str {
    include_str!("../../config/countersign.example.toml")
}

/// The configuration's JSON schema (draft 2020-12).
pub fn schema() -> Value {
    shared().clone()
}

/// The same schema, made once.
pub(super) fn shared() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let settings =
            SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
        let generator = settings.with_transform(ForToml).into_generator();
        let mut schema = generator.into_root_schema_for::<Config>();
        schema.insert("title".to_owned(), "Countersign's configuration".into());
        schema.to_value()
    })
}

/// Takes `null` out, because an optional key is simply left out in TOML, and the line breaks that
/// descriptions have in the source.
#[derive(Debug, Clone)]
struct ForToml;

impl Transform for ForToml {
    fn transform(&mut self, schema: &mut schemars::Schema) {
        let null = Value::from("null");
        if let Some(Value::Array(types)) = schema.get_mut("type") {
            types.retain(|kind| *kind != null);
            if let [only] = types.as_slice() {
                let only = only.clone();
                schema.insert("type".to_owned(), only);
            }
        }
        if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
            choices.retain(|choice| choice["type"] != null);
            if let [Value::Object(only)] = choices.as_slice() {
                let only = only.clone();
                schema.remove("anyOf");
                for (key, value) in only {
                    schema.ensure_object().entry(key).or_insert(value);
                }
            }
        }
        if let Some(Value::String(text)) = schema.get_mut("description") {
            *text = text.replace('\n', " ");
        }
        if schema.get("default").is_some_and(Value::is_null) {
            schema.remove("default");
        }
        transform_subschemas(self, schema);
    }
}

/// What a key may hold, as the schema says it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule<'a>(&'a Value);

impl<'a> Rule<'a> {
    /// The rule of the whole file.
    pub fn root() -> Rule<'static> {
        Rule(shared())
    }

    /// `object`, `array`, `string`, `integer`, `boolean`.
    pub fn kind(self) -> &'a str {
        match self.0["type"].as_str() {
            Some(kind) => kind,
            // An enumeration whose values have descriptions has its type in each of them.
            None => self.0["oneOf"][0]["type"].as_str().unwrap_or(""),
        }
    }

    /// The fixed keys of a section.
    pub fn keys(self) -> impl Iterator<Item = (&'a str, Rule<'a>)> {
        let properties = self.0["properties"].as_object().into_iter().flatten();
        properties.map(|(key, rule)| (key.as_str(), Rule(rule)))
    }

    /// The rule of a key in a section, fixed or free.
    pub fn key(self, key: &str) -> Option<Rule<'a>> {
        self.0["properties"].get(key).or_else(|| self.free()).map(Rule)
    }

    /// The rule of the keys that are free to choose, such as region codes.
    fn free(self) -> Option<&'a Value> {
        self.0.get("additionalProperties").filter(|rule| rule.is_object())
    }

    /// Whether keys are free to choose.
    pub fn has_free_keys(self) -> bool {
        self.free().is_some()
    }

    /// The format of the keys that are free to choose.
    pub fn key_format(self) -> Option<&'a str> {
        self.0["propertyNames"]["format"].as_str()
    }

    /// Keys that must be there.
    pub fn required(self) -> impl Iterator<Item = &'a str> {
        self.0["required"].as_array().into_iter().flatten().filter_map(Value::as_str)
    }

    /// The rule of a list's items.
    pub fn items(self) -> Option<Rule<'a>> {
        self.0.get("items").map(Rule)
    }

    /// The only values that a text may have; empty when it is free.
    pub fn choices(self) -> Vec<&'a str> {
        let plain = self.0["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let documented = self.0["oneOf"].as_array().into_iter().flatten();
        plain.chain(documented.filter_map(|choice| choice["const"].as_str())).collect()
    }

    /// A text's format.
    pub fn format(self) -> Option<&'a str> {
        self.0["format"].as_str()
    }

    /// The least and the greatest of a number.
    pub fn range(self) -> (i64, i64) {
        let bound = |name: &str, open| self.0[name].as_i64().unwrap_or(open);
        (bound("minimum", i64::MIN), bound("maximum", i64::MAX))
    }

    /// Whether a text must not be empty.
    pub fn refuses_empty(self) -> bool {
        self.0["minLength"].as_u64().is_some_and(|least| least > 0)
    }
}

/// Every key with a value, as a full name such as `server.tls.key`; free keys as `<name>`.
pub(super) fn all_keys() -> Vec<String> {
    let mut found = Vec::new();
    collect_keys(Rule::root(), "", &mut found);
    found
}

fn collect_keys(rule: Rule<'_>, prefix: &str, found: &mut Vec<String>) {
    for (key, inner) in rule.keys() {
        let name = join(prefix, key);
        if inner.kind() != "object" {
            found.push(name);
        } else if inner.has_free_keys() {
            found.push(join(&name, "<name>"));
        } else {
            collect_keys(inner, &name, found);
        }
    }
}

/// The full name of a key in a section.
pub(super) fn join(section: &str, key: &str) -> String {
    if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") }
}
