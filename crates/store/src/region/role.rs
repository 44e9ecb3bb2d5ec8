//! Roles of a tenant.

use domain::ids::{RoleId, TenantId};
use domain::list::{ListQuery, Page};
use domain::scope::ScopeSet;
use domain::time::Timestamp;
use domain::user::{RoleKind, RoleLevel};

use super::{TenantRead, TenantTx};
use crate::database::Conn;
use crate::error::Result;
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
}

pub(super) fn role_kind(text: &str) -> Option<RoleKind> {
    [RoleKind::Default, RoleKind::Custom].into_iter().find(|kind| kind.as_str() == text)
}

pub(super) fn role_level(text: &str) -> Option<RoleLevel> {
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
    })
}

pub(super) async fn role_insert(conn: &mut Conn, tenant_id: &TenantId, role: &Role) -> Result<()> {
    conn.execute(
        sql("INSERT INTO role (tenant_id, id, name, kind, level, description, assigned_scopes, \
                created_at, updated_at, name_key) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .text(tenant_id)
        .text(&role.id)
        .text(&role.name)
        .text(role.kind.as_str())
        .text(role.level.as_str())
        .text(&role.description)
        .text(role.assigned_scopes.to_string())
        .time(role.created_at)
        .time(role.updated_at)
        .text(text_key(&role.name)),
    )
    .await?;
    Ok(())
}

/// Roles as they are listed (contract, section 6).
const SHAPE: Shape = Shape {
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

const OF_IDS: (&str, &str) = (
    "SELECT id, name, kind, level, description, assigned_scopes, created_at, updated_at \
     FROM role WHERE tenant_id = $1 AND id IN ",
    "",
);

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
        let statement = sql("SELECT id, name, kind, level, description, assigned_scopes, \
                    created_at, updated_at \
                 FROM role WHERE tenant_id = $1 AND name = $2")
        .text(&self.tenant_id)
        .text(name);
        only(self.conn.row(statement).await?, role_from_row)
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
}
