//! `client_credentials` (RFC 6749 section 4.4): a machine client acts as its bot user.
//!
//! Invariant: no synchronous write once warm. Client, secret hashes, bot user and key come from
//! the caches; counts and last uses are added up in memory.

use std::sync::Arc;

use domain::audit::Actor;
use domain::client::GrantType;
use domain::ids::UserId;
use domain::oauth_error::OauthError;
use domain::scope::ScopeSet;
use domain::time::Timestamp;
use domain::user::{User, UserKind, UserStatus};
use serde_json::json;
use store::ChangeKind;

use super::steps::{Subject, TokenResponse, active_user, grant_scope, mint, require_trust};
use crate::bot_user;
use crate::client_auth::ClientEntry;
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
    let client = &entry.inner.client;
    let mut tx = ctx.begin().await.or_unavailable()?;
    let roles = bot_user::roles(&mut tx, &client.allowed_scopes).await.or_unavailable()?;
    let user = User {
        id: UserId::generate(ctx.engine.entropy()),
        tenant_id: ctx.tenant.tenant.id.clone(),
        kind: UserKind::Bot(client.id.clone()),
        subject: client.id.as_str().to_owned(),
        name: client.name.clone(),
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
