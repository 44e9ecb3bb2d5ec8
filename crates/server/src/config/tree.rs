//! A configuration as it was written: values with their places, before they have types.
//!
//! Invariant: file and environment end up in one tree, so every check is written once.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::place::{Place, SourceFile};

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// Where the value starts.
    pub place: Place,
    /// The value.
    pub value: Value,
}

/// A value without a type.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    /// Also an integer that does not fit.
    Float,
    Boolean(bool),
    Moment,
    List(Vec<Node>),
    Table(Table),
}

/// The entries of a table, by key.
pub(super) type Table = BTreeMap<String, Entry>;

/// A value under a key.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Where the key stands.
    pub key_place: Place,
    /// The value.
    pub node: Node,
}

impl Value {
    /// The kind of value, with an article, for a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Integer(_) => "a whole number",
            Self::Float => "a fraction or a number that is too big",
            Self::Boolean(_) => "true or false",
            Self::Moment => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a section",
        }
    }

    /// The value as JSON, to be given a type. Kinds that no key has become null.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Integer(number) => (*number).into(),
            Self::Float | Self::Moment => serde_json::Value::Null,
            Self::Boolean(flag) => (*flag).into(),
            Self::List(nodes) => nodes.iter().map(|node| node.value.to_json()).collect(),
            Self::Table(table) => {
                let entries =
                    table.iter().map(|(key, entry)| (key.clone(), entry.node.value.to_json()));
                serde_json::Value::Object(entries.collect())
            }
        }
    }
}

/// A file's table with places.
pub(super) fn from_toml(source: SourceFile<'_>, table: &DeTable<'_>) -> Table {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let key_place = source.place(key.span().start);
        let key: &std::borrow::Cow<'_, str> = key.get_ref();
        (key.clone().into_owned(), Entry { key_place, node: node(source, value) })
    };
    table.iter().map(entry).collect()
}

fn node(source: SourceFile<'_>, value: &Spanned<DeValue<'_>>) -> Node {
    let place = source.place(value.span().start);
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.clone().into_owned()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Float, Value::Integer),
        DeValue::Float(_) => Value::Float,
        DeValue::Boolean(flag) => Value::Boolean(*flag),
        DeValue::Datetime(_) => Value::Moment,
        DeValue::Array(items) => Value::List(items.iter().map(|item| node(source, item)).collect()),
        DeValue::Table(table) => Value::Table(from_toml(source, table)),
    };
    Node { place, value }
}

/// The place of the first of these keys that is set, to point at one of several keys that disagree.
pub(super) fn place_of(table: &Table, keys: &[&str]) -> Place {
    keys.iter()
        .find_map(|key| find(table, key))
        .map_or(Place::Default, |entry| entry.node.place.clone())
}

/// The entry under a full name such as `server.tls.key`.
pub(super) fn find<'a>(table: &'a Table, key: &str) -> Option<&'a Entry> {
    let (head, rest) = key.split_once('.').unwrap_or((key, ""));
    let entry = table.get(head)?;
    match &entry.node.value {
        _ if rest.is_empty() => Some(entry),
        Value::Table(inner) => find(inner, rest),
        _ => None,
    }
}
