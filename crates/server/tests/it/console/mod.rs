//! `/admin`, as the addresses have it. Who may be there is tried by the gate.

mod audit;
mod clients;
mod interrupt;
mod settings;
mod tokens;
