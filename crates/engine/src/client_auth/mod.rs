//! Client authentication (RFC 6749 section 2.3, RFC 7523, contract 4.3).
//!
//! Invariants: the caller learns only that it failed; why goes to the counters and the log, for
//! the client's administrator. An unknown client costs the same comparison as a wrong secret.

mod assertion;
mod fetch;
mod key_source;
mod secret;

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use domain::client::{AuthMethod, ClientWithCredentials, ConsentMethod};
use domain::ids::{ClientId, TenantId, UserId};
use domain::oauth_error::{ErrorKind, OauthError};
use domain::scope::ScopeSet;
use domain::token_request::{Credentials, PresentedClient};
pub use fetch::Fetcher;
pub(crate) use fetch::is_public;
pub(crate) use key_source::KeySource;
pub(crate) use secret::stored_hash;
use store::ScopeWay;

use crate::context::Ctx;
use crate::error::OrUnavailable;
use crate::usage::{ClientUsage, Failure, Reason, UsageKey, day_number};

/// A client in the cache: with its credentials, parsed keys, and what was derived from it.
pub struct ClientEntry {
    /// The client, its secrets and keys, and how the tenant treats it.
    pub inner: ClientWithCredentials,
    /// Whether the tenant lets it in.
    is_approved: bool,
    /// What it gets when it asks for no scope in particular.
    pub(crate) default_scope: ScopeSet,
    /// Its public keys.
    pub(crate) keys: KeySource,
    /// Its sums.
    pub(crate) usage: Arc<ClientUsage>,
    /// What was last asked for by name, and on which day.
    last_requested: Mutex<Option<(ScopeSet, i64)>>,
    /// The bot user it acts as, once known.
    pub(crate) bot_user: OnceLock<UserId>,
}

impl fmt::Debug for ClientEntry {
    // Hashes of secrets are for nobody's log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientEntry").field("id", &self.inner.client.id).finish_non_exhaustive()
    }
}

impl ClientEntry {
    /// Whether users are asked before it acts for them.
    pub fn consent_method(&self) -> ConsentMethod {
        self.inner.consent_method()
    }

    /// Whether it is switched off, by its owner or for this tenant.
    pub fn is_disabled(&self) -> bool {
        self.disabled_because().is_some()
    }

    /// Counts a refusal, for the client's administrator.
    pub(crate) fn note_refusal(&self, ctx: &Ctx<'_>, reason: Reason) {
        let Ctx { now: at, address, trace_id, .. } = *ctx;
        self.usage.refused(Failure { reason, at, address, trace_id });
    }

    /// Counts a refusal and makes the answer that tells the caller nothing more.
    pub(crate) fn refuse(&self, ctx: &Ctx<'_>, reason: Reason) -> OauthError {
        self.note_refusal(ctx, reason);
        let id = &self.inner.client.id;
        refused().with_private(format!("client {id} refused: {}", reason.word()))
    }

    /// Why it is switched off, if it is.
    pub(crate) fn disabled_because(&self) -> Option<Reason> {
        match self.inner.client.disable_tag {
            Some(_) => Some(Reason::Disabled),
            None => (!self.is_approved).then_some(Reason::NotApproved),
        }
    }

    /// Remembers that a token of the client with `held` passed a check for any of `demanded`: the
    /// first of them that `held` covers is what let it pass. Tells whether there is one.
    pub(crate) fn note_scope_use(&self, ctx: &Ctx<'_>, held: &ScopeSet, demanded: &[&str]) -> bool {
        let covered = demanded.iter().find(|scope| ctx.engine.catalogue.implies(held, scope));
        self.note_scopes(ctx, ScopeWay::Used, covered.copied());
        covered.is_some()
    }

    /// Remembers that scopes were asked for by name. Asking for the same as the last time, as
    /// machines do, costs one comparison.
    pub(crate) fn note_requested(&self, ctx: &Ctx<'_>, scope: &ScopeSet) {
        if scope.is_empty() {
            return;
        }
        let day = day_number(ctx.now);
        let mut last = self.last_requested.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((known, on)) if *on == day && known.as_str() == scope.as_str() => return,
            _ => *last = Some((scope.clone(), day)),
        }
        drop(last);
        self.note_scopes(ctx, ScopeWay::Requested, scope.iter());
    }

    /// Remembers that scopes were asked for by name, or that a token with them was used.
    pub(crate) fn note_scopes<'n>(
        &self,
        ctx: &Ctx<'_>,
        way: ScopeWay,
        names: impl IntoIterator<Item = &'n str>,
    ) {
        let known = (&ctx.engine.catalogue, &self.inner.client.allowed_scopes);
        self.usage.scopes(known, way, names, ctx.now);
    }
}

pub(crate) fn refused() -> OauthError {
    OauthError::invalid_client("The client is unknown, or its credentials are wrong.")
}

/// A client of this tenant, from the cache or the store.
///
/// # Errors
/// When the store is away.
pub async fn find(ctx: &Ctx<'_>, id: &ClientId) -> Result<Option<Arc<ClientEntry>>, OauthError> {
    let caches = &ctx.engine.caches;
    let key = (ctx.tenant.tenant.id.clone(), id.clone());
    if let Some(found) = caches.client(&key) {
        return Ok(found);
    }
    Box::pin(load(ctx, key)).await
}

async fn load(
    ctx: &Ctx<'_>,
    key: (TenantId, ClientId),
) -> Result<Option<Arc<ClientEntry>>, OauthError> {
    let caches = &ctx.engine.caches;
    let version = caches.version();
    let found = ctx.read().await.or_unavailable()?.client_get(&key.1).await.or_unavailable()?;
    let entry = found.map(|inner| Arc::new(entry(ctx, inner)));
    caches.put_client(version, key, entry.clone());
    Ok(entry)
}

fn entry(ctx: &Ctx<'_>, inner: ClientWithCredentials) -> ClientEntry {
    let catalogue = &ctx.engine.catalogue;
    let allowed = &inner.client.allowed_scopes;
    let default_scope =
        domain::scope::resolve(&ScopeSet::default(), allowed, catalogue).unwrap_or_default();
    let usage = ctx.engine.usage.of(usage_key(ctx, &inner.client.id));
    let keys = KeySource::new(&inner);
    let is_approved = inner.is_approved_in(&ctx.tenant.tenant.id);
    ClientEntry {
        is_approved,
        default_scope,
        keys,
        usage,
        last_requested: Mutex::default(),
        bot_user: OnceLock::new(),
        inner,
    }
}

/// Where what a client does in this tenant is counted.
pub(crate) fn usage_key(ctx: &Ctx<'_>, id: &ClientId) -> UsageKey {
    let tenant = &ctx.tenant.tenant;
    UsageKey {
        region: tenant.region.clone(),
        owner_id: tenant.id.to_string(),
        client_id: id.clone(),
    }
}

/// Authenticates a client that named itself.
///
/// # Errors
/// `invalid_client` for every refusal; `invalid_request` when no client is named.
pub async fn authenticate(
    ctx: &Ctx<'_>,
    presented: &PresentedClient,
) -> Result<Arc<ClientEntry>, OauthError> {
    let named = match (&presented.client_id, &presented.credentials) {
        (Some(id), _) => Some(id.clone()),
        (None, Credentials::Assertion(token)) => assertion::claimed_client(token.expose()),
        (None, _) => None,
    };
    let Some(id) = named else {
        return Err(OauthError::new(
            ErrorKind::InvalidClient,
            "No client is named: send client_id, or authenticate the client.",
        ));
    };
    authenticate_as(ctx, &id, presented).await
}

/// Authenticates the client `id`, which was named by the request or by a token in it.
///
/// # Errors
/// `invalid_client` for every refusal.
pub async fn authenticate_as(
    ctx: &Ctx<'_>,
    id: &ClientId,
    presented: &PresentedClient,
) -> Result<Arc<ClientEntry>, OauthError> {
    let Some(entry) = find(ctx, id).await? else {
        ctx.engine.usage.unknown_client();
        secret::compare_with_nothing(ctx, &presented.credentials);
        return Err(refused().with_private(format!("client {id} is not known in this tenant")));
    };
    prove(ctx, &entry, &presented.credentials).await?;
    match entry.disabled_because() {
        Some(reason) => Err(entry.refuse(ctx, reason)),
        None => Ok(entry),
    }
}

async fn prove(
    ctx: &Ctx<'_>,
    entry: &ClientEntry,
    credentials: &Credentials,
) -> Result<(), OauthError> {
    let client = &entry.inner.client;
    let uses = |method| client.auth_methods.contains(&method);
    match credentials {
        Credentials::None if !client.is_confidential() => Ok(()),
        Credentials::Secret(secret) if uses(AuthMethod::ClientSecret) => {
            secret::verify(ctx, entry, secret)
        }
        Credentials::Assertion(token) if uses(AuthMethod::PrivateKeyJwt) => {
            Box::pin(assertion::verify(ctx, entry, token)).await
        }
        Credentials::None => Err(entry.refuse(ctx, Reason::NoCredentials)),
        Credentials::Secret(_) => Err(entry.refuse(ctx, Reason::SecretNotAccepted)),
        Credentials::Assertion(_) => Err(entry.refuse(ctx, Reason::AssertionNotAccepted)),
    }
}
