//! Subscriptions: how many tenants an organization may have.

use domain::ids::{OrganizationId, SubscriptionId};
use domain::tenant::Subscription;

use super::{Directory, DirectoryTx};
use crate::error::Result;
use crate::statement::{Cells, each, only, sql};

fn subscription_from_row(cells: Cells<'_>) -> Result<Subscription> {
    Ok(Subscription {
        id: cells.parsed("id")?,
        organization_id: cells.parsed("organization_id")?,
        licence_number: cells.string("licence_number")?,
        tenant_limit: cells.int("tenant_limit")?,
        created_at: cells.time("created_at")?,
    })
}

impl DirectoryTx {
    /// Makes a subscription.
    ///
    /// # Errors
    /// `Conflict` on the licence number or id, `NotFound` without the organization.
    pub async fn subscription_create(&mut self, subscription: &Subscription) -> Result<()> {
        self.0
            .execute(
                sql("INSERT INTO subscription \
                        (id, organization_id, licence_number, tenant_limit, created_at) \
                     VALUES ($1, $2, $3, $4, $5)")
                .text(&subscription.id)
                .text(&subscription.organization_id)
                .text(&subscription.licence_number)
                .int(subscription.tenant_limit)
                .time(subscription.created_at),
            )
            .await?;
        Ok(())
    }
}

impl Directory {
    /// See [`DirectoryTx::subscription_create`].
    ///
    /// # Errors
    /// `Conflict` on the licence number or id, `NotFound` without the organization.
    pub async fn subscription_create(&self, subscription: &Subscription) -> Result<()> {
        self.autocommit().subscription_create(subscription).await
    }

    /// One subscription.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn subscription_get(&self, id: &SubscriptionId) -> Result<Option<Subscription>> {
        let statement =
            sql("SELECT id, organization_id, licence_number, tenant_limit, created_at \
                 FROM subscription WHERE id = $1")
            .text(id);
        only(self.reading().row(statement).await?, subscription_from_row)
    }

    /// The subscription of a licence number.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn subscription_find_by_licence(
        &self,
        licence_number: &str,
    ) -> Result<Option<Subscription>> {
        let statement =
            sql("SELECT id, organization_id, licence_number, tenant_limit, created_at \
                 FROM subscription WHERE licence_number = $1")
            .text(licence_number);
        only(self.reading().row(statement).await?, subscription_from_row)
    }

    /// The subscriptions of an organization, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn subscription_list(
        &self,
        organization_id: &OrganizationId,
    ) -> Result<Vec<Subscription>> {
        let statement =
            sql("SELECT id, organization_id, licence_number, tenant_limit, created_at \
                 FROM subscription WHERE organization_id = $1 \
                 ORDER BY created_at, id LIMIT 1000")
            .text(organization_id);
        each(&self.reading().rows(statement).await?, subscription_from_row)
    }
}
