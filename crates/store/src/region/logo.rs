//! The bytes of a tenant's logo.
//!
//! Invariant: a digest and bytes are written together, so whoever reads both has a pair.

use domain::crypto::{base64url, base64url_decode};
use domain::time::Timestamp;

use super::{TenantRead, TenantTx};
use crate::error::{Result, StoreError};
use crate::statement::{Cells, only, sql};

/// A logo as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLogo {
    /// SHA-256 of the bytes, base64url.
    pub digest: String,
    /// Its media type.
    pub media_type: String,
    /// The picture.
    pub bytes: Vec<u8>,
}

fn logo_from_row(cells: Cells<'_>) -> Result<StoredLogo> {
    let bytes = base64url_decode(&cells.string("bytes")?);
    Ok(StoredLogo {
        digest: cells.string("digest")?,
        media_type: cells.string("media_type")?,
        bytes: bytes.ok_or(StoreError::Corrupt { what: "bytes" })?,
    })
}

impl TenantRead {
    /// The tenant's logo.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tenant_logo_get(&mut self) -> Result<Option<StoredLogo>> {
        let statement =
            sql("SELECT digest, media_type, bytes FROM tenant_logo WHERE tenant_id = $1")
                .text(&self.tenant_id);
        only(self.conn.row(statement).await?, logo_from_row)
    }
}

impl TenantTx {
    /// Stores the tenant's logo in the place of the one there was. How large it may be is the
    /// caller's to judge.
    ///
    /// # Errors
    /// `NotFound` without the tenant.
    pub async fn tenant_logo_put(&mut self, logo: &StoredLogo, now: Timestamp) -> Result<()> {
        let statement = sql("INSERT INTO tenant_logo \
                    (tenant_id, digest, media_type, bytes, updated_at) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (tenant_id) DO UPDATE SET digest = excluded.digest, \
                    media_type = excluded.media_type, bytes = excluded.bytes, \
                    updated_at = excluded.updated_at")
        .text(&self.tenant_id)
        .text(&logo.digest)
        .text(&logo.media_type)
        .text(base64url(&logo.bytes))
        .time(now);
        self.conn.execute(statement).await?;
        Ok(())
    }

    /// Deletes the tenant's logo; `false` when it had none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tenant_logo_delete(&mut self) -> Result<bool> {
        let statement = sql("DELETE FROM tenant_logo WHERE tenant_id = $1").text(&self.tenant_id);
        Ok(self.conn.execute(statement).await? == 1)
    }
}
