//! Who may give which roles.
//!
//! Invariants: nobody gives or takes away a role that gives more than they have themselves; and only
//! who administers the tenant changes others who do. What one user can have, directly and through
//! groups, is bounded, since every token check and every page of users may read it.

use std::sync::Arc;

use domain::ids::{GroupId, RoleId};
use domain::patch::{Operation, Patch, PatchError};
use domain::said;
use domain::user::{EVERYONE, GroupRef, RoleRef, TENANT_ADMIN, User};
use serde_json::Value;
use store::{TenantRead, TenantTx};

use super::AdminError;
use crate::authority::Caller;
use crate::context::Ctx;

/// Most roles of one user or group (contract, section 6).
pub const MAX_ROLES: usize = 100;
/// Most groups of one user.
pub const MAX_GROUPS: usize = 200;
/// Most roles that so many groups of a tenant give together, whichever they are: so nobody has more
/// through groups, however memberships and groups change.
pub const MAX_PASSED: i64 = 1000;

/// A role or group that somebody names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// By its id.
    Id(String),
    /// By its name.
    Name(String),
}

impl Choice {
    /// By its name.
    pub fn named(name: &str) -> Self {
        Self::Name(name.to_owned())
    }

    /// What somebody wrote, as far as an error repeats it.
    fn shown(&self) -> String {
        let (Self::Id(text) | Self::Name(text)) = self;
        text.chars().filter(|c| !c.is_control()).take(40).collect()
    }
}

/// Roles or groups in a value: `{"id"}`, `{"name"}` or a text, one or a list of them; nothing for
/// an operation without a value.
pub(crate) fn choices(
    field: &'static str,
    value: &Value,
    of_text: fn(String) -> Choice,
) -> Result<Vec<Choice>, AdminError> {
    let one = |index: usize, value: &Value| {
        let member = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let found = match value {
            Value::String(text) => Some(of_text(text.clone())),
            _ => member("id").map(Choice::Id).or_else(|| member("name").map(Choice::Name)),
        };
        found.ok_or_else(|| {
            AdminError::invalid_at(field, index, "each is an object with an id or a name")
        })
    };
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(values) => {
            values.iter().enumerate().map(|(index, value)| one(index, value)).collect()
        }
        value => Ok(vec![one(0, value)?]),
    }
}

fn check_number(field: &'static str, number: usize, max: usize) -> Result<(), AdminError> {
    if number > max {
        return Err(AdminError::invalid(
            field,
            said!("values-max", "has at most {max} values", max),
        ));
    }
    Ok(())
}

/// Demands that a user does not have more roles and groups than one may have, after operations of
/// which each named fewer. Who has too many already may lose some.
pub(crate) fn check_totals(before: &User, after: &User) -> Result<(), AdminError> {
    let own =
        |user: &User| user.groups.iter().filter(|group| group.id.as_str() != EVERYONE).count();
    for (field, was, is, max) in [
        ("assignedRoles", before.roles.len(), after.roles.len(), MAX_ROLES),
        ("assignedGroups", own(before), own(after), MAX_GROUPS),
    ] {
        check_number(field, if is > was { is } else { 0 }, max)?;
    }
    Ok(())
}

/// Demands, after a group got roles, that groups do not give more than they may.
pub(crate) async fn check_passed(tx: &mut TenantTx) -> Result<(), AdminError> {
    if tx.group_roles_most(MAX_GROUPS).await? <= MAX_PASSED {
        return Ok(());
    }
    Err(AdminError::Limit(said!(
        "roles-passed",
        "The {groups} groups of a tenant that give the most roles give at most {roles} \
         together, so that nobody gets more through groups. Give roles that belong together as one, \
         with the scopes of all.",
        groups = MAX_GROUPS,
        roles = MAX_PASSED
    )))
}

/// The roles that somebody names, each once.
pub(crate) async fn roles_of(
    read: &mut TenantRead,
    field: &'static str,
    chosen: &[Choice],
) -> Result<Vec<Arc<RoleRef>>, AdminError> {
    check_number(field, chosen.len(), MAX_ROLES)?;
    let mut roles: Vec<Arc<RoleRef>> = Vec::new();
    for (index, choice) in chosen.iter().enumerate() {
        let found = match choice {
            Choice::Name(name) if name.contains(char::is_control) => None,
            Choice::Name(name) => read.role_find_by_name(name).await?,
            Choice::Id(id) => match RoleId::parse(id) {
                Ok(id) => read.role_get(&id).await?,
                Err(_) => None,
            },
        };
        let role = found.map(|role| role.as_member()).ok_or_else(|| {
            let message = said!(
                "role-unknown",
                "there is no role `{role}` in this tenant",
                role = choice.shown()
            );
            AdminError::invalid_at(field, index, message)
        })?;
        if roles.iter().all(|known| known.id != role.id) {
            roles.push(role);
        }
    }
    Ok(roles)
}

/// The groups that somebody names, each once.
pub(crate) async fn groups_of(
    read: &mut TenantRead,
    field: &'static str,
    chosen: &[Choice],
) -> Result<Vec<Arc<GroupRef>>, AdminError> {
    check_number(field, chosen.len(), MAX_GROUPS)?;
    let mut groups: Vec<Arc<GroupRef>> = Vec::new();
    for (index, choice) in chosen.iter().enumerate() {
        let found = match choice {
            Choice::Name(name) if name.contains(char::is_control) => None,
            Choice::Name(name) => read.group_find_by_name(name).await?,
            Choice::Id(id) => match GroupId::parse(id) {
                Ok(id) => read.group_get(&id).await?,
                Err(_) => None,
            },
        };
        let group = found.map(|group| group.as_member()).ok_or_else(|| {
            AdminError::invalid_at(
                field,
                index,
                said!("group-unknown", "there is no such group in this tenant"),
            )
        })?;
        if group.id.as_str() == EVERYONE {
            let message = said!("group-everyone", "everybody is in this group already");
            return Err(AdminError::invalid_at(field, index, message));
        }
        if groups.iter().all(|known| known.id != group.id) {
            groups.push(group);
        }
    }
    Ok(groups)
}

/// Demands that the caller may give each role that is new and take each that goes.
pub(crate) fn check_roles(
    ctx: &Ctx<'_>,
    caller: &Caller,
    before: &[Arc<RoleRef>],
    after: &[Arc<RoleRef>],
) -> Result<(), AdminError> {
    let lacks = |roles: &[Arc<RoleRef>], role: &RoleRef| roles.iter().all(|one| one.id != role.id);
    let new = after.iter().filter(|role| lacks(before, role));
    let gone = before.iter().filter(|role| lacks(after, role));
    match new.chain(gone).find(|role| !caller.may_give_role(ctx, role)) {
        Some(role) => Err(too_mighty(role)),
        None => Ok(()),
    }
}

/// The same for the roles of groups that a user joins and leaves.
pub(crate) fn check_groups(
    ctx: &Ctx<'_>,
    caller: &Caller,
    before: &[Arc<GroupRef>],
    after: &[Arc<GroupRef>],
) -> Result<(), AdminError> {
    let lacks =
        |groups: &[Arc<GroupRef>], group: &GroupRef| groups.iter().all(|g| g.id != group.id);
    let new = after.iter().filter(|group| lacks(before, group));
    let gone = before.iter().filter(|group| lacks(after, group));
    let is_mighty =
        |group: &&Arc<GroupRef>| group.roles.iter().any(|role| !caller.may_give_role(ctx, role));
    match new.chain(gone).find(is_mighty) {
        Some(group) => Err(AdminError::Forbidden(said!(
            "group-mighty",
            "The group {name} gives more than you have yourself, or more than this app may do for \
             you. Somebody with the role {admin} can let users in and out, through an app with the \
             scope admin_classic.",
            name = &group.name,
            admin = TENANT_ADMIN
        ))),
        None => Ok(()),
    }
}

fn too_mighty(role: &RoleRef) -> AdminError {
    AdminError::Forbidden(said!(
        "role-mighty",
        "The role {name} gives more than you have yourself, or more than this app may do for you. \
         Somebody with the role {admin} can give it and take it away, through an app with \
         the scope admin_classic.",
        name = &role.name,
        admin = TENANT_ADMIN
    ))
}

/// Demands that the caller could give each role by which the user administers: whoever may not
/// make an administrator may not change, replace or act as one. Users are their own.
pub(crate) fn check_target(ctx: &Ctx<'_>, caller: &Caller, user: &User) -> Result<(), AdminError> {
    if caller.user().is_some_and(|own| own.id == user.id) {
        return Ok(());
    }
    check_might(ctx, caller, user)
}

/// The same without an exception for oneself: for what would let a narrow app act as its own user,
/// with everything that the user may do.
pub(crate) fn check_might(ctx: &Ctx<'_>, caller: &Caller, user: &User) -> Result<(), AdminError> {
    let administers = |scope: &str| scope == "admin_classic" || scope.starts_with("admin.");
    let mut mighty = user
        .all_roles()
        .filter(|role| role.is_tenant_admin() || role.scopes.iter().any(administers));
    match mighty.find(|role| !caller.may_give_role(ctx, role)) {
        Some(role) => Err(AdminError::Forbidden(said!(
            "user-mighty",
            "This user has the role {name}, which you or this app could not give: somebody with the \
             role {admin} can do this, through an app with the scope admin_classic.",
            name = &role.name,
            admin = TENANT_ADMIN
        ))),
        None => Ok(()),
    }
}

/// Most roles and groups that the operations of one patch name together.
const MAX_NAMED: usize = 300;

/// Bounds what a patch looks up while it holds the tenant's lock.
pub(crate) fn check_named(patch: &Patch) -> Result<(), AdminError> {
    let named = |operation: &Operation| operation.value.as_array().map_or(1, Vec::len);
    if patch.operations().iter().map(named).sum::<usize>() > MAX_NAMED {
        let message = format!("The operations of a patch name at most {MAX_NAMED} values.");
        return Err(PatchError::at(0, "value", message).into());
    }
    Ok(())
}
