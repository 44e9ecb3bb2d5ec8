//! `[passwords]`, `[sign_in]`, `[outbound]`, `[scopes]` and `[limits]`: rules of the product that
//! an operator may set.
//!
//! Invariant: no setting here can turn a protection off; its range ends where the protection would.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How passwords are hashed: argon2id. The defaults are OWASP's first recommendation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Passwords {
    /// Memory for one hash, in KiB.
    #[schemars(range(min = 7_168, max = 4_194_304))]
    pub memory_kib: u32,
    /// Passes over the memory.
    #[schemars(range(min = 1, max = 64))]
    pub iterations: u32,
    /// Lanes of one hash.
    #[schemars(range(min = 1, max = 64))]
    pub parallelism: u32,
    /// Hashes computed at the same time; as many as there are processors when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1024))]
    pub concurrency: Option<usize>,
    /// Sign-ins that may wait for a hash; more are asked to try again.
    #[schemars(range(min = 1, max = 100_000))]
    pub queue: usize,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { memory_kib: 19_456, iterations: 2, parallelism: 1, concurrency: None, queue: 64 }
    }
}

/// How fast passwords may be tried. Attempts come back with time, so nobody is locked out for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SignIn {
    /// Attempts at once on one account.
    #[schemars(range(min = 1, max = 10_000))]
    pub attempts_per_account_burst: u32,
    /// Seconds until an account has one more attempt.
    #[schemars(range(min = 1, max = 3600))]
    pub account_refill_seconds: u64,
    /// Attempts at once from one address.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub attempts_per_address_burst: u32,
    /// Seconds until an address has one more attempt.
    #[schemars(range(min = 1, max = 3600))]
    pub address_refill_seconds: u64,
}

impl Default for SignIn {
    fn default() -> Self {
        Self {
            attempts_per_account_burst: 10,
            account_refill_seconds: 30,
            attempts_per_address_burst: 50,
            address_refill_seconds: 2,
        }
    }
}

/// Requests that the server itself makes, to fetch a client's `jwks_uri`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Outbound {
    /// Whether loopback, private and link-local addresses may be reached. Leave it off where
    /// tenants do not trust each other: their URLs would reach into your network.
    pub allow_private_addresses: bool,
    /// File of certificates, in PEM, to trust besides the public authorities.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub extra_ca: Option<PathBuf>,
    /// Seconds for a whole request.
    #[schemars(range(min = 1, max = 60))]
    pub timeout_seconds: u64,
    /// Bytes of an answer.
    #[schemars(range(min = 1024, max = 16_777_216))]
    pub max_bytes: usize,
}

impl Default for Outbound {
    fn default() -> Self {
        Self {
            allow_private_addresses: false,
            extra_ca: None,
            timeout_seconds: 5,
            max_bytes: 65_536,
        }
    }
}

impl Outbound {
    /// For a whole request.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }
}

/// The scopes that clients may ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Scopes {
    /// File of the scope catalogue; the built-in one when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub catalogue: Option<PathBuf>,
}

/// How many of each thing there may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Secrets of one client.
    #[schemars(range(min = 2, max = 100))]
    pub client_secrets: usize,
    /// Redirect URLs of one client.
    #[schemars(range(min = 1, max = 1000))]
    pub redirect_uris: usize,
    /// Allowed origins of one client.
    #[schemars(range(min = 1, max = 1000))]
    pub origins: usize,
    /// Clients of one tenant.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub clients_per_tenant: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { client_secrets: 5, redirect_uris: 5, origins: 5, clients_per_tenant: 200 }
    }
}
