//! `client_credentials` (RFC 6749 section 4.4): a machine client acts as its bot user.
//!
//! Invariant: no synchronous write once warm. Client, secret hashes, bot user and key come from
//! the caches; counts and last uses are added up in memory.

use std::sync::Arc;

use domain::audit::Actor;
use domain::client::{Client, GrantType};
use domain::ids::{ClientId, UserId};
use domain::oauth_error::OauthError;
use domain::scope::ScopeSet;
use domain::time::Timestamp;
use domain::user::{User, UserKind, UserStatus};
use serde_json::json;
use store::{ChangeKind, TenantTx};

use super::steps::{Subject, TokenResponse, active_user, grant_scope, mint, require_trust};
use crate::bot_user;
use crate::client_auth::{self, ClientEntry};
use crate::context::Ctx;
use crate::error::OrUnavailable;
use crate::users;

pub(super) async fn exchange(
    ctx: &Ctx<'_>,
    client: &ClientEntry,
    requested: &ScopeSet,
) -> Result<TokenResponse, OauthError> {
    require_trust(ctx, client)?;
    // Nobody is away from a machine: `offline_access` means nothing here and is not refused,
    // because a real client always sends it (contract, section 8).
    let scope = grant_scope(ctx, client, &requested.without("offline_access"))?;
    let user = bot_of(ctx, client).await?;
    let response =
        mint(ctx, Subject { client, user: &user, scope, delegation: None }, None).await?;
    client.usage.issued(GrantType::ClientCredentials, ctx.now, ctx.address);
    Ok(response)
}

/// The bot user, made on the first token.
async fn bot_of(ctx: &Ctx<'_>, entry: &ClientEntry) -> Result<Arc<User>, OauthError> {
    if let Some(id) = entry.bot_user.get() {
        return active_user(ctx, entry, id).await;
    }
    let id = Box::pin(find_or_create(ctx, entry)).await?;
    active_user(ctx, entry, entry.bot_user.get_or_init(|| id)).await
}

async fn find_or_create(ctx: &Ctx<'_>, entry: &ClientEntry) -> Result<UserId, OauthError> {
    let client_id = &entry.inner.client.id;
    let mut read = ctx.read().await.or_unavailable()?;
    let known = read.bot_user_find(client_id).await.or_unavailable()?;
    drop(read);
    match known {
        Some(user) => Ok(user.id),
        None => create(ctx, entry).await,
    }
}

async fn create(ctx: &Ctx<'_>, entry: &ClientEntry) -> Result<UserId, OauthError> {
    let mut tx = ctx.begin().await.or_unavailable()?;
    let client = held(&mut tx, &entry.inner.client.id).await?;
    let roles = bot_user::roles(&mut tx, &client.allowed_scopes).await.or_unavailable()?;
    let id = UserId::generate(ctx.engine.entropy());
    let user = User {
        subject: free_subject(&mut tx, &client.id, &id).await?,
        id,
        tenant_id: ctx.tenant.tenant.id.clone(),
        kind: UserKind::Bot(client.id.clone()),
        name: client.name,
        email: None,
        email_verified: false,
        status: UserStatus::Active,
        claims: serde_json::Map::new(),
        roles,
        groups: Vec::new(),
        tokens_valid_from: Timestamp::UNIX_EPOCH,
        invite_expires_at: None,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    let made = tx.bot_user_create_if_absent(&user).await.or_unavailable()?;
    if made {
        let details = json!({ "client_id": client.id.as_str() });
        let event = ctx
            .event(Actor::System, "user.bot_created", user.id.as_str(), details)
            .through(&client.id);
        tx.audit_append(&event).await.or_unavailable()?;
        ctx.commit_change(tx, ChangeKind::User, user.id.as_str()).await.or_unavailable()?;
        return Ok(user.id);
    }
    // Another request was first.
    let user = tx.bot_user_find(&client.id).await.or_unavailable()?;
    user.map(|user| user.id).ok_or_else(users::disabled)
}

/// A client as it is now, and stays until the commit: were the scopes those of a cache, a change of
/// them at the same time would leave its bot with the roles of yesterday.
async fn held(tx: &mut TenantTx, id: &ClientId) -> Result<Client, OauthError> {
    tx.client_hold(id).await.or_unavailable()?;
    let found = tx.client_get(id).await.or_unavailable()?;
    found.map(|found| found.client).ok_or_else(client_auth::refused)
}

/// The client's id (RFC 9068 section 2.2), unless somebody who was there before the client has it
/// as a subject: nobody's tokens may look like somebody else's.
async fn free_subject(
    tx: &mut TenantTx,
    client_id: &ClientId,
    user_id: &UserId,
) -> Result<String, OauthError> {
    let holder = tx.user_find_by_subject(client_id.as_str()).await.or_unavailable()?;
    let is_other = holder.is_some_and(|user| user.kind != UserKind::Bot(client_id.clone()));
    Ok(if is_other { user_id.to_string() } else { client_id.to_string() })
}
