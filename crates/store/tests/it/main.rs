//! Every store method, on both engines.
//!
//! SQLite always runs. PostgreSQL runs when `COUNTERSIGN_TEST_POSTGRES` holds a `postgres://`
//! address; each test has schemas of its own there. `COUNTERSIGN_TEST_REQUIRE_POSTGRES=1` makes a
//! missing address a failure, so that a build server cannot skip half of the tests unseen.

#[macro_use]
mod bed;

mod api_key;
mod assertion;
mod audit;
mod audit_chain;
mod client;
mod client_overview;
mod clock;
mod code;
mod consent;
mod crash;
mod directory;
mod filter;
mod group;
mod isolation;
mod jobs;
mod key;
mod logo;
mod migrate;
mod name;
mod preference;
mod refresh;
mod revocation;
mod role;
mod session;
mod tenant;
mod transaction;
mod usage;
mod user;
