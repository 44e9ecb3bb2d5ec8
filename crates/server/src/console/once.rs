//! The mark of a form that makes something, so that a double click makes one thing
//! (`engine::admin::once`).

use engine::admin::once::Mark;

use super::Admin;
use crate::http::form::Form;

/// The mark of a form that is about to be shown.
pub(super) fn mark(admin: &Admin) -> String {
    Mark::new(&admin.ctx()).as_str().to_owned()
}

/// The mark of a form that was sent; a form without one did not come from our page.
pub(super) fn of(form: &Form) -> Option<Mark> {
    form.field("once").and_then(Mark::parse)
}
