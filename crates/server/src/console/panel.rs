//! Questions before something is done.

use axum::response::Response;
use engine::admin::AdminError;

use super::fault::fault;
use super::{Admin, refusal};
use crate::pages::console::{PanelPage, Section};

/// A question, if what it is about is there.
pub(super) fn ask(
    admin: &Admin,
    section: Section,
    panel: Result<PanelPage, AdminError>,
) -> Response {
    match panel {
        Ok(panel) => admin.page(&panel),
        Err(error) => refusal::page(admin, section, &error),
    }
}

/// The question again, with why it was not done.
pub(super) fn again(
    admin: &Admin,
    section: Section,
    panel: PanelPage,
    error: AdminError,
) -> Response {
    match fault(admin, error, &[]) {
        Ok((status, fault)) => {
            let wrong = fault.beside([]).map(str::to_owned);
            admin.page_with(status, &PanelPage { wrong, ..panel })
        }
        Err(error) => refusal::page(admin, section, &error),
    }
}
