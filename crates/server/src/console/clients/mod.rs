//! OAuth clients in the console.

pub mod check;
pub mod columns;
mod created;
pub mod edit;
pub mod list;
mod losses;
pub mod new;
pub mod selection;
mod typed;
mod view;
mod wrong;

pub(super) use typed::is_private;

use crate::pages::console::Section;

/// Where these pages are in the console.
const SECTION: Section = Section::Clients;
/// The table.
const PATH: &str = "/admin/clients";
