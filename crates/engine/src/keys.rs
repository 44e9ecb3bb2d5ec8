//! The signing keys of a tenant: made lazily, parsed once, rotated with overlap.
//!
//! Invariants: a private key is stored sealed under the master key; two nodes that make the first
//! key at once agree on one (a unique generation); a key stays published until everything it
//! signed has expired.

use std::sync::Arc;

use domain::audit::Actor;
use domain::ids::TenantId;
use domain::jose::{Alg, Jwk, SigningKey, VerifyingKey};
use domain::oauth_error::OauthError;
use domain::time::{Timestamp, plus_seconds};
use serde_json::json;
use store::{ChangeKind, StoreError, StoredSigningKey, TenantTx};

use crate::caches::MAX_TOKEN_SECONDS;
use crate::context::Ctx;
use crate::error::OrUnavailable;

/// Access tokens are signed with this (design, "Tokens").
pub const ACCESS_TOKEN_ALG: Alg = Alg::ES256;

/// What ID tokens may be signed with; RS256 is the default (OpenID Connect Core 15.1).
pub const ID_TOKEN_ALGS: &[Alg] = &[Alg::RS256, Alg::ES256, Alg::PS256];

/// A new key is published this long before it signs, so that clients' key caches have it.
pub const PUBLISH_LEAD_SECONDS: i64 = 600;

/// Retired keys of an algorithm that are kept for what outlives its key, such as an ID token that
/// comes back as a hint. Older ones are deleted, so that rotations add no rows for ever.
const RETIRED_KEPT: usize = 16;

struct Signer {
    activates_at: Timestamp,
    key: Arc<SigningKey>,
}

/// All keys of one tenant, ready for use.
pub struct KeySet {
    signers: Vec<Signer>,
    /// Few, so that looking through them is quicker than a table, and smaller.
    verifiers: Vec<Verifier>,
}

struct Verifier {
    alg: Alg,
    key: VerifyingKey,
    public: Jwk,
    retires_at: Option<Timestamp>,
}

impl Verifier {
    /// Asked at every use: a set may stay in the cache longer than a key of it lives.
    fn is_alive(&self, now: Timestamp) -> bool {
        self.retires_at.is_none_or(|at| at > now)
    }
}

impl KeySet {
    fn signer(&self, alg: Alg, now: Timestamp) -> Option<Arc<SigningKey>> {
        let of_alg = || self.signers.iter().filter(|signer| signer.key.alg() == alg);
        of_alg()
            .filter(|signer| signer.activates_at <= now)
            .max_by_key(|signer| signer.activates_at)
            .or_else(|| of_alg().min_by_key(|signer| signer.activates_at))
            .map(|signer| Arc::clone(&signer.key))
    }

    /// The key that verifies a token of ours, by its kid and algorithm.
    pub(crate) fn verifier(&self, kid: &str, alg: Alg, now: Timestamp) -> Option<&VerifyingKey> {
        self.named(kid, alg).filter(|found| found.is_alive(now)).map(|found| &found.key)
    }

    /// The same for what outlives its key: whoever asks decides by other means, too.
    pub(crate) fn verifier_of_any_age(&self, kid: &str, alg: Alg) -> Option<&VerifyingKey> {
        self.named(kid, alg).map(|found| &found.key)
    }

    fn named(&self, kid: &str, alg: Alg) -> Option<&Verifier> {
        let fits = |each: &&Verifier| each.alg == alg && each.key.kid() == Some(kid);
        self.verifiers.iter().find(fits)
    }

    /// What its private keys sign with, one of each.
    pub(crate) fn signer_algs(&self) -> impl Iterator<Item = Alg> {
        self.signers.iter().map(|signer| signer.key.alg())
    }

    /// What its public keys verify, one of each.
    pub(crate) fn verifier_algs(&self) -> impl Iterator<Item = Alg> {
        self.verifiers.iter().map(|verifier| verifier.alg)
    }

    /// The public halves, as `/.well-known/jwks.json` shows them.
    pub fn public(&self, now: Timestamp) -> Vec<&Jwk> {
        let alive = self.verifiers.iter().filter(|verifier| verifier.is_alive(now));
        let mut public: Vec<&Jwk> = alive.map(|verifier| &verifier.public).collect();
        public.sort_by_key(|jwk| (jwk.alg().map(Alg::as_str), jwk.kid().map(str::to_owned)));
        public
    }
}

fn seal_context(tenant: &TenantId, kid: &str) -> String {
    format!("signing-key:{tenant}:{kid}")
}

fn broken_key(kid: &str) -> OauthError {
    OauthError::server_error("A signing key cannot be used.")
        .with_private(format!("signing key {kid} does not open or parse"))
}

fn open(ctx: &Ctx<'_>, stored: &StoredSigningKey) -> Result<SigningKey, OauthError> {
    let context = seal_context(&ctx.tenant.tenant.id, &stored.kid);
    let pkcs8 = ctx.engine.keyring.open(&context, &stored.sealed);
    let pkcs8 = pkcs8.map_err(|_| broken_key(&stored.kid))?;
    SigningKey::from_pkcs8(stored.alg, &stored.kid, &pkcs8).map_err(|_| broken_key(&stored.kid))
}

/// The tenant's keys, from the cache or the store.
///
/// # Errors
/// When the store is away or a key is broken.
pub async fn key_set(ctx: &Ctx<'_>) -> Result<Arc<KeySet>, OauthError> {
    let tenant_id = &ctx.tenant.tenant.id;
    if let Some(set) = ctx.engine.caches.keys(tenant_id) {
        return Ok(set);
    }
    Box::pin(load(ctx)).await
}

async fn load(ctx: &Ctx<'_>) -> Result<Arc<KeySet>, OauthError> {
    let tenant_id = &ctx.tenant.tenant.id;
    let version = ctx.engine.caches.version();
    let stored = ctx.read().await.or_unavailable()?.signing_key_list().await.or_unavailable()?;
    let (signers, verifiers) = (Vec::new(), Vec::with_capacity(stored.len()));
    let mut set = KeySet { signers, verifiers };
    for row in &stored {
        let key = open(ctx, row)?;
        let jwk = key.public_jwk();
        let verifier = jwk.verifying_key().map_err(|_| broken_key(&row.kid))?;
        let retires_at = row.retires_at;
        let verifier = Verifier { alg: row.alg, key: verifier, public: jwk, retires_at };
        set.verifiers.push(verifier);
        if !row.is_retired(ctx.now) {
            set.signers.push(Signer { activates_at: row.activates_at, key: Arc::new(key) });
        }
    }
    let set = Arc::new(set);
    ctx.engine.caches.put_keys(version, tenant_id.clone(), Arc::clone(&set));
    Ok(set)
}

/// The key that signs now, made on first need.
///
/// # Errors
/// When the store is away or a key is broken.
pub async fn signer(ctx: &Ctx<'_>, alg: Alg) -> Result<Arc<SigningKey>, OauthError> {
    if let Some(key) = key_set(ctx).await?.signer(alg, ctx.now) {
        return Ok(key);
    }
    let first = NewKey { stored: generate(ctx, alg, 1, ctx.now).await?, retires: None };
    put(ctx, begin(ctx).await?, &[first], &Actor::System).await?;
    key_set(ctx).await?.signer(alg, ctx.now).ok_or_else(|| {
        OauthError::server_error("A signing key cannot be made.")
            .with_private(format!("no {alg} key after making one"))
    })
}

/// The keys as published: the ones that new tokens need are made first.
///
/// # Errors
/// When the store is away or a key is broken.
pub async fn published(ctx: &Ctx<'_>) -> Result<Arc<KeySet>, OauthError> {
    signer(ctx, ACCESS_TOKEN_ALG).await?;
    signer(ctx, Alg::RS256).await?;
    key_set(ctx).await
}

/// A key that was made and is not stored yet.
pub(crate) struct NewKey<'a> {
    stored: StoredSigningKey,
    /// The keys that it takes over from, and until when these are published.
    retires: Option<(Vec<&'a StoredSigningKey>, Timestamp)>,
}

async fn generate(
    ctx: &Ctx<'_>,
    alg: Alg,
    generation: i64,
    activates_at: Timestamp,
) -> Result<StoredSigningKey, OauthError> {
    let generated = tokio::task::spawn_blocking(move || SigningKey::generate(alg)).await;
    let Ok(Ok(key)) = generated else {
        return Err(OauthError::server_error("A signing key cannot be made.")
            .with_private(format!("generating {alg} failed")));
    };
    let kid = key.kid().to_owned();
    let context = seal_context(&ctx.tenant.tenant.id, &kid);
    Ok(StoredSigningKey {
        sealed: ctx.engine.keyring.seal(ctx.engine.entropy(), &context, &key.pkcs8()),
        kid,
        alg,
        generation,
        created_at: ctx.now,
        activates_at,
        retires_at: None,
    })
}

async fn begin(ctx: &Ctx<'_>) -> Result<TenantTx, OauthError> {
    ctx.begin().await.or_unavailable()
}

/// Stores keys, all together, and commits. Those of them whose generation another was first with are
/// left out; the ids of the others come back.
async fn put(
    ctx: &Ctx<'_>,
    mut tx: TenantTx,
    keys: &[NewKey<'_>],
    actor: &Actor,
) -> Result<Vec<String>, OauthError> {
    let mut made = Vec::new();
    for key in keys {
        if store(ctx, &mut tx, key).await.or_unavailable()? {
            made.push(&key.stored);
        }
    }
    for StoredSigningKey { kid, alg, generation, .. } in &made {
        let details = json!({ "alg": alg.as_str(), "generation": generation });
        let event = ctx.event(actor.clone(), "signing_key.created", kid, details);
        tx.audit_append(&event).await.or_unavailable()?;
    }
    for key in &made {
        tx.change_append(ChangeKind::SigningKey, &key.kid, ctx.now).await.or_unavailable()?;
    }
    tx.commit().await.or_unavailable()?;
    // Also what another node was first with: drop what we know, and read its key.
    keys.iter().for_each(|key| ctx.forget(ChangeKind::SigningKey, &key.stored.kid));
    Ok(made.into_iter().map(|key| key.kid.clone()).collect())
}

async fn store(ctx: &Ctx<'_>, tx: &mut TenantTx, key: &NewKey<'_>) -> Result<bool, StoreError> {
    if !tx.signing_key_create_if_absent(&key.stored).await? {
        return Ok(false);
    }
    let Some((older, until)) = &key.retires else { return Ok(true) };
    for row in older.iter().filter(|row| row.retires_at.is_none_or(|at| at > *until)) {
        tx.signing_key_retire(&row.kid, *until).await?;
    }
    let retired = older.iter().rev().filter(|row| row.is_retired(ctx.now));
    for row in retired.skip(RETIRED_KEPT) {
        tx.signing_key_delete_retired(&row.kid, ctx.now).await?;
    }
    Ok(true)
}

/// What a rotation did.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rotation {
    /// The algorithm.
    pub alg: Alg,
    /// The new key.
    pub kid: String,
    /// When it starts to sign.
    pub activates_at: Timestamp,
    /// When the keys before it stop verifying.
    pub previous_retire_at: Timestamp,
}

/// Makes a new key for every algorithm in use. It is published at once, signs after a lead time
/// and its predecessors verify until all they signed has expired. With `now`, for a key that
/// leaked, it signs at once and its predecessors stop verifying at once.
///
/// # Errors
/// When the store is away or a key is broken.
pub async fn rotate(ctx: &Ctx<'_>, now: bool, actor: &Actor) -> Result<Vec<Rotation>, OauthError> {
    let stored = stored(ctx).await?;
    let next = successors(ctx, &stored, now).await?;
    rotate_in(ctx, begin(ctx).await?, &next, actor).await
}

/// All keys in the store; there is at least the one of access tokens.
pub(crate) async fn stored(ctx: &Ctx<'_>) -> Result<Vec<StoredSigningKey>, OauthError> {
    signer(ctx, ACCESS_TOKEN_ALG).await?;
    ctx.read().await.or_unavailable()?.signing_key_list().await.or_unavailable()
}

/// The keys that follow those that were looked at. They are made before the transaction begins:
/// that of RSA takes a while.
pub(crate) async fn successors<'a>(
    ctx: &Ctx<'_>,
    stored: &'a [StoredSigningKey],
    now: bool,
) -> Result<Vec<NewKey<'a>>, OauthError> {
    let activates_at = if now { ctx.now } else { plus_seconds(ctx.now, PUBLISH_LEAD_SECONDS) };
    let overlap = if now { 0 } else { MAX_TOKEN_SECONDS };
    let previous_retire_at = plus_seconds(activates_at, overlap);
    let mut next = Vec::new();
    for alg in [Alg::ES256, Alg::RS256, Alg::PS256] {
        let of_alg: Vec<_> = stored.iter().filter(|row| row.alg == alg).collect();
        let Some(last) = of_alg.iter().map(|row| row.generation).max() else { continue };
        let stored = generate(ctx, alg, last + 1, activates_at).await?;
        next.push(NewKey { stored, retires: Some((of_alg, previous_retire_at)) });
    }
    Ok(next)
}

/// Stores what follows, and commits. Of two rotations that looked at the same keys, one makes the
/// keys: what the other one decided by them was decided for both.
pub(crate) async fn rotate_in(
    ctx: &Ctx<'_>,
    tx: TenantTx,
    next: &[NewKey<'_>],
    actor: &Actor,
) -> Result<Vec<Rotation>, OauthError> {
    let made = put(ctx, tx, next, actor).await?;
    let rotation = |key: &NewKey<'_>| {
        let StoredSigningKey { alg, kid, activates_at, .. } = &key.stored;
        let previous_retire_at = key.retires.as_ref().map_or(*activates_at, |(_, until)| *until);
        Rotation { alg: *alg, kid: kid.clone(), activates_at: *activates_at, previous_retire_at }
    };
    Ok(next.iter().filter(|key| made.contains(&key.stored.kid)).map(rotation).collect())
}
