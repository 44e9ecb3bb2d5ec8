//! How a tenant treats groups, and what the group of everybody gives (contract, section 6).

use std::sync::Arc;

use domain::ids::GroupId;
use domain::patch::{Op, Operation, Patch, PatchError, Rules};
use domain::said;
use domain::tenant::TenantSettings;
use domain::user::{EVERYONE, GroupStatus, RoleRef};
use serde_json::{Value, json};
use store::{ChangeKind, Group, TenantRead};

use super::write;
use crate::admin::AdminError;
use crate::admin::role_giving::{Choice, check_named, choices, roles_of};
use crate::authority::{ADMIN_CLASSIC, Caller, GROUPS_MANAGE, SETTINGS_READ};
use crate::context::Ctx;

/// What a patch of the settings may do (contract, section 6).
const RULES: Rules = Rules {
    ops: &[Op::Replace],
    paths: &[
        "/autoCreateGroups",
        "/syncIdpGroups",
        "/systemGroups/*/assignedRoles",
        "/systemGroups/*/enabled",
    ],
    bare_paths: false,
};

/// The settings of groups.
#[derive(Debug, Clone)]
pub struct GroupSettings {
    /// Groups are made when the identity provider names them.
    pub auto_create_groups: bool,
    /// Memberships follow the identity provider.
    pub sync_idp_groups: bool,
    /// The group of everybody.
    pub everyone: Group,
}

/// The group of everybody.
pub(in crate::admin) async fn everyone(read: &mut TenantRead) -> Result<Group, AdminError> {
    let id = GroupId::parse(EVERYONE).map_err(|_| AdminError::NotFound("group"))?;
    read.group_get(&id).await?.ok_or(AdminError::NotFound("group"))
}

/// Reads the settings.
///
/// # Errors
/// A caller without the right, or a store that is away.
pub async fn settings(ctx: &Ctx<'_>, caller: &Caller) -> Result<GroupSettings, AdminError> {
    caller.require(ctx, &SETTINGS_READ)?;
    let mut read = ctx.read().await?;
    let tenant = read.tenant_get().await?.ok_or(AdminError::NotFound("tenant"))?;
    Ok(GroupSettings {
        auto_create_groups: tenant.settings.auto_create_groups,
        sync_idp_groups: tenant.settings.sync_idp_groups,
        everyone: everyone(&mut read).await?,
    })
}

/// Changes the settings, as a whole or not at all; only if the group of everybody is still as the
/// caller saw it, where the change was made for that. Everybody has the new roles at once.
///
/// # Errors
/// A caller without the right, or who gives or takes more than they have; an operation that does
/// not fit; an unknown group or role; administration for everybody; [`AdminError::Stale`].
pub async fn patch_settings(
    ctx: &Ctx<'_>,
    caller: &Caller,
    seen: Option<&Group>,
    body: Value,
) -> Result<(), AdminError> {
    caller.require(ctx, &GROUPS_MANAGE)?;
    let patch = Patch::parse(body, &RULES)?;
    check_named(&patch)?;
    let mut tx = ctx.begin().await?;
    tx.tenant_hold().await?;
    let mut tenant = tx.tenant_get().await?.ok_or(AdminError::NotFound("tenant"))?;
    let before = (everyone(&mut tx).await?, tenant.settings);
    if seen.is_some_and(|seen| *seen != before.0) {
        return Err(AdminError::Stale);
    }
    let mut group = before.0.clone();
    for (index, operation) in patch.operations().iter().enumerate() {
        let at = |error: AdminError| error.at_operation(index);
        match operation.path.split('/').nth(2) {
            None => apply_flag(&mut tenant.settings, operation).map_err(at)?,
            Some(EVERYONE) => apply(ctx, &mut tx, &mut group, operation).await.map_err(at)?,
            Some(_) => {
                let message = format!("The only system group is {EVERYONE}.");
                return Err(PatchError::at(index, "path", message).into());
            }
        }
    }
    let everybody_changed = write(ctx, caller, &mut tx, (&before.0, group)).await?;
    let tenant_changed = tenant.settings != before.1;
    if tenant_changed {
        tenant.updated_at = ctx.now;
        tx.tenant_update(&tenant).await?;
        let changes = domain::audit::changes(&json!(before.1), &json!(tenant.settings));
        let details = json!({ "changes": changes });
        tx.audit_append(&caller.event(ctx, "tenant.updated", tenant.id.as_str(), details)).await?;
    }
    let changed = [
        (tenant_changed, ChangeKind::Tenant, tenant.id.as_str()),
        (everybody_changed, ChangeKind::Users, ""),
    ];
    let changed = || changed.iter().filter(|(changed, ..)| *changed);
    for (_, kind, subject) in changed() {
        tx.change_append(*kind, subject, ctx.now).await?;
    }
    tx.commit().await?;
    changed().for_each(|(_, kind, subject)| ctx.forget(*kind, subject));
    Ok(())
}

fn flag(field: &'static str, value: &Value) -> Result<bool, AdminError> {
    value.as_bool().ok_or_else(|| AdminError::invalid(field, "is true or false"))
}

fn apply_flag(settings: &mut TenantSettings, operation: &Operation) -> Result<(), AdminError> {
    match operation.field() {
        "autoCreateGroups" => {
            settings.auto_create_groups = flag("autoCreateGroups", &operation.value)?;
        }
        _ => settings.sync_idp_groups = flag("syncIdpGroups", &operation.value)?,
    }
    Ok(())
}

async fn apply(
    ctx: &Ctx<'_>,
    read: &mut TenantRead,
    group: &mut Group,
    operation: &Operation,
) -> Result<(), AdminError> {
    if operation.path.ends_with("/enabled") {
        let on = flag("enabled", &operation.value)?;
        group.status = if on { GroupStatus::Active } else { GroupStatus::Disabled };
        return Ok(());
    }
    let chosen = choices("assignedRoles", &operation.value, Choice::Id)?;
    group.roles = roles_of(read, "assignedRoles", &chosen).await?;
    let administers = |role: &Arc<RoleRef>| role.gives(ctx.engine.catalogue(), ADMIN_CLASSIC);
    if let Some(index) = group.roles.iter().position(administers) {
        let message = said!(
            "everybody-administers",
            "the role {role} gives {scope}, which is not for everybody",
            role = &group.roles[index].name,
            scope = ADMIN_CLASSIC
        );
        return Err(AdminError::invalid_at("assignedRoles", index, message));
    }
    Ok(())
}
