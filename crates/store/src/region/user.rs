//! Users of a tenant: people, and the bot users of machine clients.
//!
//! A user is read with roles and groups in one statement: the first rows are the users, the next
//! ones the roles given directly, then the active groups, then what the groups give. The group of
//! everybody has no rows of members; it counts for every person.

use std::collections::HashMap;

use domain::filter::Filter;
use domain::ids::{ClientId, GroupId, TenantId, UserId};
use domain::list::{ListQuery, Page};
use domain::scope::ScopeSet;
use domain::user::{
    EVERYONE, EVERYONE_NAME, GroupProvider, GroupRef, RoleRef, User, UserKind, UserStatus,
};
use sqlx::any::AnyRow;

use super::TenantRead;
use super::role::{role_kind, role_level};
use crate::error::{Result, StoreError};
use crate::list::{self, Column, Shape};
use crate::statement::{Cells, Statement, sql, text_key};

macro_rules! head {
    () => {
        "WITH found AS (SELECT id, bot_client_id, subject, name, email, email_verified, \
                    status, password_hash, claims, tokens_valid_from, invite_expires_at, \
                    created_at, updated_at \
                FROM user_account WHERE tenant_id = $1 AND "
    };
}

/// What a row that is no user has in a user's columns.
macro_rules! no_user {
    () => {
        "NULL, '', '', NULL, 0, '', NULL, '', 0, NULL, 0, 0 "
    };
}

macro_rules! tail {
    () => {
        concat!(
            ") \
            SELECT 0 AS part, id AS user_id, '' AS via, '' AS member_id, '' AS member_name, \
                '' AS kind, '' AS level, '' AS scopes, \
                bot_client_id, subject, name, email, email_verified, status, \
                password_hash, claims, tokens_valid_from, invite_expires_at, created_at, updated_at \
            FROM found \
            UNION ALL \
            SELECT 1, f.id, '', r.id, r.name, r.kind, r.level, r.assigned_scopes, ",
            no_user!(),
            "FROM found f CROSS JOIN user_role m CROSS JOIN role r \
            WHERE m.tenant_id = $1 AND m.user_id = f.id AND r.tenant_id = $1 AND r.id = m.role_id \
            UNION ALL \
            SELECT 2, f.id, '', g.id, g.name, g.provider, '', '', ",
            no_user!(),
            "FROM found f CROSS JOIN group_member m CROSS JOIN user_group g \
            WHERE m.tenant_id = $1 AND m.user_id = f.id \
                AND g.tenant_id = $1 AND g.id = m.group_id AND g.status = 'active' \
            UNION ALL \
            SELECT 3, f.id, g.id, r.id, r.name, r.kind, r.level, r.assigned_scopes, ",
            no_user!(),
            "FROM found f CROSS JOIN group_member m CROSS JOIN user_group g \
                CROSS JOIN group_role x CROSS JOIN role r \
            WHERE m.tenant_id = $1 AND m.user_id = f.id \
                AND g.tenant_id = $1 AND g.id = m.group_id AND g.status = 'active' \
                AND x.tenant_id = $1 AND x.group_id = g.id \
                AND r.tenant_id = $1 AND r.id = x.role_id \
            UNION ALL \
            SELECT 3, f.id, g.id, r.id, r.name, r.kind, r.level, r.assigned_scopes, ",
            no_user!(),
            "FROM found f CROSS JOIN user_group g CROSS JOIN group_role x CROSS JOIN role r \
            WHERE f.bot_client_id IS NULL \
                AND g.tenant_id = $1 AND g.id = '000000000000000000000001' \
                AND g.status = 'active' \
                AND x.tenant_id = $1 AND x.group_id = g.id \
                AND r.tenant_id = $1 AND r.id = x.role_id \
            ORDER BY part, user_id, via, member_name, member_id"
        )
    };
}

/// The text of the query for the users of tenant `$1` that a condition finds. `CROSS JOIN` is how
/// SQLite is told to begin with the users: on its own it walks through all members of the tenant.
macro_rules! users {
    ($condition:literal) => {
        concat!(head!(), $condition, tail!())
    };
}

const GET: &str = users!("id = $2");

/// Two look-ups by unique keys: an `OR` would let SQLite walk through all people of the tenant.
const SIGN_IN: &str = users!(
    "id IN (SELECT a.id FROM user_account a WHERE a.tenant_id = $1 AND a.email_key = $2 \
        UNION SELECT a.id FROM user_account a WHERE a.tenant_id = $1 AND a.subject = $3) \
     AND COALESCE(bot_client_id, '') = '' \
     ORDER BY CASE WHEN email_key = $2 THEN 0 ELSE 1 END LIMIT 1"
);

const OF_IDS: (&str, &str) = (concat!(head!(), "id IN "), tail!());

/// Users as they are listed and filtered (contract, section 6).
const SHAPE: Shape = Shape {
    sources: &["FROM user_account u WHERE u.tenant_id = $1"],
    id: "u.id",
    attributes: &[
        ("id", Column::Always("u.id")),
        ("subject", Column::Always("u.subject_key")),
        ("name", Column::Always("u.name_key")),
        ("email", Column::Nullable("u.email_key")),
        ("status", Column::Always("u.status")),
        ("clientId", Column::Nullable("u.bot_client_id")),
        ("createdAt", Column::Always("u.created_at")),
        ("assignedRoles.id", Column::Any { head: USER_ROLES, column: "r.id" }),
        ("assignedRoles.name", Column::Any { head: USER_ROLES, column: "r.name_key" }),
        ("assignedScopes", Column::AnyWord { head: ALL_ROLES, column: "r.assigned_scopes" }),
        ("assignedGroupsAssignedRoles.id", Column::Any { head: GROUP_ROLES, column: "r.id" }),
        (
            "assignedGroupsAssignedRoles.name",
            Column::Any { head: GROUP_ROLES, column: "r.name_key" },
        ),
        ("assignedGroups.id", Column::Any { head: USER_GROUPS, column: "g.id" }),
        ("assignedGroups.name", Column::Any { head: USER_GROUPS, column: "g.name_key" }),
    ],
    sorts: &[
        ("name", "u.name_key"),
        ("id", "u.id"),
        ("_id", "u.id"),
        ("tenantId", "u.tenant_id"),
        ("subject", "u.subject_key"),
        ("email", "(COALESCE(u.email_key, ''))"),
        ("clientId", "(COALESCE(u.bot_client_id, ''))"),
        ("status", "u.status"),
        ("inviteExpiry", "(COALESCE(u.invite_expires_at, 0))"),
        ("createdAt", "u.created_at"),
    ],
};

const USER_ROLES: &str = "EXISTS (SELECT 1 FROM user_role m JOIN role r \
    ON r.tenant_id = m.tenant_id AND r.id = m.role_id \
    WHERE m.tenant_id = $1 AND m.user_id = u.id";

/// A role of a group that the user is in, the group of everybody for every person.
const GROUP_ROLES: &str = "EXISTS (SELECT 1 FROM user_group g JOIN group_role x \
        ON x.tenant_id = g.tenant_id AND x.group_id = g.id \
    JOIN role r ON r.tenant_id = x.tenant_id AND r.id = x.role_id \
    WHERE g.tenant_id = $1 AND g.status = 'active' \
        AND ((g.id = '000000000000000000000001' AND u.bot_client_id IS NULL) \
            OR EXISTS (SELECT 1 FROM group_member m WHERE m.tenant_id = $1 \
                AND m.group_id = g.id AND m.user_id = u.id))";

/// A role that the user has in any way.
const ALL_ROLES: &str = "EXISTS (SELECT 1 FROM role r WHERE r.tenant_id = $1 AND \
    (EXISTS (SELECT 1 FROM user_role d WHERE d.tenant_id = $1 \
        AND d.user_id = u.id AND d.role_id = r.id) \
    OR EXISTS (SELECT 1 FROM user_group g JOIN group_role x \
            ON x.tenant_id = g.tenant_id AND x.group_id = g.id \
        WHERE g.tenant_id = $1 AND x.role_id = r.id AND g.status = 'active' \
            AND ((g.id = '000000000000000000000001' AND u.bot_client_id IS NULL) \
                OR EXISTS (SELECT 1 FROM group_member m WHERE m.tenant_id = $1 \
                    AND m.group_id = g.id AND m.user_id = u.id))))";

const USER_GROUPS: &str = "EXISTS (SELECT 1 FROM group_member m JOIN user_group g \
    ON g.tenant_id = m.tenant_id AND g.id = m.group_id \
    WHERE m.tenant_id = $1 AND m.user_id = u.id AND g.status = 'active'";

/// A person who administers the tenant, if there is one: found from the role.
const ADMINISTRATOR: &str = "SELECT u.id FROM role r CROSS JOIN user_role m \
        CROSS JOIN user_account u \
    WHERE r.tenant_id = $1 AND r.name = 'TenantAdmin' AND r.kind = 'default' \
        AND m.tenant_id = $1 AND m.role_id = r.id \
        AND u.tenant_id = $1 AND u.id = m.user_id AND u.status = 'active' \
        AND u.bot_client_id IS NULL \
    UNION ALL \
    SELECT u.id FROM role r CROSS JOIN group_role x CROSS JOIN user_group g \
        CROSS JOIN group_member m CROSS JOIN user_account u \
    WHERE r.tenant_id = $1 AND r.name = 'TenantAdmin' AND r.kind = 'default' \
        AND x.tenant_id = $1 AND x.role_id = r.id \
        AND g.tenant_id = $1 AND g.id = x.group_id AND g.status = 'active' \
        AND m.tenant_id = $1 AND m.group_id = g.id \
        AND u.tenant_id = $1 AND u.id = m.user_id AND u.status = 'active' \
        AND u.bot_client_id IS NULL \
    LIMIT 1";

struct Found {
    user: User,
    password_hash: Option<String>,
}

fn user_from_row(cells: Cells<'_>, tenant_id: &TenantId) -> Result<Found> {
    let kind = match cells.text_or_null("bot_client_id")? {
        None => UserKind::Person,
        Some(id) => UserKind::Bot(
            ClientId::parse(id).map_err(|_| StoreError::Corrupt { what: "bot_client_id" })?,
        ),
    };
    let user = User {
        id: cells.parsed("user_id")?,
        tenant_id: tenant_id.clone(),
        kind,
        subject: cells.string("subject")?,
        name: cells.string("name")?,
        email: cells.string_or_null("email")?,
        email_verified: cells.flag("email_verified")?,
        status: cells.named("status", UserStatus::parse)?,
        claims: cells.json("claims")?,
        roles: Vec::new(),
        groups: Vec::new(),
        tokens_valid_from: cells.time("tokens_valid_from")?,
        invite_expires_at: cells.time_or_null("invite_expires_at")?,
        created_at: cells.time("created_at")?,
        updated_at: cells.time("updated_at")?,
    };
    Ok(Found { user, password_hash: cells.string_or_null("password_hash")? })
}

fn role_ref(cells: Cells<'_>) -> Result<RoleRef> {
    Ok(RoleRef {
        id: cells.parsed("member_id")?,
        name: cells.string("member_name")?,
        kind: cells.named("kind", role_kind)?,
        level: cells.named("level", role_level)?,
        scopes: cells.named("scopes", |text| ScopeSet::parse(text).ok())?,
    })
}

fn group_ref(cells: Cells<'_>) -> Result<GroupRef> {
    Ok(GroupRef {
        id: cells.parsed("member_id")?,
        name: cells.string("member_name")?,
        provider: cells.named("kind", GroupProvider::parse)?,
        roles: Vec::new(),
    })
}

/// Adds a role to the group through which it comes.
fn add_group_role(user: &mut User, cells: Cells<'_>) -> Result<()> {
    let via: GroupId = cells.parsed("via")?;
    if via.as_str() == EVERYONE && user.groups.iter().all(|group| group.id != via) {
        user.groups.push(GroupRef {
            id: via.clone(),
            name: EVERYONE_NAME.to_owned(),
            provider: GroupProvider::System,
            roles: Vec::new(),
        });
    }
    let group = user.groups.iter_mut().find(|group| group.id == via);
    let group = group.ok_or(StoreError::Corrupt { what: "group" })?;
    group.roles.push(role_ref(cells)?);
    Ok(())
}

fn assemble(rows: &[AnyRow], tenant_id: &TenantId) -> Result<Vec<Found>> {
    let mut found: Vec<Found> = Vec::new();
    let mut places: HashMap<UserId, usize> = HashMap::new();
    for row in rows {
        let cells = Cells(row);
        let part = cells.int("part")?;
        if part == 0 {
            let one = user_from_row(cells, tenant_id)?;
            places.insert(one.user.id.clone(), found.len());
            found.push(one);
            continue;
        }
        let id: UserId = cells.parsed("user_id")?;
        let place = places.get(&id).and_then(|place| found.get_mut(*place));
        let user = &mut place.ok_or(StoreError::Corrupt { what: "user_id" })?.user;
        match part {
            1 => user.roles.push(role_ref(cells)?),
            2 => user.groups.push(group_ref(cells)?),
            _ => add_group_role(user, cells)?,
        }
    }
    Ok(found)
}

impl TenantRead {
    async fn users(&mut self, statement: Statement) -> Result<Vec<Found>> {
        let rows = self.conn.rows(statement).await?;
        assemble(&rows, &self.tenant_id)
    }

    async fn user(&mut self, statement: Statement) -> Result<Option<User>> {
        Ok(self.users(statement).await?.pop().map(|found| found.user))
    }

    /// The user of an id.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_get(&mut self, id: &UserId) -> Result<Option<User>> {
        let statement = sql(GET).text(&self.tenant_id).text(id);
        self.user(statement).await
    }

    /// The user of a subject.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_find_by_subject(&mut self, subject: &str) -> Result<Option<User>> {
        let statement = sql(users!("subject = $2")).text(&self.tenant_id).text(subject);
        self.user(statement).await
    }

    /// The user of an email address, without regard to case.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_find_by_email(&mut self, email: &str) -> Result<Option<User>> {
        let statement = sql(users!("email_key = $2")).text(&self.tenant_id).text(text_key(email));
        self.user(statement).await
    }

    /// The person of an email address or subject, with the password hash. An email address that
    /// is another person's subject leads to whom it belongs as an address.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_for_sign_in(
        &mut self,
        login: &str,
    ) -> Result<Option<(User, Option<String>)>> {
        let statement = sql(SIGN_IN).text(&self.tenant_id).text(text_key(login)).text(login);
        Ok(self.users(statement).await?.pop().map(|found| (found.user, found.password_hash)))
    }

    /// A page of the users.
    ///
    /// # Errors
    /// When the database does not answer, `Invalid` for a filter or sort of another list.
    pub async fn user_page(&mut self, query: &ListQuery) -> Result<Page<User>> {
        let page = list::page(&mut self.conn, self.tenant_id.as_str(), &SHAPE, query).await?;
        let Some(statement) = list::of_ids(OF_IDS, self.tenant_id.as_str(), &page) else {
            return Ok(page.with(Vec::new()));
        };
        let users = self.users(statement).await?;
        let users = users.into_iter().map(|found| found.user).collect();
        Ok(list::in_order(page, users, |user: &User| user.id.as_str()))
    }

    /// How many users pass a filter.
    ///
    /// # Errors
    /// When the database does not answer, `Invalid` for a filter of another list.
    pub async fn user_count(&mut self, filter: Option<&Filter>) -> Result<i64> {
        list::count(&mut self.conn, self.tenant_id.as_str(), &SHAPE, filter).await
    }

    /// Whether an active person has the role that administers the tenant, in whatever way.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_administered(&mut self) -> Result<bool> {
        let statement = sql(ADMINISTRATOR).text(&self.tenant_id);
        Ok(self.conn.row(statement).await?.is_some())
    }

    /// Users by id, after one; people and bot users.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_list(&mut self, limit: u32, after: Option<&UserId>) -> Result<Vec<User>> {
        let statement = sql(users!("id > $2 ORDER BY id LIMIT $3"))
            .text(&self.tenant_id)
            .text(after.map_or("", UserId::as_str))
            .int(i64::from(limit));
        Ok(self.users(statement).await?.into_iter().map(|found| found.user).collect())
    }

    /// The bot user of a machine client.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn bot_user_find(&mut self, client_id: &ClientId) -> Result<Option<User>> {
        let statement = sql(users!("bot_client_id = $2")).text(&self.tenant_id).text(client_id);
        self.user(statement).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::tests::plan;

    #[tokio::test]
    async fn a_user_is_found_without_a_walk_through_the_tenant() {
        for text in [GET, SIGN_IN] {
            let plan = plan(text).await;
            assert!(plan.contains("(tenant_id=? AND user_id=?)"), "{plan}");
            for walk in ["(tenant_id=?)", "SCAN user", "SCAN role", "SCAN m", "SCAN r", "SCAN g"] {
                assert!(!plan.contains(walk), "{walk}: {plan}");
            }
        }
    }
}
