//! `[rate_limits]`: how often the REST API may be used.
//!
//! Invariant: the limits of callers share the server fairly and may be switched off where it is one
//! company's own; the limit on bad credentials protects, and may not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How often the REST API may be used, in calls per minute of one user through one client or API
/// key; more get 429. Each node counts for itself. Tokens are never limited here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RateLimits {
    /// Reads; 0 for no limit.
    #[schemars(range(min = 0, max = 10_000_000))]
    pub reads_per_minute: u32,
    /// Reads by a filter in the body (`POST …/actions/filter`); 0 for no limit.
    #[schemars(range(min = 0, max = 10_000_000))]
    pub filters_per_minute: u32,
    /// Changes; 0 for no limit.
    #[schemars(range(min = 0, max = 10_000_000))]
    pub writes_per_minute: u32,
    /// Calls from one address without a good token or key. A good one from the same address is
    /// never kept out.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub failures_per_address_per_minute: u32,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            reads_per_minute: 1000,
            filters_per_minute: 200,
            writes_per_minute: 100,
            failures_per_address_per_minute: 60,
        }
    }
}
