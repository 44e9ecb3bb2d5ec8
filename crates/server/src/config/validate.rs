//! Checks a configuration as it was written against the schema, and reports every problem.
//!
//! Invariant: what passes here becomes a [`super::Config`] without an error.

use super::format;
use super::place::Place;
use super::problem::{Fault, Problem};
use super::schema::{self, Rule, join};
use super::suggest;
use super::tree::{Node, Table, Value};

/// All problems of a table that stands at `place` under the full name `section`.
pub(super) fn table(table: &Table, rule: Rule<'_>, section: &str, place: &Place) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (key, entry) in table {
        let name = join(section, key);
        match rule.key(key) {
            None => problems.push(unknown_key(rule, section, key).at(&entry.key_place, name)),
            Some(inner) => {
                if let (true, Some(format)) = (rule.has_free_keys(), rule.key_format())
                    && let Err(fault) = format::check(format, key)
                {
                    problems.push(fault.at(&entry.key_place, &name));
                }
                problems.extend(node(&entry.node, inner, &name));
            }
        }
    }
    for key in rule.required().filter(|key| !table.contains_key(*key)) {
        let right = format!("set it too, or leave [{section}] out");
        problems.push(Fault::new("the key is missing", right).at(place, join(section, key)));
    }
    problems
}

fn node(node: &Node, rule: Rule<'_>, name: &str) -> Vec<Problem> {
    let fault = match (rule.kind(), &node.value) {
        ("object", Value::Table(inner)) => return table(inner, rule, name, &node.place),
        ("array", Value::List(items)) => {
            let Some(rule) = rule.items() else { return Vec::new() };
            return items.iter().flat_map(|item| self::node(item, rule, name)).collect();
        }
        ("integer", Value::Integer(number)) => number_in_range(*number, rule),
        ("string", Value::Text(text)) => text_of(text, rule),
        ("boolean", Value::Boolean(_)) => Ok(()),
        (kind, value) => Err(wrong_kind(kind, value)),
    };
    fault.err().map(|fault| fault.at(&node.place, name)).into_iter().collect()
}

fn number_in_range(number: i64, rule: Rule<'_>) -> Result<(), Fault> {
    let (least, greatest) = rule.range();
    let wrong = match number {
        _ if number < least => format!("{number} is too small"),
        _ if number > greatest => format!("{number} is too big"),
        _ => return Ok(()),
    };
    Err(Fault::new(wrong, format!("use a number from {least} to {greatest}")))
}

fn text_of(text: &str, rule: Rule<'_>) -> Result<(), Fault> {
    if text.is_empty() && rule.refuses_empty() {
        return Err(Fault::new("the value is empty", "give it one, or leave the key out"));
    }
    let choices = rule.choices();
    if !choices.is_empty() && !choices.contains(&text) {
        let right = match suggest::nearest(text, choices.iter().copied()) {
            Some(meant) => format!("did you mean \"{meant}\"?"),
            None => format!("use one of {}", quoted(&choices)),
        };
        return Err(Fault::new(format!("{text:?} is not a choice"), right));
    }
    rule.format().map_or(Ok(()), |format| format::check(format, text))
}

/// A value of the wrong kind. It is not repeated: a misplaced secret must not reach a log.
fn wrong_kind(kind: &str, value: &Value) -> Fault {
    let wanted = match kind {
        "object" => "make it a section: a line with its name in [brackets], then its keys",
        "array" => "write a list: [\"…\", \"…\"]",
        "string" => "write a text in \"quotes\"",
        "integer" => "write a whole number, without quotes",
        "boolean" => "write true or false, without quotes",
        _ => "see the documentation of this key",
    };
    Fault::new(format!("{} does not fit here", value.kind()), wanted)
}

/// A key that is not known, with the one that may have been meant.
pub(super) fn unknown_key(rule: Rule<'_>, section: &str, key: &str) -> Fault {
    let known: Vec<&str> = rule.keys().map(|(key, _)| key).collect();
    let elsewhere = || {
        let names = schema::all_keys();
        names.into_iter().find(|name| name.rsplit('.').next() == Some(key))
    };
    let right = if let Some(meant) = suggest::nearest(key, known.iter().copied()) {
        format!("did you mean `{meant}`?")
    } else if let Some(name) = elsewhere() {
        format!("`{name}` is where it belongs")
    } else if section.is_empty() {
        format!("the file has the sections {}", known.join(", "))
    } else {
        format!("[{section}] has the keys {}", known.join(", "))
    };
    Fault::new("there is no such key", right)
}

fn quoted(choices: &[&str]) -> String {
    choices.iter().map(|choice| format!("\"{choice}\"")).collect::<Vec<_>>().join(", ")
}
