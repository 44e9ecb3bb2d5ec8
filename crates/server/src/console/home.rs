//! `/admin`: to the part of the console that the administrator uses most, of those they may see.

use axum::http::StatusCode;
use axum::response::Response;

use super::{Admin, refusal};
use crate::http::respond;
use crate::pages::console::Section;

/// The console without a page of its own leads to its first part.
pub async fn get(admin: Admin) -> Response {
    let ctx = admin.ctx();
    let sections = Section::all_for(|right| admin.caller.may(&ctx, right));
    match sections.first() {
        Some(section) => respond::redirect(StatusCode::SEE_OTHER, section.path()),
        None => refusal::no_administrator(&admin),
    }
}
