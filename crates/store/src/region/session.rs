//! Sessions: users signed in to browsers. A session is found by the keyed hash of its cookie; its
//! public id is the `sid` claim and gives no access.

use domain::grant::Session;
use domain::ids::{SessionId, UserId};
use domain::time::Timestamp;

use super::{TenantRead, TenantTx};
use crate::error::Result;
use crate::statement::{Cells, each, only, sql};

fn session_from_row(cells: Cells<'_>) -> Result<Session> {
    Ok(Session {
        id: cells.parsed("id")?,
        user_id: cells.parsed("user_id")?,
        created_at: cells.time("created_at")?,
        auth_time: cells.time("auth_time")?,
        last_seen_at: cells.time("last_seen_at")?,
        expires_at: cells.time("expires_at")?,
        user_agent: cells.string("user_agent")?,
        address: cells.string("address")?,
    })
}

impl TenantRead {
    /// The session of a cookie. Whether it is expired is the caller's to judge.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_find(&mut self, cookie_hash: &str) -> Result<Option<Session>> {
        let statement =
            sql("SELECT id, user_id, created_at, auth_time, last_seen_at, expires_at, \
                    user_agent, address \
                 FROM session WHERE tenant_id = $1 AND cookie_hash = $2")
            .text(&self.tenant_id)
            .text(cookie_hash);
        only(self.conn.row(statement).await?, session_from_row)
    }

    /// A user's sessions, last seen first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_list(&mut self, user_id: &UserId) -> Result<Vec<Session>> {
        let statement =
            sql("SELECT id, user_id, created_at, auth_time, last_seen_at, expires_at, \
                    user_agent, address \
                 FROM session WHERE tenant_id = $1 AND user_id = $2 \
                 ORDER BY last_seen_at DESC, id LIMIT 1000")
            .text(&self.tenant_id)
            .text(user_id);
        each(&self.conn.rows(statement).await?, session_from_row)
    }
}

impl TenantTx {
    /// Begins a session.
    ///
    /// # Errors
    /// `NotFound` without the user, `Conflict` on the id or cookie.
    pub async fn session_create(&mut self, session: &Session, cookie_hash: &str) -> Result<()> {
        let statement =
            sql("INSERT INTO session (tenant_id, id, cookie_hash, user_id, created_at, \
                    auth_time, last_seen_at, expires_at, user_agent, address) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
            .text(&self.tenant_id)
            .text(&session.id)
            .text(cookie_hash)
            .text(&session.user_id)
            .time(session.created_at)
            .time(session.auth_time)
            .time(session.last_seen_at)
            .time(session.expires_at)
            .text(&session.user_agent)
            .text(&session.address);
        self.conn.execute(statement).await?;
        Ok(())
    }

    /// Remembers that a session was seen; `false` when there is no such session.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_touch(&mut self, id: &SessionId, now: Timestamp) -> Result<bool> {
        let statement =
            sql("UPDATE session SET last_seen_at = $3 WHERE tenant_id = $1 AND id = $2")
                .text(&self.tenant_id)
                .text(id)
                .time(now);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Gives a session a new cookie after its user proved again who they are, so that a cookie
    /// from before cannot ride along (session fixation); `false` when there is no such session.
    ///
    /// # Errors
    /// `Conflict` on the cookie.
    pub async fn session_reauthenticate(
        &mut self,
        id: &SessionId,
        cookie_hash: &str,
        auth_time: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool> {
        let statement = sql("UPDATE session SET cookie_hash = $3, auth_time = $4, \
                    last_seen_at = $4, expires_at = $5 \
                 WHERE tenant_id = $1 AND id = $2")
        .text(&self.tenant_id)
        .text(id)
        .text(cookie_hash)
        .time(auth_time)
        .time(expires_at);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Ends a session; `false` when there is no such session.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_delete(&mut self, id: &SessionId) -> Result<bool> {
        let statement = sql("DELETE FROM session WHERE tenant_id = $1 AND id = $2")
            .text(&self.tenant_id)
            .text(id);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Ends a user's sessions but one; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_delete_others(
        &mut self,
        user_id: &UserId,
        keep: &SessionId,
    ) -> Result<u64> {
        let statement = sql("DELETE FROM session \
                 WHERE tenant_id = $1 AND user_id = $2 AND id <> $3")
        .text(&self.tenant_id)
        .text(user_id)
        .text(keep);
        self.conn.execute(statement).await
    }

    /// Ends all of a user's sessions; returns how many.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_delete_all(&mut self, user_id: &UserId) -> Result<u64> {
        let statement = sql("DELETE FROM session WHERE tenant_id = $1 AND user_id = $2")
            .text(&self.tenant_id)
            .text(user_id);
        self.conn.execute(statement).await
    }
}
