//! People and bot users in the console.

pub mod access;
pub mod change;
pub mod create;
pub mod list;
pub mod page;
pub mod password;

use domain::ids::UserId;
use engine::admin::AdminError;

use crate::pages::console::Section;

/// Where these pages are in the console.
const SECTION: Section = Section::Users;
/// The table.
const PATH: &str = "/admin/users";

/// The id in an address.
fn id(text: &str) -> Result<UserId, AdminError> {
    UserId::parse(text).map_err(|_| AdminError::NotFound("user"))
}

/// The page of a user.
fn path(id: &str) -> String {
    format!("{PATH}/{id}")
}
