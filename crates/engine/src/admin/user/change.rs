//! Changing and deleting users.
//!
//! Invariant: who is switched off or deleted has no session, code, refresh token or access token
//! left, on any node, as soon as the change feed was read.

use std::sync::Arc;

use domain::ids::{GrantId, UserId};
use domain::patch::{Op, Operation, Patch, PatchError, Rules};
use domain::said;
use domain::time::{Timestamp, plus_seconds};
use domain::user::{EVERYONE, GroupRef, User, UserKind, UserStatus};
use serde_json::{Value, json};
use store::{ChangeKind, TenantTx};

use super::draft::{NAME_MAX, preference};
use super::{INVITATION_SECONDS, told};
use crate::admin::keeper::Keeper;
use crate::admin::role_giving::{
    Choice, check_groups, check_named, check_roles, check_target, check_totals, choices, groups_of,
    roles_of,
};
use crate::admin::wording::name;
use crate::admin::{AdminError, api_key};
use crate::authority::{Caller, USERS_CHANGE, USERS_MANAGE};
use crate::context::Ctx;
use crate::grants;

/// What a patch of a user may do (contract, section 6).
pub const RULES: Rules = Rules {
    ops: &[Op::Replace, Op::Add, Op::Renew, Op::RemoveValue, Op::Set, Op::Unset],
    paths: &[
        "/name",
        "/status",
        "/assignedRoles",
        "/assignedRoles/-",
        "/roles",
        "/roles/-",
        "/assignedGroups",
        "/assignedGroups/-",
        "/inviteExpiry",
        "/preferredLocale",
        "/preferredZoneinfo",
    ],
    bare_paths: false,
};

/// Longest time for which an invitation stands, in seconds.
const INVITATION_MAX: i64 = 366 * 86_400;

/// What users may change about themselves.
const PREFERENCES: &[&str] = &["preferredLocale", "preferredZoneinfo"];

/// Changes a user, as a whole or not at all; only if name, roles and groups are still those that the
/// caller saw, where the change was made for those.
///
/// # Errors
/// A caller without the right, or who gives or takes more than they have; an operation that does
/// not fit; an unknown user; the last administrator; [`AdminError::Stale`].
pub async fn patch(
    ctx: &Ctx<'_>,
    caller: &Caller,
    (id, seen): (&str, Option<&User>),
    body: Value,
) -> Result<(), AdminError> {
    caller.require(ctx, &USERS_CHANGE)?;
    let patch = Patch::parse(body, &RULES)?;
    check_named(&patch)?;
    check_ops(&patch)?;
    let is_self = caller.user().is_some_and(|user| user.id.as_str() == id);
    let personal = |operation: &Operation| PREFERENCES.contains(&operation.field());
    if !(is_self && patch.operations().iter().all(personal)) {
        caller.require(ctx, &USERS_MANAGE)?;
    }
    let mut tx = ctx.begin().await?;
    let keeper = Keeper::begin(&mut tx, caller).await?;
    let before = get(&mut tx, id).await?;
    check_target(ctx, caller, &before)?;
    let is_same = |seen: &User| {
        seen.name == before.name && seen.roles == before.roles && seen.groups == before.groups
    };
    if !seen.is_none_or(is_same) {
        return Err(AdminError::Stale);
    }
    let mut after = before.clone();
    for (index, operation) in patch.operations().iter().enumerate() {
        let applied = apply(ctx, &mut tx, &mut after, operation).await;
        applied.map_err(|error| error.at_operation(index))?;
    }
    check_totals(&before, &after).map_err(|error| blame(&patch, error))?;
    check_roles(ctx, caller, &before.roles, &after.roles)?;
    check_groups(ctx, caller, &before.groups, &after.groups)?;
    write(ctx, caller, tx, Change { before, after, keeper }).await
}

/// `renew` is for an invitation only, and only `unset` empties a list without saying so.
fn check_ops(patch: &Patch) -> Result<(), AdminError> {
    for (index, operation) in patch.operations().iter().enumerate() {
        let field = operation.field();
        if operation.op == Op::Renew && field != "inviteExpiry" {
            let message = "renew goes with /inviteExpiry.";
            return Err(PatchError::at(index, "op", message).into());
        }
        let is_list = matches!(field, "roles" | "assignedRoles" | "assignedGroups");
        if is_list && operation.value.is_null() && operation.op != Op::Unset {
            let message = "The value is a list, which may be empty.";
            return Err(PatchError::at(index, "value", message).into());
        }
    }
    Ok(())
}

/// The operation that an error is about; roles have two names.
fn blame(patch: &Patch, error: AdminError) -> AdminError {
    match error {
        AdminError::Invalid { field: "assignedRoles", message, .. }
            if patch.blame(("assignedRoles", None), "").is_none() =>
        {
            AdminError::invalid("roles", message).of_patch(patch)
        }
        other => other.of_patch(patch),
    }
}

async fn get(tx: &mut TenantTx, id: &str) -> Result<User, AdminError> {
    let id = UserId::parse(id).map_err(|_| AdminError::NotFound("user"))?;
    tx.user_get(&id).await?.ok_or(AdminError::NotFound("user"))
}

async fn apply(
    ctx: &Ctx<'_>,
    tx: &mut TenantTx,
    user: &mut User,
    operation: &Operation,
) -> Result<(), AdminError> {
    match operation.field() {
        "assignedRoles" => {
            let chosen = choices("assignedRoles", &operation.value, Choice::Id)?;
            let roles = roles_of(tx, "assignedRoles", &chosen).await?;
            merge(&mut user.roles, roles, operation, |one, other| one.id == other.id);
            Ok(())
        }
        "roles" => {
            let chosen = choices("roles", &operation.value, Choice::Name)?;
            let roles = roles_of(tx, "roles", &chosen).await?;
            merge(&mut user.roles, roles, operation, |one, other| one.id == other.id);
            Ok(())
        }
        "assignedGroups" => {
            let chosen = choices("assignedGroups", &operation.value, Choice::Id)?;
            let groups = groups_of(tx, "assignedGroups", &chosen).await?;
            let mut own: Vec<Arc<GroupRef>> = user.groups.clone();
            own.retain(|group| group.id.as_str() != EVERYONE);
            merge(&mut own, groups, operation, |one, other| one.id == other.id);
            user.groups.retain(|group| group.id.as_str() == EVERYONE);
            user.groups.extend(own);
            Ok(())
        }
        _ => apply_field(ctx, user, operation),
    }
}

/// What an operation makes of a list: `add` adds, `remove-value` takes away, others set.
fn merge<T>(list: &mut Vec<T>, named: Vec<T>, operation: &Operation, same: fn(&T, &T) -> bool) {
    match operation.op {
        Op::Add => {
            for one in named {
                if list.iter().all(|known| !same(known, &one)) {
                    list.push(one);
                }
            }
        }
        Op::RemoveValue => list.retain(|known| named.iter().all(|one| !same(known, one))),
        _ => *list = named,
    }
}

fn apply_field(ctx: &Ctx<'_>, user: &mut User, operation: &Operation) -> Result<(), AdminError> {
    let text = |field| {
        let text = operation.value.as_str();
        text.ok_or_else(|| AdminError::invalid(field, "is a text"))
    };
    match operation.field() {
        "name" => user.name = name("name", text("name")?, NAME_MAX)?,
        "status" => user.status = status(text("status")?)?,
        "inviteExpiry" => user.invite_expires_at = invite_expiry(ctx, user, operation)?,
        "preferredLocale" => set_claim(user, "locale", "preferredLocale", operation)?,
        _ => set_claim(user, "zoneinfo", "preferredZoneinfo", operation)?,
    }
    Ok(())
}

fn status(text: &str) -> Result<UserStatus, AdminError> {
    match UserStatus::parse(text) {
        Some(status @ (UserStatus::Active | UserStatus::Disabled)) => Ok(status),
        _ => Err(AdminError::invalid("status", "is set to active or disabled")),
    }
}

fn set_claim(
    user: &mut User,
    claim: &str,
    field: &'static str,
    operation: &Operation,
) -> Result<(), AdminError> {
    match &operation.value {
        Value::Null => drop(user.claims.remove(claim)),
        Value::String(text) if text.is_empty() => drop(user.claims.remove(claim)),
        Value::String(text) => {
            user.claims.insert(claim.to_owned(), preference(field, text)?.into());
        }
        _ => return Err(AdminError::invalid(field, "is a text")),
    }
    Ok(())
}

fn invite_expiry(
    ctx: &Ctx<'_>,
    user: &User,
    operation: &Operation,
) -> Result<Option<Timestamp>, AdminError> {
    if user.status != UserStatus::Invited {
        let message =
            said!("not-invited", "only who is invited, and has not come yet, has an invitation");
        return Err(AdminError::invalid("inviteExpiry", message));
    }
    if operation.op == Op::Renew {
        return Ok(Some(plus_seconds(ctx.now, INVITATION_SECONDS)));
    }
    let now = ctx.now.as_second();
    let seconds = operation.value.as_i64();
    let seconds = seconds.filter(|at| (now + 1..=now + INVITATION_MAX).contains(at));
    let until = seconds.map(|at| plus_seconds(Timestamp::UNIX_EPOCH, at));
    until.map(Some).ok_or_else(|| {
        let message = "is a time within the next year, in seconds since 1970";
        AdminError::invalid("inviteExpiry", message)
    })
}

/// A change that is allowed and only has to be written.
struct Change {
    before: User,
    after: User,
    keeper: Keeper,
}

async fn write(
    ctx: &Ctx<'_>,
    caller: &Caller,
    mut tx: TenantTx,
    change: Change,
) -> Result<(), AdminError> {
    let Change { before, mut after, keeper } = change;
    if after == before {
        return Ok(());
    }
    after.updated_at = ctx.now;
    if after.status != UserStatus::Invited {
        after.invite_expires_at = None;
    }
    let id = after.id.clone();
    tx.user_update(&after).await?;
    if after.roles != before.roles {
        tx.user_roles_put(&after).await?;
    }
    if after.groups != before.groups {
        tx.user_groups_put(&after).await?;
    }
    let mut ended = Vec::new();
    if after.status != before.status {
        tx.user_update_status(&id, after.status, ctx.now).await?;
        if after.status == UserStatus::Disabled {
            ended = end_all(ctx, &mut tx, &id).await?;
        }
    }
    keeper.check(ctx, &mut tx).await?;
    let details = json!({ "changes": domain::audit::changes(&told(&before), &told(&after)) });
    let event = if after.status == before.status { "user.updated" } else { "user.status_changed" };
    tx.audit_append(&caller.event(ctx, event, id.as_str(), details)).await?;
    ctx.commit_change(tx, ChangeKind::User, id.as_str()).await?;
    grants::forget(ctx, &ended);
    Ok(())
}

/// Ends what a user holds: sessions, refresh tokens with the access tokens that came from them,
/// codes, and API keys. Returns the grants that ended.
async fn end_all(
    ctx: &Ctx<'_>,
    tx: &mut TenantTx,
    id: &UserId,
) -> Result<Vec<GrantId>, AdminError> {
    tx.session_delete_all(id).await?;
    let ended = tx.families_revoke_for(id, None, ctx.now).await?;
    grants::revoke_in(ctx, tx, &ended).await?;
    tx.codes_revoke_for(id, None, ctx.now).await?;
    api_key::revoke_of(ctx, tx, id).await?;
    Ok(ended)
}

/// Switches a user on or off. Off: sessions and tokens end at once, and do not come back when the
/// user is switched on again. Nothing happens when the status is what it was.
///
/// # Errors
/// A caller without the right, an unknown user, the last administrator.
pub async fn set_status(
    ctx: &Ctx<'_>,
    caller: &Caller,
    id: &UserId,
    status: UserStatus,
) -> Result<(), AdminError> {
    caller.require(ctx, &USERS_MANAGE)?;
    let mut tx = ctx.begin().await?;
    let keeper = Keeper::begin(&mut tx, caller).await?;
    let before = get(&mut tx, id.as_str()).await?;
    check_target(ctx, caller, &before)?;
    let after = User { status, ..before.clone() };
    write(ctx, caller, tx, Change { before, after, keeper }).await
}

/// Deletes a user, and everything that hangs on it.
///
/// # Errors
/// A caller without the right, an unknown user, the last administrator, a client's bot user.
pub async fn delete(ctx: &Ctx<'_>, caller: &Caller, id: &str) -> Result<(), AdminError> {
    caller.require(ctx, &USERS_MANAGE)?;
    let mut tx = ctx.begin().await?;
    let keeper = Keeper::begin(&mut tx, caller).await?;
    let user = get(&mut tx, id).await?;
    check_target(ctx, caller, &user)?;
    if let UserKind::Bot(client_id) = &user.kind {
        return Err(AdminError::Conflict(said!(
            "bot-delete",
            "This is what the OAuth client {client} acts as: delete the client, and this user \
             goes with it.",
            client = client_id.as_str()
        )));
    }
    let ended = end_all(ctx, &mut tx, &user.id).await?;
    tx.user_delete(&user.id).await?;
    keeper.check(ctx, &mut tx).await?;
    let details = json!({ "changes": domain::audit::changes(&told(&user), &Value::Null) });
    tx.audit_append(&caller.event(ctx, "user.deleted", user.id.as_str(), details)).await?;
    ctx.commit_change(tx, ChangeKind::User, user.id.as_str()).await?;
    grants::forget(ctx, &ended);
    Ok(())
}
