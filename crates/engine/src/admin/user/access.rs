//! What a user holds, for an administrator: sessions, and the apps that the user let in; and ending
//! it. Whoever may not make an administrator may not end what one holds.

use domain::ids::{ClientId, SessionId, UserId};
use domain::user::User;
use serde_json::json;
use store::{ChangeKind, TenantRead};

use crate::account::{self, Overview};
use crate::admin::AdminError;
use crate::admin::role_giving::check_target;
use crate::authority::{Caller, USERS_MANAGE};
use crate::context::Ctx;

async fn get(read: &mut TenantRead, id: &UserId) -> Result<User, AdminError> {
    read.user_get(id).await?.ok_or(AdminError::NotFound("user"))
}

/// A user whose sessions and apps the caller may end.
async fn target(ctx: &Ctx<'_>, caller: &Caller, id: &UserId) -> Result<(), AdminError> {
    caller.require(ctx, &USERS_MANAGE)?;
    let user = get(&mut ctx.read().await?, id).await?;
    check_target(ctx, caller, &user)
}

/// The apps that a user let in, by name, and the user's live sessions, last seen first; at most
/// 1000 each. As the user's own `/account` shows them.
///
/// # Errors
/// A caller without the right, an unknown user, or a store that is away.
pub async fn access(ctx: &Ctx<'_>, caller: &Caller, id: &UserId) -> Result<Overview, AdminError> {
    caller.require(ctx, &USERS_MANAGE)?;
    get(&mut ctx.read().await?, id).await?;
    Ok(account::overview_of(ctx, id).await?)
}

/// Ends one of a user's sessions. Apps that the user let in go on.
///
/// # Errors
/// A caller without the right, an unknown user, an administrator whom the caller could not make, a
/// session that is none of the user's.
pub async fn session_end(
    ctx: &Ctx<'_>,
    caller: &Caller,
    id: &UserId,
    session_id: &SessionId,
) -> Result<(), AdminError> {
    target(ctx, caller, id).await?;
    match account::end_session_of(ctx, (id, session_id), caller).await? {
        true => Ok(()),
        false => Err(AdminError::NotFound("session")),
    }
}

/// Ends all of a user's sessions, and says how many. Apps that the user let in go on.
///
/// # Errors
/// A caller without the right, an unknown user, an administrator whom the caller could not make.
pub async fn sessions_end(ctx: &Ctx<'_>, caller: &Caller, id: &UserId) -> Result<u64, AdminError> {
    target(ctx, caller, id).await?;
    let mut tx = ctx.begin().await?;
    let ended = tx.session_delete_all(id).await?;
    let details = json!({ "count": ended });
    tx.audit_append(&caller.event(ctx, "session.all_ended", id.as_str(), details)).await?;
    ctx.commit_change(tx, ChangeKind::User, id.as_str()).await?;
    Ok(ended)
}

/// Takes an app's access to a user away: consent, refresh tokens and access tokens, at once, as the
/// user could. `false` when it had none.
///
/// # Errors
/// A caller without the right, an unknown user, an administrator whom the caller could not make.
pub async fn app_remove(
    ctx: &Ctx<'_>,
    caller: &Caller,
    id: &UserId,
    client_id: &ClientId,
) -> Result<bool, AdminError> {
    target(ctx, caller, id).await?;
    Ok(account::end_access(ctx, (id, client_id), caller).await?)
}
