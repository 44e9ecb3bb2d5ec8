//! Client assertions (RFC 7523 section 3): each `jti` is good for one use.

use domain::crypto::sha256_base64url;
use domain::ids::ClientId;
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
        let statement = sql("INSERT INTO assertion_use (owner_id, client_id, jti, expires_at) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
        .text(&self.tenant_id)
        .text(client_id)
        .text(sha256_base64url(jti.as_bytes()))
        .time(expires_at);
        Ok(self.conn.execute(statement).await? == 1)
    }
}
