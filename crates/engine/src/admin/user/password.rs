//! A new password by an administrator.
//!
//! Invariant: whoever sets a password can act as its user. So nobody sets that of an administrator
//! whom they could not make, and no narrow app that of its own user.

use domain::ids::UserId;
use domain::secret::{SecretText, new_password};
use domain::user::UserKind;
use serde_json::json;
use store::{ChangeKind, TenantRead};

use super::draft::hash_password;
use crate::admin::AdminError;
use crate::admin::role_giving::check_might;
use crate::authority::{Caller, USERS_MANAGE};
use crate::context::Ctx;

/// Gives a person a new password, the one given or one that is made up and returned, to be shown
/// once. The old one, all sessions and codes that are on their way end; apps that the person let in
/// and the status stay as they are.
///
/// # Errors
/// A caller without the right, an unknown user, a client's bot user, an administrator whom the
/// caller could not make, a password of fewer than 8 characters or more than 1024 bytes; too many
/// passwords at once.
pub async fn password_reset(
    ctx: &Ctx<'_>,
    caller: &Caller,
    id: &UserId,
    given: Option<SecretText>,
) -> Result<Option<SecretText>, AdminError> {
    caller.require(ctx, &USERS_MANAGE)?;
    // Once before the hash, which costs much, and once in the transaction, which counts.
    check(ctx, caller, &mut ctx.read().await?, id).await?;
    let made = given.is_none().then(|| new_password(ctx.engine.entropy()));
    let Some(password) = given.as_ref().or(made.as_ref()) else { return Ok(None) };
    let hash = hash_password(ctx, password).await?;
    let mut tx = ctx.begin().await?;
    tx.tenant_hold().await?;
    check(ctx, caller, &mut tx, id).await?;
    tx.user_set_password(id, &hash, ctx.now).await?;
    let sessions = tx.session_delete_all(id).await?;
    tx.codes_revoke_for(id, None, ctx.now).await?;
    let details = json!({ "generated": made.is_some(), "sessionsEnded": sessions });
    tx.audit_append(&caller.event(ctx, "user.password_reset", id.as_str(), details)).await?;
    ctx.commit_change(tx, ChangeKind::User, id.as_str()).await?;
    Ok(made)
}

async fn check(
    ctx: &Ctx<'_>,
    caller: &Caller,
    read: &mut TenantRead,
    id: &UserId,
) -> Result<(), AdminError> {
    let user = read.user_get(id).await?.ok_or(AdminError::NotFound("user"))?;
    if let UserKind::Bot(client_id) = &user.kind {
        return Err(AdminError::Conflict(format!(
            "This is what the OAuth client {client_id} acts as: it has no password."
        )));
    }
    check_might(ctx, caller, &user)
}
