//! What was changed, out of the audit trail.

use serde_json::{Map, Value};

use super::super::When;
use crate::texts::Texts;

/// Longest value that a line shows, in characters.
const VALUE_MAX: usize = 200;

/// Something that happened to a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    pub when: When,
    /// Who did it.
    pub who: String,
    /// What it was, in words.
    pub what: String,
    pub changes: Vec<ChangeLine>,
}

/// A field that changed: what it lost and what it got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeLine {
    pub field: String,
    pub removed: Vec<String>,
    pub added: Vec<String>,
}

fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.is_empty() || text.chars().count() <= VALUE_MAX {
        return Some(text).filter(|text| !text.is_empty());
    }
    Some(text.chars().take(VALUE_MAX).chain(['…']).collect())
}

fn listed(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter_map(shown).collect(),
        other => shown(other).into_iter().collect(),
    }
}

impl ChangeLine {
    /// The lines of an event's `changes`: `{"field": {"from": …, "to": …}}`. Of lists only what
    /// came and went is told; fields that are empty before and after are left out.
    pub fn of(t: Texts, changes: &Map<String, Value>) -> Vec<Self> {
        let line = |(field, change): (&String, &Value)| {
            let (from, to) = (listed(&change["from"]), listed(&change["to"]));
            let removed: Vec<_> = from.iter().filter(|one| !to.contains(one)).cloned().collect();
            let added: Vec<_> = to.into_iter().filter(|one| !from.contains(one)).collect();
            let named = Self { field: t.field(field), removed, added };
            (!named.removed.is_empty() || !named.added.is_empty()).then_some(named)
        };
        changes.iter().filter_map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lines(changes: Value) -> Vec<ChangeLine> {
        ChangeLine::of(Texts::english(), changes.as_object().expect("an object"))
    }

    #[test]
    fn of_a_list_only_the_difference_is_told() {
        let told = lines(json!({
            "allowedScopes": { "from": ["a", "b"], "to": ["b", "c"] },
            "clientName": { "from": "Old", "to": "New" },
            "disableTag": { "from": null, "to": "leaked" },
            "description": { "from": null, "to": "" },
        }));
        let line = |field: &str, removed: &[&str], added: &[&str]| ChangeLine {
            field: field.to_owned(),
            removed: removed.iter().map(|&one| one.to_owned()).collect(),
            added: added.iter().map(|&one| one.to_owned()).collect(),
        };
        assert_eq!(
            told,
            [
                line("Scopes", &["a"], &["c"]),
                line("Name", &["Old"], &["New"]),
                line("Disabled because", &[], &["leaked"]),
            ]
        );
    }

    #[test]
    fn what_is_not_known_is_told_as_it_is() {
        let told = lines(json!({ "newField": { "from": 1, "to": { "x": "y".repeat(999) } } }));
        assert_eq!(told[0].field, "newField");
        assert_eq!(told[0].removed, ["1"]);
        assert_eq!(told[0].added[0].chars().count(), VALUE_MAX + 1);
    }
}
