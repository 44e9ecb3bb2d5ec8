//! Groups of a tenant: users inherit their roles.
//!
//! Invariant: the group of everybody is made with its tenant and never deleted; what is listed,
//! counted, renamed and deleted here are the other ones.

use domain::ids::{GroupId, TenantId};
use domain::list::{ListQuery, Page};
use domain::scope::ScopeSet;
use domain::time::Timestamp;
use domain::user::{EVERYONE, EVERYONE_NAME, GroupProvider, GroupRef, GroupStatus, RoleRef};
use sqlx::any::AnyRow;

use super::role::{role_kind, role_level};
use super::{TenantRead, TenantTx};
use crate::database::Conn;
use crate::error::Result;
use crate::list::{self, Column, Shape};
use crate::statement::{Cells, Statement, only, sql, text_key};

/// A group.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its name, unique in the tenant.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Where it comes from.
    pub provider: GroupProvider,
    /// Whether it gives its roles.
    pub status: GroupStatus,
    /// The roles that its members have.
    pub roles: Vec<RoleRef>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Who made it, by id; empty for whom nobody wrote down.
    pub created_by: String,
    /// Who changed it last, by id.
    pub updated_by: String,
}

impl Group {
    /// The group as its members carry it.
    pub fn as_member(&self) -> GroupRef {
        GroupRef {
            id: self.id.clone(),
            name: self.name.clone(),
            provider: self.provider,
            roles: self.roles.clone(),
        }
    }
}

macro_rules! head {
    () => {
        "SELECT g.id AS id, g.name AS name, g.description AS description, \
            g.provider AS provider, g.status AS status, g.created_at AS created_at, \
            g.updated_at AS updated_at, g.created_by AS created_by, g.updated_by AS updated_by, \
            r.id AS role_id, r.name AS role_name, r.kind AS kind, r.level AS level, \
            r.assigned_scopes AS scopes \
         FROM user_group g \
            LEFT JOIN group_role x ON x.tenant_id = g.tenant_id AND x.group_id = g.id \
            LEFT JOIN role r ON r.tenant_id = x.tenant_id AND r.id = x.role_id \
         WHERE g.tenant_id = $1 AND "
    };
}

macro_rules! tail {
    () => {
        " ORDER BY g.id, r.name, r.id"
    };
}

/// Groups with their roles, one row for each role and at least one for each group.
macro_rules! groups {
    ($condition:literal) => {
        concat!(head!(), $condition, tail!())
    };
}

const OF_IDS: (&str, &str) = (concat!(head!(), "g.id IN "), tail!());

const GROUP_ROLES: &str = "EXISTS (SELECT 1 FROM group_role x JOIN role r \
    ON r.tenant_id = x.tenant_id AND r.id = x.role_id \
    WHERE x.tenant_id = $1 AND x.group_id = g.id";

const fn shape(sources: &'static [&'static str]) -> Shape {
    Shape {
        sources,
        id: "g.id",
        attributes: &[
            ("id", Column::Always("g.id")),
            ("name", Column::Always("g.name_key")),
            ("status", Column::Always("g.status")),
            ("providerType", Column::Always("g.provider")),
            ("createdAt", Column::Always("g.created_at")),
            ("assignedRoles.id", Column::Any { head: GROUP_ROLES, column: "r.id" }),
            ("assignedRoles.name", Column::Any { head: GROUP_ROLES, column: "r.name_key" }),
        ],
        sorts: &[("name", "g.name_key"), ("id", "g.id"), ("createdAt", "g.created_at")],
    }
}

/// Groups as they are listed (contract, section 6).
const SHAPE: Shape =
    shape(&["FROM user_group g WHERE g.tenant_id = $1 AND g.provider <> 'system'"]);

/// The groups that the tenant came with.
const SYSTEM: Shape =
    shape(&["FROM user_group g WHERE g.tenant_id = $1 AND g.provider = 'system'"]);

fn group_from_row(cells: Cells<'_>) -> Result<Group> {
    Ok(Group {
        id: cells.parsed("id")?,
        name: cells.string("name")?,
        description: cells.string("description")?,
        provider: cells.named("provider", GroupProvider::parse)?,
        status: cells.named("status", GroupStatus::parse)?,
        roles: Vec::new(),
        created_at: cells.time("created_at")?,
        updated_at: cells.time("updated_at")?,
        created_by: cells.string("created_by")?,
        updated_by: cells.string("updated_by")?,
    })
}

fn role_from_row(cells: Cells<'_>) -> Result<RoleRef> {
    Ok(RoleRef {
        id: cells.parsed("role_id")?,
        name: cells.string("role_name")?,
        kind: cells.named("kind", role_kind)?,
        level: cells.named("level", role_level)?,
        scopes: cells.named("scopes", |text| ScopeSet::parse(text).ok())?,
    })
}

fn assemble(rows: &[AnyRow]) -> Result<Vec<Group>> {
    let mut found: Vec<Group> = Vec::new();
    for row in rows {
        let cells = Cells(row);
        let id = cells.text("id")?;
        if found.last().is_none_or(|last| last.id.as_str() != id) {
            found.push(group_from_row(cells)?);
        }
        if let (Some(group), Some(_)) = (found.last_mut(), cells.text_or_null("role_id")?) {
            group.roles.push(role_from_row(cells)?);
        }
    }
    Ok(found)
}

/// Makes the group of everybody; a tenant begins with it.
pub(super) fn everyone(tenant_id: &TenantId, now: Timestamp) -> Statement {
    sql("INSERT INTO user_group (tenant_id, id, name, description, provider, status, \
            created_at, updated_at, name_key) \
         VALUES ($1, $2, $4, '', 'system', 'active', $3, $3, $5)")
    .text(tenant_id)
    .text(EVERYONE)
    .time(now)
    .text(EVERYONE_NAME)
    .text(text_key(EVERYONE_NAME))
}

impl TenantRead {
    /// A page of the groups; with `system`, of those that the tenant came with.
    ///
    /// # Errors
    /// When the database does not answer, `Invalid` for a filter or sort of another list.
    pub async fn group_page(&mut self, query: &ListQuery, system: bool) -> Result<Page<Group>> {
        let shape = if system { &SYSTEM } else { &SHAPE };
        let page = list::page(&mut self.conn, self.tenant_id.as_str(), shape, query).await?;
        let Some(statement) = list::of_ids(OF_IDS, self.tenant_id.as_str(), &page) else {
            return Ok(page.with(Vec::new()));
        };
        let rows = assemble(&self.conn.rows(statement).await?)?;
        Ok(list::in_order(page, rows, |group| group.id.as_str()))
    }

    /// The group of an id, the group of everybody among them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn group_get(&mut self, id: &GroupId) -> Result<Option<Group>> {
        let statement = sql(groups!("g.id = $2")).text(&self.tenant_id).text(id);
        Ok(assemble(&self.conn.rows(statement).await?)?.pop())
    }

    /// The group of a name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn group_find_by_name(&mut self, name: &str) -> Result<Option<Group>> {
        let statement = sql(groups!("g.name = $2")).text(&self.tenant_id).text(name);
        Ok(assemble(&self.conn.rows(statement).await?)?.pop())
    }

    /// How many groups there are beside those that the tenant came with.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn group_count(&mut self) -> Result<i64> {
        list::count(&mut self.conn, self.tenant_id.as_str(), &SHAPE, None).await
    }

    /// How many users were put into a group.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn group_member_count(&mut self, id: &GroupId) -> Result<i64> {
        let statement = sql("SELECT COUNT(*) AS n FROM group_member \
                 WHERE tenant_id = $1 AND group_id = $2")
        .text(&self.tenant_id)
        .text(id);
        let row = self.conn.row(statement).await?;
        Ok(only(row, |cells| cells.int("n"))?.unwrap_or(0))
    }
}

async fn give_roles(conn: &mut Conn, tenant_id: &TenantId, group: &Group) -> Result<()> {
    for role in &group.roles {
        let statement = sql("INSERT INTO group_role (tenant_id, group_id, role_id) \
                 VALUES ($1, $2, $3)")
        .text(tenant_id)
        .text(&group.id)
        .text(&role.id);
        conn.execute(statement).await?;
    }
    Ok(())
}

impl TenantTx {
    /// Makes a group with the roles it carries.
    ///
    /// # Errors
    /// `Conflict` on the name or id, `NotFound` for a role of no such id.
    pub async fn group_create(&mut self, group: &Group) -> Result<()> {
        let tenant_id = self.tenant_id.clone();
        let mut scope = self.0.conn.scope().await?;
        let statement = sql("INSERT INTO user_group (tenant_id, id, name, description, provider, \
                    status, created_at, updated_at, name_key, created_by, updated_by) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
        .text(&tenant_id)
        .text(&group.id)
        .text(&group.name)
        .text(&group.description)
        .text(group.provider.as_str())
        .text(group.status.as_str())
        .time(group.created_at)
        .time(group.updated_at)
        .text(text_key(&group.name))
        .text(&group.created_by)
        .text(&group.updated_by);
        scope.execute(statement).await?;
        give_roles(&mut scope, &tenant_id, group).await?;
        scope.commit().await
    }

    /// Stores a group's name, description, status and roles; `false` when there is no such group.
    ///
    /// # Errors
    /// `Conflict` on the name, `NotFound` for a role of no such id.
    pub async fn group_update(&mut self, group: &Group) -> Result<bool> {
        let tenant_id = self.tenant_id.clone();
        let mut scope = self.0.conn.scope().await?;
        let statement = sql("UPDATE user_group SET name = $3, name_key = $4, description = $5, \
                    status = $6, updated_at = $7, updated_by = $8 \
                 WHERE tenant_id = $1 AND id = $2")
        .text(&tenant_id)
        .text(&group.id)
        .text(&group.name)
        .text(text_key(&group.name))
        .text(&group.description)
        .text(group.status.as_str())
        .time(group.updated_at)
        .text(&group.updated_by);
        if scope.execute(statement).await? == 0 {
            return Ok(false);
        }
        let statement = sql("DELETE FROM group_role WHERE tenant_id = $1 AND group_id = $2")
            .text(&tenant_id)
            .text(&group.id);
        scope.execute(statement).await?;
        give_roles(&mut scope, &tenant_id, group).await?;
        scope.commit().await?;
        Ok(true)
    }

    /// Deletes a group; its members lose what it gave. `false` when there is no such group, or it
    /// came with the tenant.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn group_delete(&mut self, id: &GroupId) -> Result<bool> {
        let statement = sql("DELETE FROM user_group \
                 WHERE tenant_id = $1 AND id = $2 AND provider <> 'system'")
        .text(&self.tenant_id)
        .text(id);
        Ok(self.conn.execute(statement).await? == 1)
    }
}
