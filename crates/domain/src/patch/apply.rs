//! Applying a patch to a document (RFC 6902 section 5: all of it or nothing).

use std::collections::HashSet;

use json_patch::jsonptr::PointerBuf;
use json_patch::{
    AddOperation, PatchErrorKind, PatchOperation, RemoveOperation, ReplaceOperation, TestOperation,
};
use serde_json::Value;

use super::{Op, Operation, PatchError};

/// Applies all operations to a copy, which replaces the document when all went well.
pub(super) fn all(document: &mut Value, operations: &[Operation]) -> Result<(), PatchError> {
    let mut changed = document.clone();
    for (index, operation) in operations.iter().enumerate() {
        one(&mut changed, index, operation)?;
    }
    *document = changed;
    Ok(())
}

fn one(document: &mut Value, index: usize, operation: &Operation) -> Result<(), PatchError> {
    let path = PointerBuf::parse(operation.path.as_str())
        .map_err(|_| PatchError::at(index, "path", "path is not a JSON pointer (RFC 6901)."))?;
    let value = operation.value.clone();
    let step = match operation.op {
        Op::Add | Op::Set => PatchOperation::Add(AddOperation { path, value }),
        Op::Remove | Op::Unset => PatchOperation::Remove(RemoveOperation { path }),
        Op::Replace => PatchOperation::Replace(ReplaceOperation { path, value }),
        Op::Test => PatchOperation::Test(TestOperation { path, value }),
        Op::RemoveValue => return remove_value(document, index, operation),
        Op::Renew => return Ok(()),
    };
    json_patch::patch(document, &[step]).map_err(|error| match error.kind {
        PatchErrorKind::TestFailed => {
            let message = "The value is not what this operation expects. Read it again.";
            PatchError::at(index, "value", message)
        }
        _ => PatchError::at(index, "path", "There is nothing at this path."),
    })
}

/// Takes one value, or each of an array, out of the list at the path; values that are not in it
/// are out of it already.
fn remove_value(
    document: &mut Value,
    index: usize,
    operation: &Operation,
) -> Result<(), PatchError> {
    let Some(Value::Array(list)) = document.pointer_mut(&operation.path) else {
        return Err(PatchError::at(index, "path", "There is no list at this path."));
    };
    match &operation.value {
        Value::Array(values) => {
            let gone: HashSet<&Value> = values.iter().collect();
            list.retain(|element| !gone.contains(element));
        }
        value => list.retain(|element| element != value),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Each with each would be ten thousand million comparisons.
    #[test]
    fn many_values_leave_a_long_list_at_once() {
        let numbers = |from: usize| (from..from + 100_000).map(Value::from).collect::<Vec<_>>();
        let mut document = json!({ "list": numbers(0) });
        let operation = Operation {
            op: Op::RemoveValue,
            path: "/list".to_owned(),
            value: numbers(99_999).into(),
        };
        all(&mut document, &[operation]).expect("applies");
        assert_eq!(document["list"], Value::from(numbers(0)[..99_999].to_vec()));
    }

    #[test]
    fn values_are_taken_out_whatever_they_are() {
        let mut document =
            json!({ "list": [1, 1.5, "a", null, [1, "a"], {"a": 1, "b": [2]}, "a"] });
        let value = json!([1.5, "a", [1, "a"], {"b": [2], "a": 1}, 1.0]);
        let operation = Operation { op: Op::RemoveValue, path: "/list".to_owned(), value };
        all(&mut document, &[operation]).expect("applies");
        assert_eq!(document["list"], json!([1, null]));
    }
}
