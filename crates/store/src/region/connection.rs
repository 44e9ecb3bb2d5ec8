//! How a tenant treats a client it sees: the consent method, and whether it lets the client in.

use domain::client::ConnectionConfig;
use domain::ids::ClientId;
use domain::time::Timestamp;

use super::TenantTx;
use super::client::visible;
use crate::error::{Result, StoreError};
use crate::statement::sql;

impl TenantTx {
    /// Sets how this tenant treats a client.
    ///
    /// # Errors
    /// `NotFound` when the tenant sees no such client.
    pub async fn connection_config_put(
        &mut self,
        client_id: &ClientId,
        config: ConnectionConfig,
        now: Timestamp,
    ) -> Result<()> {
        let statement = sql(concat!(
            "INSERT INTO connection_config \
                (tenant_id, client_id, consent_method, approved, created_at, updated_at, is_guest) \
             SELECT $1, c.id, $3, $4, $5, $5, \
                CASE WHEN c.owner_level = 'tenant' AND c.owner_id = $1 THEN 0 ELSE 1 END \
             FROM client c WHERE c.id = $2 AND ",
            visible!(),
            " ON CONFLICT (tenant_id, client_id) DO UPDATE SET \
                consent_method = excluded.consent_method, approved = excluded.approved, \
                updated_at = excluded.updated_at"
        ))
        .text(&self.tenant_id)
        .text(client_id)
        .text(config.consent_method.as_str())
        .flag(config.approved)
        .time(now);
        if self.conn.execute(statement).await? == 0 {
            return Err(StoreError::NotFound { what: "client" });
        }
        Ok(())
    }

    /// Forgets how this tenant treats a client; `false` when it has no config for it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn connection_config_delete(&mut self, client_id: &ClientId) -> Result<bool> {
        let statement =
            sql("DELETE FROM connection_config WHERE tenant_id = $1 AND client_id = $2")
                .text(&self.tenant_id)
                .text(client_id);
        Ok(self.conn.execute(statement).await? == 1)
    }
}
