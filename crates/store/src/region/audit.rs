//! A tenant's audit trail, and its part of the change feed.

use domain::audit::AuditEvent;
use domain::list::{ListQuery, Page};
use domain::time::Timestamp;

use super::{TenantRead, TenantTx};
use crate::audit::{self, AuditEntry};
use crate::change::{self, ChangeKind};
use crate::error::Result;

impl TenantRead {
    /// A page of the tenant's events.
    ///
    /// # Errors
    /// When the database does not answer, `Invalid` for a filter or sort of another list.
    pub async fn audit_page(&mut self, query: &ListQuery) -> Result<Page<AuditEntry>> {
        audit::page(&mut self.conn, self.tenant_id.as_str(), query).await
    }

    /// An event of the tenant.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit_get(&mut self, id: &str) -> Result<Option<AuditEntry>> {
        audit::get(&mut self.conn, self.tenant_id.as_str(), id).await
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
