//! What is revoked before it expires: grants, sessions, single access tokens, by key texts that
//! the engine chooses.

use domain::ids::GrantId;
use domain::time::Timestamp;

use super::{TenantRead, TenantTx};
use crate::error::Result;
use crate::statement::{each, only, sql};

impl TenantRead {
    /// What is revoked and not expired yet, with the time after which it may be forgotten.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn revoked_list(&mut self, now: Timestamp) -> Result<Vec<(String, Timestamp)>> {
        let statement = sql("SELECT token_key, expires_at FROM revoked_token \
                 WHERE owner_id = $1 AND expires_at > $2")
        .text(&self.tenant_id)
        .time(now);
        each(&self.conn.rows(statement).await?, |cells| {
            Ok((cells.string("token_key")?, cells.time("expires_at")?))
        })
    }
}

impl TenantTx {
    /// Keeps a revocation of a grant waiting until the commit, so that it finds what this
    /// transaction has made; `false` when the grant is revoked already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn grant_hold(&mut self, grant_id: &GrantId, now: Timestamp) -> Result<bool> {
        // Both write the grant's row, so one of them waits for the other's commit. A row that is
        // made here has expired from the beginning: it revokes nothing, and is purged.
        let statement =
            sql("INSERT INTO revoked_token (owner_id, token_key, expires_at, created_at) \
                 VALUES ($1, $2, $3, $3) \
                 ON CONFLICT (owner_id, token_key) \
                    DO UPDATE SET expires_at = revoked_token.expires_at \
                 RETURNING expires_at")
            .text(&self.tenant_id)
            .text(grant_id)
            .time(now);
        let until = only(self.conn.row(statement).await?, |cells| cells.time("expires_at"))?;
        Ok(until.is_none_or(|until| until <= now))
    }

    /// Revokes a key until a time; one that is revoked already stays so for the longer time.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn token_revoke(
        &mut self,
        key: &str,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<()> {
        let statement =
            sql("INSERT INTO revoked_token (owner_id, token_key, expires_at, created_at) \
                 VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (owner_id, token_key) DO UPDATE SET expires_at = excluded.expires_at \
                 WHERE revoked_token.expires_at < excluded.expires_at")
            .text(&self.tenant_id)
            .text(key)
            .time(expires_at)
            .time(now);
        self.conn.execute(statement).await?;
        Ok(())
    }
}
