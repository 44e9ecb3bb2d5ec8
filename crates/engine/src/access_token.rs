//! Verifying our own access tokens (RFC 9068 section 4).
//!
//! Invariants: `typ` is `at+jwt`, so that an ID token is not taken for one; issuer and audience
//! are this tenant's; a token dies with its grant, its client and its user, on every node, and stays
//! dead when the user is switched on again.

use std::sync::Arc;

use domain::ids::{ClientId, GrantId, UserId};
use domain::jose::jws;
use domain::oauth_error::{ErrorKind, OauthError};
use domain::scope::ScopeSet;
use domain::user::User;
use serde_json::{Map, Value};

use crate::caches::Revocations;
use crate::client_auth::ClientEntry;
use crate::context::Ctx;
use crate::error::OrUnavailable;
use crate::{client_auth, keys, users};

/// A good access token.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// Its id.
    pub jti: String,
    /// The client that it was given to.
    pub client_id: ClientId,
    /// The same client, which counts what its tokens are used for.
    pub(crate) client: Arc<ClientEntry>,
    /// The user that it acts for.
    pub user: Arc<User>,
    /// What it may do.
    pub scope: ScopeSet,
    /// The grant that it came from.
    pub grant_id: Option<GrantId>,
    /// Seconds since 1970 when it was made.
    pub iat: i64,
    /// Seconds since 1970 when it expires.
    pub exp: i64,
    /// All its claims.
    pub claims: Map<String, Value>,
}

fn bad() -> OauthError {
    OauthError::invalid_token(
        "The access token is missing, expired, revoked or not of this tenant.",
    )
}

/// Verifies a token of this tenant.
///
/// # Errors
/// `invalid_token` for whatever is wrong with it.
pub async fn verify(ctx: &Ctx<'_>, token: &str) -> Result<AccessToken, OauthError> {
    let claims = verified_claims(ctx, token).await?.ok_or_else(bad)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let number = |name: &str| claims.get(name).and_then(Value::as_i64);
    let ours = [text("iss"), text("aud")].iter().all(|c| *c == Some(ctx.tenant.issuer.as_str()))
        && text("tenantId") == Some(ctx.tenant.tenant.id.as_str());
    let (Some(exp), Some(iat)) = (number("exp"), number("iat")) else { return Err(bad()) };
    if !ours || exp <= ctx.now.as_second() {
        return Err(bad());
    }
    let parsed = (
        text("client_id").and_then(|id| ClientId::parse(id).ok()),
        text("userId").and_then(|id| UserId::parse(id).ok()),
        ScopeSet::parse(text("scope").unwrap_or("")).ok(),
        text("jti"),
    );
    let (Some(client_id), Some(user_id), Some(scope), Some(jti)) = parsed else {
        return Err(bad());
    };
    let grant_id = text("grantId").and_then(|id| GrantId::parse(id).ok());
    let keys = [Some(jti), grant_id.as_ref().map(GrantId::as_str)];
    let keys: Vec<&str> = keys.into_iter().flatten().collect();
    if revocations(ctx).await?.contains_any(&keys) {
        return Err(bad());
    }
    let client = client_auth::find(ctx, &client_id).await?;
    let client = client.filter(|client| !client.is_disabled()).ok_or_else(bad)?;
    let user = users::find(ctx, &user_id).await?;
    let user =
        user.filter(|user| user.is_active() && user.accepts_token_of(iat)).ok_or_else(bad)?;
    let jti = jti.to_owned();
    Ok(AccessToken { jti, client_id, client, user, scope, grant_id, iat, exp, claims })
}

async fn verified_claims(
    ctx: &Ctx<'_>,
    token: &str,
) -> Result<Option<Map<String, Value>>, OauthError> {
    let Ok(parsed) = jws::parse(token) else { return Ok(None) };
    if parsed.typ.as_deref() != Some("at+jwt") {
        return Ok(None);
    }
    let keys = keys::key_set(ctx).await?;
    let kid = parsed.kid.as_deref();
    let Some(key) = kid.and_then(|kid| keys.verifier(kid, parsed.alg, ctx.now)) else {
        return Ok(None);
    };
    Ok(parsed.verify(key).ok().map(|verified| (*verified).clone()))
}

pub(crate) async fn revocations(ctx: &Ctx<'_>) -> Result<Arc<Revocations>, OauthError> {
    let tenant_id = &ctx.tenant.tenant.id;
    if let Some(known) = ctx.engine.caches.revocations(tenant_id) {
        return Ok(known);
    }
    let version = ctx.engine.caches.version();
    let rows = ctx.read().await.or_unavailable()?.revoked_list(ctx.now).await.or_unavailable()?;
    let revocations = Arc::new(Revocations::new(rows));
    ctx.engine.caches.put_revocations(version, tenant_id.clone(), Arc::clone(&revocations));
    Ok(revocations)
}

impl AccessToken {
    /// Whether the token allows a scope, by itself or by its parent; if so, that is a use of it.
    pub fn allows(&self, ctx: &Ctx<'_>, scope: &str) -> bool {
        self.client.note_scope_use(ctx, &self.scope, &[scope])
    }

    /// Demands one of several scopes.
    ///
    /// # Errors
    /// `insufficient_scope` that names them (RFC 6750 section 3.1).
    pub fn require_any(&self, ctx: &Ctx<'_>, scopes: &[&str]) -> Result<(), OauthError> {
        if self.client.note_scope_use(ctx, &self.scope, scopes) {
            return Ok(());
        }
        Err(OauthError::new(
            ErrorKind::InsufficientScope,
            format!("The access token needs one of these scopes: {}.", scopes.join(", ")),
        ))
    }
}
