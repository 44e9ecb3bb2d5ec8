//! Patches: a bounded list of changes to one thing's fields (RFC 6902, as far as the contract uses
//! it).
//!
//! Invariants: a parsed patch has at most [`MAX_OPERATIONS`] operations, each of an allowed kind
//! on an allowed path, with a list of at most [`MAX_VALUES`] values; applying it changes a document
//! as a whole or not at all, in time that grows with the two alone: whoever applies it may hold a
//! database's only writer. An error says which operation it is about, so that an answer can point
//! into the body.

mod apply;

use serde_json::{Map, Value};

use crate::said::Said;

/// Most operations of one patch.
pub const MAX_OPERATIONS: usize = 50;
/// Most values of one operation's list: more than any field may have.
pub const MAX_VALUES: usize = 1000;
/// Longest path, in bytes.
const MAX_PATH: usize = 256;

macro_rules! ops {
    ($($(#[$doc:meta])* $op:ident = $name:literal;)+) => {
        /// What an operation does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Op { $($(#[$doc])* $op),+ }

        impl Op {
            /// Its name on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$op => $name),+ }
            }
        }
    };
}

ops! {
    /// Sets a field, or inserts into a list (RFC 6902 section 4.1).
    Add = "add";
    /// Takes a field or an element away (section 4.2).
    Remove = "remove";
    /// Sets what is there (section 4.3).
    Replace = "replace";
    /// Demands that a value is what the sender believes (section 4.6).
    Test = "test";
    /// Takes a value, or each of several, out of a list (contract, section 6).
    RemoveValue = "remove-value";
    /// Begins a period anew (contract, section 6); has no value and changes no document.
    Renew = "renew";
    /// The old name of `add` for users (contract, section 6).
    Set = "set";
    /// The old name of `remove` for users (contract, section 6).
    Unset = "unset";
}

impl Op {
    fn has_value(self) -> bool {
        !matches!(self, Self::Remove | Self::Renew | Self::Unset)
    }
}

/// What patches of one kind of thing may do.
#[derive(Debug)]
pub struct Rules {
    /// The operations.
    pub ops: &'static [Op],
    /// The paths; a step `*` stands for any one step, such as an index, `-` or an id.
    pub paths: &'static [&'static str],
    /// Whether a path may lack its leading `/` (the contract's groups are written both ways).
    pub bare_paths: bool,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// What it does.
    pub op: Op,
    /// The place, as a JSON pointer (RFC 6901) that begins with `/`.
    pub path: String,
    /// With what; null for operations without a value.
    pub value: Value,
}

impl Operation {
    /// The field that it is about: the first step of its path.
    pub fn field(&self) -> &str {
        self.path.split('/').nth(1).unwrap_or("")
    }

    /// Whether it makes its value, a list, that of the whole field.
    fn sets_list(&self) -> bool {
        let sets = matches!(self.op, Op::Add | Op::Replace | Op::Set);
        sets && self.path.split('/').count() == 2 && self.value.is_array()
    }
}

/// What is wrong with a patch, in words for its sender.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.told())]
pub struct PatchError {
    /// Which operation, counted from 0; none when the body as a whole is wrong.
    pub index: Option<usize>,
    /// Which of its members: `op`, `path` or `value`; empty when it is the operation as a whole.
    pub member: &'static str,
    /// Which element of the member, counted from 0, when that is a list and one of them is wrong.
    pub element: Option<usize>,
    /// The field whose value is wrong; empty when it is not about one.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: Said,
}

impl PatchError {
    /// An operation is wrong.
    pub fn at(index: usize, member: &'static str, message: impl Into<Said>) -> Self {
        Self { index: Some(index), ..Self { member, ..Self::whole(message) } }
    }

    fn whole(message: impl Into<Said>) -> Self {
        let field = String::new();
        Self { index: None, member: "", element: None, field, message: message.into() }
    }

    /// The same about the value of a field, which is told before what is wrong with it.
    #[must_use]
    pub fn about(self, field: &str) -> Self {
        Self { field: field.to_owned(), ..self }
    }

    fn told(&self) -> String {
        match self.field.as_str() {
            "" => self.message.to_string(),
            field => format!("{field}: {}", self.message),
        }
    }

    /// The place in the body, as a JSON pointer such as `/0/path`.
    pub fn pointer(&self) -> String {
        let element = self.element.map(|element| format!("/{element}")).unwrap_or_default();
        match (self.index, self.member) {
            (None, _) => String::new(),
            (Some(index), "") => format!("/{index}"),
            (Some(index), member) => format!("/{index}/{member}{element}"),
        }
    }
}

/// A list of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch(Vec<Operation>);

impl Patch {
    /// Reads a patch: an array of `{"op", "path", "value"}`; other members are ignored (RFC 6902
    /// section 4).
    ///
    /// # Errors
    /// The first operation that the rules do not allow.
    pub fn parse(body: Value, rules: &Rules) -> Result<Self, PatchError> {
        let Value::Array(items) = body else {
            return Err(PatchError::whole("The body is an array of operations."));
        };
        if items.is_empty() || items.len() > MAX_OPERATIONS {
            let found = items.len();
            return Err(PatchError::whole(format!(
                "A patch has 1 to {MAX_OPERATIONS} operations; this one has {found}."
            )));
        }
        let read = |(index, item)| operation(index, item, rules);
        Ok(Self(items.into_iter().enumerate().map(read).collect::<Result<_, _>>()?))
    }

    /// The changes, in order.
    pub fn operations(&self) -> &[Operation] {
        &self.0
    }

    /// Changes a document, as a whole or not at all.
    ///
    /// # Errors
    /// The first operation that does not fit the document.
    pub fn apply(&self, document: &mut Value) -> Result<(), PatchError> {
        apply::all(document, &self.0)
    }

    /// What the body says last about a field, for a rule that is broken only when all is applied;
    /// `None` when no operation is about the field. The element of a list is told where that
    /// operation brings the whole list, so that its sender has it at the same place.
    pub fn blame(
        &self,
        (field, element): (&str, Option<usize>),
        message: impl Into<Said>,
    ) -> Option<PatchError> {
        let index = self.0.iter().rposition(|operation| operation.field() == field)?;
        let operation = &self.0[index];
        let member = if operation.op.has_value() { "value" } else { "path" };
        let element = element.filter(|_| operation.sets_list());
        Some(PatchError { element, ..PatchError::at(index, member, message).about(field) })
    }
}

fn operation(index: usize, item: Value, rules: &Rules) -> Result<Operation, PatchError> {
    let Value::Object(mut members) = item else {
        return Err(PatchError::at(index, "", "An operation is an object with op and path."));
    };
    let op = op(index, &members, rules)?;
    let path = path(index, &members, rules)?;
    let value = match (op.has_value(), members.remove("value")) {
        (false, _) => Value::Null,
        (true, Some(value)) => value,
        (true, None) => {
            let message = format!("`{}` needs a value.", op.as_str());
            return Err(PatchError::at(index, "value", message));
        }
    };
    if value.as_array().is_some_and(|values| values.len() > MAX_VALUES) {
        let message = format!("A list has at most {MAX_VALUES} values.");
        return Err(PatchError::at(index, "value", message));
    }
    if path.ends_with("/-") && op != Op::Add {
        let message = "`-` is the place after the last element: it goes with `add` only.";
        return Err(PatchError::at(index, "path", message));
    }
    Ok(Operation { op, path, value })
}

fn op(index: usize, members: &Map<String, Value>, rules: &Rules) -> Result<Op, PatchError> {
    let name = members.get("op").and_then(Value::as_str);
    let known = rules.ops.iter().find(|op| Some(op.as_str()) == name);
    known.copied().ok_or_else(|| {
        let names: Vec<_> = rules.ops.iter().map(|op| op.as_str()).collect();
        PatchError::at(index, "op", format!("op is one of: {}.", names.join(", ")))
    })
}

fn path(index: usize, members: &Map<String, Value>, rules: &Rules) -> Result<String, PatchError> {
    let wrong = |message: String| PatchError::at(index, "path", message);
    let text = members.get("path").and_then(Value::as_str);
    let text = text.ok_or_else(|| wrong("path is a JSON pointer, such as /name.".to_owned()))?;
    let path = match text.starts_with('/') {
        false if rules.bare_paths => format!("/{text}"),
        _ => text.to_owned(),
    };
    if path.len() <= MAX_PATH && rules.paths.iter().any(|pattern| fits(&path, pattern)) {
        return Ok(path);
    }
    let known = rules.paths.join(", ");
    Err(wrong(format!("This path cannot be changed. Those that can: {known}.")))
}

/// Whether a path is one of a pattern: as many steps, equal but where the pattern has `*`.
fn fits(path: &str, pattern: &str) -> bool {
    let mut steps = path.split('/');
    let mut wanted = pattern.split('/');
    loop {
        match (steps.next(), wanted.next()) {
            (None, None) => return true,
            (Some(step), Some("*")) if !step.is_empty() => {}
            (Some(step), Some(want)) if step == want => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests;
