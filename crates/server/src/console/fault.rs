//! What is wrong with a form, beside the field or above the form.

use axum::http::StatusCode;
use domain::said::{Arg, Said};
use engine::admin::AdminError;
use serde_json::Value;

use super::stale::Edit;
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
        AdminError::Invalid { field, message, .. } => {
            Ok((status, Fault::at(field, admin.texts.said(&message))))
        }
        AdminError::Patch(error) => {
            let field = error.index.and_then(|index| fields.get(index));
            let is_beside = fields.contains(&error.field.as_str());
            let message = if is_beside { admin.texts.said(&error.message) } else { told };
            Ok((status, Fault::at(field.copied().unwrap_or_default(), message)))
        }
        AdminError::Conflict(why) | AdminError::Limit(why) | AdminError::Forbidden(why) => {
            Ok((status, Fault::at(field_of(&why), told)))
        }
        _ => Ok((status, Fault::general(told))),
    }
}

/// The field that a refusal is about although the value by itself is right; empty when it is about
/// the whole.
fn field_of(why: &Said) -> &str {
    match (why.key(), why.arg("what")) {
        ("taken", Some(Arg::Text(what))) => what,
        ("scope-mighty", _) => "assignedScopes",
        ("role-mighty" | "roles-passed", _) => "assignedRoles",
        ("group-mighty", _) => "assignedGroups",
        _ => "",
    }
}

/// The fields that somebody else changed, too, each with what it is now.
pub(super) fn conflicts(admin: &Admin, edit: &Edit, fields: &[&str]) -> Option<Fault> {
    let theirs = fields.iter().filter(|field| edit.is_conflict(field));
    theirs.fold(None, |fault: Option<Fault>, field| {
        let told = admin.texts.of("form-conflict", in_words(admin, edit.now(field)));
        Some(fault.unwrap_or_default().and(field, told))
    })
}

/// A value for a person to read.
pub(super) fn in_words(admin: &Admin, value: &Value) -> String {
    let word = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Object(members) => members["kid"].as_str().unwrap_or_default().to_owned(),
        other => other.to_string(),
    };
    let text = match value {
        Value::Array(values) => values.iter().map(word).collect::<Vec<_>>().join(", "),
        Value::Bool(true) => admin.texts.t("form-on"),
        Value::Bool(false) => admin.texts.t("form-off"),
        one => word(one),
    };
    if text.is_empty() { admin.texts.t("form-nothing") } else { text }
}
