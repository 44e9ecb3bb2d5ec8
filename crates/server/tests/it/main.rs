//! The real router in process, on both database engines: one binary whose modules mirror the
//! addresses.
//!
//! SQLite always runs; PostgreSQL when `COUNTERSIGN_TEST_POSTGRES` holds an address (see
//! [`place`]). [`gate`] walks the router's own table, so that an address without its tests of
//! access cannot exist.

#[macro_use]
mod world;

mod apps;
mod browser;
mod call;
mod flow;
mod html;
mod jwt;
mod languages;
mod people;
mod place;

mod account;
mod api;
mod api_key_origins;
mod api_key_use;
mod api_keys;
mod audit_trail;
mod audits;
mod brand;
mod consent;
mod console;
mod cors;
mod foreign;
mod gate;
mod hosts;
mod login;
mod nodes;
mod oauth;
mod oauth_clients;
mod oauth_tokens;
mod openapi;
mod process;
mod rate_limits;
mod reference;
mod searches;
mod secrets;
mod well_known;
