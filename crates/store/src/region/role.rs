//! Roles of a tenant.

use std::collections::HashMap;
use std::sync::Arc;

use domain::ids::{RoleId, TenantId};
use domain::list::{ListQuery, Page};
use domain::scope::ScopeSet;
use domain::time::Timestamp;
use domain::user::{RoleKind, RoleLevel, RoleRef};

use super::{TenantRead, TenantTx};
use crate::database::Conn;
use crate::error::{Result, StoreError};
use crate::list::{self, Column, Shape};
use crate::statement::{Cells, each, only, sql, text_key};

/// A role.
#[derive(Debug, Clone, PartialEq)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Its name, unique in the tenant.
    pub name: String,
    /// Whether it came with the tenant.
    pub kind: RoleKind,
    /// Whether it gives administration rights.
    pub level: RoleLevel,
    /// What it is for.
    pub description: String,
    /// The scopes that its members may let clients have.
    pub assigned_scopes: ScopeSet,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Who made it, by id; empty for whom nobody wrote down.
    pub created_by: String,
    /// Who changed it last, by id.
    pub updated_by: String,
}

impl Role {
    /// The role as its members carry it.
    pub fn as_member(&self) -> Arc<RoleRef> {
        Arc::new(RoleRef {
            id: self.id.clone(),
            name: self.name.clone(),
            kind: self.kind,
            level: self.level,
            scopes: self.assigned_scopes.clone(),
        })
    }
}

/// The roles that rows tell of, each once, by id: those that have them share them.
#[derive(Default)]
pub(super) struct Roles(HashMap<String, Arc<RoleRef>>);

impl Roles {
    /// Takes a row that is a role.
    pub(super) fn take(&mut self, cells: Cells<'_>) -> Result<()> {
        let role = RoleRef {
            id: cells.parsed("id")?,
            name: cells.string("name")?,
            kind: cells.named("kind", role_kind)?,
            level: cells.named("level", role_level)?,
            scopes: cells.named("scopes", |text| ScopeSet::parse(text).ok())?,
        };
        self.0.insert(role.id.to_string(), Arc::new(role));
        Ok(())
    }

    /// The role that a row names.
    pub(super) fn get(&self, cells: Cells<'_>) -> Result<Arc<RoleRef>> {
        let role = self.0.get(cells.text("member_id")?);
        role.cloned().ok_or(StoreError::Corrupt { what: "role_id" })
    }
}

/// Puts roles into the order in which they are told.
pub(super) fn by_name(roles: &mut [Arc<RoleRef>]) {
    roles.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
}

fn role_kind(text: &str) -> Option<RoleKind> {
    [RoleKind::Default, RoleKind::Custom].into_iter().find(|kind| kind.as_str() == text)
}

fn role_level(text: &str) -> Option<RoleLevel> {
    [RoleLevel::Admin, RoleLevel::User].into_iter().find(|level| level.as_str() == text)
}

fn role_from_row(cells: Cells<'_>) -> Result<Role> {
    Ok(Role {
        id: cells.parsed("id")?,
        name: cells.string("name")?,
        kind: cells.named("kind", role_kind)?,
        level: cells.named("level", role_level)?,
        description: cells.string("description")?,
        assigned_scopes: cells.named("assigned_scopes", |text| ScopeSet::parse(text).ok())?,
        created_at: cells.time("created_at")?,
        updated_at: cells.time("updated_at")?,
        created_by: cells.string("created_by")?,
        updated_by: cells.string("updated_by")?,
    })
}

pub(super) async fn role_insert(conn: &mut Conn, tenant_id: &TenantId, role: &Role) -> Result<()> {
    conn.execute(
        sql("INSERT INTO role (tenant_id, id, name, kind, level, description, assigned_scopes, \
                created_at, updated_at, name_key, created_by, updated_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
        .text(tenant_id)
        .text(&role.id)
        .text(&role.name)
        .text(role.kind.as_str())
        .text(role.level.as_str())
        .text(&role.description)
        .text(role.assigned_scopes.to_string())
        .time(role.created_at)
        .time(role.updated_at)
        .text(text_key(&role.name))
        .text(&role.created_by)
        .text(&role.updated_by),
    )
    .await?;
    Ok(())
}

/// Roles as they are listed (contract, section 6).
pub(super) const SHAPE: Shape = Shape {
    sources: &["FROM role r WHERE r.tenant_id = $1"],
    id: "r.id",
    attributes: &[
        ("id", Column::Always("r.id")),
        ("name", Column::Always("r.name_key")),
        ("type", Column::Always("r.kind")),
        ("level", Column::Always("r.level")),
        ("createdAt", Column::Always("r.created_at")),
    ],
    sorts: &[("name", "r.name_key"), ("createdAt", "r.created_at")],
};

macro_rules! roles {
    ($condition:literal) => {
        concat!(
            "SELECT id, name, kind, level, description, assigned_scopes, created_at, updated_at, \
                created_by, updated_by \
             FROM role WHERE tenant_id = $1 AND ",
            $condition
        )
    };
}

const OF_IDS: (&str, &str) = (roles!("id IN "), "");

impl TenantRead {
    /// A page of the roles.
    ///
    /// # Errors
    /// When the database does not answer, `Invalid` for a filter or sort of another list.
    pub async fn role_page(&mut self, query: &ListQuery) -> Result<Page<Role>> {
        let page = list::page(&mut self.conn, self.tenant_id.as_str(), &SHAPE, query).await?;
        let Some(statement) = list::of_ids(OF_IDS, self.tenant_id.as_str(), &page) else {
            return Ok(page.with(Vec::new()));
        };
        let rows = each(&self.conn.rows(statement).await?, role_from_row)?;
        Ok(list::in_order(page, rows, |role| role.id.as_str()))
    }

    /// The role of a name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn role_find_by_name(&mut self, name: &str) -> Result<Option<Role>> {
        let statement = sql(roles!("name = $2")).text(&self.tenant_id).text(name);
        only(self.conn.row(statement).await?, role_from_row)
    }

    /// The role of an id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn role_get(&mut self, id: &RoleId) -> Result<Option<Role>> {
        let statement = sql(roles!("id = $2")).text(&self.tenant_id).text(id);
        only(self.conn.row(statement).await?, role_from_row)
    }

    /// How many roles administrators made.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn role_count_custom(&mut self) -> Result<i64> {
        let statement = sql("SELECT COUNT(*) AS n FROM role \
                 WHERE tenant_id = $1 AND kind = 'custom'")
        .text(&self.tenant_id);
        let row = self.conn.row(statement).await?;
        Ok(only(row, |cells| cells.int("n"))?.unwrap_or(0))
    }

    /// How many users and how many groups have a role.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn role_members(&mut self, id: &RoleId) -> Result<(i64, i64)> {
        let statement = sql("SELECT \
                (SELECT COUNT(*) FROM user_role WHERE tenant_id = $1 AND role_id = $2) AS users, \
                (SELECT COUNT(*) FROM group_role WHERE tenant_id = $1 AND role_id = $2) AS groups")
        .text(&self.tenant_id)
        .text(id);
        let row = self.conn.row(statement).await?;
        let counts = only(row, |cells| Ok((cells.int("users")?, cells.int("groups")?)))?;
        Ok(counts.unwrap_or_default())
    }
}

impl TenantTx {
    /// Makes a role.
    ///
    /// # Errors
    /// `Conflict` on the name or id.
    pub async fn role_create(&mut self, role: &Role) -> Result<()> {
        let tenant_id = self.tenant_id.clone();
        role_insert(&mut self.conn, &tenant_id, role).await
    }

    /// Stores a role's name, description and scopes; `false` when there is no such role, or it
    /// came with the tenant.
    ///
    /// # Errors
    /// `Conflict` on the name.
    pub async fn role_update(&mut self, role: &Role) -> Result<bool> {
        let statement = sql("UPDATE role SET name = $3, name_key = $4, description = $5, \
                    assigned_scopes = $6, level = $7, updated_at = $8, updated_by = $9 \
                 WHERE tenant_id = $1 AND id = $2 AND kind = 'custom'")
        .text(&self.tenant_id)
        .text(&role.id)
        .text(&role.name)
        .text(text_key(&role.name))
        .text(&role.description)
        .text(role.assigned_scopes.to_string())
        .text(role.level.as_str())
        .time(role.updated_at)
        .text(&role.updated_by);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Deletes a role; whoever had it loses it. `false` when there is no such role, or it came
    /// with the tenant.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn role_delete(&mut self, id: &RoleId) -> Result<bool> {
        let statement = sql("DELETE FROM role \
                 WHERE tenant_id = $1 AND id = $2 AND kind = 'custom'")
        .text(&self.tenant_id)
        .text(id);
        Ok(self.conn.execute(statement).await? == 1)
    }
}
