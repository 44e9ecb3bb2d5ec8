//! Environment variables over the file: `COUNTERSIGN__SECTION__KEY=value`.
//!
//! Invariants: this is the only place that reads the environment; a variable with our prefix that
//! is no key is an error, so a typing mistake cannot leave a protection at its default.

use std::ffi::OsString;

use super::place::Place;
use super::problem::{Fault, Problem};
use super::schema::{self, Rule};
use super::suggest;
use super::tree::{Entry, Node, Table, Value};
use super::validate;

/// What the names of our variables start with.
const PREFIX: &str = "COUNTERSIGN__";

/// The environment of this process, for [`super::load`]. Variables that are no UTF-8 are left out,
/// unless the name is ours: those hold U+FFFD and are refused by the checks.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
pub fn process_environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .map(|(name, value)| {
            (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned())
        })
        .filter(|(name, _)| name.starts_with(PREFIX))
}

/// One variable of this process, for the command line: where it keeps contexts, what takes a
/// context's place, and a demo's database. An empty one counts as not set.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
pub fn process_variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Puts the variables that are ours over the file's values. Gives the problems of their names.
pub(super) fn apply(
    table: &mut Table,
    variables: impl Iterator<Item = (String, String)>,
) -> Vec<Problem> {
    let ours = variables.filter(|(name, _)| name.starts_with(PREFIX));
    ours.filter_map(|(name, value)| apply_one(table, name, &value).err()).collect()
}

fn apply_one(table: &mut Table, variable: String, text: &str) -> Result<(), Problem> {
    let path: Vec<String> = variable[PREFIX.len()..].split("__").map(str::to_lowercase).collect();
    let place = Place::Variable { variable };
    let (path, rule) = resolve(path).map_err(|(name, fault)| fault.at(&place, name))?;
    let value = typed(rule, text, &place);
    insert(table, &path, Node { place, value });
    Ok(())
}

/// Follows the schema to a key's rule; otherwise the full name so far and what is wrong.
fn resolve(mut path: Vec<String>) -> Result<(Vec<String>, Rule<'static>), (String, Fault)> {
    let mut rule = Rule::root();
    for depth in 0..path.len() {
        if rule.has_free_keys() {
            // A variable's name cannot have the hyphen that a region's code may have.
            path[depth] = path[depth].replace('_', "-");
        }
        let known = rule.key(&path[depth]);
        rule = known.ok_or_else(|| (path.join("."), unknown(rule, &path, depth)))?;
    }
    if rule.kind() == "object" {
        let example = rule.keys().next().map_or("<name>", |(key, _)| key);
        let right =
            format!("set one of its keys, such as {}", variable_name(&[&path.join("."), example]));
        return Err((path.join("."), Fault::new("this is a section", right)));
    }
    Ok((path, rule))
}

fn unknown(rule: Rule<'_>, path: &[String], depth: usize) -> Fault {
    let known = schema::all_keys();
    if let Some(meant) = suggest::nearest(&path.join("."), known.iter().map(String::as_str)) {
        return Fault::new(
            "there is no such key",
            format!("did you mean {}?", variable_name(&[meant])),
        );
    }
    if rule.kind() == "object" {
        return validate::unknown_key(rule, &path[..depth].join("."), &path[depth]);
    }
    Fault::new(
        "there is no such key",
        "name the variable COUNTERSIGN__SECTION__KEY, after a key of the file",
    )
}

fn variable_name(path: &[&str]) -> String {
    let path = path.iter().flat_map(|part| part.split('.')).map(str::to_uppercase);
    format!("{PREFIX}{}", path.collect::<Vec<_>>().join("__"))
}

/// The text as the kind of value that the key has. Text that does not fit stays text, and the
/// checks refuse it together with everything else.
fn typed(rule: Rule<'_>, text: &str, place: &Place) -> Value {
    let text = text.trim();
    let item =
        |text: &str| Node { place: place.clone(), value: Value::Text(text.trim().to_owned()) };
    match rule.kind() {
        "integer" => text.parse().map_or_else(|_| Value::Text(text.to_owned()), Value::Integer),
        "boolean" => text.parse().map_or_else(|_| Value::Text(text.to_owned()), Value::Boolean),
        "array" if text.is_empty() => Value::List(Vec::new()),
        "array" => Value::List(text.split(',').map(item).collect()),
        _ => Value::Text(text.to_owned()),
    }
}

fn insert(table: &mut Table, path: &[String], node: Node) {
    let [key, rest @ ..] = path else { return };
    let place = node.place.clone();
    let empty = || Node { place: place.clone(), value: Value::Table(Table::new()) };
    if rest.is_empty() {
        table.insert(key.clone(), Entry { key_place: place, node });
        return;
    }
    let new_section = || Entry { key_place: place.clone(), node: empty() };
    let section = table.entry(key.clone()).or_insert_with(new_section);
    // A file that has something else under a section's name is refused by the checks; it stays.
    if let Value::Table(inner) = &mut section.node.value {
        insert(inner, rest, node);
    }
}
