//! The mark of a form that makes something, so that a double click makes one thing
//! (`engine::admin::once`).

use axum::response::Response;
use engine::admin::once::Mark;

use super::{Admin, refusal};
use crate::http::form::Form;

/// The mark of a form that is about to be shown.
pub(super) fn mark(admin: &Admin) -> String {
    Mark::new(&admin.ctx()).as_str().to_owned()
}

/// The mark of a form that was sent; a form without one did not come from our page.
pub(super) fn of(admin: &Admin, form: &Form) -> Result<Mark, Response> {
    let mark = form.field("once").and_then(Mark::parse);
    mark.ok_or_else(|| refusal::not_our_form(&admin.request, admin.texts))
}
