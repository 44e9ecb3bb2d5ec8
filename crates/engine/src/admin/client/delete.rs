//! Deleting a client.

use domain::ids::ClientId;
use domain::user::UserStatus;
use serde_json::{Value, json};
use store::ChangeKind;

use super::fields::Fields;
use super::{change_of, own_for_update};
use crate::admin::{AdminError, api_key};
use crate::authority::{CLIENTS_MANAGE, Caller};
use crate::context::Ctx;

/// Deletes a client with everything that hangs on it; its tokens stop working, and the API keys
/// that it made, and its bot's, are revoked.
///
/// # Errors
/// A caller without the right, an unknown client.
pub async fn delete(ctx: &Ctx<'_>, caller: &Caller, id: &ClientId) -> Result<(), AdminError> {
    caller.require(ctx, &CLIENTS_MANAGE)?;
    let mut tx = ctx.begin().await?;
    let found = own_for_update(ctx, &mut tx, id).await?;
    tx.client_delete(id, ctx.now).await?;
    // The bot user stays for the trail's sake, and can do nothing any more.
    let bot = tx.bot_user_find(id).await?;
    if let Some(bot) = &bot {
        tx.user_update_status(&bot.id, UserStatus::Disabled, ctx.now).await?;
        api_key::revoke_of(ctx, &mut tx, &bot.id).await?;
        tx.change_append(ChangeKind::User, bot.id.as_str(), ctx.now).await?;
    }
    let changes = domain::audit::changes(&json!(Fields::of(&found)), &Value::Null);
    let event = caller.event(ctx, "client.deleted", id.as_str(), json!({ "changes": changes }));
    tx.audit_append(&event).await?;
    ctx.commit_change(tx, change_of(&found.client), id.as_str()).await?;
    if let Some(bot) = bot {
        ctx.forget(ChangeKind::User, bot.id.as_str());
    }
    Ok(())
}
