//! What a node remembers between requests.
//!
//! Invariants: every cache is bounded; an entry that was read before a change is never put in
//! after it (the version check); and a node that cannot follow the change feed does not believe
//! its caches (design, "Change feed").

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use domain::api_key::ApiKey;
use domain::ids::{ApiKeyId, ClientId, TenantId, UserId};
use domain::time::Timestamp;
use domain::user::User;
use moka::sync::Cache;
use store::ChangeKind;

use crate::client_auth::ClientEntry;
use crate::keys::KeySet;
use crate::settings::CacheSizes;
use crate::site::TenantView;

/// Tokens of one tenant that were revoked before their time: jti or grant id, and when the
/// entry may be forgotten.
#[derive(Debug, Default)]
pub struct Revocations(RwLock<HashMap<String, Timestamp>>);

impl Revocations {
    pub(crate) fn new(entries: impl IntoIterator<Item = (String, Timestamp)>) -> Self {
        Self(RwLock::new(entries.into_iter().collect()))
    }

    pub(crate) fn contains_any(&self, keys: &[&str]) -> bool {
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        !entries.is_empty() && keys.iter().any(|key| entries.contains_key(*key))
    }

    fn add(&self, key: &str, until: Timestamp, now: Timestamp) {
        let mut entries = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // Now and then, so that the work for each entry stays constant on average.
        if entries.len() == entries.capacity() {
            entries.retain(|_, until| *until > now);
        }
        entries.insert(key.to_owned(), until);
    }
}

/// All caches of a node.
pub struct Caches {
    sites: Cache<String, Arc<TenantView>>,
    clients: Cache<(TenantId, ClientId), Option<Arc<ClientEntry>>>,
    users: Cache<(TenantId, UserId), Option<Arc<User>>>,
    api_keys: Cache<(TenantId, ApiKeyId), Option<Arc<ApiKey>>>,
    keys: Cache<TenantId, Arc<KeySet>>,
    revocations: Cache<TenantId, Arc<Revocations>>,
    origins: Cache<TenantId, Arc<HashSet<String>>>,
    version: AtomicU64,
    trusted: AtomicBool,
}

/// What the version counter said before a value was read from the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version(u64);

macro_rules! cached {
    ($get:ident, $put:ident, $field:ident, $key:ty, $value:ty) => {
        pub(crate) fn $get(&self, key: &$key) -> Option<$value> {
            if self.trusted.load(Ordering::Acquire) { self.$field.get(key) } else { None }
        }

        pub(crate) fn $put(&self, version: Version, key: $key, value: $value) {
            if self.version() != version {
                return;
            }
            self.$field.insert(key.clone(), value);
            // A change may have been applied between the check and the insert.
            if self.version() != version {
                self.$field.invalidate(&key);
            }
        }
    };
}

impl Caches {
    pub(crate) fn new(sizes: &CacheSizes) -> Self {
        Self {
            sites: Cache::new(sizes.tenants),
            clients: Cache::new(sizes.clients),
            users: Cache::new(sizes.users),
            api_keys: Cache::new(sizes.users),
            keys: Cache::new(sizes.tenants),
            revocations: Cache::new(sizes.tenants),
            origins: Cache::new(sizes.tenants),
            version: AtomicU64::new(0),
            trusted: AtomicBool::new(true),
        }
    }

    /// Taken before a value is read from the store, and shown when it is put in.
    pub(crate) fn version(&self) -> Version {
        Version(self.version.load(Ordering::Acquire))
    }

    pub(crate) fn site(&self, host_header: &str) -> Option<Arc<TenantView>> {
        if self.trusted.load(Ordering::Acquire) { self.sites.get(host_header) } else { None }
    }

    pub(crate) fn put_site(&self, version: Version, host_header: &str, view: Arc<TenantView>) {
        if self.version() == version {
            self.sites.insert(host_header.to_owned(), view);
            if self.version() != version {
                self.sites.invalidate(host_header);
            }
        }
    }

    cached!(client, put_client, clients, (TenantId, ClientId), Option<Arc<ClientEntry>>);
    cached!(user, put_user, users, (TenantId, UserId), Option<Arc<User>>);
    cached!(api_key, put_api_key, api_keys, (TenantId, ApiKeyId), Option<Arc<ApiKey>>);
    cached!(keys, put_keys, keys, TenantId, Arc<KeySet>);
    cached!(revocations, put_revocations, revocations, TenantId, Arc<Revocations>);
    cached!(origins, put_origins, origins, TenantId, Arc<HashSet<String>>);

    /// Forgets what a change made stale. `now` bounds how long a revocation is remembered when
    /// its own expiry is not known: access tokens never live longer than a day.
    pub(crate) fn apply(&self, kind: ChangeKind, tenant: &TenantId, subject: &str, now: Timestamp) {
        self.version.fetch_add(1, Ordering::AcqRel);
        match kind {
            ChangeKind::Tenant => self.forget_sites(tenant),
            ChangeKind::Client => {
                if let Ok(client) = ClientId::parse(subject) {
                    self.clients.invalidate(&(tenant.clone(), client));
                }
                self.origins.invalidate(tenant);
            }
            ChangeKind::SharedClient => self.forget_shared_client(subject),
            ChangeKind::User => {
                if let Ok(user) = UserId::parse(subject) {
                    self.users.invalidate(&(tenant.clone(), user));
                }
            }
            ChangeKind::Users => self.forget_users(tenant),
            ChangeKind::SigningKey => self.keys.invalidate(tenant),
            ChangeKind::Revocation => {
                if let Some(known) = self.revocations.get(tenant) {
                    known.add(subject, domain::time::plus_seconds(now, MAX_TOKEN_SECONDS), now);
                }
            }
            ChangeKind::Origins => self.origins.invalidate(tenant),
            ChangeKind::ApiKey => {
                if let Ok(key) = ApiKeyId::parse(subject) {
                    self.api_keys.invalidate(&(tenant.clone(), key));
                }
            }
        }
    }

    /// A walk through all host names: tenants change seldom, and the others stay known. A host name
    /// never leads to another tenant than before.
    fn forget_sites(&self, tenant: &TenantId) {
        for (host, _) in self.sites.iter().filter(|(_, view)| view.tenant.id == *tenant) {
            self.sites.invalidate(&*host);
        }
    }

    /// A walk through all users: a tenant's roles and groups change seldom.
    fn forget_users(&self, tenant: &TenantId) {
        for (key, _) in self.users.iter().filter(|(key, _)| key.0 == *tenant) {
            self.users.invalidate(&*key);
        }
    }

    /// Forgets a client in all tenants, and that there was none of its id: a walk through all
    /// clients, since few are shared and those change seldom.
    fn forget_shared_client(&self, client_id: &str) {
        let fits = |key: &(TenantId, ClientId)| key.1.as_str() == client_id;
        for (key, _) in self.clients.iter().filter(|(key, _)| fits(key)) {
            self.clients.invalidate(&*key);
        }
        self.origins.invalidate_all();
    }

    /// Whether the caches may be believed; told by the change feed.
    pub(crate) fn set_trusted(&self, trusted: bool) {
        if self.trusted.swap(trusted, Ordering::AcqRel) != trusted && trusted {
            self.forget_all();
        }
    }

    /// Forgets everything: after the feed was out of reach, changes may have been missed.
    pub(crate) fn forget_all(&self) {
        self.version.fetch_add(1, Ordering::AcqRel);
        self.sites.invalidate_all();
        self.clients.invalidate_all();
        self.users.invalidate_all();
        self.api_keys.invalidate_all();
        self.keys.invalidate_all();
        self.revocations.invalidate_all();
        self.origins.invalidate_all();
    }
}

/// Longest life of an access token that a tenant can configure, in seconds.
pub(crate) const MAX_TOKEN_SECONDS: i64 = 86_400;
