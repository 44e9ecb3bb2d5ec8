//! Roles in the console.

pub mod edit;
pub mod list;

use crate::pages::console::Section;

/// Where these pages are in the console.
const SECTION: Section = Section::Roles;
/// The table.
const PATH: &str = "/admin/roles";
