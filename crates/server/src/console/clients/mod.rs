//! OAuth clients in the console.

pub mod columns;
pub mod list;
pub mod selection;
mod view;

use crate::pages::console::Section;

/// Where these pages are in the console.
const SECTION: Section = Section::Clients;
/// The table.
const PATH: &str = "/admin/clients";
