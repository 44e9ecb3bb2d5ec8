//! An error of the engine beside the field that it is about.

use domain::patch::PatchError;
use engine::admin::AdminError;
use engine::admin::client::ClientFields;
use serde_json::{Value, json};

use crate::pages::console::Wrong;

/// What an error says about a field of the form, if it is about one.
pub(super) fn of_error(error: &AdminError, fields: &ClientFields) -> Option<Wrong> {
    match error {
        AdminError::Invalid { field, index, message } => {
            Some(placed((*field).to_owned(), *index, message, fields))
        }
        _ => None,
    }
}

/// What an error of a patch says about the field that its operation changes.
pub(super) fn of_patch(error: &PatchError, patch: &Value, fields: &ClientFields) -> Option<Wrong> {
    let path = patch.get(error.index?)?["path"].as_str()?;
    let field = path.split('/').nth(1)?.to_owned();
    let message = error.message.strip_prefix(&format!("{field}: ")).unwrap_or(&error.message);
    Some(placed(field, None, message, fields))
}

/// The same with the row of the value that the message quotes, and without the quotation, which
/// stands in the row.
fn placed(field: String, index: Option<usize>, message: &str, fields: &ClientFields) -> Wrong {
    let values = json!(fields);
    let values = values[&field].as_array().map(Vec::as_slice).unwrap_or_default();
    let quoted = |value: &Value| {
        let quoted = format!("`{}`: ", value.as_str()?);
        message.strip_prefix(&quoted)
    };
    let found = values.iter().enumerate().find_map(|(at, value)| Some((at, quoted(value)?)));
    let (index, message) = match found {
        Some((at, bare)) => (index.or(Some(at)), bare),
        None => (index, message),
    };
    Wrong { field, index, message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> ClientFields {
        let redirect_uris = vec!["https://a.example/".to_owned(), "http://b.example/".to_owned()];
        ClientFields { redirect_uris, ..ClientFields::default() }
    }

    #[test]
    fn an_error_stands_beside_its_row() {
        let error = AdminError::Invalid {
            field: "redirectUris",
            index: Some(1),
            message: "`http://b.example/`: use https://".to_owned(),
        };
        let wanted = Wrong {
            field: "redirectUris".to_owned(),
            index: Some(1),
            message: "use https://".to_owned(),
        };
        assert_eq!(of_error(&error, &fields()), Some(wanted.clone()));
        // A patch tells the operation only: the row is found by what the message quotes.
        let patch = json!([
            { "op": "test", "path": "/redirectUris", "value": [] },
            { "op": "replace", "path": "/redirectUris", "value": ["x"] },
        ]);
        let error = PatchError::at(1, "value", "redirectUris: `http://b.example/`: use https://");
        assert_eq!(of_patch(&error, &patch, &fields()), Some(wanted));
        let whole = PatchError { index: None, member: "", element: None, message: String::new() };
        assert_eq!(of_patch(&whole, &patch, &fields()), None);
        assert_eq!(of_error(&AdminError::NotFound("client"), &fields()), None);
    }
}
