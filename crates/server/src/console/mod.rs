//! The tenant administration console: `/admin` on a tenant's host.
//!
//! Invariants: a handler of this module runs only behind [`guard::guard`], which has found out who
//! is signed in, checked the right that the router's table declares and, for forms, that our own
//! page sent it; the engine checks the right again. Every page works without JavaScript: dialogs
//! and live parts are pages of their own, of which the script takes a piece.

pub mod admin;
pub mod audit;
pub mod client;
pub mod clients;
mod fault;
pub mod groups;
pub mod guard;
mod held;
pub mod home;
pub mod interrupt;
mod list_view;
pub mod looks;
mod once;
mod own;
mod panel;
mod picks;
pub mod refusal;
pub mod roles;
pub mod settings;
mod stale;
pub mod tokens;
pub mod users;

pub use admin::{Admin, AdminForm};
