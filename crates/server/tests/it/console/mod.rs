//! `/admin`, as the addresses have it. Who may be there is tried by the gate.

mod audit;
mod clients;
mod groups;
mod interrupt;
mod roles;
mod settings;
mod tokens;
mod users;
