//! Organizations and their service account owners.

use domain::ids::{OrganizationId, UserId};
use domain::tenant::Organization;
use domain::time::Timestamp;

use super::{Directory, DirectoryTx};
use crate::error::Result;
use crate::statement::{Cells, each, only, sql, text_key};

/// Someone who manages an organization's clients and tenants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccountOwner {
    /// Their id.
    pub id: UserId,
    /// Their organization.
    pub organization_id: OrganizationId,
    /// Their address, unique over all organizations; kept in lower case.
    pub email: String,
    /// Their full name.
    pub name: String,
    /// When they were made.
    pub created_at: Timestamp,
}

fn organization_from_row(cells: Cells<'_>) -> Result<Organization> {
    Ok(Organization {
        id: cells.parsed("id")?,
        name: cells.string("name")?,
        created_at: cells.time("created_at")?,
    })
}

fn owner_from_row(cells: Cells<'_>) -> Result<ServiceAccountOwner> {
    Ok(ServiceAccountOwner {
        id: cells.parsed("id")?,
        organization_id: cells.parsed("organization_id")?,
        email: cells.string("email_key")?,
        name: cells.string("name")?,
        created_at: cells.time("created_at")?,
    })
}

impl DirectoryTx {
    /// Makes an organization.
    ///
    /// # Errors
    /// `Conflict` on its id.
    pub async fn organization_create(&mut self, organization: &Organization) -> Result<()> {
        self.0
            .execute(
                sql("INSERT INTO organization (id, name, created_at) VALUES ($1, $2, $3)")
                    .text(&organization.id)
                    .text(&organization.name)
                    .time(organization.created_at),
            )
            .await?;
        Ok(())
    }

    /// Makes a service account owner.
    ///
    /// # Errors
    /// `Conflict` on the email, `NotFound` without the organization.
    pub async fn service_account_owner_create(
        &mut self,
        owner: &ServiceAccountOwner,
        password_hash: &str,
    ) -> Result<()> {
        self.0
            .execute(
                sql("INSERT INTO service_account_owner \
                        (id, organization_id, email_key, name, password_hash, created_at) \
                     VALUES ($1, $2, $3, $4, $5, $6)")
                .text(&owner.id)
                .text(&owner.organization_id)
                .text(text_key(&owner.email))
                .text(&owner.name)
                .text(password_hash)
                .time(owner.created_at),
            )
            .await?;
        Ok(())
    }
}

impl Directory {
    /// See [`DirectoryTx::organization_create`].
    ///
    /// # Errors
    /// `Conflict` on its id.
    pub async fn organization_create(&self, organization: &Organization) -> Result<()> {
        self.autocommit().organization_create(organization).await
    }

    /// See [`DirectoryTx::service_account_owner_create`].
    ///
    /// # Errors
    /// `Conflict` on the email, `NotFound` without the organization.
    pub async fn service_account_owner_create(
        &self,
        owner: &ServiceAccountOwner,
        password_hash: &str,
    ) -> Result<()> {
        self.autocommit().service_account_owner_create(owner, password_hash).await
    }

    /// One organization.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn organization_get(&self, id: &OrganizationId) -> Result<Option<Organization>> {
        let statement = sql("SELECT id, name, created_at FROM organization WHERE id = $1").text(id);
        only(self.reading().row(statement).await?, organization_from_row)
    }

    /// Organizations by id, after one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn organization_list(
        &self,
        limit: u32,
        after: Option<&OrganizationId>,
    ) -> Result<Vec<Organization>> {
        let statement = sql("SELECT id, name, created_at FROM organization \
                 WHERE id > $1 ORDER BY id LIMIT $2")
        .text(after.map_or("", OrganizationId::as_str))
        .int(i64::from(limit));
        each(&self.reading().rows(statement).await?, organization_from_row)
    }

    /// The service account owners of an organization, by email.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn service_account_owner_list(
        &self,
        organization_id: &OrganizationId,
    ) -> Result<Vec<ServiceAccountOwner>> {
        let statement = sql("SELECT id, organization_id, email_key, name, created_at \
                 FROM service_account_owner WHERE organization_id = $1 \
                 ORDER BY email_key LIMIT 1000")
        .text(organization_id);
        each(&self.reading().rows(statement).await?, owner_from_row)
    }

    /// The service account owner of an email address, with the password hash.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn service_account_owner_for_sign_in(
        &self,
        email: &str,
    ) -> Result<Option<(ServiceAccountOwner, String)>> {
        let statement =
            sql("SELECT id, organization_id, email_key, name, password_hash, created_at \
                 FROM service_account_owner WHERE email_key = $1")
            .text(text_key(email));
        only(self.reading().row(statement).await?, |cells| {
            Ok((owner_from_row(cells)?, cells.string("password_hash")?))
        })
    }
}
