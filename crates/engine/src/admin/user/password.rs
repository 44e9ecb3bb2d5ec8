//! A new password by an administrator.
//!
//! Invariant: whoever sets a password can act as its user. So nobody sets that of an administrator
//! whom they could not make, and no narrow app that of its own user.

use domain::ids::UserId;
use domain::said;
use domain::secret::{SecretText, new_password};
use domain::user::{User, UserKind, UserStatus};
use serde_json::json;
use store::{ChangeKind, TenantRead};

use super::draft::hash_password;
use super::told;
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
    set(ctx, caller, id, (given, Becomes::Same)).await
}

/// Lets somebody in who was invited: the user becomes active and gets a password, the one given or
/// one that is made up and returned, to be shown once. Both or neither.
///
/// # Errors
/// As for [`password_reset`]; a user who is not invited (any more).
pub async fn activate(
    ctx: &Ctx<'_>,
    caller: &Caller,
    id: &UserId,
    given: Option<SecretText>,
) -> Result<Option<SecretText>, AdminError> {
    set(ctx, caller, id, (given, Becomes::Active)).await
}

/// What becomes of the user beside the password.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Becomes {
    Same,
    Active,
}

async fn set(
    ctx: &Ctx<'_>,
    caller: &Caller,
    id: &UserId,
    (given, becomes): (Option<SecretText>, Becomes),
) -> Result<Option<SecretText>, AdminError> {
    caller.require(ctx, &USERS_MANAGE)?;
    // Once before the hash, which costs much, and once in the transaction, which counts.
    check(ctx, caller, &mut ctx.read().await?, (id, becomes)).await?;
    let made = given.is_none().then(|| new_password(ctx.engine.entropy()));
    let Some(password) = given.as_ref().or(made.as_ref()) else { return Ok(None) };
    let hash = hash_password(ctx, password).await?;
    let mut tx = ctx.begin().await?;
    tx.tenant_hold().await?;
    let before = check(ctx, caller, &mut tx, (id, becomes)).await?;
    tx.user_set_password(id, &hash, ctx.now).await?;
    let sessions = tx.session_delete_all(id).await?;
    tx.codes_revoke_for(id, None, ctx.now).await?;
    let details = json!({ "generated": made.is_some(), "sessionsEnded": sessions });
    tx.audit_append(&caller.event(ctx, "user.password_reset", id.as_str(), details)).await?;
    if becomes == Becomes::Active {
        let status = UserStatus::Active;
        let after = User { status, invite_expires_at: None, updated_at: ctx.now, ..before.clone() };
        tx.user_update(&after).await?;
        tx.user_update_status(id, status, ctx.now).await?;
        let details = json!({ "changes": domain::audit::changes(&told(&before), &told(&after)) });
        tx.audit_append(&caller.event(ctx, "user.status_changed", id.as_str(), details)).await?;
    }
    ctx.commit_change(tx, ChangeKind::User, id.as_str()).await?;
    Ok(made)
}

async fn check(
    ctx: &Ctx<'_>,
    caller: &Caller,
    read: &mut TenantRead,
    (id, becomes): (&UserId, Becomes),
) -> Result<User, AdminError> {
    let user = read.user_get(id).await?.ok_or(AdminError::NotFound("user"))?;
    if let UserKind::Bot(client_id) = &user.kind {
        return Err(AdminError::Conflict(said!(
            "bot-password",
            "This is what the OAuth client {client} acts as: it has no password.",
            client = client_id.as_str()
        )));
    }
    check_might(ctx, caller, &user)?;
    if becomes == Becomes::Active && user.status != UserStatus::Invited {
        let why = said!(
            "invited-no-more",
            "This user is not invited any more: an active one gets a new password, a disabled one \
             is enabled first."
        );
        return Err(AdminError::Conflict(why));
    }
    Ok(user)
}
