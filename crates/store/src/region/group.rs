//! Groups of a tenant: users inherit their roles.
//!
//! Invariant: the group of everybody is made with its tenant and never deleted; what is listed,
//! counted, renamed and deleted here are the other ones.

use std::collections::HashMap;
use std::sync::Arc;

use domain::ids::{GroupId, TenantId};
use domain::list::{ListQuery, Page};
use domain::time::Timestamp;
use domain::user::{EVERYONE, EVERYONE_NAME, GroupProvider, GroupRef, GroupStatus, RoleRef};

use super::role::{Roles, by_name};
use super::{TenantRead, TenantTx};
use crate::database::Conn;
use crate::error::{Result, StoreError};
use crate::list::{self, Column, Shape, Way};
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
    pub roles: Vec<Arc<RoleRef>>,
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
    pub fn as_member(&self) -> Arc<GroupRef> {
        Arc::new(GroupRef {
            id: self.id.clone(),
            name: self.name.clone(),
            provider: self.provider,
            roles: self.roles.clone(),
        })
    }
}

macro_rules! head {
    () => {
        "WITH found AS (SELECT id, name, description, provider, status, created_at, updated_at, \
                    created_by, updated_by \
                FROM user_group WHERE tenant_id = $1 AND "
    };
}

macro_rules! tail {
    () => {
        "), given AS (SELECT x.group_id AS group_id, x.role_id AS role_id \
            FROM found f CROSS JOIN group_role x \
            WHERE x.tenant_id = $1 AND x.group_id = f.id) \
        SELECT 1 AS part, id, '' AS member_id, name, provider AS kind, '' AS level, '' AS scopes, \
            description, status, created_at, updated_at, created_by, updated_by FROM found \
        UNION ALL \
        SELECT 0, r.id, '', r.name, r.kind, r.level, r.assigned_scopes, '', '', 0, 0, '', '' \
        FROM (SELECT DISTINCT role_id FROM given) d CROSS JOIN role r \
        WHERE r.tenant_id = $1 AND r.id = d.role_id \
        UNION ALL \
        SELECT 2, group_id, role_id, '', '', '', '', '', '', 0, 0, '', '' FROM given \
        ORDER BY part, id"
    };
}

/// Groups with their roles in one statement: first the rows of the roles, each once, then those of
/// the groups, then which group gives which role.
macro_rules! groups {
    ($condition:literal) => {
        concat!(head!(), $condition, tail!())
    };
}

const OF_IDS: (&str, &str) = (concat!(head!(), "id IN "), tail!());

/// A role that the group gives: a look at its own roles, of which those that fit are known.
const GROUP_ROLES: &[Way] = &[(
    "EXISTS (SELECT 1 FROM group_role x WHERE x.tenant_id = $1 AND x.group_id = g.id \
        AND CASE WHEN x.role_id IN (SELECT r.id FROM role r WHERE r.tenant_id = $1 AND ",
    ") THEN 1 ELSE 0 END = 1)",
)];

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
            ("assignedRoles.id", Column::Any { ways: GROUP_ROLES, column: "r.id" }),
            ("assignedRoles.name", Column::Any { ways: GROUP_ROLES, column: "r.name_key" }),
        ],
        sorts: &[("name", "g.name_key"), ("id", "g.id"), ("createdAt", "g.created_at")],
    }
}

/// Groups as they are listed (contract, section 6).
pub(super) const SHAPE: Shape =
    shape(&["FROM user_group g WHERE g.tenant_id = $1 AND g.provider <> 'system'"]);

/// The groups that the tenant came with.
const SYSTEM: Shape =
    shape(&["FROM user_group g WHERE g.tenant_id = $1 AND g.provider = 'system'"]);

fn group_from_row(cells: Cells<'_>) -> Result<Group> {
    Ok(Group {
        id: cells.parsed("id")?,
        name: cells.string("name")?,
        description: cells.string("description")?,
        provider: cells.named("kind", GroupProvider::parse)?,
        status: cells.named("status", GroupStatus::parse)?,
        roles: Vec::new(),
        created_at: cells.time("created_at")?,
        updated_at: cells.time("updated_at")?,
        created_by: cells.string("created_by")?,
        updated_by: cells.string("updated_by")?,
    })
}

/// Groups under construction, row by row.
#[derive(Default)]
struct Assembly {
    roles: Roles,
    found: Vec<Group>,
    places: HashMap<String, usize>,
}

impl Assembly {
    fn take(&mut self, cells: Cells<'_>) -> Result<()> {
        match cells.int("part")? {
            0 => self.roles.take(cells),
            1 => {
                self.places.insert(cells.string("id")?, self.found.len());
                self.found.push(group_from_row(cells)?);
                Ok(())
            }
            _ => {
                let place = self.places.get(cells.text("id")?);
                let group = place.and_then(|place| self.found.get_mut(*place));
                let group = group.ok_or(StoreError::Corrupt { what: "group_id" })?;
                group.roles.push(self.roles.get(cells)?);
                Ok(())
            }
        }
    }

    fn finish(mut self) -> Vec<Group> {
        self.found.iter_mut().for_each(|group| by_name(&mut group.roles));
        self.found
    }
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
    async fn groups(&mut self, statement: Statement) -> Result<Vec<Group>> {
        let mut assembly = Assembly::default();
        self.conn.each_row(statement, |cells| assembly.take(cells)).await?;
        Ok(assembly.finish())
    }

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
        let groups = self.groups(statement).await?;
        Ok(list::in_order(page, groups, |group| group.id.as_str()))
    }

    /// The group of an id, the group of everybody among them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn group_get(&mut self, id: &GroupId) -> Result<Option<Group>> {
        let statement = sql(groups!("id = $2")).text(&self.tenant_id).text(id);
        Ok(self.groups(statement).await?.pop())
    }

    /// The group of a name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn group_find_by_name(&mut self, name: &str) -> Result<Option<Group>> {
        let statement = sql(groups!("name = $2")).text(&self.tenant_id).text(name);
        Ok(self.groups(statement).await?.pop())
    }

    /// How many groups there are beside those that the tenant came with.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn group_count(&mut self) -> Result<i64> {
        list::count(&mut self.conn, self.tenant_id.as_str(), &SHAPE, None).await
    }

    /// How many roles those groups give together that give the most; a role that several give
    /// counts for each. Whoever is in so many groups, whichever they are, has no more through them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn group_roles_most(&mut self, groups: usize) -> Result<i64> {
        let statement = sql("SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) AS n \
                 FROM (SELECT COUNT(*) AS n FROM group_role WHERE tenant_id = $1 \
                    GROUP BY group_id ORDER BY n DESC LIMIT $2) AS most")
        .text(&self.tenant_id)
        .int(i64::try_from(groups).unwrap_or(i64::MAX));
        let row = self.conn.row(statement).await?;
        Ok(only(row, |cells| cells.int("n"))?.unwrap_or(0))
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
