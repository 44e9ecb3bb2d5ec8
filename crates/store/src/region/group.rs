//! Groups of a tenant: users inherit their roles.

use domain::ids::{GroupId, RoleId, TenantId, UserId};
use domain::time::Timestamp;

use super::{TenantRead, TenantTx};
use crate::error::Result;
use crate::statement::{Cells, Statement, each, sql, text_key};

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its name, unique in the tenant.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Where it comes from: `idp` or `custom`.
    pub provider: String,
    /// `active` or `disabled`; a disabled group gives nothing to its members.
    pub status: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

fn group_from_row(cells: Cells<'_>) -> Result<Group> {
    Ok(Group {
        id: cells.parsed("id")?,
        name: cells.string("name")?,
        description: cells.string("description")?,
        provider: cells.string("provider")?,
        status: cells.string("status")?,
        created_at: cells.time("created_at")?,
        updated_at: cells.time("updated_at")?,
    })
}

/// The id of the group that everybody is in (contract, section 6), without rows of members.
pub const EVERYONE: &str = "000000000000000000000001";

/// Makes that group; a tenant begins with it.
pub(super) fn everyone(tenant_id: &TenantId, now: Timestamp) -> Statement {
    sql("INSERT INTO user_group (tenant_id, id, name, description, provider, status, \
            created_at, updated_at, name_key) \
         VALUES ($1, $2, 'com.qlik.Everyone', '', 'system', 'active', $3, $3, \
            'com.qlik.everyone')")
    .text(tenant_id)
    .text(EVERYONE)
    .time(now)
}

impl TenantRead {
    /// Groups by id, after one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn group_list(&mut self, limit: u32, after: Option<&GroupId>) -> Result<Vec<Group>> {
        let statement = sql("SELECT id, name, description, provider, status, created_at, \
                    updated_at \
                 FROM user_group WHERE tenant_id = $1 AND provider <> 'system' AND id > $2 \
                 ORDER BY id LIMIT $3")
        .text(&self.tenant_id)
        .text(after.map_or("", GroupId::as_str))
        .int(i64::from(limit));
        each(&self.conn.rows(statement).await?, group_from_row)
    }
}

impl TenantTx {
    /// Makes a group.
    ///
    /// # Errors
    /// `Conflict` on the name or id.
    pub async fn group_create(&mut self, group: &Group) -> Result<()> {
        let statement = sql("INSERT INTO user_group (tenant_id, id, name, description, provider, \
                    status, created_at, updated_at, name_key) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .text(&self.tenant_id)
        .text(&group.id)
        .text(&group.name)
        .text(&group.description)
        .text(&group.provider)
        .text(&group.status)
        .time(group.created_at)
        .time(group.updated_at)
        .text(text_key(&group.name));
        self.conn.execute(statement).await?;
        Ok(())
    }

    /// Puts a user into a group; `false` when it is in it already.
    ///
    /// # Errors
    /// `NotFound` without the user or the group.
    pub async fn group_member_add(&mut self, group: &GroupId, user: &UserId) -> Result<bool> {
        let statement = sql("INSERT INTO group_member (tenant_id, group_id, user_id) \
                 VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .text(&self.tenant_id)
        .text(group)
        .text(user);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Gives a role to all members of a group; `false` when it has it already.
    ///
    /// # Errors
    /// `NotFound` without the group or the role.
    pub async fn group_role_add(&mut self, group: &GroupId, role: &RoleId) -> Result<bool> {
        let statement = sql("INSERT INTO group_role (tenant_id, group_id, role_id) \
                 VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .text(&self.tenant_id)
        .text(group)
        .text(role);
        Ok(self.conn.execute(statement).await? == 1)
    }
}
