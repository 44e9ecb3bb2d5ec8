//! The bot users that machine clients act as (design, "Tokens").
//!
//! Invariant: a bot may administer exactly when its client may hold scopes of administration. An
//! administrator gave the client those scopes; without them its bot has no such role.

use std::sync::Arc;

use domain::audit::Actor;
use domain::client::Client;
use domain::ids::UserId;
use domain::scope::ScopeSet;
use domain::user::{RoleRef, TENANT_ADMIN, User};
use serde_json::json;
use store::{ChangeKind, StoreError, TenantTx};

use crate::context::Ctx;

/// Whether scopes are for administration.
fn administers(scopes: &ScopeSet) -> bool {
    scopes.iter().any(|scope| scope == "admin_classic" || scope.starts_with("admin."))
}

/// The roles of the bot of a client that may hold these scopes.
pub(crate) async fn roles(
    tx: &mut TenantTx,
    scopes: &ScopeSet,
) -> Result<Vec<Arc<RoleRef>>, StoreError> {
    if !administers(scopes) {
        return Ok(Vec::new());
    }
    let role = tx.role_find_by_name(TENANT_ADMIN).await?;
    Ok(role.map(|role| role.as_member()).into_iter().collect())
}

/// Gives or takes the bot's role of administration when the client's scopes have changed so; tells
/// which bot it was.
pub(crate) async fn follow(
    ctx: &Ctx<'_>,
    tx: &mut TenantTx,
    client: &Client,
    before: &ScopeSet,
) -> Result<Option<UserId>, StoreError> {
    let (was, is) = (administers(before), administers(&client.allowed_scopes));
    if was == is {
        return Ok(None);
    }
    let Some(bot) = tx.bot_user_find(&client.id).await? else { return Ok(None) };
    let Some(role) = tx.role_find_by_name(TENANT_ADMIN).await? else { return Ok(None) };
    let mut roles = bot.roles.clone();
    roles.retain(|held| held.id != role.id);
    roles.extend(is.then(|| role.as_member()));
    let bot = User { roles, ..bot };
    tx.user_roles_put(&bot).await?;
    let (from, to) = (was.then_some(TENANT_ADMIN), is.then_some(TENANT_ADMIN));
    let changes = json!({ "assignedRoles": { "from": from, "to": to } });
    let details = json!({ "changes": changes, "client_id": client.id.as_str() });
    tx.audit_append(&ctx.event(Actor::System, "user.roles_changed", bot.id.as_str(), details))
        .await?;
    tx.change_append(ChangeKind::User, bot.id.as_str(), ctx.now).await?;
    Ok(Some(bot.id))
}
