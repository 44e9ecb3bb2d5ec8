//! Regions: codes and names; where their databases are is configuration.

use domain::tenant::Region;

use super::{Directory, DirectoryTx};
use crate::error::Result;
use crate::statement::{each, sql};

impl DirectoryTx {
    /// Makes a region.
    ///
    /// # Errors
    /// `Conflict` on the code.
    pub async fn region_create(&mut self, region: &Region) -> Result<()> {
        self.0
            .execute(
                sql("INSERT INTO region (code, name, created_at) VALUES ($1, $2, $3)")
                    .text(region.code.as_str())
                    .text(&region.name)
                    .time(region.created_at),
            )
            .await?;
        Ok(())
    }
}

impl Directory {
    /// See [`DirectoryTx::region_create`].
    ///
    /// # Errors
    /// `Conflict` on the code.
    pub async fn region_create(&self, region: &Region) -> Result<()> {
        self.autocommit().region_create(region).await
    }

    /// All regions, by code.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn region_list(&self) -> Result<Vec<Region>> {
        let statement = sql("SELECT code, name, created_at FROM region ORDER BY code LIMIT 1000");
        each(&self.reading().rows(statement).await?, |cells| {
            Ok(Region {
                code: cells.parsed("code")?,
                name: cells.string("name")?,
                created_at: cells.time("created_at")?,
            })
        })
    }
}
