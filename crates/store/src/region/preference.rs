//! How people like their pages: small values by name, each person's own.

use domain::ids::UserId;
use domain::time::Timestamp;
use serde_json::Value;

use super::{TenantRead, TenantTx};
use crate::error::Result;
use crate::statement::{only, sql};

impl TenantRead {
    /// A user's value of a name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn preference_get(&mut self, user_id: &UserId, name: &str) -> Result<Option<Value>> {
        let statement = sql("SELECT value FROM user_preference \
                 WHERE tenant_id = $1 AND user_id = $2 AND name = $3")
        .text(&self.tenant_id)
        .text(user_id)
        .text(name);
        only(self.conn.row(statement).await?, |cells| cells.json("value"))
    }
}

impl TenantTx {
    /// Sets a user's value of a name. How long the value may be is the caller's to judge.
    ///
    /// # Errors
    /// `NotFound` without the user.
    pub async fn preference_put(
        &mut self,
        user_id: &UserId,
        name: &str,
        value: &Value,
        now: Timestamp,
    ) -> Result<()> {
        let statement = sql("INSERT INTO user_preference \
                    (tenant_id, user_id, name, value, updated_at) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (tenant_id, user_id, name) DO UPDATE SET \
                    value = excluded.value, updated_at = excluded.updated_at")
        .text(&self.tenant_id)
        .text(user_id)
        .text(name)
        .json(value)
        .time(now);
        self.conn.execute(statement).await?;
        Ok(())
    }
}
