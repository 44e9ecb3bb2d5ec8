//! The tenant itself.
//!
//! Invariant: its primary hostname, which the issuer is made of, never changes.

use domain::tenant::{Tenant, TenantStatus};

use super::group::everyone;
use super::role::role_insert;
use super::{Role, TenantRead, TenantTx};
use crate::error::{Result, StoreError};
use crate::statement::{Cells, only, sql};

pub(super) fn tenant_from_row(cells: Cells<'_>) -> Result<Tenant> {
    Ok(Tenant {
        id: cells.parsed("id")?,
        name: cells.string("name")?,
        organization_id: cells.parsed("organization_id")?,
        subscription_id: cells.parsed("subscription_id")?,
        region: cells.parsed("region_code")?,
        hostnames: cells.json("hostnames")?,
        status: cells.named("status", TenantStatus::parse)?,
        lifetimes: cells.json("lifetimes")?,
        settings: cells.json("settings")?,
        brand: cells.json("brand")?,
        created_at: cells.time("created_at")?,
        updated_at: cells.time("updated_at")?,
    })
}

impl TenantRead {
    /// The tenant.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tenant_get(&mut self) -> Result<Option<Tenant>> {
        let statement = sql("SELECT id, organization_id, subscription_id, region_code, name, \
                    hostnames, status, lifetimes, settings, brand, created_at, updated_at \
                 FROM tenant WHERE id = $1")
        .text(&self.tenant_id);
        only(self.conn.row(statement).await?, tenant_from_row)
    }
}

impl TenantTx {
    fn check_mine(&self, tenant: &Tenant) -> Result<()> {
        if tenant.id == *self.tenant_id() {
            return Ok(());
        }
        Err(StoreError::Invalid { what: "row of another tenant" })
    }

    /// Makes the tenant with the roles it starts with.
    ///
    /// # Errors
    /// `Conflict` on its id, `Invalid` when it is another tenant than the handle's.
    pub async fn tenant_create(&mut self, tenant: &Tenant, roles: &[Role]) -> Result<()> {
        self.check_mine(tenant)?;
        let tenant_id = self.tenant_id.clone();
        let mut scope = self.0.conn.scope().await?;
        scope
            .execute(
                sql(
                    "INSERT INTO tenant (id, organization_id, subscription_id, region_code, name, \
                        hostnames, status, lifetimes, settings, brand, created_at, updated_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                )
                .text(&tenant.id)
                .text(&tenant.organization_id)
                .text(&tenant.subscription_id)
                .text(tenant.region.as_str())
                .text(&tenant.name)
                .json(&tenant.hostnames)
                .text(tenant.status.as_str())
                .json(&tenant.lifetimes)
                .json(&tenant.settings)
                .json(&tenant.brand)
                .time(tenant.created_at)
                .time(tenant.updated_at),
            )
            .await?;
        for role in roles {
            role_insert(&mut scope, &tenant_id, role).await?;
        }
        scope.execute(everyone(&tenant_id, tenant.created_at)).await?;
        scope.commit().await
    }

    /// Keeps every other transaction that does the same waiting until this one ends, so that what
    /// is counted or read here stays true until then.
    ///
    /// # Errors
    /// `Busy` when another one takes too long.
    pub async fn tenant_hold(&mut self) -> Result<()> {
        let statement =
            sql("UPDATE tenant SET updated_at = updated_at WHERE id = $1").text(&self.tenant_id);
        self.conn.execute(statement).await?;
        Ok(())
    }

    /// Stores the tenant's name, further hostnames, status, lifetimes, settings and brand;
    /// `false` when there is no such tenant.
    ///
    /// # Errors
    /// `Invalid` when the primary hostname differs, or the tenant is another than the handle's.
    pub async fn tenant_update(&mut self, tenant: &Tenant) -> Result<bool> {
        self.check_mine(tenant)?;
        let Some(stored) = self.tenant_get().await? else { return Ok(false) };
        if stored.primary_hostname() != tenant.primary_hostname() {
            return Err(StoreError::Invalid { what: "primary hostname" });
        }
        let statement = sql("UPDATE tenant SET name = $2, hostnames = $3, status = $4, \
                    lifetimes = $5, settings = $6, brand = $7, updated_at = $8 WHERE id = $1")
        .text(&self.tenant_id)
        .text(&tenant.name)
        .json(&tenant.hostnames)
        .text(tenant.status.as_str())
        .json(&tenant.lifetimes)
        .json(&tenant.settings)
        .json(&tenant.brand)
        .time(tenant.updated_at);
        Ok(self.conn.execute(statement).await? == 1)
    }
}
