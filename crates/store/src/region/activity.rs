//! What a client did in this tenant: its counters, its credentials' last uses, its refusals and
//! the days of its scopes.
//!
//! Invariant: credentials are told only of clients that the tenant owns, and without their hashes.

use domain::ids::ClientId;
use domain::time::Timestamp;

use super::TenantRead;
use crate::error::Result;
use crate::statement::{Cells, each, sql};
use crate::usage::{self, ClientFailure, ScopeDay, UsageCount};

/// A client secret as its administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretActivity {
    /// The secret's last five characters.
    pub hint: String,
    /// What its creator calls it.
    pub label: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// When it stops working, if ever.
    pub expires_at: Option<Timestamp>,
    /// When it last worked.
    pub last_used_at: Option<Timestamp>,
    /// The address it was last used from.
    pub last_used_from: Option<String>,
}

/// A registered public key as its administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyActivity {
    /// The key's id, unique in the client.
    pub kid: String,
    /// When it was registered.
    pub created_at: Timestamp,
    /// Who registered it.
    pub created_by: String,
    /// When it last verified an assertion.
    pub last_used_at: Option<Timestamp>,
    /// The address it was last used from.
    pub last_used_from: Option<String>,
}

/// The address of the last use; empty means none is known.
fn last_used_from(cells: Cells<'_>) -> Result<Option<String>> {
    Ok(Some(cells.string("last_used_from")?).filter(|address| !address.is_empty()))
}

fn secret_from_row(cells: Cells<'_>) -> Result<SecretActivity> {
    Ok(SecretActivity {
        hint: cells.string("hint")?,
        label: cells.string("label")?,
        created_at: cells.time("created_at")?,
        created_by: cells.string("created_by")?,
        expires_at: cells.time_or_null("expires_at")?,
        last_used_at: cells.time_or_null("last_used_at")?,
        last_used_from: last_used_from(cells)?,
    })
}

fn key_from_row(cells: Cells<'_>) -> Result<KeyActivity> {
    Ok(KeyActivity {
        kid: cells.string("kid")?,
        created_at: cells.time("created_at")?,
        created_by: cells.string("created_by")?,
        last_used_at: cells.time_or_null("last_used_at")?,
        last_used_from: last_used_from(cells)?,
    })
}

impl TenantRead {
    /// The secrets of a client that this tenant owns, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn secret_activity(&mut self, id: &ClientId) -> Result<Vec<SecretActivity>> {
        let statement = sql("SELECT s.hint AS hint, s.label AS label, \
                    s.created_at AS created_at, s.created_by AS created_by, \
                    s.expires_at AS expires_at, s.last_used_at AS last_used_at, \
                    s.last_used_from AS last_used_from \
                 FROM client_secret s JOIN client c ON c.id = s.client_id \
                 WHERE s.client_id = $2 AND c.owner_level = 'tenant' AND c.owner_id = $1 \
                 ORDER BY s.created_at, s.id")
        .text(&self.tenant_id)
        .text(id);
        each(&self.conn.rows(statement).await?, secret_from_row)
    }

    /// The registered keys of a client that this tenant owns, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn key_activity(&mut self, id: &ClientId) -> Result<Vec<KeyActivity>> {
        let statement = sql("SELECT k.kid AS kid, k.created_at AS created_at, \
                    k.created_by AS created_by, k.last_used_at AS last_used_at, \
                    k.last_used_from AS last_used_from \
                 FROM client_key k JOIN client c ON c.id = k.client_id \
                 WHERE k.client_id = $2 AND c.owner_level = 'tenant' AND c.owner_id = $1 \
                 ORDER BY k.created_at, k.kid")
        .text(&self.tenant_id)
        .text(id);
        each(&self.conn.rows(statement).await?, key_from_row)
    }

    /// A client's counters in this tenant since a day (`YYYY-MM-DD`), newest day first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn usage_list(
        &mut self,
        id: &ClientId,
        first_day: &str,
        limit: u32,
    ) -> Result<Vec<UsageCount>> {
        usage::since(&mut self.conn, self.tenant_id.as_str(), id, first_day, limit).await
    }

    /// A client's newest refusals in this tenant, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn failure_list(&mut self, id: &ClientId, limit: u32) -> Result<Vec<ClientFailure>> {
        usage::newest(&mut self.conn, self.tenant_id.as_str(), id, limit).await
    }

    /// The days on which a client last asked for scopes and used them in this tenant.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn scope_day_list(&mut self, id: &ClientId) -> Result<Vec<ScopeDay>> {
        usage::scope_days(&mut self.conn, self.tenant_id.as_str(), id).await
    }
}
