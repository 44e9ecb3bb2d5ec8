//! The administration console, as an administrator uses it.

mod client_actions;
mod client_delete;
mod client_page;
mod rotate;
mod secrets;
