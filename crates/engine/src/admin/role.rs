//! Roles and the scopes they give (contract, section 6).
//!
//! Invariant: nobody makes, changes or deletes a role that gives more than they have themselves.

use domain::filter::{Attribute, Kind};
use domain::ids::RoleId;
use domain::list::Sort;
use domain::patch::{Op, Patch, Rules};
use domain::said;
use domain::scope::ScopeSet;
use domain::user::{DEFAULT_ROLES, RoleKind, RoleLevel};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{ChangeKind, Role, TenantTx};

use super::listing::{ListParams, Listed, Listing};
use super::wording::{description, name_beside};
use super::{AdminError, group};
use crate::authority::{ADMIN_CLASSIC, Caller, GROUPS_MANAGE, GROUPS_READ};
use crate::context::Ctx;
use crate::search;

/// Most roles that a tenant makes (contract, section 6).
pub const MAX_CUSTOM_ROLES: i64 = 500;
/// Longest name of a role, in characters.
pub const NAME_MAX: usize = 256;

/// What a patch of a role may do (contract, section 6).
pub const RULES: Rules = Rules {
    ops: &[Op::Replace, Op::Add, Op::RemoveValue],
    paths: &["/name", "/description", "/assignedScopes", "/assignedScopes/-"],
    bare_paths: false,
};

/// Roles as they are listed.
pub static ROLES: Listing = Listing {
    name: "roles",
    attributes: &[
        Attribute { name: "id", kind: Kind::Id },
        Attribute { name: "name", kind: Kind::Text },
        Attribute { name: "type", kind: Kind::Word(&["default", "custom"]) },
        Attribute { name: "level", kind: Kind::Word(&["admin", "user"]) },
        Attribute { name: "createdAt", kind: Kind::Time },
    ],
    sorts: &["name", "createdAt"],
    default_sort: Sort::ascending("name"),
};

/// A page of the tenant's roles.
///
/// # Errors
/// A caller without the right, a wrong parameter, or a store that is away.
pub async fn list(
    ctx: &Ctx<'_>,
    caller: &Caller,
    params: &ListParams,
) -> Result<Listed<Role>, AdminError> {
    caller.require(ctx, &GROUPS_READ)?;
    let query = ROLES.query(ctx, params)?;
    let page =
        search::page(
            ctx,
            caller,
            query,
            |mut read, query| async move { read.role_page(&query).await },
        )
        .await?;
    Ok(ROLES.seal(ctx, params, page))
}

/// One role.
///
/// # Errors
/// A caller without the right, an unknown role, or a store that is away.
pub async fn get(ctx: &Ctx<'_>, caller: &Caller, id: &str) -> Result<Role, AdminError> {
    caller.require(ctx, &GROUPS_READ)?;
    let id = RoleId::parse(id).map_err(|_| AdminError::NotFound("role"))?;
    ctx.read().await?.role_get(&id).await?.ok_or(AdminError::NotFound("role"))
}

/// What a role is made of, and what of it can change.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoleDraft {
    /// Its name, unique in the tenant.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// The scopes that it gives.
    #[serde(default)]
    pub assigned_scopes: Vec<String>,
}

impl RoleDraft {
    fn of(role: &Role) -> Value {
        json!({
            "name": role.name,
            "description": role.description,
            "assignedScopes": role.assigned_scopes.iter().collect::<Vec<_>>(),
        })
    }

    /// Puts checked values into a role.
    fn into_role(self, ctx: &Ctx<'_>, role: &Role) -> Result<Role, AdminError> {
        let catalogue = ctx.engine.catalogue();
        let unknown = |scope: &String| catalogue.get(scope).is_none();
        if let Some(index) = self.assigned_scopes.iter().position(unknown) {
            let message = said!("scope-not-in-catalogue", "is no scope of this server's catalogue");
            return Err(AdminError::invalid_at("assignedScopes", index, message));
        }
        let scopes = ScopeSet::from_names(self.assigned_scopes.iter().map(String::as_str))
            .map_err(|error| AdminError::invalid("assignedScopes", error.said()))?;
        let administrative = |scope: &str| {
            let mut ancestors = catalogue.ancestors(scope);
            scope == ADMIN_CLASSIC || ancestors.any(|entry| entry.name.as_str() == ADMIN_CLASSIC)
        };
        let level =
            if scopes.iter().any(administrative) { RoleLevel::Admin } else { RoleLevel::User };
        Ok(Role {
            name: name_beside(&self.name, NAME_MAX, DEFAULT_ROLES.iter().map(|role| role.name))?,
            description: description(&self.description)?,
            assigned_scopes: scopes,
            level,
            updated_at: ctx.now,
            ..role.clone()
        })
    }
}

fn check_giving(ctx: &Ctx<'_>, caller: &Caller, role: &Role) -> Result<(), AdminError> {
    let lacking = role.assigned_scopes.iter().find(|scope| !caller.may_give(ctx, scope));
    match lacking {
        Some(scope) => Err(AdminError::Forbidden(said!(
            "scope-mighty",
            "The scope {scope} is more than you have yourself, or more than this app may do for \
             you: nobody gives that by a role.",
            scope
        ))),
        None => Ok(()),
    }
}

/// Demands that no role gives everybody full administration: one that the group of everybody has
/// does not get it, as that group gets none that gives it.
async fn check_everybody(
    ctx: &Ctx<'_>,
    tx: &mut TenantTx,
    (before, after): (&Role, &Role),
) -> Result<(), AdminError> {
    let gives = |role: &Role| role.as_member().gives(ctx.engine.catalogue(), ADMIN_CLASSIC);
    if !gives(after) || gives(before) {
        return Ok(());
    }
    if group::everyone(tx).await?.roles.iter().all(|role| role.id != after.id) {
        return Ok(());
    }
    let message = said!(
        "everybody-has-role",
        "have no {scope}, since everybody has this role",
        scope = ADMIN_CLASSIC
    );
    Err(AdminError::invalid("assignedScopes", message))
}

/// Makes a role.
///
/// # Errors
/// A caller without the right or who gives more than they have, a bad or taken name, a scope that
/// is none, or too many roles.
pub async fn create(ctx: &Ctx<'_>, caller: &Caller, draft: RoleDraft) -> Result<Role, AdminError> {
    caller.require(ctx, &GROUPS_MANAGE)?;
    let blank = Role {
        id: RoleId::generate(ctx.engine.entropy()),
        name: String::new(),
        kind: RoleKind::Custom,
        level: RoleLevel::User,
        description: String::new(),
        assigned_scopes: ScopeSet::default(),
        created_at: ctx.now,
        updated_at: ctx.now,
        created_by: caller.actor().id().to_owned(),
        updated_by: caller.actor().id().to_owned(),
    };
    let role = draft.into_role(ctx, &blank)?;
    check_giving(ctx, caller, &role)?;
    let mut tx = ctx.begin().await?;
    tx.tenant_hold().await?;
    if tx.role_count_custom().await? >= MAX_CUSTOM_ROLES {
        let told = said!(
            "roles-max",
            "A tenant has at most {max} roles of its own.",
            max = MAX_CUSTOM_ROLES
        );
        return Err(AdminError::Limit(told));
    }
    tx.role_create(&role).await?;
    let changes = domain::audit::changes(&Value::Null, &RoleDraft::of(&role));
    let details = json!({ "changes": changes });
    tx.audit_append(&caller.event(ctx, "role.created", role.id.as_str(), details)).await?;
    ctx.commit_change(tx, ChangeKind::Users, "").await?;
    Ok(role)
}

/// A role that the caller may change.
async fn own(
    ctx: &Ctx<'_>,
    caller: &Caller,
    tx: &mut TenantTx,
    id: &str,
) -> Result<Role, AdminError> {
    let id = RoleId::parse(id).map_err(|_| AdminError::NotFound("role"))?;
    let role = tx.role_get(&id).await?.ok_or(AdminError::NotFound("role"))?;
    if role.kind == RoleKind::Default {
        return Err(AdminError::Forbidden(said!(
            "role-default",
            "The role {name} came with the tenant: it is not changed or deleted. Make a role of your \
             own.",
            name = &role.name
        )));
    }
    check_giving(ctx, caller, &role)?;
    Ok(role)
}

/// Changes a role, as a whole or not at all; only if it is still as the caller saw it, where the
/// change was made for that. Whoever has it has the changed one at once.
///
/// # Errors
/// As for [`create`]; an operation that does not fit, an unknown role, one that came with the tenant;
/// [`AdminError::Stale`].
pub async fn patch(
    ctx: &Ctx<'_>,
    caller: &Caller,
    (id, seen): (&str, Option<&Role>),
    body: Value,
) -> Result<(), AdminError> {
    caller.require(ctx, &GROUPS_MANAGE)?;
    let patch = Patch::parse(body, &RULES)?;
    let mut tx = ctx.begin().await?;
    tx.tenant_hold().await?;
    let before = own(ctx, caller, &mut tx, id).await?;
    if seen.is_some_and(|seen| *seen != before) {
        return Err(AdminError::Stale);
    }
    let mut document = RoleDraft::of(&before);
    patch.apply(&mut document)?;
    let after = read(document)
        .and_then(|draft| draft.into_role(ctx, &before))
        .map_err(|error| error.of_patch(&patch))?;
    check_giving(ctx, caller, &after)?;
    check_everybody(ctx, &mut tx, (&before, &after))
        .await
        .map_err(|error| error.of_patch(&patch))?;
    let changes = domain::audit::changes(&RoleDraft::of(&before), &RoleDraft::of(&after));
    if changes == json!({}) {
        return Ok(());
    }
    let after = Role { updated_by: caller.actor().id().to_owned(), ..after };
    tx.role_update(&after).await?;
    let details = json!({ "changes": changes });
    tx.audit_append(&caller.event(ctx, "role.updated", after.id.as_str(), details)).await?;
    Ok(ctx.commit_change(tx, ChangeKind::Users, "").await?)
}

/// The fields of a role after a patch, each of its type.
fn read(document: Value) -> Result<RoleDraft, AdminError> {
    for field in ["name", "description"] {
        if !document[field].is_string() {
            return Err(AdminError::invalid(field, "is a text"));
        }
    }
    serde_json::from_value(document)
        .map_err(|_| AdminError::invalid("assignedScopes", "is a list of texts"))
}

/// Deletes a role; whoever has it loses it at once.
///
/// # Errors
/// A caller without the right or who takes more than they have, an unknown role, or one that came
/// with the tenant.
pub async fn delete(ctx: &Ctx<'_>, caller: &Caller, id: &str) -> Result<(), AdminError> {
    caller.require(ctx, &GROUPS_MANAGE)?;
    let mut tx = ctx.begin().await?;
    tx.tenant_hold().await?;
    let role = own(ctx, caller, &mut tx, id).await?;
    let (users, groups) = tx.role_members(&role.id).await?;
    tx.role_delete(&role.id).await?;
    let changes = domain::audit::changes(&RoleDraft::of(&role), &Value::Null);
    let details = json!({ "changes": changes, "users": users, "groups": groups });
    tx.audit_append(&caller.event(ctx, "role.deleted", role.id.as_str(), details)).await?;
    Ok(ctx.commit_change(tx, ChangeKind::Users, "").await?)
}
