//! The configuration: one TOML file, and environment variables over it.
//!
//! Invariants: an unknown key, a wrong type, a value out of range or a contradiction stops the
//! start (design, "What must never happen", 10); every problem is reported at once with its place,
//! what is wrong and what would be right; only this module reads the environment.
//!
//! One source of truth: the JSON schema derived from the types below is also what a file is checked
//! against, so documentation, schema and checks cannot drift apart.

mod check;
mod environment;
mod format;
mod load;
mod observe;
mod place;
mod policy;
mod problem;
mod rate_limits;
mod schema;
mod server;
mod storage;
mod suggest;
#[cfg(test)]
mod tests;
mod tree;
mod validate;

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use environment::{process_environment, process_variable};
pub use load::load;
pub use observe::{Log, LogFormat, LogRequests, Metrics};
pub use place::Place;
pub use policy::{Limits, Outbound, Passwords, Scopes, SignIn};
pub use problem::{ConfigErrors, Problem};
pub use rate_limits::RateLimits;
pub use schema::{example, schema};
pub use server::{RequestLimits, Scheme, Server, Tls};
pub use storage::{Caches, Database, DatabaseUrl, Keys};

/// Everything that an operator can set. Every key has a default, so an empty file is a valid one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the process listens, and the names under which it is reached.
    pub server: Server,
    /// The Prometheus metrics.
    pub metrics: Metrics,
    /// What is logged, and how.
    pub log: Log,
    /// The master key.
    pub keys: Keys,
    /// The databases.
    pub database: Database,
    /// How much is kept in memory.
    pub caches: Caches,
    /// How passwords are hashed.
    pub passwords: Passwords,
    /// How fast passwords may be tried.
    pub sign_in: SignIn,
    /// How often the API may be used.
    pub rate_limits: RateLimits,
    /// Requests that the server itself makes.
    pub outbound: Outbound,
    /// The scopes that clients may ask for.
    pub scopes: Scopes,
    /// How many of each thing there may be.
    pub limits: Limits,
}

impl Config {
    /// File of the master key.
    pub fn master_key_file(&self) -> PathBuf {
        self.keys
            .master_key_file
            .clone()
            .unwrap_or_else(|| self.server.absolute_data_dir().join("master.key"))
    }

    /// The directory database.
    pub fn directory_url(&self) -> DatabaseUrl {
        let default =
            || DatabaseUrl::sqlite_file(&self.server.absolute_data_dir().join("directory.db"));
        self.database.directory.clone().unwrap_or_else(default)
    }

    /// The database of a region; `None` when this node does not serve that region.
    pub fn region_url(&self, code: &str) -> Option<DatabaseUrl> {
        self.database.regions.get(code).cloned()
    }
}
