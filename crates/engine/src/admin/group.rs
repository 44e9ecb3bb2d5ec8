//! Groups: their members have their roles (contract, section 6). Who is in a group is said with
//! the user.

mod settings;

use domain::filter::{Attribute, Kind};
use domain::ids::GroupId;
use domain::list::Sort;
use domain::patch::{Op, Operation, Patch, Rules};
use domain::said;
use domain::user::{EVERYONE_NAME, GroupProvider, GroupStatus};
use serde_json::{Value, json};
use store::{ChangeKind, Group, TenantTx};

use super::AdminError;
use super::keeper::Keeper;
use super::listing::{ListParams, Listed, Listing};
use super::role_giving::{Choice, check_named, check_passed, check_roles, choices, roles_of};
use super::wording::{description, name_beside};
use crate::authority::{Caller, GROUPS_MANAGE, GROUPS_READ};
use crate::context::Ctx;
use crate::search;

pub(super) use settings::everyone;
pub use settings::{GroupSettings, patch_settings, settings};

/// Most groups of a tenant (contract, section 6).
pub const MAX_TENANT_GROUPS: i64 = 10_000;
/// Longest name of a group, in characters (contract, section 6).
pub const NAME_MAX: usize = 256;

/// What a patch of a group may do (contract, section 6).
pub const RULES: Rules = Rules {
    ops: &[Op::Replace],
    paths: &["/name", "/description", "/assignedRoles"],
    bare_paths: true,
};

/// Groups as they are listed.
pub static GROUPS: Listing = Listing {
    name: "groups",
    attributes: &[
        Attribute { name: "id", kind: Kind::Id },
        Attribute { name: "name", kind: Kind::Text },
        Attribute { name: "status", kind: Kind::Word(&["active", "disabled"]) },
        Attribute { name: "providerType", kind: Kind::Word(&["idp", "custom", "system"]) },
        Attribute { name: "createdAt", kind: Kind::Time },
        Attribute { name: "assignedRoles.id", kind: Kind::Id },
        Attribute { name: "assignedRoles.name", kind: Kind::Text },
    ],
    sorts: &["name", "id", "createdAt"],
    default_sort: Sort::ascending("name"),
};

/// The same for the groups that the tenant came with, so that a cursor of one is none of the other.
static SYSTEM_GROUPS: Listing = Listing { name: "system groups", ..GROUPS };

/// A page of the tenant's groups; with `system`, of those that the tenant came with.
///
/// # Errors
/// A caller without the right, a wrong parameter, or a store that is away.
pub async fn list(
    ctx: &Ctx<'_>,
    caller: &Caller,
    params: &ListParams,
    system: bool,
) -> Result<Listed<Group>, AdminError> {
    caller.require(ctx, &GROUPS_READ)?;
    let listing = if system { &SYSTEM_GROUPS } else { &GROUPS };
    let query = listing.query(ctx, params)?;
    let page = search::page(ctx, caller, query, move |mut read, query| async move {
        read.group_page(&query, system).await
    })
    .await?;
    Ok(listing.seal(ctx, params, page))
}

/// One group.
///
/// # Errors
/// A caller without the right, an unknown group, or a store that is away.
pub async fn get(ctx: &Ctx<'_>, caller: &Caller, id: &str) -> Result<Group, AdminError> {
    caller.require(ctx, &GROUPS_READ)?;
    let id = GroupId::parse(id).map_err(|_| AdminError::NotFound("group"))?;
    ctx.read().await?.group_get(&id).await?.ok_or(AdminError::NotFound("group"))
}

/// What a new group is made of.
#[derive(Debug, Clone)]
pub struct GroupDraft {
    /// Its name, unique in the tenant.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The identity provider, or an administrator.
    pub provider: GroupProvider,
    /// The roles that its members have.
    pub roles: Vec<Choice>,
}

/// Makes a group.
///
/// # Errors
/// A caller without the right or who gives more than they have, a bad or taken name, an unknown
/// role, or too many groups.
pub async fn create(
    ctx: &Ctx<'_>,
    caller: &Caller,
    draft: &GroupDraft,
) -> Result<Group, AdminError> {
    caller.require(ctx, &GROUPS_MANAGE)?;
    if draft.provider == GroupProvider::System {
        return Err(AdminError::invalid("providerType", "is idp or custom"));
    }
    let mut group = Group {
        id: GroupId::generate(ctx.engine.entropy()),
        name: name_beside(&draft.name, NAME_MAX, [EVERYONE_NAME])?,
        description: description(&draft.description)?,
        provider: draft.provider,
        status: GroupStatus::Active,
        roles: Vec::new(),
        created_at: ctx.now,
        updated_at: ctx.now,
        created_by: caller.actor().id().to_owned(),
        updated_by: caller.actor().id().to_owned(),
    };
    let mut tx = ctx.begin().await?;
    tx.tenant_hold().await?;
    group.roles = roles_of(&mut tx, "assignedRoles", &draft.roles).await?;
    check_roles(ctx, caller, &[], &group.roles)?;
    if tx.group_count().await? >= MAX_TENANT_GROUPS {
        let message =
            said!("groups-max", "A tenant has at most {max} groups.", max = MAX_TENANT_GROUPS);
        return Err(AdminError::Limit(message));
    }
    tx.group_create(&group).await?;
    check_passed(&mut tx).await?;
    let details = json!({ "changes": domain::audit::changes(&Value::Null, &told(&group)) });
    tx.audit_append(&caller.event(ctx, "group.created", group.id.as_str(), details)).await?;
    ctx.commit_change(tx, ChangeKind::Users, "").await?;
    Ok(group)
}

/// A group as the audit trail tells it.
fn told(group: &Group) -> Value {
    let roles: Vec<&str> = group.roles.iter().map(|role| role.name.as_str()).collect();
    json!({
        "name": group.name,
        "description": group.description,
        "providerType": group.provider,
        "status": group.status,
        "assignedRoles": roles,
    })
}

/// A group that can be changed.
async fn own(tx: &mut TenantTx, id: &str) -> Result<Group, AdminError> {
    let id = GroupId::parse(id).map_err(|_| AdminError::NotFound("group"))?;
    let group = tx.group_get(&id).await?.ok_or(AdminError::NotFound("group"))?;
    if group.provider == GroupProvider::System {
        let told = said!(
            "group-system",
            "This group came with the tenant: its roles are set in the settings of groups, and it \
             is not deleted."
        );
        return Err(AdminError::Forbidden(told));
    }
    Ok(group)
}

/// Changes a group, as a whole or not at all; only if it is still as the caller saw it, where the
/// change was made for that. Its members have its new roles at once.
///
/// # Errors
/// A caller without the right, or who gives or takes more than they have; an operation that does
/// not fit; an unknown group or role; the last administrator; [`AdminError::Stale`].
pub async fn patch(
    ctx: &Ctx<'_>,
    caller: &Caller,
    (id, seen): (&str, Option<&Group>),
    body: Value,
) -> Result<(), AdminError> {
    caller.require(ctx, &GROUPS_MANAGE)?;
    let patch = Patch::parse(body, &RULES)?;
    check_named(&patch)?;
    let mut tx = ctx.begin().await?;
    let keeper = Keeper::begin(&mut tx, caller).await?;
    let before = own(&mut tx, id).await?;
    if seen.is_some_and(|seen| *seen != before) {
        return Err(AdminError::Stale);
    }
    let mut after = before.clone();
    for (index, operation) in patch.operations().iter().enumerate() {
        let applied = apply(&mut tx, &mut after, operation).await;
        applied.map_err(|error| error.at_operation(index))?;
    }
    if !write(ctx, caller, &mut tx, (&before, after)).await? {
        return Ok(());
    }
    keeper.check(ctx, &mut tx).await?;
    Ok(ctx.commit_change(tx, ChangeKind::Users, "").await?)
}

async fn apply(
    tx: &mut TenantTx,
    group: &mut Group,
    operation: &Operation,
) -> Result<(), AdminError> {
    let text = |field: &'static str| {
        operation.value.as_str().ok_or_else(|| AdminError::invalid(field, "is a text"))
    };
    match operation.field() {
        "name" => group.name = name_beside(text("name")?, NAME_MAX, [EVERYONE_NAME])?,
        "description" => group.description = description(text("description")?)?,
        _ => {
            let chosen = choices("assignedRoles", &operation.value, Choice::Id)?;
            group.roles = roles_of(tx, "assignedRoles", &chosen).await?;
        }
    }
    Ok(())
}

/// Stores and tells a change of a group that the caller may make; `false` when nothing changes.
async fn write(
    ctx: &Ctx<'_>,
    caller: &Caller,
    tx: &mut TenantTx,
    (before, after): (&Group, Group),
) -> Result<bool, AdminError> {
    check_roles(ctx, caller, &before.roles, &after.roles)?;
    // Switching a group gives or takes all that it gives; its name is what others assign it by.
    if before.status != after.status || before.name != after.name {
        check_roles(ctx, caller, &[], &after.roles)?;
    }
    let changes = domain::audit::changes(&told(before), &told(&after));
    if changes == json!({}) {
        return Ok(false);
    }
    let updated_by = caller.actor().id().to_owned();
    let after = Group { updated_at: ctx.now, updated_by, ..after };
    tx.group_update(&after).await?;
    if after.roles.len() > before.roles.len() {
        check_passed(tx).await?;
    }
    let details = json!({ "changes": changes });
    tx.audit_append(&caller.event(ctx, "group.updated", after.id.as_str(), details)).await?;
    Ok(true)
}

/// Deletes a group; its members lose what it gave at once.
///
/// # Errors
/// A caller without the right or who takes more than they have, an unknown group, one that came
/// with the tenant, or the last administrator.
pub async fn delete(ctx: &Ctx<'_>, caller: &Caller, id: &str) -> Result<(), AdminError> {
    caller.require(ctx, &GROUPS_MANAGE)?;
    let mut tx = ctx.begin().await?;
    let keeper = Keeper::begin(&mut tx, caller).await?;
    let group = own(&mut tx, id).await?;
    check_roles(ctx, caller, &group.roles, &[])?;
    let members = tx.group_member_count(&group.id).await?;
    tx.group_delete(&group.id).await?;
    keeper.check(ctx, &mut tx).await?;
    let changes = domain::audit::changes(&told(&group), &Value::Null);
    let details = json!({ "changes": changes, "users": members });
    tx.audit_append(&caller.event(ctx, "group.deleted", group.id.as_str(), details)).await?;
    Ok(ctx.commit_change(tx, ChangeKind::Users, "").await?)
}
