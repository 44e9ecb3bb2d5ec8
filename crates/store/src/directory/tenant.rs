//! In which region a tenant lives, and which hostnames lead to it.
//!
//! Invariants: a hostname leads to one tenant; a subscription never has more tenants than its
//! limit, however many nodes make one at the same time.

use domain::ids::{OrganizationId, RegionCode, SubscriptionId, TenantId};
use domain::tenant::Tenant;
use domain::time::Timestamp;

use super::{Directory, DirectoryTx};
use crate::error::{Result, StoreError};
use crate::statement::{Cells, each, only, sql};

/// Where a tenant lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantLocation {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// The subscription it counts against.
    pub subscription_id: SubscriptionId,
    /// The region whose database has its data.
    pub region: RegionCode,
    /// What people call it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

fn location_from_row(cells: Cells<'_>) -> Result<TenantLocation> {
    Ok(TenantLocation {
        tenant_id: cells.parsed("tenant_id")?,
        organization_id: cells.parsed("organization_id")?,
        subscription_id: cells.parsed("subscription_id")?,
        region: cells.parsed("region_code")?,
        name: cells.string("name")?,
        created_at: cells.time("created_at")?,
    })
}

impl DirectoryTx {
    /// Gives a tenant its place and its hostnames, in one transaction.
    ///
    /// # Errors
    /// `NotFound` without the subscription (of that organization) or the region, `Limit` when the
    /// subscription has all its tenants, `Conflict` on a hostname or the id.
    pub async fn tenant_location_create(&mut self, tenant: &Tenant) -> Result<()> {
        let mut scope = self.0.scope().await?;
        // Takes the subscription's row lock, so that the count below stays true until the commit.
        let locked = sql("UPDATE subscription SET tenant_limit = tenant_limit \
                 WHERE id = $1 AND organization_id = $2")
        .text(&tenant.subscription_id)
        .text(&tenant.organization_id);
        if scope.execute(locked).await? == 0 {
            return Err(StoreError::NotFound { what: "subscription" });
        }
        let inserted = sql("INSERT INTO tenant_location \
                (tenant_id, organization_id, subscription_id, region_code, name, created_at) \
             SELECT $1, $2, $3, $4, $5, $6 FROM subscription s WHERE s.id = $3 \
                AND (SELECT COUNT(*) FROM tenant_location t WHERE t.subscription_id = $3) \
                    < s.tenant_limit")
        .text(&tenant.id)
        .text(&tenant.organization_id)
        .text(&tenant.subscription_id)
        .text(tenant.region.as_str())
        .text(&tenant.name)
        .time(tenant.created_at);
        if scope.execute(inserted).await? == 0 {
            return Err(StoreError::Limit { what: "tenants of the subscription" });
        }
        for (position, hostname) in (0_i64..).zip(&tenant.hostnames) {
            let statement = sql("INSERT INTO hostname (hostname, tenant_id, position) \
                    VALUES ($1, $2, $3)")
            .text(hostname)
            .text(&tenant.id)
            .int(position);
            scope.execute(statement).await?;
        }
        scope.commit().await
    }
}

impl DirectoryTx {
    /// Stores what people call a tenant; `false` when there is no such tenant.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tenant_location_rename(&mut self, id: &TenantId, name: &str) -> Result<bool> {
        let statement =
            sql("UPDATE tenant_location SET name = $2 WHERE tenant_id = $1").text(id).text(name);
        Ok(self.0.execute(statement).await? == 1)
    }
}

impl Directory {
    /// See [`DirectoryTx::tenant_location_create`].
    ///
    /// # Errors
    /// `NotFound`, `Limit` and `Conflict` as there.
    pub async fn tenant_location_create(&self, tenant: &Tenant) -> Result<()> {
        self.autocommit().tenant_location_create(tenant).await
    }

    /// Tenants by id, after one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tenant_list(
        &self,
        limit: u32,
        after: Option<&TenantId>,
    ) -> Result<Vec<TenantLocation>> {
        let statement = sql("SELECT tenant_id, organization_id, subscription_id, region_code, \
                    name, created_at \
                 FROM tenant_location WHERE tenant_id > $1 ORDER BY tenant_id LIMIT $2")
        .text(after.map_or("", TenantId::as_str))
        .int(i64::from(limit));
        each(&self.reading().rows(statement).await?, location_from_row)
    }

    /// The region of a tenant.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tenant_find(&self, id: &TenantId) -> Result<Option<RegionCode>> {
        let statement =
            sql("SELECT region_code FROM tenant_location WHERE tenant_id = $1").text(id);
        only(self.reading().row(statement).await?, |cells| cells.parsed("region_code"))
    }

    /// The tenant that a hostname leads to, and its region. The hostname is compared exactly:
    /// lower case, no port.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn hostname_find(&self, hostname: &str) -> Result<Option<(TenantId, RegionCode)>> {
        let statement = sql("SELECT h.tenant_id AS tenant_id, t.region_code AS region_code \
                 FROM hostname h JOIN tenant_location t ON t.tenant_id = h.tenant_id \
                 WHERE h.hostname = $1")
        .text(hostname);
        only(self.reading().row(statement).await?, |cells| {
            Ok((cells.parsed("tenant_id")?, cells.parsed("region_code")?))
        })
    }
}
