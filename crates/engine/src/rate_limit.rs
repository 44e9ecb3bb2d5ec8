//! How often a caller may use the API (contract, section 6: tiers by the minute).
//!
//! Invariants: a decision is arithmetic in memory, no SQL and no wait; each caller of each tenant
//! has buckets of its own, so that none slows another down; memory is bounded by [`BUCKETS`]; the
//! token path is not limited here at all. A bucket refills by itself and is full again after a
//! minute, also when the machine's clock was set back.
//!
//! The limit on failures counts what an address sends that is no good credential. It answers these,
//! and never keeps a good credential from the same address out: behind one address may be a whole
//! company.

use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::ids::{ClientId, TenantId, UserId};
use domain::time::Timestamp;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use crate::authority::Caller;
use crate::context::Ctx;
use crate::settings::RateLimitSettings;
use crate::throttle::network;

/// Most buckets of one tier; the longest unused ones go first.
const BUCKETS: u64 = 50_000;
/// What the limits count over, in microseconds.
const MINUTE: i64 = 60_000_000;
/// A bucket that was not touched for this long is full, and may be forgotten.
const IDLE: Duration = Duration::from_secs(120);

/// How much an operation counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// Reading: `GET` and `HEAD`, but for what a client did lately.
    Read,
    /// Reading by a filter in the body: `POST …/actions/filter`.
    Filter,
    /// Everything else: changes, and what a client did lately, which is written down before it is
    /// told.
    Write,
}

impl Tier {
    /// The tier of a method and path.
    pub fn of(method: &str, path: &str) -> Self {
        let writes_first =
            path.starts_with("/api/v1/oauth-clients/") && path.ends_with("/activity");
        match method {
            "GET" | "HEAD" if writes_first => Self::Write,
            "GET" | "HEAD" => Self::Read,
            "POST" if path.ends_with("/actions/filter") => Self::Filter,
            _ => Self::Write,
        }
    }
}

/// Who has a bucket: a user of a tenant through one client, or through all of its API keys
/// together: a new key is no new bucket.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Who {
    tenant: TenantId,
    user: Option<UserId>,
    client: Option<ClientId>,
    by_api_key: bool,
}

/// Buckets of one size, by their owners. A bucket is the instant, in microseconds since 1970, at
/// which it is full again (the generic cell rate algorithm).
struct Buckets<K> {
    /// Microseconds until one call comes back; `None` when nothing is limited.
    interval: Option<i64>,
    full_at: Cache<K, Arc<AtomicI64>>,
}

impl<K: Hash + Eq + Send + Sync + 'static> Buckets<K> {
    fn new(per_minute: u32) -> Self {
        let full_at = Cache::builder()
            .max_capacity(BUCKETS)
            // Of all policies the one that never turns a newcomer away.
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(IDLE)
            .build();
        Self { interval: MINUTE.checked_div(i64::from(per_minute)), full_at }
    }

    /// Takes one call out of a bucket.
    fn take(&self, owner: K, now: Timestamp) -> Result<(), u64> {
        let Some(interval) = self.interval else { return Ok(()) };
        let now = now.as_microsecond();
        let bucket = self.full_at.get_with(owner, || Arc::new(AtomicI64::new(now)));
        // One that is full later than a call can make it saw another clock.
        let sane = |full_at: i64| full_at.clamp(now, now + MINUTE);
        let fits = |after: i64| after <= now + MINUTE;
        let before = bucket.fetch_update(Ordering::AcqRel, Ordering::Acquire, |full_at| {
            let after = sane(full_at) + interval;
            Some(if fits(after) { after } else { sane(full_at) })
        });
        let after = sane(before.unwrap_or_else(|same| same)) + interval;
        if fits(after) {
            return Ok(());
        }
        let wait = u64::try_from(after - now - MINUTE).unwrap_or(0);
        Err(wait.div_ceil(1_000_000).max(1))
    }
}

/// The buckets of all callers of this node.
pub struct RateLimits {
    reads: Buckets<Who>,
    filters: Buckets<Who>,
    writes: Buckets<Who>,
    failures: Buckets<String>,
}

impl RateLimits {
    pub(crate) fn new(settings: &RateLimitSettings) -> Self {
        Self {
            reads: Buckets::new(settings.reads_per_minute),
            filters: Buckets::new(settings.filters_per_minute),
            writes: Buckets::new(settings.writes_per_minute),
            failures: Buckets::new(settings.failures_per_minute),
        }
    }

    /// Gives back the memory of buckets that are full; a job calls it.
    pub(crate) fn forget_idle(&self) {
        for tier in [&self.reads, &self.filters, &self.writes] {
            tier.full_at.run_pending_tasks();
        }
        self.failures.full_at.run_pending_tasks();
    }
}

/// Counts a call of somebody who is known.
///
/// # Errors
/// The whole seconds to wait, at least one.
pub fn check(ctx: &Ctx<'_>, caller: &Caller, tier: Tier) -> Result<(), u64> {
    let limits = &ctx.engine.rate_limits;
    let buckets = match tier {
        Tier::Read => &limits.reads,
        Tier::Filter => &limits.filters,
        Tier::Write => &limits.writes,
    };
    // All keys of a user count together, whatever made them.
    let by_api_key = caller.api_key().is_some();
    let who = Who {
        tenant: ctx.tenant.tenant.id.clone(),
        user: caller.user().map(|user| user.id.clone()),
        client: caller.client_id().filter(|_| !by_api_key).cloned(),
        by_api_key,
    };
    buckets.take(who, ctx.now)
}

/// Counts a call without a good credential against its address.
///
/// # Errors
/// The whole seconds to wait, at least one.
pub fn failed(ctx: &Ctx<'_>) -> Result<(), u64> {
    ctx.engine.rate_limits.failures.take(network(ctx.address), ctx.now)
}

#[cfg(test)]
mod tests {
    use domain::time::{from_millis, plus_seconds};

    use super::*;

    const T0: i64 = 1_800_000_000_000;

    fn allowed(buckets: &Buckets<&'static str>, owner: &'static str, now: Timestamp) -> usize {
        (0..1000).take_while(|_| buckets.take(owner, now).is_ok()).count()
    }

    #[test]
    fn a_burst_is_a_minutes_calls_and_they_come_back_one_by_one() {
        let buckets = Buckets::new(6);
        let now = from_millis(T0);
        assert_eq!(allowed(&buckets, "a", now), 6);
        assert_eq!(buckets.take("a", now), Err(10));
        assert_eq!(buckets.take("a", from_millis(T0 + 9_001)), Err(1));
        assert_eq!(buckets.take("a", from_millis(T0 + 10_000)), Ok(()));
        assert_eq!(buckets.take("a", from_millis(T0 + 10_000)), Err(10));
        assert_eq!(allowed(&buckets, "a", plus_seconds(now, 40)), 3);
        assert_eq!(allowed(&buckets, "a", plus_seconds(now, 4000)), 6, "never more than full");
        assert_eq!(allowed(&buckets, "b", now), 6, "somebody else's is full");
    }

    #[test]
    fn the_contracts_limits_are_exact() {
        for per_minute in [1, 100, 200, 1000] {
            let buckets = Buckets::new(per_minute);
            let burst = usize::try_from(per_minute).expect("small");
            assert_eq!(allowed(&buckets, "a", from_millis(T0)), burst);
        }
    }

    #[test]
    fn nothing_is_limited_by_zero() {
        assert_eq!(allowed(&Buckets::new(0), "a", from_millis(T0)), 1000);
    }

    #[test]
    fn a_clock_that_is_set_back_costs_a_minute_at_most() {
        let buckets = Buckets::new(2);
        assert_eq!(allowed(&buckets, "a", from_millis(T0)), 2);
        let yesterday = plus_seconds(from_millis(T0), -86_400);
        assert!(buckets.take("a", yesterday).expect_err("spent") <= 60);
        assert_eq!(allowed(&buckets, "a", plus_seconds(yesterday, 60)), 2);
    }

    #[test]
    fn memory_is_bounded() {
        let buckets = Buckets::new(1);
        for n in 0..BUCKETS + 1000 {
            buckets.take(n, from_millis(T0)).expect("a bucket of its own");
        }
        buckets.full_at.run_pending_tasks();
        assert!(buckets.full_at.entry_count() <= BUCKETS);
        assert!(buckets.take(BUCKETS + 999, from_millis(T0)).is_err(), "the latest are kept");
    }

    #[test]
    fn tiers_follow_method_and_path() {
        for (method, path, tier) in [
            ("GET", "/api/v1/users", Tier::Read),
            ("HEAD", "/api/v1/users", Tier::Read),
            ("GET", "/api/v1/users/actions/filter", Tier::Read),
            ("GET", "/api/v1/oauth-clients/x/activity", Tier::Write),
            ("HEAD", "/api/v1/oauth-clients/x/activity", Tier::Write),
            ("GET", "/api/v1/users/activity", Tier::Read),
            ("POST", "/api/v1/users/actions/filter", Tier::Filter),
            ("POST", "/api/v1/users", Tier::Write),
            ("PATCH", "/api/v1/users/actions/filter", Tier::Write),
            ("DELETE", "/api/v1/users/x", Tier::Write),
        ] {
            assert_eq!(Tier::of(method, path), tier, "{method} {path}");
        }
    }
}
