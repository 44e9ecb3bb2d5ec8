//! Users: making them, and finding them for the command line.

mod access;
mod change;
mod draft;
mod invite;
mod listing;
mod password;
mod selection;

use domain::ids::{ClientId, UserId};
use domain::said;
use domain::user::User;
use serde_json::{Value, json};
use store::{ChangeKind, TenantTx};

use super::AdminError;
use super::once::Mark;
use super::role_giving::{check_groups, check_roles, groups_of, roles_of};
use crate::authority::{Caller, USERS_MANAGE};
use crate::context::Ctx;

pub use access::{access, app_remove, session_end, sessions_end};
pub use change::{RULES, delete, patch, set_status};
pub use draft::{EMAIL_MAX, NAME_MAX, PICTURE_MAX, PICTURE_START, SUBJECT_MAX, UserDraft};
pub use invite::{Invitation, Invitee, MAX_INVITEES, invite};
pub use listing::{Parts, Seen, Sight, USERS, count, get, list};
pub use password::{activate, password_reset};
pub use selection::Selection;

/// How long an invitation stands, in seconds: a week.
pub(super) const INVITATION_SECONDS: i64 = 7 * 86_400;

/// Makes a user.
///
/// # Errors
/// A caller without the right, or who gives more than they have; a value that is not acceptable, an
/// unknown role or group, a taken subject or email address.
pub async fn create(ctx: &Ctx<'_>, caller: &Caller, draft: &UserDraft) -> Result<User, AdminError> {
    create_once(ctx, caller, draft, None).await
}

/// The same, once for each mark of a form.
///
/// # Errors
/// As for [`create`]; [`AdminError::Repeated`].
pub async fn create_once(
    ctx: &Ctx<'_>,
    caller: &Caller,
    draft: &UserDraft,
    mark: Option<&Mark>,
) -> Result<User, AdminError> {
    caller.require(ctx, &USERS_MANAGE)?;
    let mut user = draft.user(ctx)?;
    let password_hash = draft.password_hash(ctx).await?;
    let mut tx = ctx.begin().await?;
    Mark::spend(mark, ctx, caller, &mut tx).await?;
    user.roles = roles_of(&mut tx, "assignedRoles", &draft.roles).await?;
    user.groups = groups_of(&mut tx, "assignedGroups", &draft.groups).await?;
    check_roles(ctx, caller, &[], &user.roles)?;
    check_groups(ctx, caller, &[], &user.groups)?;
    check_subject(&mut tx, &user.subject).await?;
    tx.user_create(&user, password_hash.as_deref()).await?;
    let details = json!({ "changes": domain::audit::changes(&Value::Null, &told(&user)) });
    tx.audit_append(&caller.event(ctx, "user.created", user.id.as_str(), details)).await?;
    let id = user.id.clone();
    ctx.commit_change(tx, ChangeKind::User, id.as_str()).await?;
    Ok(user)
}

/// Demands that a new user's subject is no client's id: a client's tokens for itself have that as
/// their `sub`, and a resource would take the one for the other (RFC 9068 section 5).
async fn check_subject(tx: &mut TenantTx, subject: &str) -> Result<(), AdminError> {
    let Ok(id) = ClientId::parse(subject) else { return Ok(()) };
    match tx.client_get(&id).await? {
        None => Ok(()),
        Some(_) => {
            let message = said!(
                "subject-client",
                "is the id of an OAuth client, which acts under it: choose another one"
            );
            Err(AdminError::invalid("subject", message))
        }
    }
}

/// A user as the audit trail tells it.
fn told(user: &User) -> Value {
    let roles: Vec<&str> = user.roles.iter().map(|role| role.name.as_str()).collect();
    let groups: Vec<&str> = user.groups.iter().map(|group| group.name.as_str()).collect();
    json!({
        "subject": user.subject,
        "name": user.name,
        "email": user.email,
        "status": user.status,
        "picture": user.claims.get("picture"),
        "preferredLocale": user.claims.get("locale"),
        "preferredZoneinfo": user.claims.get("zoneinfo"),
        "inviteExpiry": user.invite_expires_at.map(|at| at.as_second()),
        "assignedRoles": roles,
        "assignedGroups": groups,
    })
}

/// A user by subject.
///
/// # Errors
/// When the store is away.
pub async fn find_by_subject(ctx: &Ctx<'_>, subject: &str) -> Result<Option<User>, AdminError> {
    Ok(ctx.read().await?.user_find_by_subject(subject).await?)
}

/// The user that an operator names by id, subject or email address.
///
/// # Errors
/// When there is none.
pub async fn find(ctx: &Ctx<'_>, named: &str) -> Result<User, AdminError> {
    let mut read = ctx.read().await?;
    if let Ok(id) = UserId::parse(named)
        && let Some(found) = read.user_get(&id).await?
    {
        return Ok(found);
    }
    if let Some(found) = read.user_find_by_subject(named).await? {
        return Ok(found);
    }
    read.user_find_by_email(named).await?.ok_or(AdminError::NotFound("user"))
}

/// Users by id, after one: all of them, for the command line of the installation.
///
/// # Errors
/// When the store is away.
pub async fn list_by_id(
    ctx: &Ctx<'_>,
    limit: u32,
    after: Option<&UserId>,
) -> Result<Vec<User>, AdminError> {
    Ok(ctx.read().await?.user_list(limit, after).await?)
}
