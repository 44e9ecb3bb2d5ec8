//! Work over all tenants of a region: the change feed, housekeeping, flushing counters. It has a
//! type of its own, so that crossing tenants can be searched for.

use std::collections::HashMap;
use std::sync::Arc;

use domain::ids::{ClientId, TenantId};
use domain::tenant::Tenant;
use domain::time::Timestamp;

use super::tenant::tenant_from_row;
use crate::change::{self, Change};
use crate::database::{Conn, Database};
use crate::error::Result;
use crate::jobs;
use crate::list::with_ids;
use crate::statement::{each, sql};
use crate::usage::{self, ApiKeyUse, UsageFlush};

/// See the module.
#[derive(Debug, Clone)]
pub struct RegionWide(Arc<Database>);

impl RegionWide {
    pub(super) fn new(database: &Arc<Database>) -> Self {
        Self(Arc::clone(database))
    }

    /// The changes after a number, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change_tail(&self, after_seq: i64, limit: u32) -> Result<Vec<Change>> {
        change::tail(&mut Conn::reading(&self.0), after_seq, limit).await
    }

    /// The number of the last change, 0 when there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change_last_seq(&self) -> Result<i64> {
        change::last_seq(&mut Conn::reading(&self.0)).await
    }

    /// Tenants by id, after one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tenant_list(&self, limit: u32, after: Option<&TenantId>) -> Result<Vec<Tenant>> {
        let statement = sql("SELECT id, organization_id, subscription_id, region_code, name, \
                    hostnames, status, lifetimes, settings, brand, created_at, updated_at \
                 FROM tenant WHERE id > $1 ORDER BY id LIMIT $2")
        .text(after.map_or("", TenantId::as_str))
        .int(i64::from(limit));
        each(&Conn::reading(&self.0).rows(statement).await?, tenant_from_row)
    }

    /// In how many tenants but one each client is let in; those that none lets in are left out.
    /// The owner of a published client may know the number, and nothing else about them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn client_connections(
        &self,
        ids: &[&ClientId],
        but: &TenantId,
    ) -> Result<HashMap<ClientId, i64>> {
        const CONNECTIONS: (&str, &str) = (
            "SELECT client_id, COUNT(*) AS n FROM connection_config \
             WHERE tenant_id <> $1 AND approved = 1 AND client_id IN ",
            " GROUP BY client_id",
        );
        let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
        let Some(statement) = with_ids(CONNECTIONS, (but.as_str(), Vec::new()), &ids) else {
            return Ok(HashMap::new());
        };
        let rows = Conn::reading(&self.0).rows(statement).await?;
        let found = each(&rows, |cells| Ok((cells.parsed("client_id")?, cells.int("n")?)))?;
        Ok(found.into_iter().collect())
    }

    /// Deletes at most `batch` expired rows of each table; returns how many went.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn purge_expired(&self, now: Timestamp, batch: u32) -> Result<u64> {
        jobs::purge_region(&mut Conn::autocommit(&self.0), now, batch).await
    }

    /// Writes what a node counted, all or nothing.
    ///
    /// # Errors
    /// When the database does not answer; nothing was written then.
    pub async fn usage_flush(&self, flush: &UsageFlush) -> Result<()> {
        usage::flush(&mut Conn::autocommit(&self.0), flush).await
    }

    /// Remembers when API keys last worked, each at most once among them, all or nothing; never
    /// moves a time back.
    ///
    /// # Errors
    /// When the database does not answer; nothing was written then.
    pub async fn api_keys_used(&self, uses: &[ApiKeyUse]) -> Result<()> {
        usage::write_api_keys(&mut Conn::autocommit(&self.0), uses).await
    }
}
