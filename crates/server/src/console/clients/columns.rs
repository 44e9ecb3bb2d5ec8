//! The columns that an administrator chose for the table, as their preference keeps them.

use axum::http::StatusCode;
use axum::response::Response;
use engine::admin::preference::{self, Preference};
use serde_json::{Value, json};

use super::{PATH, SECTION};
use crate::console::{Admin, AdminForm, refusal};
use crate::http::respond;
use crate::pages::console::columns::Column;

/// The chosen columns in their order; `None` until somebody chose. What cannot be read is as if
/// nobody had: a table must not be lost over it.
pub(super) async fn chosen(admin: &Admin) -> Option<Vec<Column>> {
    let kept = preference::get(&admin.ctx(), &admin.caller, Preference::ClientsTable).await;
    let kept = kept.ok().flatten()?;
    let words = kept.get("columns")?.as_array()?;
    Some(Column::of_words(words.iter().filter_map(Value::as_str)))
}

/// `POST /admin/clients/columns`: `column`, once for each that is shown, in their order; or `usual`
/// for those that were there before anybody chose.
pub async fn post(AdminForm { admin, form }: AdminForm) -> Response {
    let columns = Column::of_words(form.all("column"));
    let words: Vec<&str> = columns.iter().map(|column| column.word()).collect();
    let value = if form.has("usual") { json!({}) } else { json!({ "columns": words }) };
    let which = Preference::ClientsTable;
    match preference::put(&admin.ctx(), &admin.caller, which, &value).await {
        // Dragged by the script, which shows the order already.
        Ok(()) if form.has("quiet") => respond::empty(StatusCode::NO_CONTENT),
        Ok(()) => admin.done(PATH, "columns-saved"),
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}
