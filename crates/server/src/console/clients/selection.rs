//! Clients that were ticked in the table.

use axum::http::StatusCode;
use axum::response::Response;

use super::PATH;
use crate::console::AdminForm;
use crate::http::respond;

/// `POST /admin/clients/select`: to the page that says what deleting them breaks, which has an
/// address of its own, so that it can be gone back to.
pub async fn post(AdminForm { form, .. }: AdminForm) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for id in form.all("id") {
        query.append_pair("id", id);
    }
    let query = query.finish();
    // That page also says what to do when nothing was ticked.
    let mark = if query.is_empty() { "" } else { "?" };
    respond::redirect(StatusCode::SEE_OTHER, &format!("{PATH}/delete{mark}{query}"))
}
