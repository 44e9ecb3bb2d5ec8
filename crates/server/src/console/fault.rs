//! What is wrong with a form, beside the field or above the form.

use axum::http::StatusCode;
use engine::admin::AdminError;

use super::{Admin, refusal};
use crate::pages::console::Fault;

/// What a form is told when it was not carried out: the status, and the words beside the field.
/// `fields` are those of the patch's operations, in their order; empty for what is no patch.
///
/// # Errors
/// What the form cannot be shown again for: what it is about is gone, or the data is away.
pub(super) fn fault(
    admin: &Admin,
    error: AdminError,
    fields: &[&'static str],
) -> Result<(StatusCode, Fault), AdminError> {
    let (status, told) = refusal::explained(admin.texts, &error);
    match error {
        error @ (AdminError::NotFound(_) | AdminError::Unavailable(_) | AdminError::Denied(_)) => {
            Err(error)
        }
        AdminError::Invalid { field, message, .. } => Ok((status, Fault::at(field, message))),
        AdminError::Patch(error) => {
            let field = error.index.and_then(|index| fields.get(index));
            // The engine puts the field's name before what is wrong with it.
            let message = match error.message.split_once(": ") {
                Some((name, message)) if fields.contains(&name) => message.to_owned(),
                _ => error.message,
            };
            Ok((status, Fault::at(field.copied().unwrap_or_default(), message)))
        }
        _ => Ok((status, Fault::general(told))),
    }
}
