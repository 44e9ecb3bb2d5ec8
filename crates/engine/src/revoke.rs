//! `/oauth/revoke` (RFC 7009; contract 4.4).
//!
//! Invariants: revoking a refresh token ends its whole grant, access tokens too; a client can
//! revoke only its own tokens, or whoever holds a token can revoke that very token with it as
//! the bearer (as real clients of the contract do). An unknown token is no error.

use domain::audit::Actor;
use domain::crypto::HashPurpose;
use domain::ids::ClientId;
use domain::oauth_error::OauthError;
use domain::secret::SecretText;
use domain::time::from_millis;
use domain::token_request::PresentedClient;
use serde_json::json;
use store::ChangeKind;

use crate::context::Ctx;
use crate::error::OrUnavailable;
use crate::{access_token, client_auth, grants};

/// Who wants a token revoked.
pub enum Revoker<'a> {
    /// A client, authenticated as at the token endpoint.
    Client(&'a PresentedClient),
    /// Whoever holds the token: it was sent as the bearer, too.
    Bearer(&'a str),
}

/// Revokes a token.
///
/// # Errors
/// `invalid_client` when the client cannot be authenticated; `invalid_token` when the bearer is
/// not the token itself.
pub async fn revoke(
    ctx: &Ctx<'_>,
    revoker: Revoker<'_>,
    token: &SecretText,
) -> Result<(), OauthError> {
    let caller = match revoker {
        Revoker::Client(presented) => {
            Some(client_auth::authenticate(ctx, presented).await?.inner.client.id.clone())
        }
        Revoker::Bearer(bearer) => {
            if !domain::crypto::constant_time_eq(bearer.as_bytes(), token.expose().as_bytes()) {
                return Err(OauthError::invalid_token(
                    "Send the token that is to be revoked as the bearer, or authenticate the client.",
                ));
            }
            None
        }
    };
    if revoke_access_token(ctx, caller.as_ref(), token).await? {
        return Ok(());
    }
    revoke_refresh_token(ctx, caller.as_ref(), token).await
}

fn is_its_own(caller: Option<&ClientId>, owner: &ClientId) -> bool {
    caller.is_none_or(|caller| caller == owner)
}

async fn revoke_access_token(
    ctx: &Ctx<'_>,
    caller: Option<&ClientId>,
    token: &SecretText,
) -> Result<bool, OauthError> {
    let found = match access_token::verify(ctx, token.expose()).await {
        Ok(found) => found,
        Err(error) if error.kind().status() >= 500 => return Err(error),
        Err(_) => return Ok(false),
    };
    if is_its_own(caller, &found.client_id) {
        let mut tx = ctx.begin().await.or_unavailable()?;
        let until = from_millis(found.exp.saturating_mul(1000));
        tx.token_revoke(&found.jti, until, ctx.now).await.or_unavailable()?;
        let actor = Actor::Client(found.client_id.to_string());
        let event = ctx.event(actor, "access_token.revoked", &found.jti, json!({}));
        tx.audit_append(&event).await.or_unavailable()?;
        ctx.commit_change(tx, ChangeKind::Revocation, &found.jti).await.or_unavailable()?;
    }
    Ok(true)
}

async fn revoke_refresh_token(
    ctx: &Ctx<'_>,
    caller: Option<&ClientId>,
    token: &SecretText,
) -> Result<(), OauthError> {
    let hash = ctx.engine.keyring.hash(HashPurpose::RefreshToken, &[token.expose()]);
    let found =
        ctx.read().await.or_unavailable()?.refresh_token_find(&hash).await.or_unavailable()?;
    let Some(family) = found.map(|found| found.family) else { return Ok(()) };
    if !is_its_own(caller, &family.client_id) || family.revoked_at.is_some() {
        return Ok(());
    }
    let actor = Actor::Client(family.client_id.to_string());
    grants::revoke(ctx, std::slice::from_ref(&family.grant_id), actor, "revoked by the client")
        .await
}
