//! Signing keys of a tenant, sealed under the master key.
//!
//! Invariant: two nodes that make a tenant's next key at the same time end with one key.

use domain::jose::Alg;
use domain::time::Timestamp;

use super::{TenantRead, TenantTx};
use crate::error::Result;
use crate::statement::{Cells, each, sql};

/// A signing key as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredSigningKey {
    /// Its id.
    pub kid: String,
    /// What it signs with.
    pub alg: Alg,
    /// Which one of its algorithm it is, counted from 1.
    pub generation: i64,
    /// The private key, sealed.
    pub sealed: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it signs; it is published before.
    pub activates_at: Timestamp,
    /// Until when it is published, once another signs.
    pub retires_at: Option<Timestamp>,
}

impl StoredSigningKey {
    /// Whether it is published no more.
    pub fn is_retired(&self, now: Timestamp) -> bool {
        self.retires_at.is_some_and(|at| at <= now)
    }
}

impl std::fmt::Debug for StoredSigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredSigningKey")
            .field("kid", &self.kid)
            .field("alg", &self.alg)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

fn key_from_row(cells: Cells<'_>) -> Result<StoredSigningKey> {
    Ok(StoredSigningKey {
        kid: cells.string("kid")?,
        alg: cells.parsed("alg")?,
        generation: cells.int("generation")?,
        sealed: cells.string("sealed")?,
        created_at: cells.time("created_at")?,
        activates_at: cells.time("activates_at")?,
        retires_at: cells.time_or_null("retires_at")?,
    })
}

impl TenantRead {
    /// All signing keys of the tenant, by algorithm and generation.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn signing_key_list(&mut self) -> Result<Vec<StoredSigningKey>> {
        let statement = sql("SELECT kid, alg, generation, sealed, created_at, activates_at, \
                    retires_at \
                 FROM signing_key WHERE owner_id = $1 ORDER BY alg, generation")
        .text(&self.tenant_id);
        each(&self.conn.rows(statement).await?, key_from_row)
    }
}

impl TenantTx {
    /// Stores a key unless the tenant has one of that algorithm and generation; `false` when it
    /// had, and then that one counts.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn signing_key_create_if_absent(&mut self, key: &StoredSigningKey) -> Result<bool> {
        let statement = sql("INSERT INTO signing_key (owner_id, kid, alg, generation, sealed, \
                    created_at, activates_at, retires_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING")
        .text(&self.tenant_id)
        .text(&key.kid)
        .text(key.alg.as_str())
        .int(key.generation)
        .text(&key.sealed)
        .time(key.created_at)
        .time(key.activates_at)
        .time_or_null(key.retires_at);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Sets until when a key is published; `false` when the tenant has no such key.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn signing_key_retire(&mut self, kid: &str, retires_at: Timestamp) -> Result<bool> {
        let statement = sql("UPDATE signing_key SET retires_at = $3 \
                 WHERE owner_id = $1 AND kid = $2")
        .text(&self.tenant_id)
        .text(kid)
        .time(retires_at);
        Ok(self.conn.execute(statement).await? == 1)
    }

    /// Deletes a key that is published no more; `false` when the tenant has no such key, or it is
    /// still published.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn signing_key_delete_retired(&mut self, kid: &str, now: Timestamp) -> Result<bool> {
        let statement = sql("DELETE FROM signing_key \
                 WHERE owner_id = $1 AND kid = $2 AND retires_at <= $3")
        .text(&self.tenant_id)
        .text(kid)
        .time(now);
        Ok(self.conn.execute(statement).await? == 1)
    }
}
