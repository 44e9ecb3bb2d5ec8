//! The engine, and the context of one request.
//!
//! Invariant: a [`Ctx`] is built once per request, from a resolved tenant; time is read once, so
//! that every decision of a request is made at the same instant.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use domain::audit::{Actor, AuditEvent};
use domain::crypto::Keyring;
use domain::entropy::Entropy;
use domain::scope::Catalogue;
use domain::secret::SecretText;
use domain::time::{Clock, Timestamp};
use serde_json::Value;
use store::{ChangeKind, RegionStore, RegionWide, Store, StoreError, TenantRead, TenantTx};

use crate::api_key::ApiKeyUses;
use crate::caches::Caches;
use crate::client_auth::Fetcher;
use crate::password::Passwords;
use crate::rate_limit::RateLimits;
use crate::search::Searches;
use crate::settings::Settings;
use crate::site::TenantView;
use crate::throttle::Throttle;
use crate::trace::{TraceId, TraceIds};
use crate::usage::{Totals, Usage};

/// What an engine is built from.
pub struct EngineParts {
    /// The data.
    pub store: Store,
    /// The keys that everything secret at rest hangs on.
    pub keyring: Keyring,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The scopes there are.
    pub catalogue: Catalogue,
    /// Everything else.
    pub settings: Settings,
}

/// Everything that requests share.
pub struct Engine {
    pub(crate) store: Store,
    pub(crate) keyring: Keyring,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) catalogue: Catalogue,
    pub(crate) settings: Settings,
    pub(crate) caches: Caches,
    pub(crate) passwords: Passwords,
    pub(crate) throttle: Throttle,
    pub(crate) rate_limits: RateLimits,
    pub(crate) searches: Searches,
    pub(crate) usage: Arc<Usage>,
    pub(crate) api_key_uses: ApiKeyUses,
    pub(crate) trace_ids: TraceIds,
    pub(crate) fetcher: Fetcher,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Engine {
    /// Builds the engine; no I/O happens yet.
    pub fn new(parts: EngineParts) -> Arc<Self> {
        let settings = parts.settings;
        parts.store.seal_audit(&parts.keyring.audit_seal());
        Arc::new(Self {
            caches: Caches::new(settings.cache_bytes),
            passwords: Passwords::new(&settings.passwords),
            throttle: Throttle::new(&settings.sign_in),
            rate_limits: RateLimits::new(&settings.rate_limits),
            searches: Searches::new(&parts.store),
            usage: Arc::default(),
            api_key_uses: ApiKeyUses::default(),
            trace_ids: TraceIds::new(&*parts.entropy),
            fetcher: Fetcher::new(&settings.outbound),
            store: parts.store,
            keyring: parts.keyring,
            clock: parts.clock,
            entropy: parts.entropy,
            catalogue: parts.catalogue,
            settings,
        })
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The data, for jobs, health checks and tests.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The scopes there are.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The sums of this node since it started.
    pub fn totals(&self) -> &Totals {
        self.usage.totals()
    }

    /// Randomness.
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.entropy
    }

    /// A secret that this installation's master key always derives for `label`.
    pub fn derived_secret(&self, label: &str) -> SecretText {
        self.keyring.derived_secret(label)
    }

    /// The bytes of a new trace id.
    pub fn new_trace_id(&self) -> [u8; 16] {
        self.trace_ids.draw()
    }

    /// The current instant. Requests use [`Ctx::now`] instead.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The context of a request to a tenant.
    pub fn context(&self, tenant: Arc<TenantView>, trace_id: TraceId, address: IpAddr) -> Ctx<'_> {
        Ctx { engine: self, tenant, now: self.clock.now(), trace_id, address }
    }
}

/// The context of one request: which tenant, when, from where.
#[derive(Clone)]
pub struct Ctx<'e> {
    /// The engine.
    pub engine: &'e Engine,
    /// The tenant that the request's host belongs to.
    pub tenant: Arc<TenantView>,
    /// When the request came.
    pub now: Timestamp,
    /// Its trace id.
    pub trace_id: TraceId,
    /// The caller's address.
    pub address: IpAddr,
}

impl Ctx<'_> {
    fn region(&self) -> Result<&RegionStore, StoreError> {
        self.engine
            .store
            .region(&self.tenant.tenant.region)
            .ok_or(StoreError::NotFound { what: "region" })
    }

    /// Work over all tenants of the region.
    pub(crate) fn wide(&self) -> Result<RegionWide, StoreError> {
        Ok(self.region()?.wide())
    }

    /// Reads of this tenant.
    pub(crate) async fn read(&self) -> Result<TenantRead, StoreError> {
        self.region()?.read(&self.tenant.tenant.id).await
    }

    /// A write transaction of this tenant.
    pub(crate) async fn begin(&self) -> Result<TenantTx, StoreError> {
        self.region()?.begin(&self.tenant.tenant.id).await
    }

    /// Single guarded statements of this tenant, without a transaction around them.
    pub(crate) async fn autocommit(&self) -> Result<TenantTx, StoreError> {
        self.region()?.autocommit(&self.tenant.tenant.id).await
    }

    /// An audit event of this request, for the transaction of what it tells; a client that acts
    /// by itself is also the one through which it came ([`AuditEvent::through`] names another).
    pub(crate) fn event(
        &self,
        actor: Actor,
        event: &'static str,
        subject: &str,
        details: Value,
    ) -> AuditEvent {
        debug_assert!(crate::admin::audit::EVENTS.contains(&event), "{event} is no known event");
        let client_id = match &actor {
            Actor::Client(id) => id.clone(),
            _ => String::new(),
        };
        AuditEvent {
            at: self.now,
            actor,
            event,
            subject: subject.to_owned(),
            client_id,
            address: self.address.to_string(),
            trace_id: self.trace_id.as_str().to_owned(),
            details,
        }
    }
}

impl Ctx<'_> {
    /// Commits a transaction together with the change that other nodes must hear of, and drops
    /// what this node remembered.
    pub(crate) async fn commit_change(
        &self,
        mut tx: TenantTx,
        kind: ChangeKind,
        subject: &str,
    ) -> Result<(), StoreError> {
        tx.change_append(kind, subject, self.now).await?;
        tx.commit().await?;
        self.forget(kind, subject);
        Ok(())
    }

    /// Drops what this node remembered of something that a committed transaction has changed.
    pub(crate) fn forget(&self, kind: ChangeKind, subject: &str) {
        self.engine.caches.apply(kind, &self.tenant.tenant.id, subject, self.now);
    }
}
