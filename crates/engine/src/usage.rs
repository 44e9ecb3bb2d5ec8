//! Counting what clients do, without a write on the token path.
//!
//! Invariant: counting is an atomic addition in memory; a job flushes the sums every few
//! seconds. A crash loses at most the last few seconds of counts, never a token or a decision.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::ids::{ClientId, RegionCode, TenantId};
use domain::tenant::Tenant;
use domain::time::Timestamp;

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// What is counted per client and day.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Counter { $($(#[$doc])* $name),+ }

        impl Counter {
            const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stored name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

counters! {
    /// A token by client credentials.
    TokenClientCredentials = "token.client_credentials",
    /// Tokens by an authorization code.
    TokenAuthorizationCode = "token.authorization_code",
    /// Tokens by a refresh token.
    TokenRefreshToken = "token.refresh_token",
    /// A token by impersonation.
    TokenUserImpersonation = "token.user_impersonation",
    /// No secret with this hint.
    FailureUnknownSecret = "failure.unknown_secret",
    /// The hint fits, the secret does not.
    FailureWrongSecret = "failure.wrong_secret",
    /// The secret has expired.
    FailureExpiredSecret = "failure.expired_secret",
    /// The client is switched off.
    FailureDisabled = "failure.disabled",
    /// The client does not use this way to authenticate.
    FailureMethod = "failure.method",
    /// The assertion is not good.
    FailureAssertion = "failure.assertion",
    /// The client may not use the grant.
    FailureGrant = "failure.grant_not_allowed",
}

const COUNTERS: usize = 11;

/// The sums of this node since it started, for its metrics.
#[derive(Debug, Default)]
pub struct Totals([AtomicU64; COUNTERS]);

impl Totals {
    /// Every counter with its sum.
    pub fn read(&self) -> impl Iterator<Item = (Counter, u64)> {
        Counter::ALL
            .iter()
            .map(|counter| (*counter, self.0[*counter as usize].load(Ordering::Relaxed)))
    }
}

/// The sums of one client of one tenant since the last flush.
#[derive(Debug, Default)]
pub struct ClientUsage {
    totals: Arc<Totals>,
    counts: [AtomicU64; COUNTERS],
    last_used: Mutex<BTreeMap<Credential, Timestamp>>,
}

/// A credential whose last use is remembered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Credential {
    /// A client secret, by its own id.
    Secret(Arc<str>),
    /// A registered public key, by its kid.
    Key(String),
}

impl ClientUsage {
    /// Counts one.
    pub fn count(&self, counter: Counter) {
        self.counts[counter as usize].fetch_add(1, Ordering::Relaxed);
        self.totals.0[counter as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Remembers that a credential worked.
    pub fn used(&self, credential: &Credential, at: Timestamp) {
        let mut last_used = self.last_used.lock().unwrap_or_else(PoisonError::into_inner);
        match last_used.get_mut(credential) {
            Some(last) => *last = at,
            None => {
                last_used.insert(credential.clone(), at);
            }
        }
    }

    fn drain(&self) -> (Vec<(Counter, u64)>, BTreeMap<Credential, Timestamp>) {
        let counts = Counter::ALL
            .iter()
            .map(|counter| (*counter, self.counts[*counter as usize].swap(0, Ordering::Relaxed)))
            .filter(|(_, count)| *count > 0)
            .collect();
        let used =
            std::mem::take(&mut *self.last_used.lock().unwrap_or_else(PoisonError::into_inner));
        (counts, used)
    }
}

/// What one client did since the last flush.
#[derive(Debug)]
pub struct Flushed {
    /// The region whose database keeps it.
    pub region: RegionCode,
    /// The tenant in which it happened.
    pub tenant_id: TenantId,
    /// The client.
    pub client_id: ClientId,
    /// How often each thing happened.
    pub counts: Vec<(Counter, u64)>,
    /// When credentials last worked.
    pub used: BTreeMap<Credential, Timestamp>,
}

/// Whose sums: the region is part of it, because a tenant's rows never leave its region.
type Key = (RegionCode, TenantId, ClientId);

/// The sums of all clients that this node has met.
#[derive(Debug, Default)]
pub struct Usage {
    totals: Arc<Totals>,
    clients: Mutex<HashMap<Key, Arc<ClientUsage>>>,
}

impl Usage {
    /// The sums of a client; the same ones however often its cache entry is made anew.
    pub fn of(&self, tenant: &Tenant, client: &ClientId) -> Arc<ClientUsage> {
        let key = (tenant.region.clone(), tenant.id.clone(), client.clone());
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh =
            || Arc::new(ClientUsage { totals: Arc::clone(&self.totals), ..ClientUsage::default() });
        Arc::clone(clients.entry(key).or_insert_with(fresh))
    }

    /// The sums of this node since it started.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Takes all sums out, and forgets clients that no cache entry holds any more.
    pub fn drain(&self) -> Vec<Flushed> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let mut flushed = Vec::new();
        clients.retain(|(region, tenant_id, client_id), usage| {
            let (counts, used) = usage.drain();
            if !counts.is_empty() || !used.is_empty() {
                flushed.push(Flushed {
                    region: region.clone(),
                    tenant_id: tenant_id.clone(),
                    client_id: client_id.clone(),
                    counts,
                    used,
                });
                return true;
            }
            Arc::strong_count(usage) > 1
        });
        flushed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_counter_has_its_place() {
        assert_eq!(Counter::ALL.len(), COUNTERS);
    }

    #[test]
    fn sums_come_out_once() {
        let usage = ClientUsage::default();
        usage.count(Counter::FailureMethod);
        usage.count(Counter::FailureMethod);
        assert_eq!(usage.drain().0, [(Counter::FailureMethod, 2)]);
        assert!(usage.drain().0.is_empty());
    }
}
