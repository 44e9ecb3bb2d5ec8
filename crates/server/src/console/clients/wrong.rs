//! An error of the engine beside the field that it is about.

use domain::patch::PatchError;
use domain::said::{Arg, Said};
use engine::admin::AdminError;
use engine::admin::client::ClientFields;
use serde_json::{Value, json};

use crate::pages::console::Wrong;
use crate::texts::Texts;

/// What an error says about a field of the form, if it is about one.
pub(super) fn of_error(t: Texts, error: &AdminError, fields: &ClientFields) -> Option<Wrong> {
    match error {
        AdminError::Invalid { field, index, message } => {
            Some(placed(t, (field, *index), message, fields))
        }
        _ => None,
    }
}

/// What an error of a patch says about the field that its operation changes.
pub(super) fn of_patch(
    t: Texts,
    error: &PatchError,
    patch: &Value,
    fields: &ClientFields,
) -> Option<Wrong> {
    let path = patch.get(error.index?)?["path"].as_str()?;
    Some(placed(t, (path.split('/').nth(1)?, None), &error.message, fields))
}

/// The same with the row of the value that the message quotes, and without the quotation, which
/// stands in the row.
fn placed(
    t: Texts,
    (field, index): (&str, Option<usize>),
    said: &Said,
    fields: &ClientFields,
) -> Wrong {
    let values = json!(fields);
    let mut values = values[field].as_array().map(Vec::as_slice).unwrap_or_default().iter();
    let found = quoted(said).and_then(|(address, why)| {
        Some((values.position(|value| value.as_str() == Some(address))?, why))
    });
    let (index, said) = match found {
        Some((at, why)) => (index.or(Some(at)), why),
        None => (index, said),
    };
    Wrong { field: field.to_owned(), index, message: t.said(said) }
}

/// The value that a sentence quotes, and what it says about that.
fn quoted(said: &Said) -> Option<(&str, &Said)> {
    match (said.arg("address")?, said.arg("why")?) {
        (Arg::Text(address), Arg::Said(why)) => Some((address, why)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::said;

    use super::*;

    fn fields() -> ClientFields {
        let redirect_uris = vec!["https://a.example/".to_owned(), "http://b.example/".to_owned()];
        ClientFields { redirect_uris, ..ClientFields::default() }
    }

    fn quoting(address: &str) -> Said {
        said!("quoted", "`{address}`: {why}", address, why = Said::english("use https://"))
    }

    #[test]
    fn an_error_stands_beside_its_row() {
        let t = Texts::english();
        let error = AdminError::Invalid {
            field: "redirectUris",
            index: Some(1),
            message: quoting("http://b.example/"),
        };
        let wanted = Wrong {
            field: "redirectUris".to_owned(),
            index: Some(1),
            message: "use https://".to_owned(),
        };
        assert_eq!(of_error(t, &error, &fields()), Some(wanted.clone()));
        // A patch tells the operation only: the row is found by what the message quotes.
        let patch = json!([
            { "op": "test", "path": "/redirectUris", "value": [] },
            { "op": "replace", "path": "/redirectUris", "value": ["x"] },
        ]);
        let error = PatchError::at(1, "value", quoting("http://b.example/")).about("redirectUris");
        assert_eq!(of_patch(t, &error, &patch, &fields()), Some(wanted));
        let whole = PatchError { index: None, ..PatchError::at(0, "", "") };
        assert_eq!(of_patch(t, &whole, &patch, &fields()), None);
        assert_eq!(of_error(t, &AdminError::NotFound("client"), &fields()), None);
    }
}
