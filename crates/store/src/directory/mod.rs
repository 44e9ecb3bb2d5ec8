//! The directory: organizations, their subscriptions, the regions, and in which region a tenant
//! lives. Small, and mostly read.
//!
//! [`DirectoryTx`] is a transaction, so that an audit event and a change are written with what
//! they tell. [`Directory`] has the same methods for a single step.

mod organization;
mod region;
mod subscription;
mod tenant;

use std::sync::Arc;

use domain::audit::AuditEvent;
use domain::time::Timestamp;

use crate::change::{self, Change, ChangeKind};
use crate::database::{Conn, Database};
use crate::error::Result;
use crate::usage::{self, UsageFlush};
use crate::{audit, jobs};

pub use organization::ServiceAccountOwner;
pub use tenant::TenantLocation;

/// The directory database.
#[derive(Debug, Clone)]
pub struct Directory(Arc<Database>);

/// A write transaction of the directory. Dropped before [`DirectoryTx::commit`], it leaves
/// nothing.
pub struct DirectoryTx(Conn);

impl Directory {
    pub(crate) fn new(database: Arc<Database>) -> Self {
        Self(database)
    }

    /// The database behind it.
    pub fn database(&self) -> &Arc<Database> {
        &self.0
    }

    fn reading(&self) -> Conn {
        Conn::reading(&self.0)
    }

    /// Begins a write transaction.
    ///
    /// # Errors
    /// [`crate::StoreError::Busy`] when the write lock is not free in time.
    pub async fn begin(&self) -> Result<DirectoryTx> {
        Ok(DirectoryTx(Conn::transaction(&self.0).await?))
    }

    /// A handle whose methods each commit by themselves.
    pub(crate) fn autocommit(&self) -> DirectoryTx {
        DirectoryTx(Conn::autocommit(&self.0))
    }

    /// The fact of this name; see [`Database::installation_get`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn installation_get(&self, name: &str) -> Result<Option<String>> {
        self.0.installation_get(name).await
    }

    /// Writes a fact unless there is one; see [`Database::installation_put_if_absent`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn installation_put_if_absent(&self, name: &str, value: &str) -> Result<String> {
        self.0.installation_put_if_absent(name, value).await
    }

    /// Appends an event; see [`DirectoryTx::audit_append`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_append(&self, owner_id: &str, event: &AuditEvent) -> Result<()> {
        self.autocommit().audit_append(owner_id, event).await
    }

    /// Appends a change; see [`DirectoryTx::change_append`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change_append(
        &self,
        owner_id: &str,
        kind: ChangeKind,
        subject: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.autocommit().change_append(owner_id, kind, subject, now).await
    }

    /// The changes after a number, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change_tail(&self, after_seq: i64, limit: u32) -> Result<Vec<Change>> {
        change::tail(&mut self.reading(), after_seq, limit).await
    }

    /// The number of the last change, 0 when there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change_last_seq(&self) -> Result<i64> {
        change::last_seq(&mut self.reading()).await
    }

    /// Deletes at most `batch` expired rows of each table; returns how many went.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn purge_expired(&self, now: Timestamp, batch: u32) -> Result<u64> {
        jobs::purge_directory(&mut Conn::autocommit(&self.0), now, batch).await
    }

    /// Writes what a node counted, all or nothing.
    ///
    /// # Errors
    /// When the database does not answer; nothing was written then.
    pub async fn usage_flush(&self, flush: &UsageFlush) -> Result<()> {
        usage::flush(&mut Conn::autocommit(&self.0), flush).await
    }
}

impl DirectoryTx {
    /// Commits.
    ///
    /// # Errors
    /// [`crate::StoreError::Aborted`] when a statement of it failed.
    pub async fn commit(mut self) -> Result<()> {
        self.0.commit().await
    }

    /// Appends an event to the trail of an owner, such as `organization:<id>`. It locks the end of
    /// the trail until the commit: let it come last.
    ///
    /// # Errors
    /// [`crate::StoreError::NoAuditSeal`] in a store that has no key; when the database does not
    /// answer.
    pub async fn audit_append(&mut self, owner_id: &str, event: &AuditEvent) -> Result<()> {
        audit::append(&mut self.0, owner_id, event).await
    }

    /// Appends a change to the feed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change_append(
        &mut self,
        owner_id: &str,
        kind: ChangeKind,
        subject: &str,
        now: Timestamp,
    ) -> Result<()> {
        change::append(&mut self.0, owner_id, kind, subject, now).await
    }
}
