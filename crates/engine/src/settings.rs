//! What the engine is told when it is built; nothing here changes while it runs.

use std::time::Duration;

/// All settings of the engine.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `http` or `https`, as the outside sees us.
    pub external_scheme: String,
    /// The port that the outside sees, when it is not the scheme's own.
    pub external_port: Option<u16>,
    /// The domain under which `console`, `hub` and `register.<region>` live.
    pub base_domain: String,
    /// Sizes of the caches, in entries.
    pub caches: CacheSizes,
    /// How passwords are hashed.
    pub passwords: PasswordSettings,
    /// How often somebody may try to sign in.
    pub sign_in: SignInSettings,
    /// How often a caller may use the API.
    pub rate_limits: RateLimitSettings,
    /// What may be fetched from outside.
    pub outbound: OutboundSettings,
    /// How much a tenant or client may have.
    pub limits: Limits,
}

/// Sizes of the caches, in entries.
#[derive(Debug, Clone, Copy)]
pub struct CacheSizes {
    /// Tenants, by host name, with their keys and revocations.
    pub tenants: u64,
    /// Clients with their credentials.
    pub clients: u64,
    /// Users with their roles.
    pub users: u64,
}

/// argon2id's cost (RFC 9106 section 4) and how many hashes may run at once.
#[derive(Debug, Clone, Copy)]
pub struct PasswordSettings {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
    /// Hashes that may run at the same time.
    pub concurrency: usize,
    /// Hashes that may wait for their turn; more are turned away.
    pub queue: usize,
}

/// How often somebody may try to sign in: a burst, then one attempt for each refill period.
#[derive(Debug, Clone, Copy)]
pub struct SignInSettings {
    /// Attempts at once for one account.
    pub account_burst: u32,
    /// Seconds until an account gets one attempt back.
    pub account_refill_seconds: u32,
    /// Attempts at once from one address.
    pub address_burst: u32,
    /// Seconds until an address gets one attempt back.
    pub address_refill_seconds: u32,
}

/// How often the API may be used, in calls per minute; 0 limits nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct RateLimitSettings {
    /// Reads of one caller.
    pub reads_per_minute: u32,
    /// Reads of one caller by a filter in the body.
    pub filters_per_minute: u32,
    /// Changes of one caller.
    pub writes_per_minute: u32,
    /// Calls from one address without a good credential.
    pub failures_per_minute: u32,
}

/// What may be fetched from outside (`jwks_uri`).
#[derive(Debug, Clone)]
pub struct OutboundSettings {
    /// Lets fetches reach private and loopback addresses: for tests and closed networks only.
    pub allow_private_addresses: bool,
    /// PEM certificates to trust beside the public ones.
    pub extra_ca: Option<Vec<u8>>,
    /// Time for one fetch.
    pub timeout: Duration,
    /// Most bytes that are read.
    pub max_bytes: usize,
}

/// How much a tenant or client may have.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Secrets of one client (contract, section 1).
    pub client_secrets: usize,
    /// Redirect URIs of one client.
    pub redirect_uris: usize,
    /// Allowed origins of one client.
    pub origins: usize,
    /// Clients of one tenant.
    pub clients_per_tenant: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            external_scheme: "http".to_owned(),
            external_port: None,
            base_domain: "localhost".to_owned(),
            caches: CacheSizes { tenants: 5000, clients: 10_000, users: 10_000 },
            passwords: PasswordSettings {
                memory_kib: 19_456,
                iterations: 2,
                parallelism: 1,
                concurrency: 2,
                queue: 64,
            },
            sign_in: SignInSettings {
                account_burst: 10,
                account_refill_seconds: 30,
                address_burst: 50,
                address_refill_seconds: 2,
            },
            rate_limits: RateLimitSettings {
                reads_per_minute: 1000,
                filters_per_minute: 200,
                writes_per_minute: 100,
                failures_per_minute: 60,
            },
            outbound: OutboundSettings {
                allow_private_addresses: false,
                extra_ca: None,
                timeout: Duration::from_secs(5),
                max_bytes: 65_536,
            },
            limits: Limits {
                client_secrets: 5,
                redirect_uris: 5,
                origins: 5,
                clients_per_tenant: 200,
            },
        }
    }
}

impl Settings {
    /// `scheme://host[:port]` as the outside sees a host name of ours: a tenant's issuer is this
    /// for its primary hostname, without path and trailing slash.
    pub fn origin_of(&self, hostname: &str) -> String {
        match self.external_port {
            Some(port) => format!("{}://{hostname}:{port}", self.external_scheme),
            None => format!("{}://{hostname}", self.external_scheme),
        }
    }

    /// Whether browsers reach us over TLS.
    pub fn is_https(&self) -> bool {
        self.external_scheme == "https"
    }
}
