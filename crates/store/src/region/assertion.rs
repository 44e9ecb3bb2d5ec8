//! What is good for one use: the `jti` of a client assertion (RFC 7523 section 3), and the mark of a
//! form that makes something.

use domain::crypto::sha256_base64url;
use domain::ids::{ClientId, UserId};
use domain::time::Timestamp;

use super::TenantTx;
use crate::error::Result;
use crate::statement::sql;

impl TenantTx {
    /// Spends an assertion's `jti`; `false` when it was spent before. Kept until the assertion
    /// expires. The `jti` is the client's text of any length, so its SHA-256 is stored: every row
    /// has the same small size.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn assertion_spend(
        &mut self,
        client_id: &ClientId,
        jti: &str,
        expires_at: Timestamp,
    ) -> Result<bool> {
        self.spend(client_id.as_str(), jti, expires_at).await
    }

    /// Spends the mark of a form that a user was shown; `false` when it was spent before. It stands
    /// beside the assertions: it is random, so no client's `jti` is the same.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn mark_spend(
        &mut self,
        user_id: &UserId,
        mark: &str,
        expires_at: Timestamp,
    ) -> Result<bool> {
        self.spend(user_id.as_str(), mark, expires_at).await
    }

    async fn spend(&mut self, by: &str, what: &str, expires_at: Timestamp) -> Result<bool> {
        let statement = sql("INSERT INTO assertion_use (owner_id, client_id, jti, expires_at) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
        .text(&self.tenant_id)
        .text(by)
        .text(sha256_base64url(what.as_bytes()))
        .time(expires_at);
        Ok(self.conn.execute(statement).await? == 1)
    }
}
