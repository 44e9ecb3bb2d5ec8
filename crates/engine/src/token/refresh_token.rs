//! `refresh_token` (RFC 6749 section 6, RFC 9700 section 4.14.2): rotation in families.
//!
//! A token's successor is derived from the token itself with a keyed hash, so it need not be
//! stored to be given again: when an answer got lost, the client presents the old token once
//! more, and within the grace period gets the *same* successor. Invariant: at any time a family
//! has one live token; a spent token whose successor was used, or that comes after the grace,
//! is a replay and ends the family, committed before the refusal.

use domain::audit::Actor;
use domain::client::GrantType;
use domain::crypto::HashPurpose;
use domain::grant::RefreshToken;
use domain::ids::ClientId;
use domain::oauth_error::OauthError;
use domain::scope::ScopeSet;
use domain::secret::SecretText;
use domain::time::plus_seconds;

use super::steps::{Delegation, Subject, TokenResponse, active_user, mint};
use crate::client_auth::ClientEntry;
use crate::context::Ctx;
use crate::error::OrUnavailable;
use crate::grants;
use crate::usage::Reason;

/// A refresh token that exists in this tenant, before its client has proven itself.
pub(super) struct Found {
    hash: String,
    successor: SecretText,
    stored: RefreshToken,
}

impl Found {
    pub(super) fn client_id(&self) -> &ClientId {
        &self.stored.family.client_id
    }
}

pub(super) async fn find(ctx: &Ctx<'_>, token: SecretText) -> Result<Option<Found>, OauthError> {
    let keyring = &ctx.engine.keyring;
    let hash = keyring.hash(HashPurpose::RefreshToken, &[token.expose()]);
    let stored =
        ctx.read().await.or_unavailable()?.refresh_token_find(&hash).await.or_unavailable()?;
    Ok(stored.map(|stored| Found {
        successor: SecretText::new(keyring.hash(HashPurpose::RefreshSuccessor, &[token.expose()])),
        hash,
        stored,
    }))
}

fn bad_token(why: &'static str) -> OauthError {
    OauthError::invalid_grant(format!("{why} The user has to sign in again."))
}

pub(super) fn unknown() -> OauthError {
    bad_token("The refresh token is unknown.")
}

/// The answer, counted for the client's administrator.
fn refuse(ctx: &Ctx<'_>, client: &ClientEntry, reason: Reason, why: &'static str) -> OauthError {
    client.note_refusal(ctx, reason);
    bad_token(why)
}

fn revoked(ctx: &Ctx<'_>, client: &ClientEntry) -> OauthError {
    refuse(ctx, client, Reason::RefreshRevoked, "The refresh token has been revoked.")
}

pub(super) async fn exchange(
    ctx: &Ctx<'_>,
    client: &ClientEntry,
    found: Option<Found>,
    requested: &ScopeSet,
) -> Result<TokenResponse, OauthError> {
    let Some(found) = found.filter(|found| *found.client_id() == client.inner.client.id) else {
        client.note_refusal(ctx, Reason::RefreshUnknown);
        return Err(unknown());
    };
    let family = &found.stored.family;
    if family.revoked_at.is_some() {
        return Err(revoked(ctx, client));
    }
    if found.stored.expires_at <= ctx.now {
        let why = "The refresh token has expired.";
        return Err(refuse(ctx, client, Reason::RefreshExpired, why));
    }
    let scope = narrowed(ctx, client, &family.scope, requested)?;
    let user = active_user(ctx, client, &family.user_id).await?;
    rotate(ctx, client, &found).await?;
    let delegation = Delegation {
        grant_id: &family.grant_id,
        session_id: &family.session_id,
        auth_time: family.auth_time,
        nonce: family.nonce.as_deref(),
        claims: &family.claims,
    };
    let subject = Subject { client, user: &user, scope, delegation: Some(delegation) };
    let response = mint(ctx, subject, Some(found.successor.clone())).await?;
    client.usage.issued(GrantType::RefreshToken, ctx.now, ctx.address);
    Ok(response)
}

/// What the family was granted, as far as the client may still have it, narrowed to the request.
fn narrowed(
    ctx: &Ctx<'_>,
    client: &ClientEntry,
    granted: &ScopeSet,
    requested: &ScopeSet,
) -> Result<ScopeSet, OauthError> {
    let catalogue = &ctx.engine.catalogue;
    let wanted = if requested.is_empty() { granted } else { requested };
    let beyond = wanted.iter().find(|scope| !catalogue.implies(granted, scope));
    if let Some(scope) = beyond {
        client.note_refusal(ctx, Reason::ScopeNotAllowed);
        return Err(OauthError::invalid_scope(format!(
            "{scope} was not granted with this refresh token."
        )));
    }
    let allowed = &client.inner.client.allowed_scopes;
    client.note_requested(ctx, requested);
    Ok(wanted.filtered(|scope| catalogue.implies(allowed, scope)))
}

async fn rotate(ctx: &Ctx<'_>, client: &ClientEntry, found: &Found) -> Result<(), OauthError> {
    let lifetimes = &ctx.tenant.tenant.lifetimes;
    let keyring = &ctx.engine.keyring;
    let successor = keyring.hash(HashPurpose::RefreshToken, &[found.successor.expose()]);
    let expires_at = plus_seconds(ctx.now, lifetimes.refresh_token);
    if found.stored.spent_at.is_none() {
        let mut tx = ctx.begin().await.or_unavailable()?;
        let spent = tx.refresh_token_spend(&found.hash, &successor, ctx.now, expires_at).await;
        if spent.or_unavailable()? {
            return tx.commit().await.or_unavailable();
        }
    }
    // Spent before, perhaps this very moment: look again at what happened to its successor.
    let stored = ctx.read().await.or_unavailable()?.refresh_token_find(&found.hash).await;
    let stored = stored.or_unavailable()?.ok_or_else(unknown)?;
    if stored.family.revoked_at.is_some() {
        return Err(revoked(ctx, client));
    }
    let in_grace = stored
        .spent_at
        .is_some_and(|spent_at| plus_seconds(spent_at, lifetimes.refresh_grace) > ctx.now);
    if in_grace && stored.successor_spent_at.is_none() {
        return Ok(());
    }
    let grant = std::slice::from_ref(&stored.family.grant_id);
    let actor = Actor::Client(stored.family.client_id.to_string());
    grants::revoke(ctx, grant, actor, "refresh token replayed").await?;
    let why = "The refresh token was used before; all tokens of this sign-in have been revoked.";
    Err(refuse(ctx, client, Reason::RefreshReplayed, why))
}
