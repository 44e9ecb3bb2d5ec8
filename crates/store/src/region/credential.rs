//! Client secrets and registered public keys.
//!
//! Invariant: they are read only for clients that the tenant was found to see, and changed only
//! for clients that it owns; every statement that changes them says so itself.

use std::collections::HashMap;
use std::sync::Arc;

use domain::client::{ClientKey, ClientSecret, ClientWithCredentials};
use domain::ids::ClientId;

use super::{TenantRead, TenantTx};
use crate::error::{Result, StoreError};
use crate::statement::{Cells, Statement, sql};

fn secret_from_row(cells: Cells<'_>) -> Result<ClientSecret> {
    Ok(ClientSecret {
        id: Arc::from(cells.text("id")?),
        hint: cells.string("hint")?,
        hash: cells.string("hash")?,
        label: cells.string("label")?,
        created_at: cells.time("created_at")?,
        created_by: cells.string("created_by")?,
        expires_at: cells.time_or_null("expires_at")?,
        last_used_at: cells.time_or_null("last_used_at")?,
    })
}

fn key_from_row(cells: Cells<'_>) -> Result<ClientKey> {
    Ok(ClientKey {
        kid: cells.string("kid")?,
        jwk: cells.json("jwk")?,
        created_at: cells.time("created_at")?,
        last_used_at: cells.time_or_null("last_used_at")?,
    })
}

/// A statement over the credentials of `ids`. The ids are repeated up to a power of two, so that
/// pages of all lengths share a few prepared statements.
fn of_clients(head: &'static str, ids: &[ClientId], tail: &'static str) -> Statement {
    let width = ids.len().next_power_of_two();
    let mut statement = Statement::repeated(head, 1, width, tail);
    for id in ids.iter().cycle().take(width) {
        statement = statement.text(id);
    }
    statement
}

impl TenantRead {
    /// Adds secrets and keys to clients that the tenant was found to see.
    pub(super) async fn with_credentials(
        &mut self,
        mut clients: Vec<ClientWithCredentials>,
    ) -> Result<Vec<ClientWithCredentials>> {
        if clients.is_empty() {
            return Ok(clients);
        }
        let ids: Vec<ClientId> = clients.iter().map(|one| one.client.id.clone()).collect();
        let places: HashMap<&str, usize> = ids.iter().map(ClientId::as_str).zip(0..).collect();
        let corrupt = || StoreError::Corrupt { what: "client_id" };
        let secrets = of_clients(
            "SELECT client_id, id, hint, hash, label, created_at, created_by, expires_at, \
                last_used_at \
             FROM client_secret WHERE client_id IN ",
            &ids,
            " ORDER BY created_at, id",
        );
        for row in &self.conn.rows(secrets).await? {
            let cells = Cells(row);
            let place = places.get(cells.text("client_id")?).and_then(|at| clients.get_mut(*at));
            place.ok_or_else(corrupt)?.secrets.push(secret_from_row(cells)?);
        }
        let keys = of_clients(
            "SELECT client_id, kid, jwk, created_at, last_used_at \
             FROM client_key WHERE client_id IN ",
            &ids,
            " ORDER BY created_at, kid",
        );
        for row in &self.conn.rows(keys).await? {
            let cells = Cells(row);
            let place = places.get(cells.text("client_id")?).and_then(|at| clients.get_mut(*at));
            place.ok_or_else(corrupt)?.keys.push(key_from_row(cells)?);
        }
        Ok(clients)
    }

    /// How many secrets a client of this tenant has.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn client_secret_count(&mut self, id: &ClientId) -> Result<i64> {
        let statement = sql("SELECT COUNT(*) AS n FROM client_secret s \
                 JOIN client c ON c.id = s.client_id \
                 WHERE s.client_id = $2 AND c.owner_level = 'tenant' AND c.owner_id = $1")
        .text(&self.tenant_id)
        .text(id);
        let row = self.conn.row(statement).await?;
        row.as_ref().map_or(Ok(0), |row| Cells(row).int("n"))
    }
}

impl TenantTx {
    /// Adds a secret to a client of this tenant that has fewer than `most`.
    ///
    /// # Errors
    /// `NotFound` when the tenant owns no such client, `Limit` when the client has as many,
    /// `Conflict` when it has one of the same hint.
    pub async fn client_secret_create(
        &mut self,
        id: &ClientId,
        secret: &ClientSecret,
        most: u32,
    ) -> Result<()> {
        let tenant_id = self.tenant_id.clone();
        let mut scope = self.0.conn.scope().await?;
        // Takes the client's row lock, so that the count below stays true until the commit.
        let locked = sql("UPDATE client SET updated_at = $3 \
                 WHERE id = $2 AND owner_level = 'tenant' AND owner_id = $1")
        .text(&tenant_id)
        .text(id)
        .time(secret.created_at);
        if scope.execute(locked).await? == 0 {
            return Err(StoreError::NotFound { what: "client" });
        }
        let inserted = sql("INSERT INTO client_secret (id, client_id, hint, hash, label, \
                    created_at, created_by, expires_at) \
                 SELECT $1, c.id, $3, $4, $5, $6, $7, $8 FROM client c WHERE c.id = $2 \
                    AND (SELECT COUNT(*) FROM client_secret s WHERE s.client_id = $2) < $9")
        .text(&secret.id)
        .text(id)
        .text(&secret.hint)
        .text(&secret.hash)
        .text(&secret.label)
        .time(secret.created_at)
        .text(&secret.created_by)
        .time_or_null(secret.expires_at)
        .int(i64::from(most));
        if scope.execute(inserted).await? == 0 {
            return Err(StoreError::Limit { what: "secrets of a client" });
        }
        scope.commit().await
    }

    /// Removes the secret of a hint; `false` when a client of this tenant has none such.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn client_secret_delete(&mut self, id: &ClientId, hint: &str) -> Result<bool> {
        let statement = sql("DELETE FROM client_secret WHERE hint = $3 AND client_id = \
                 (SELECT c.id FROM client c \
                  WHERE c.id = $2 AND c.owner_level = 'tenant' AND c.owner_id = $1)")
        .text(&self.tenant_id)
        .text(id)
        .text(hint);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Adds a public key to a client of this tenant.
    ///
    /// # Errors
    /// `NotFound` when the tenant owns no such client, `Conflict` when it has a key of that id.
    pub async fn client_key_create(
        &mut self,
        id: &ClientId,
        key: &ClientKey,
        created_by: &str,
    ) -> Result<()> {
        let statement =
            sql("INSERT INTO client_key (client_id, kid, jwk, created_at, created_by) \
                 SELECT c.id, $3, $4, $5, $6 FROM client c \
                 WHERE c.id = $2 AND c.owner_level = 'tenant' AND c.owner_id = $1")
            .text(&self.tenant_id)
            .text(id)
            .text(&key.kid)
            .json(&key.jwk)
            .time(key.created_at)
            .text(created_by);
        if self.conn.execute(statement).await? == 0 {
            return Err(StoreError::NotFound { what: "client" });
        }
        Ok(())
    }

    /// Removes a public key; `false` when a client of this tenant has none such.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn client_key_delete(&mut self, id: &ClientId, kid: &str) -> Result<bool> {
        let statement = sql("DELETE FROM client_key WHERE kid = $3 AND client_id = \
                 (SELECT c.id FROM client c \
                  WHERE c.id = $2 AND c.owner_level = 'tenant' AND c.owner_id = $1)")
        .text(&self.tenant_id)
        .text(id)
        .text(kid);
        Ok(self.conn.execute(statement).await? == 1)
    }
}
