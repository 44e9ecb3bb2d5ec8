//! `/admin`, as the addresses have it. Who may be there is tried by the gate.

mod audit;
mod client_actions;
mod client_delete;
mod client_form;
mod client_page;
mod clients;
mod desk;
mod german;
mod groups;
mod interrupt;
mod looks;
mod losses;
mod own;
mod refusals;
mod refusals_german;
mod roles;
mod rotate;
mod secrets;
mod settings;
mod tokens;
mod users;
