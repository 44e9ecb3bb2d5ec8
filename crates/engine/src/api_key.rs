//! API keys as bearer credentials of the REST API (contract, section 6).
//!
//! Invariants: a key's token is a signed JWT whose `typ` no other token of ours has, so none is
//! taken for the other (RFC 8725 section 3.11); it works only while its row is there, not expired
//! and not revoked, and only in the very text that was handed out (the row has its keyed hash). It
//! dies with its user, with the client and the grant that it was made through, and with the client
//! whose bot the user is, and stays dead when the user is switched on again; and it never does more
//! than these clients may now.
//!
//! A key may outlive the signing key that signed it: rotation does not end it, and a signing key
//! that leaked makes no API key, because of the hash. The signature is asked first, so that a
//! made-up token costs no query.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::api_key::{API_KEY_TYPE, ApiKey, ApiKeyStatus};
use domain::crypto::{HashPurpose, constant_time_eq};
use domain::ids::{ApiKeyId, ClientId, RegionCode, TenantId};
use domain::jose::jws;
use domain::oauth_error::OauthError;
use domain::scope::ScopeSet;
use domain::secret::SecretText;
use domain::time::Timestamp;
use domain::user::{User, UserKind};
use serde::Serialize;
use serde_json::Value;
use store::{ApiKeyUse, StoreError};

use crate::access_token;
use crate::authority::Caller;
use crate::client_auth::ClientEntry;
use crate::context::{Ctx, Engine};
use crate::error::OrUnavailable;
use crate::{client_auth, keys, users};

/// Keys whose last use waits to be written; more are not told apart from unused ones until the next
/// flush.
const MAX_USES: usize = 100_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: &'a str,
    sub_type: &'static str,
    tenant_id: &'a str,
    jti: &'a str,
    iat: i64,
    exp: i64,
}

fn bad() -> OauthError {
    OauthError::invalid_token("The API key is expired, revoked or not of this tenant.")
}

/// Who bears a credential of the REST API: an access token or an API key.
///
/// # Errors
/// `invalid_token` for whatever is wrong with it.
pub async fn caller(ctx: &Ctx<'_>, bearer: &str) -> Result<Caller, OauthError> {
    let parsed = jws::parse(bearer);
    if parsed.is_ok_and(|parsed| parsed.typ.as_deref() == Some(API_KEY_TYPE)) {
        return verify(ctx, bearer).await;
    }
    Ok(Caller::of_token(&access_token::verify(ctx, bearer).await?))
}

/// Verifies a key's token, and remembers the use.
///
/// # Errors
/// `invalid_token` for whatever is wrong with it.
async fn verify(ctx: &Ctx<'_>, token: &str) -> Result<Caller, OauthError> {
    let (id, iat) = signed_id(ctx, token).await?.ok_or_else(bad)?;
    let key = find(ctx, id).await?.ok_or_else(bad)?;
    let hash = token_hash(ctx, &key.id, token);
    let genuine = constant_time_eq(hash.as_bytes(), key.token_hash.as_bytes());
    if !genuine || key.status(ctx.now) != ApiKeyStatus::Active {
        return Err(bad());
    }
    let user = users::find(ctx, &key.user_id).await?;
    let user =
        user.filter(|user| user.is_active() && user.accepts_token_of(iat)).ok_or_else(bad)?;
    let client = check_origin(ctx, &key).await?;
    let scope = scope_now(ctx, &user, &key).await?;
    ctx.engine.api_key_uses.used(ctx, &key.id);
    Ok(Caller::of_api_key(&user, &key, client, scope))
}

/// Demands that the client and the grant that made a key still stand; gives the client.
async fn check_origin(ctx: &Ctx<'_>, key: &ApiKey) -> Result<Option<Arc<ClientEntry>>, OauthError> {
    let client = match &key.client_id {
        Some(client_id) => Some(living_client(ctx, client_id).await?),
        None => None,
    };
    // The revocation of a grant revokes its keys, too; this finds the one that was being made.
    if let Some(grant_id) = &key.grant_id
        && access_token::revocations(ctx).await?.contains_any(&[grant_id.as_str()])
    {
        return Err(bad());
    }
    Ok(client)
}

/// What a key is for: never more than the client that made it may now, nor, when its user is a
/// client's bot, than that client may.
async fn scope_now(
    ctx: &Ctx<'_>,
    user: &User,
    key: &ApiKey,
) -> Result<Option<ScopeSet>, OauthError> {
    let acts_as = match &user.kind {
        UserKind::Bot(client_id) => Some(client_id),
        UserKind::Person => None,
    };
    let mut scope = key.scope.clone();
    for client_id in acts_as.into_iter().chain(&key.client_id) {
        let client = living_client(ctx, client_id).await?;
        let allowed = &client.inner.client.allowed_scopes;
        scope = Some(match scope {
            Some(scope) => both_allow(ctx, &scope, allowed),
            None => allowed.clone(),
        });
    }
    Ok(scope)
}

/// What two sets allow. Of a broad scope that the other has only a part of, that part is left.
fn both_allow(ctx: &Ctx<'_>, one: &ScopeSet, other: &ScopeSet) -> ScopeSet {
    let catalogue = ctx.engine.catalogue();
    let kept = one.filtered(|name| catalogue.implies(other, name));
    kept.union(&other.filtered(|name| catalogue.implies(one, name)))
}

async fn living_client(ctx: &Ctx<'_>, id: &ClientId) -> Result<Arc<ClientEntry>, OauthError> {
    let client = client_auth::find(ctx, id).await?;
    client.filter(|client| !client.is_disabled()).ok_or_else(bad)
}

/// The id and `iat` of a token that this tenant signed as an API key.
async fn signed_id(ctx: &Ctx<'_>, token: &str) -> Result<Option<(ApiKeyId, i64)>, OauthError> {
    let Ok(parsed) = jws::parse(token) else { return Ok(None) };
    if parsed.typ.as_deref() != Some(API_KEY_TYPE) {
        return Ok(None);
    }
    let keys = keys::key_set(ctx).await?;
    let kid = parsed.kid.as_deref();
    let key = kid.and_then(|kid| keys.verifier_of_any_age(kid, parsed.alg));
    let Some(claims) = key.and_then(|key| parsed.verify(key).ok()) else { return Ok(None) };
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let issuer = Some(ctx.tenant.issuer.as_str());
    let ours = text("iss") == issuer
        && text("aud") == issuer
        && text("tenantId") == Some(ctx.tenant.tenant.id.as_str());
    let id = text("jti").and_then(|id| ApiKeyId::parse(id).ok());
    let iat = claims.get("iat").and_then(Value::as_i64);
    Ok(id.zip(iat).filter(|_| ours))
}

/// The token of a key, to be shown once to whoever asked for it; its hash goes into the row.
///
/// # Errors
/// When the signing key is missing or broken.
pub(crate) async fn issue(
    ctx: &Ctx<'_>,
    user: &User,
    id: &ApiKeyId,
    expires_at: Timestamp,
) -> Result<SecretText, OauthError> {
    let claims = Claims {
        iss: &ctx.tenant.issuer,
        aud: &ctx.tenant.issuer,
        sub: user.id.as_str(),
        sub_type: "user",
        tenant_id: ctx.tenant.tenant.id.as_str(),
        jti: id.as_str(),
        iat: user.token_made_at(ctx.now),
        exp: expires_at.as_second(),
    };
    let key = keys::signer(ctx, keys::ACCESS_TOKEN_ALG).await?;
    let token = jws::sign_compact(&key, API_KEY_TYPE, &claims);
    let token = token.map_err(|_| OauthError::server_error("The API key cannot be signed."))?;
    Ok(SecretText::new(token))
}

/// The keyed hash of a key's token.
pub(crate) fn token_hash(ctx: &Ctx<'_>, id: &ApiKeyId, token: &str) -> String {
    ctx.engine.keyring.hash(HashPurpose::ApiKey, &[id.as_str(), token])
}

async fn find(ctx: &Ctx<'_>, id: ApiKeyId) -> Result<Option<Arc<ApiKey>>, OauthError> {
    let key = (ctx.tenant.tenant.id.clone(), id);
    if let Some(found) = ctx.engine.caches.api_key(&key) {
        return Ok(found);
    }
    let version = ctx.engine.caches.version();
    let found = ctx.read().await.or_unavailable()?.api_key_get(&key.1).await.or_unavailable()?;
    let found = found.map(Arc::new);
    ctx.engine.caches.put_api_key(version, key, found.clone());
    Ok(found)
}

/// When keys last worked, until a job writes it.
#[derive(Default)]
pub(crate) struct ApiKeyUses(Mutex<HashMap<(RegionCode, TenantId, ApiKeyId), Timestamp>>);

impl ApiKeyUses {
    fn used(&self, ctx: &Ctx<'_>, id: &ApiKeyId) {
        let tenant = &ctx.tenant.tenant;
        let key = (tenant.region.clone(), tenant.id.clone(), id.clone());
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if uses.len() < MAX_USES || uses.contains_key(&key) {
            uses.insert(key, ctx.now);
        }
    }

    /// Writes them, each region by itself.
    pub(crate) async fn flush(&self, engine: &Engine) -> Result<(), StoreError> {
        let taken = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut outcome = Ok(());
        for (code, region) in engine.store.regions() {
            let here = taken.iter().filter(|((region, ..), _)| region == code);
            let mut uses: Vec<ApiKeyUse> = here
                .map(|((_, tenant_id, id), at)| ApiKeyUse {
                    tenant_id: tenant_id.clone(),
                    id: id.clone(),
                    at: *at,
                })
                .collect();
            uses.sort();
            if uses.is_empty() {
                continue;
            }
            if let Err(error) = region.wide().api_keys_used(&uses).await {
                self.give_back(code, uses);
                outcome = Err(error);
            }
        }
        outcome
    }

    /// Keeps for the next time what could not be written, unless a key was used again meanwhile.
    fn give_back(&self, region: &RegionCode, unwritten: Vec<ApiKeyUse>) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for one in unwritten {
            if uses.len() < MAX_USES {
                uses.entry((region.clone(), one.tenant_id, one.id)).or_insert(one.at);
            }
        }
    }
}
