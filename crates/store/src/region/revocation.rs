//! What is revoked before it expires: grants, sessions, single access tokens, by key texts that
//! the engine chooses.

use domain::time::Timestamp;

use super::{TenantRead, TenantTx};
use crate::error::Result;
use crate::statement::{each, sql};

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
    /// Whether a key is revoked and the revocation has not expired.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_revoked(&mut self, key: &str, now: Timestamp) -> Result<bool> {
        let statement = sql("SELECT token_key FROM revoked_token \
                 WHERE owner_id = $1 AND token_key = $2 AND expires_at > $3")
        .text(&self.tenant_id)
        .text(key)
        .time(now);
        Ok(self.conn.row(statement).await?.is_some())
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
