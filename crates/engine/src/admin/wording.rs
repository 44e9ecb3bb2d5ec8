//! Names, labels and descriptions: what people write for other people to read.

use domain::letter::{is_name, is_prose};
use domain::said;
use store::StoreError;

use super::AdminError;

/// Longest description of a client, role or group, in characters (contract, sections 1 and 6).
pub const DESCRIPTION_MAX: usize = 4096;

/// A name: 1 to `max` characters as it was sent, all of them seen; trimmed.
pub(crate) fn name(field: &'static str, text: &str, max: usize) -> Result<String, AdminError> {
    let is_long = text.chars().count() > max;
    let text = text.trim();
    if is_long || text.is_empty() {
        let message = said!("name-length", "has 1 to {max} characters", max);
        return Err(AdminError::invalid(field, message));
    }
    if !is_name(text) {
        return Err(hidden(field));
    }
    Ok(text.to_owned())
}

/// A name that nobody takes for one of those that every tenant has: it differs from them in more than
/// the case of its letters, as filters and searches ignore that.
pub(super) fn name_beside<'n>(
    text: &str,
    max: usize,
    everywhere: impl IntoIterator<Item = &'n str>,
) -> Result<String, AdminError> {
    let name = name("name", text, max)?;
    let key = name.to_lowercase();
    let is_like = |other: &str| other != name && other.to_lowercase() == key;
    match everywhere.into_iter().any(is_like) {
        true => Err(StoreError::Conflict { what: "name" }.into()),
        false => Ok(name),
    }
}

/// A label that may be missing: at most `max` characters, all of them seen.
pub(super) fn label(field: &'static str, text: &str, max: usize) -> Result<(), AdminError> {
    if text.chars().count() > max {
        let message = said!("text-length", "has at most {max} characters", max);
        return Err(AdminError::invalid(field, message));
    }
    if text.is_empty() || is_name(text) { Ok(()) } else { Err(hidden(field)) }
}

/// A text that says what something is for; users read it when they are asked for consent.
pub(super) fn description(text: &str) -> Result<String, AdminError> {
    if text.chars().count() > DESCRIPTION_MAX {
        let message = said!("text-length", "has at most {max} characters", max = DESCRIPTION_MAX);
        return Err(AdminError::invalid("description", message));
    }
    if is_prose(text) { Ok(text.to_owned()) } else { Err(hidden("description")) }
}

fn hidden(field: &'static str) -> AdminError {
    let message = said!(
        "letters-hidden",
        "has characters that nobody sees, or that pile up over others: leave them out"
    );
    AdminError::invalid(field, message)
}
