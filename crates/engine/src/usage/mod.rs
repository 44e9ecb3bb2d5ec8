//! Counting what clients do, without a write on the token path.
//!
//! Invariants: counting is an atomic addition in memory, and a short lock for what is told by name;
//! a job flushes it every few seconds. A crash loses at most the last few seconds of counts, never
//! a token or a decision. Only clients that exist are kept by name, so that no caller can make
//! anything grow.

mod counter;
mod reason;
mod recent;
mod scope_days;

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use domain::client::GrantType;
use domain::ids::{ClientId, RegionCode};
use domain::scope::{Catalogue, ScopeSet};
use domain::time::Timestamp;
use store::{Credential, ScopeWay};

pub(crate) use self::counter::REFUSALS;
pub use self::counter::{Counter, Totals};
use self::counter::{GRANTS, REASONS};
pub use self::reason::Reason;
pub use self::recent::Failure;
use self::recent::Recent;
pub use self::scope_days::Mark;
pub(crate) use self::scope_days::day_number;
use self::scope_days::{ScopeDays, behind};

/// The sums of one client at one site since the last flush.
#[derive(Debug)]
pub struct ClientUsage {
    totals: Arc<Totals>,
    tokens: [AtomicU64; GRANTS],
    last_used: Mutex<LastUses>,
    rare: OnceLock<Box<Rare>>,
}

/// What most clients of a cache never have: made when there is something to put in.
#[derive(Debug)]
struct Rare {
    failures: [AtomicU64; REASONS],
    recent: Mutex<Recent>,
    scopes: Mutex<ScopeDays>,
}

fn zeros<const N: usize>() -> [AtomicU64; N] {
    std::array::from_fn(|_| AtomicU64::new(0))
}

/// When and from where credentials last worked, by what the store knows them by.
type LastUsed = BTreeMap<CredentialKey, (Timestamp, IpAddr)>;

/// The last uses of a client since the last flush.
#[derive(Debug, Default)]
struct LastUses {
    credentials: LastUsed,
    /// Of the client itself: a credential worked, or it got a token.
    client: Option<(Timestamp, IpAddr)>,
}

/// Keeps the later of two uses.
fn keep_latest(last: &mut (Timestamp, IpAddr), other: (Timestamp, IpAddr)) {
    if last.0 <= other.0 {
        *last = other;
    }
}

impl LastUses {
    fn client(&mut self, at: Timestamp, from: IpAddr) {
        keep_latest(self.client.get_or_insert((at, from)), (at, from));
    }
}

/// A credential of a known client.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum CredentialKey {
    /// A client secret, by its own id.
    Secret(Arc<str>),
    /// A registered public key, by its kid.
    Key(String),
}

impl CredentialKey {
    pub(crate) fn of(self, client: &ClientId) -> Credential {
        match self {
            Self::Secret(id) => Credential::Secret(id),
            Self::Key(kid) => Credential::Key(client.clone(), kid),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl ClientUsage {
    fn new(totals: &Arc<Totals>) -> Self {
        Self {
            totals: Arc::clone(totals),
            tokens: zeros(),
            last_used: Mutex::default(),
            rare: OnceLock::new(),
        }
    }

    fn rare(&self) -> &Rare {
        let fresh =
            || Rare { failures: zeros(), recent: Mutex::default(), scopes: Mutex::default() };
        self.rare.get_or_init(|| Box::new(fresh()))
    }

    fn add(&self, counter: Counter, count: u64) {
        let sum = match counter {
            Counter::Token(grant) => &self.tokens[grant as usize],
            Counter::Failure(reason) => &self.rare().failures[reason as usize],
        };
        sum.fetch_add(count, Ordering::Relaxed);
    }

    fn count(&self, counter: Counter) {
        self.add(counter, 1);
        self.totals.count(counter);
    }

    /// Counts an answer with tokens, which is a use of the client.
    pub fn issued(&self, grant: GrantType, at: Timestamp, from: IpAddr) {
        self.count(Counter::Token(grant));
        lock(&self.last_used).client(at, from);
    }

    /// Counts a refusal, and keeps it if it is among the newest.
    pub fn refused(&self, failure: Failure) {
        self.count(Counter::Failure(failure.reason));
        lock(&self.rare().recent).push(failure);
    }

    /// Remembers that a credential worked, which is a use of the client.
    pub fn used(&self, credential: &CredentialKey, at: Timestamp, from: IpAddr) {
        let mut last_used = lock(&self.last_used);
        last_used.client(at, from);
        match last_used.credentials.get_mut(credential) {
            Some(last) => keep_latest(last, (at, from)),
            None => {
                last_used.credentials.insert(credential.clone(), (at, from));
            }
        }
    }

    /// Remembers that scopes were asked for, or that a token with them was used. Those behind which
    /// the client's list has nothing are left out.
    pub(crate) fn scopes<'n>(
        &self,
        (catalogue, allowed): (&Catalogue, &ScopeSet),
        way: ScopeWay,
        names: impl IntoIterator<Item = &'n str>,
        at: Timestamp,
    ) {
        let day = day_number(at);
        let mut scopes = lock(&self.rare().scopes);
        for scope in names.into_iter().filter_map(|name| behind(catalogue, allowed, name)) {
            scopes.mark(scope, way, day);
        }
    }

    fn drain(&self) -> Drained {
        let tokens = GrantType::ALL.iter().map(|grant| Counter::Token(*grant)).zip(&self.tokens);
        let last_used = std::mem::take(&mut *lock(&self.last_used));
        let mut drained = Drained {
            counts: tokens.filter_map(take).collect(),
            used: last_used.credentials,
            client_used: last_used.client,
            ..Drained::default()
        };
        if let Some(rare) = self.rare.get() {
            let reasons = Reason::ALL.iter().map(|reason| Counter::Failure(*reason));
            drained.counts.extend(reasons.zip(&rare.failures).filter_map(take));
            drained.failures = lock(&rare.recent).take();
            drained.scopes = lock(&rare.scopes).take();
        }
        drained
    }

    fn give_back(&self, drained: Drained) {
        for (counter, count) in drained.counts {
            self.add(counter, count);
        }
        let mut last_used = lock(&self.last_used);
        for (credential, latest) in drained.used {
            keep_latest(last_used.credentials.entry(credential).or_insert(latest), latest);
        }
        if let Some((at, from)) = drained.client_used {
            last_used.client(at, from);
        }
        drop(last_used);
        if !drained.failures.is_empty() || !drained.scopes.is_empty() {
            lock(&self.rare().recent).give_back(&drained.failures);
            lock(&self.rare().scopes).give_back(&drained.scopes);
        }
    }
}

/// Takes a sum out. Most are 0: reading is cheaper than writing.
fn take((counter, sum): (Counter, &AtomicU64)) -> Option<(Counter, u64)> {
    match sum.load(Ordering::Relaxed) {
        0 => None,
        _ => Some((counter, sum.swap(0, Ordering::Relaxed))),
    }
}

/// What one client did since the last flush.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// How often each thing happened.
    pub counts: Vec<(Counter, u64)>,
    /// When and from where credentials last worked.
    pub used: LastUsed,
    /// When and from where the client was last used.
    pub client_used: Option<(Timestamp, IpAddr)>,
    /// The newest refusals, oldest first.
    pub failures: Vec<Failure>,
    /// Days of scopes.
    pub scopes: Vec<Mark>,
}

impl Drained {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Whose sums: the region is part of it, because rows never leave their region.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UsageKey {
    /// The region whose database keeps them.
    pub region: RegionCode,
    /// Where it happened: a tenant's id, or the owner text of another site.
    pub owner_id: String,
    /// The client.
    pub client_id: ClientId,
}

/// The sums of all clients that this node has met.
#[derive(Debug, Default)]
pub struct Usage {
    totals: Arc<Totals>,
    clients: Mutex<HashMap<UsageKey, Arc<ClientUsage>>>,
    /// Held while sums are on their way into the database, so that whoever flushes after has
    /// everything that happened before in there.
    pub(crate) flushing: tokio::sync::Mutex<()>,
}

impl Usage {
    /// The sums of a client; the same ones however often its cache entry is made anew.
    pub fn of(&self, key: UsageKey) -> Arc<ClientUsage> {
        let fresh = || Arc::new(ClientUsage::new(&self.totals));
        Arc::clone(lock(&self.clients).entry(key).or_insert_with(fresh))
    }

    /// Counts a request in the name of a client that does not exist.
    pub fn unknown_client(&self) {
        self.totals.count_unknown_client();
    }

    /// The sums of this node since it started.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Takes all sums out, and forgets clients that no cache entry holds any more.
    pub fn drain(&self) -> Vec<(UsageKey, Drained)> {
        let mut flushed = Vec::new();
        lock(&self.clients).retain(|key, usage| {
            let drained = usage.drain();
            if drained.is_empty() {
                return Arc::strong_count(usage) > 1;
            }
            flushed.push((key.clone(), drained));
            true
        });
        flushed
    }

    /// Takes one client's sums out, if there are any.
    pub fn drain_one(&self, key: &UsageKey) -> Option<Drained> {
        let usage = lock(&self.clients).get(key).cloned()?;
        Some(usage.drain()).filter(|drained| !drained.is_empty())
    }

    /// Takes back what could not be written, for the next time.
    pub fn give_back(&self, key: UsageKey, drained: Drained) {
        self.of(key).give_back(drained);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use domain::time::from_millis;

    use super::*;
    use crate::trace::TraceId;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    fn key() -> UsageKey {
        UsageKey {
            region: RegionCode::parse("eu").expect("a code"),
            owner_id: "tenant".to_owned(),
            client_id: ClientId::parse("client").expect("an id"),
        }
    }

    fn failure() -> Failure {
        let (at, trace_id) = (from_millis(7), TraceId::new(""));
        Failure { reason: Reason::NoCredentials, at, address: HERE, trace_id }
    }

    #[test]
    fn sums_come_out_once_and_come_back_once() {
        let usage = Usage::default();
        let client = usage.of(key());
        client.refused(failure());
        client.refused(failure());
        client.issued(GrantType::ClientCredentials, from_millis(4), HERE);
        client.used(&CredentialKey::Key("k".to_owned()), from_millis(5), HERE);
        let (_, first) = usage.drain().pop().expect("something");
        assert_eq!(first.counts.len(), 2);
        assert_eq!(first.failures.len(), 2);
        assert!(usage.drain().is_empty() && usage.drain_one(&key()).is_none());
        usage.give_back(key(), first);
        client.issued(GrantType::ClientCredentials, from_millis(4), HERE);
        // A use that came back does not hide a later one.
        client.used(&CredentialKey::Key("k".to_owned()), from_millis(9), HERE);
        let again = usage.drain_one(&key()).expect("something");
        assert!(again.counts.contains(&(Counter::Token(GrantType::ClientCredentials), 2)));
        assert!(again.counts.contains(&(Counter::Failure(Reason::NoCredentials), 2)));
        assert_eq!(again.used.values().collect::<Vec<_>>(), [&(from_millis(9), HERE)]);
        assert_eq!(again.client_used, Some((from_millis(9), HERE)));
        assert_eq!(again.failures.len(), 2);
    }

    #[test]
    fn a_client_without_credentials_is_used_when_it_gets_a_token() {
        let usage = Usage::default();
        let client = usage.of(key());
        for at in [3, 8, 5] {
            client.issued(GrantType::AuthorizationCode, from_millis(at), HERE);
        }
        let (_, drained) = usage.drain().pop().expect("something");
        assert_eq!((drained.client_used, drained.used.len()), (Some((from_millis(8), HERE)), 0));
    }

    #[test]
    fn a_client_that_nobody_holds_is_forgotten() {
        let usage = Usage::default();
        let client = usage.of(key());
        client.refused(failure());
        drop(client);
        assert_eq!(usage.drain().len(), 1);
        assert!(usage.drain().is_empty());
        assert!(lock(&usage.clients).is_empty());
    }
}
