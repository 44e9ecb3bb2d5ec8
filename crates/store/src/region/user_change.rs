//! Making, changing and deleting users.

use domain::ids::UserId;
use domain::time::{Timestamp, next_second};
use domain::user::{GroupProvider, User, UserKind, UserStatus};

use super::TenantTx;
use crate::database::Conn;
use crate::error::{Result, StoreError};
use crate::statement::{sql, text_key};

const INSERT: &str = "INSERT INTO user_account (tenant_id, id, bot_client_id, subject, name, \
        email, email_key, email_verified, status, password_hash, claims, created_at, updated_at, \
        name_key, subject_key, tokens_valid_from, invite_expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

const INSERT_IF_ABSENT: &str = "INSERT INTO user_account (tenant_id, id, bot_client_id, subject, \
        name, email, email_key, email_verified, status, password_hash, claims, created_at, \
        updated_at, name_key, subject_key, tokens_valid_from, invite_expires_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
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
        .time(user.tokens_valid_from)
        .time_or_null(user.invite_expires_at);
    if conn.execute(statement).await? == 0 {
        return Ok(false);
    }
    give_roles(conn, user).await?;
    join_groups(conn, user).await?;
    Ok(true)
}

async fn give_roles(conn: &mut Conn, user: &User) -> Result<()> {
    for role in &user.roles {
        let statement = sql("INSERT INTO user_role (tenant_id, user_id, role_id) \
                 VALUES ($1, $2, $3)")
        .text(&user.tenant_id)
        .text(&user.id)
        .text(&role.id);
        conn.execute(statement).await?;
    }
    Ok(())
}

async fn join_groups(conn: &mut Conn, user: &User) -> Result<()> {
    // Nobody is entered into the group of everybody.
    for group in user.groups.iter().filter(|group| group.provider != GroupProvider::System) {
        let statement = sql("INSERT INTO group_member (tenant_id, group_id, user_id) \
                 VALUES ($1, $2, $3)")
        .text(&user.tenant_id)
        .text(&group.id)
        .text(&user.id);
        conn.execute(statement).await?;
    }
    Ok(())
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

    /// Stores a user's name, claims and invitation; `false` when there is no such user.
    ///
    /// # Errors
    /// `Invalid` for a user of another tenant.
    pub async fn user_update(&mut self, user: &User) -> Result<bool> {
        self.check_user(user)?;
        let statement = sql("UPDATE user_account SET name = $3, name_key = $4, claims = $5, \
                    invite_expires_at = $6, updated_at = $7 \
                 WHERE tenant_id = $1 AND id = $2")
        .text(&self.tenant_id)
        .text(&user.id)
        .text(&user.name)
        .text(text_key(&user.name))
        .json(&user.claims)
        .time_or_null(user.invite_expires_at)
        .time(user.updated_at);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Makes the roles of a user, given directly, those that it carries.
    ///
    /// # Errors
    /// `NotFound` without the user or a role, `Invalid` for a user of another tenant.
    pub async fn user_roles_put(&mut self, user: &User) -> Result<()> {
        self.check_user(user)?;
        let mut scope = self.0.conn.scope().await?;
        let statement = sql("DELETE FROM user_role WHERE tenant_id = $1 AND user_id = $2")
            .text(&user.tenant_id)
            .text(&user.id);
        scope.execute(statement).await?;
        give_roles(&mut scope, user).await?;
        scope.commit().await
    }

    /// Makes the groups of a user those that it carries.
    ///
    /// # Errors
    /// `NotFound` without the user or a group, `Invalid` for a user of another tenant.
    pub async fn user_groups_put(&mut self, user: &User) -> Result<()> {
        self.check_user(user)?;
        let mut scope = self.0.conn.scope().await?;
        let statement = sql("DELETE FROM group_member WHERE tenant_id = $1 AND user_id = $2")
            .text(&user.tenant_id)
            .text(&user.id);
        scope.execute(statement).await?;
        join_groups(&mut scope, user).await?;
        scope.commit().await
    }

    /// Deletes a user with everything that hangs on it: roles, memberships, sessions, consents,
    /// codes, refresh tokens and API keys; `false` when there is no such user.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_delete(&mut self, id: &UserId) -> Result<bool> {
        let statement = sql("DELETE FROM user_account WHERE tenant_id = $1 AND id = $2")
            .text(&self.tenant_id)
            .text(id);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Keeps changes of a user waiting until the commit; `false` when there is no active user of
    /// this id with this very password hash any more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn user_hold(&mut self, id: &UserId, password_hash: &str) -> Result<bool> {
        let statement = sql("UPDATE user_account SET updated_at = updated_at \
                 WHERE tenant_id = $1 AND id = $2 AND password_hash = $3 AND status = 'active'")
        .text(&self.tenant_id)
        .text(id)
        .text(password_hash);
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
}
