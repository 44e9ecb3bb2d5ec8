//! Users of a tenant: people, and the bot users of machine clients.
//!
//! A user is read with roles (given directly or through an active group) and groups in one
//! statement: the first rows are the users, the next ones their roles, the last ones their groups.

use std::collections::HashMap;

use domain::ids::{ClientId, RoleId, UserId};
use domain::list::{ListQuery, Page};
use domain::time::{Timestamp, next_second};
use domain::user::{GroupRef, RoleRef, User, UserKind, UserStatus};
use sqlx::any::AnyRow;

use super::role::{role_kind, role_level};
use super::{TenantRead, TenantTx};
use crate::database::Conn;
use crate::error::{Result, StoreError};
use crate::list::{self, Column, Shape};
use crate::statement::{Cells, Statement, sql, text_key};

macro_rules! head {
    () => {
        "WITH found AS (SELECT id, bot_client_id, subject, name, email, email_verified, \
                    status, password_hash, claims, tokens_valid_from, created_at, updated_at \
                FROM user_account WHERE tenant_id = $1 AND "
    };
}

macro_rules! tail {
    () => {
        ") \
            SELECT 0 AS part, id AS user_id, '' AS member_id, '' AS member_name, '' AS kind, \
                '' AS level, bot_client_id, subject, name, email, email_verified, status, \
                password_hash, claims, tokens_valid_from, created_at, updated_at \
            FROM found \
            UNION ALL \
            SELECT 1, f.id, r.id, r.name, r.kind, r.level, \
                NULL, '', '', NULL, 0, '', NULL, '', 0, 0, 0 \
            FROM found f CROSS JOIN user_role m CROSS JOIN role r \
            WHERE m.tenant_id = $1 AND m.user_id = f.id AND r.tenant_id = $1 AND r.id = m.role_id \
            UNION ALL \
            SELECT 1, f.id, r.id, r.name, r.kind, r.level, \
                NULL, '', '', NULL, 0, '', NULL, '', 0, 0, 0 \
            FROM found f CROSS JOIN group_member m CROSS JOIN user_group g \
                CROSS JOIN group_role x CROSS JOIN role r \
            WHERE m.tenant_id = $1 AND m.user_id = f.id \
                AND g.tenant_id = $1 AND g.id = m.group_id AND g.status = 'active' \
                AND x.tenant_id = $1 AND x.group_id = g.id \
                AND r.tenant_id = $1 AND r.id = x.role_id \
            UNION ALL \
            SELECT 2, f.id, g.id, g.name, '', '', \
                NULL, '', '', NULL, 0, '', NULL, '', 0, 0, 0 \
            FROM found f CROSS JOIN group_member m CROSS JOIN user_group g \
            WHERE m.tenant_id = $1 AND m.user_id = f.id \
                AND g.tenant_id = $1 AND g.id = m.group_id AND g.status = 'active' \
            ORDER BY part, user_id, member_name, member_id"
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
        ("assignedGroups.id", Column::Any { head: USER_GROUPS, column: "g.id" }),
        ("assignedGroups.name", Column::Any { head: USER_GROUPS, column: "g.name_key" }),
    ],
    sorts: &[
        ("name", "u.name_key"),
        ("id", "u.id"),
        ("_id", "u.id"),
        ("subject", "u.subject_key"),
        ("createdAt", "u.created_at"),
    ],
};

const USER_ROLES: &str = "EXISTS (SELECT 1 FROM user_role m JOIN role r \
    ON r.tenant_id = m.tenant_id AND r.id = m.role_id \
    WHERE m.tenant_id = $1 AND m.user_id = u.id";

const USER_GROUPS: &str = "EXISTS (SELECT 1 FROM group_member m JOIN user_group g \
    ON g.tenant_id = m.tenant_id AND g.id = m.group_id \
    WHERE m.tenant_id = $1 AND m.user_id = u.id AND g.status = 'active'";

struct Found {
    user: User,
    password_hash: Option<String>,
}

fn user_from_row(cells: Cells<'_>, tenant_id: &domain::ids::TenantId) -> Result<Found> {
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
    })
}

fn group_ref(cells: Cells<'_>) -> Result<GroupRef> {
    Ok(GroupRef { id: cells.parsed("member_id")?, name: cells.string("member_name")? })
}

fn assemble(rows: &[AnyRow], tenant_id: &domain::ids::TenantId) -> Result<Vec<Found>> {
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
        if part == 1 {
            let role = role_ref(cells)?;
            // Given directly and through a group, or through two groups.
            if user.roles.last().is_none_or(|last| last.id != role.id) {
                user.roles.push(role);
            }
        } else {
            user.groups.push(group_ref(cells)?);
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

const INSERT: &str = "INSERT INTO user_account (tenant_id, id, bot_client_id, subject, name, \
        email, email_key, email_verified, status, password_hash, claims, created_at, updated_at, \
        name_key, subject_key, tokens_valid_from) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

const INSERT_IF_ABSENT: &str = "INSERT INTO user_account (tenant_id, id, bot_client_id, subject, \
        name, email, email_key, email_verified, status, password_hash, claims, created_at, \
        updated_at, name_key, subject_key, tokens_valid_from) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
    ON CONFLICT DO NOTHING";

async fn insert(
    conn: &mut Conn,
    text: &'static str,
    user: &User,
    password_hash: Option<&str>,
) -> Result<bool> {
    let bot_client_id = match &user.kind {
        UserKind::Person => None,
        UserKind::Bot(client_id) => Some(client_id),
    };
    let statement = sql(text)
        .text(&user.tenant_id)
        .text(&user.id)
        .text_or_null(bot_client_id)
        .text(&user.subject)
        .text(&user.name)
        .text_or_null(user.email.as_deref())
        .text_or_null(user.email.as_deref().map(text_key))
        .flag(user.email_verified)
        .text(user.status.as_str())
        .text_or_null(password_hash)
        .json(&user.claims)
        .time(user.created_at)
        .time(user.updated_at)
        .text(text_key(&user.name))
        .text(text_key(&user.subject))
        .time(user.tokens_valid_from);
    if conn.execute(statement).await? == 0 {
        return Ok(false);
    }
    for role in &user.roles {
        let statement = sql("INSERT INTO user_role (tenant_id, user_id, role_id) \
                 VALUES ($1, $2, $3)")
        .text(&user.tenant_id)
        .text(&user.id)
        .text(&role.id);
        conn.execute(statement).await?;
    }
    for group in &user.groups {
        let statement = sql("INSERT INTO group_member (tenant_id, group_id, user_id) \
                 VALUES ($1, $2, $3)")
        .text(&user.tenant_id)
        .text(&group.id)
        .text(&user.id);
        conn.execute(statement).await?;
    }
    Ok(true)
}

impl TenantTx {
    fn check_user(&self, user: &User) -> Result<()> {
        if user.tenant_id == *self.tenant_id() {
            return Ok(());
        }
        Err(StoreError::Invalid { what: "row of another tenant" })
    }

    /// Makes a user with the roles and groups it carries.
    ///
    /// # Errors
    /// `Conflict` on the email, subject or id; `NotFound` for a role or group of no such id;
    /// `Invalid` for a user of another tenant.
    pub async fn user_create(&mut self, user: &User, password_hash: Option<&str>) -> Result<()> {
        self.check_user(user)?;
        let mut scope = self.0.conn.scope().await?;
        insert(&mut scope, INSERT, user, password_hash).await?;
        scope.commit().await
    }

    /// Makes a client's bot user unless it has one; `false` when it had.
    ///
    /// # Errors
    /// `Conflict` when the id or subject is taken by another user; `Invalid` for a user of another
    /// tenant or a person.
    pub async fn bot_user_create_if_absent(&mut self, user: &User) -> Result<bool> {
        self.check_user(user)?;
        let UserKind::Bot(client_id) = &user.kind else {
            return Err(StoreError::Invalid { what: "person as a bot user" });
        };
        let mut scope = self.0.conn.scope().await?;
        let made = insert(&mut scope, INSERT_IF_ABSENT, user, None).await?;
        if !made {
            let statement = sql("SELECT id FROM user_account \
                     WHERE tenant_id = $1 AND bot_client_id = $2")
            .text(&user.tenant_id)
            .text(client_id);
            if scope.row(statement).await?.is_none() {
                return Err(StoreError::Conflict { what: "subject" });
            }
        }
        scope.commit().await?;
        Ok(made)
    }

    /// Sets a user's status, and ends all access tokens made until now; `false` when there is no
    /// such user.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_update_status(
        &mut self,
        id: &UserId,
        status: UserStatus,
        now: Timestamp,
    ) -> Result<bool> {
        let statement = sql("UPDATE user_account SET status = $3, updated_at = $4, \
                    tokens_valid_from = CASE WHEN tokens_valid_from < $5 THEN $5 \
                        ELSE tokens_valid_from END \
                 WHERE tenant_id = $1 AND id = $2")
        .text(&self.tenant_id)
        .text(id)
        .text(status.as_str())
        .time(now)
        .time(next_second(now));
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Sets a person's password hash; `false` when there is no such person.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_set_password(
        &mut self,
        id: &UserId,
        password_hash: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let statement = sql("UPDATE user_account SET password_hash = $3, updated_at = $4 \
                 WHERE tenant_id = $1 AND id = $2 AND bot_client_id IS NULL")
        .text(&self.tenant_id)
        .text(id)
        .text(password_hash)
        .time(now);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Gives a role to a user; `false` when the user has it already.
    ///
    /// # Errors
    /// `NotFound` without the user or the role.
    pub async fn user_role_add(&mut self, id: &UserId, role_id: &RoleId) -> Result<bool> {
        let statement = sql("INSERT INTO user_role (tenant_id, user_id, role_id) \
                 VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .text(&self.tenant_id)
        .text(id)
        .text(role_id);
        Ok(self.conn.execute(statement).await? == 1)
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
