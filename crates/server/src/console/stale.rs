//! A form that changes something which others change, too.
//!
//! Invariants: of what a form says only that is sent which this administrator changed; what somebody
//! else changed meanwhile is neither undone nor overwritten unless they have seen it. A form that is
//! shown again has the values of now and begins with them.

use serde_json::Value;

use crate::http::form::Form;

/// What a form began with, what it says, and what is there now: objects with the same members.
pub(super) struct Edit {
    base: Value,
    wanted: Value,
    now: Value,
}

impl Edit {
    /// A form whose field `base` says what it began with.
    pub(super) fn new(form: &Form, wanted: Value, now: Value) -> Self {
        Self { base: base(form).unwrap_or_else(|| now.clone()), wanted, now }
    }

    /// Whether somebody else changed a field that this administrator changed, to something else.
    pub(super) fn is_conflict(&self, field: &str) -> bool {
        let (base, wanted, now) = (&self.base[field], &self.wanted[field], &self.now[field]);
        wanted != base && now != base && now != wanted
    }

    /// What a field says: what was typed where this administrator changed it, what it is elsewhere.
    pub(super) fn merged(&self, field: &str) -> &Value {
        match self.wanted[field] == self.base[field] {
            true => &self.now[field],
            false => &self.wanted[field],
        }
    }

    /// The same as a text.
    pub(super) fn text(&self, field: &str) -> String {
        self.merged(field).as_str().unwrap_or_default().to_owned()
    }

    /// What it is now, for the person whose value does not fit any more.
    pub(super) fn now(&self, field: &str) -> &Value {
        &self.now[field]
    }

    /// A field that is a set: what is there, without what this administrator took out, and with
    /// what they put in.
    pub(super) fn set(&self, field: &str) -> Vec<String> {
        let (base, wanted) = (texts(&self.base[field]), texts(&self.wanted[field]));
        let mut set = texts(&self.now[field]);
        set.retain(|one| wanted.contains(one) || !base.contains(one));
        let added = wanted.into_iter().filter(|one| !base.contains(one));
        for one in added {
            if !set.contains(&one) {
                set.push(one);
            }
        }
        set
    }
}

/// What a form says that it began with.
pub(super) fn base(form: &Form) -> Option<Value> {
    let base = form.field("base").and_then(|text| serde_json::from_str::<Value>(text).ok());
    base.filter(Value::is_object)
}

fn texts(value: &Value) -> Vec<String> {
    let texts = value.as_array().map(Vec::as_slice).unwrap_or_default();
    texts.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// A text of several lines, which browsers send with other line ends than it was kept with.
pub(super) fn text(form: &Form, name: &str, base: &str) -> String {
    let plain = |text: &str| text.replace("\r\n", "\n");
    let typed = plain(form.field(name).unwrap_or_default());
    if typed == plain(base) { base.to_owned() } else { typed }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn edit(base: Value, wanted: Value, now: Value) -> Edit {
        Edit { base, wanted, now }
    }

    #[test]
    fn only_what_was_changed_counts() {
        let of = |base, wanted, now| {
            let edit = edit(json!({ "x": base }), json!({ "x": wanted }), json!({ "x": now }));
            (edit.text("x"), edit.is_conflict("x"))
        };
        assert_eq!(of("a", "a", "b"), ("b".to_owned(), false), "somebody else's stays");
        assert_eq!(of("a", "b", "a"), ("b".to_owned(), false));
        assert_eq!(of("a", "b", "b"), ("b".to_owned(), false), "both the same");
        assert_eq!(of("a", "b", "c"), ("b".to_owned(), true));
        // A ground that was made up cannot hide what is there.
        let forged = edit(json!({}), json!({ "x": "b" }), json!({ "x": "c" }));
        assert!(forged.is_conflict("x"));
    }

    #[test]
    fn sets_are_merged() {
        let of = |base: &[&str], wanted: &[&str], now: &[&str]| {
            edit(json!({ "x": base }), json!({ "x": wanted }), json!({ "x": now })).set("x")
        };
        assert_eq!(of(&["a", "b"], &["a", "b"], &["a"]), ["a"], "what was taken stays away");
        assert_eq!(of(&["a"], &["a", "b"], &["a", "c"]), ["a", "c", "b"]);
        assert_eq!(of(&["a", "b"], &["a"], &["a", "b", "c"]), ["a", "c"]);
        assert_eq!(of(&[], &["a"], &["a"]), ["a"], "once");
        assert!(of(&["a"], &[], &["a"]).is_empty());
    }
}
