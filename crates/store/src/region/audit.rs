//! A tenant's audit trail, and its part of the change feed.

use domain::audit::AuditEvent;
use domain::time::Timestamp;

use super::{TenantRead, TenantTx};
use crate::audit::{self, AuditEntry};
use crate::change::{self, ChangeKind};
use crate::error::Result;

impl TenantRead {
    /// Events of the tenant, newest first, before one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_list(
        &mut self,
        limit: u32,
        before_seq: Option<i64>,
    ) -> Result<Vec<AuditEntry>> {
        audit::list(&mut self.conn, self.tenant_id.as_str(), limit, before_seq).await
    }
}

impl TenantTx {
    /// Appends an event to the tenant's trail. It locks the end of the trail until the commit, so
    /// let it come after all other writes and only before the change feed: transactions of one
    /// tenant that took other rows after it could wait for each other.
    ///
    /// # Errors
    /// [`crate::StoreError::NoAuditSeal`] in a store that has no key; when the database does not
    /// answer.
    pub async fn audit_append(&mut self, event: &AuditEvent) -> Result<()> {
        let tenant = &mut self.0;
        audit::append(&mut tenant.conn, tenant.tenant_id.as_str(), event).await
    }

    /// Appends a change to the region's feed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn change_append(
        &mut self,
        kind: ChangeKind,
        subject: &str,
        now: Timestamp,
    ) -> Result<()> {
        let tenant = &mut self.0;
        change::append(&mut tenant.conn, tenant.tenant_id.as_str(), kind, subject, now).await
    }
}
