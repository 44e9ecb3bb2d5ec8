//! The `user_lookup` parameter in all the shapes that clients send it in (contract section 4.2).
//!
//! Invariant: it is read only when exactly one shape is present and complete. A request that names one user in one
//! shape and another user in a second is refused, not resolved by precedence.

use serde_json::Value;

use super::{DuplicateParam, Params};
use crate::strict_json::{StrictJsonError, parse_object};

/// The names of `field` and `value` in each flat shape.
const FLAT_SHAPES: [(&str, &str); 3] = [
    ("user_lookup[field]", "user_lookup[value]"),
    ("user_lookup.field", "user_lookup.value"),
    ("user_lookup_field", "user_lookup_value"),
];

/// Why `user_lookup` could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UserLookupError {
    #[error(transparent)]
    Duplicate(#[from] DuplicateParam),
    #[error("it {0}")]
    Json(#[from] StrictJsonError),
    #[error("it has no text `{0}`")]
    Missing(&'static str),
    #[error("it is given in more than one way")]
    Mixed,
}

type Lookup = (String, String);

pub(super) fn read(params: &Params) -> Result<Option<Lookup>, UserLookupError> {
    let mut found = params.get("user_lookup")?.map(nested).transpose()?;
    for (field, value) in FLAT_SHAPES {
        let lookup = match (params.get(field)?, params.get(value)?) {
            (None, None) => continue,
            (Some(field), Some(value)) => (field.to_owned(), value.to_owned()),
            (None, Some(_)) => return Err(UserLookupError::Missing("field")),
            (Some(_), None) => return Err(UserLookupError::Missing("value")),
        };
        if found.replace(lookup).is_some() {
            return Err(UserLookupError::Mixed);
        }
    }
    Ok(found)
}

fn nested(json: &str) -> Result<Lookup, UserLookupError> {
    let mut members = parse_object(json.as_bytes())?;
    let mut text = |name| match members.remove(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        _ => Err(UserLookupError::Missing(name)),
    };
    Ok((text("field")?, text("value")?))
}
