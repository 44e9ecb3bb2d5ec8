//! A region's database: everything that belongs to its tenants.
//!
//! Invariant: a [`TenantRead`] or [`TenantTx`] is made for one tenant and every one of its
//! statements binds that tenant's id. No method takes another tenant.

mod activity;
mod api_key;
mod assertion;
mod audit;
mod client;
mod client_overview;
mod client_user;
mod code;
mod connection;
mod consent;
mod credential;
mod group;
mod key;
mod logo;
mod name;
mod oauth_token;
mod preference;
mod refresh;
mod revocation;
mod role;
mod session;
mod tenant;
mod user;
mod user_change;
mod wide;

use std::sync::Arc;

use domain::ids::{RegionCode, TenantId};

use crate::database::{Conn, Database};
use crate::error::Result;

pub use activity::{KeyActivity, SecretActivity};
pub use client_overview::{ClientHold, ClientOverview};
pub use client_user::ClientUser;
pub use group::Group;
pub use key::StoredSigningKey;
pub use logo::StoredLogo;
pub use name::{Named, Noun};
pub use oauth_token::OauthToken;
pub use role::Role;
pub use wide::RegionWide;

/// One region's database.
#[derive(Debug, Clone)]
pub struct RegionStore {
    code: RegionCode,
    database: Arc<Database>,
}

impl RegionStore {
    pub(crate) fn new(code: RegionCode, database: Arc<Database>) -> Self {
        Self { code, database }
    }

    /// The region's code.
    pub fn code(&self) -> &RegionCode {
        &self.code
    }

    /// The database behind it.
    pub fn database(&self) -> &Arc<Database> {
        &self.database
    }

    /// Begins a write transaction for one tenant.
    ///
    /// # Errors
    /// [`crate::StoreError::Busy`] when the write lock is not free in time.
    pub async fn begin(&self, tenant_id: &TenantId) -> Result<TenantTx> {
        let conn = Conn::transaction(&self.database).await?;
        Ok(TenantTx(TenantRead { tenant_id: tenant_id.clone(), conn }))
    }

    /// A handle for one tenant whose methods each commit by themselves, without the round trips
    /// of `BEGIN` and `COMMIT` where one statement is enough. Holds no connection between them.
    ///
    /// # Errors
    /// None today; the methods of the handle report what is wrong.
    pub async fn autocommit(&self, tenant_id: &TenantId) -> Result<TenantTx> {
        let conn = Conn::autocommit(&self.database);
        Ok(TenantTx(TenantRead { tenant_id: tenant_id.clone(), conn }))
    }

    /// A handle that reads one tenant's rows. Holds no connection between its statements.
    ///
    /// # Errors
    /// None today; the methods of the handle report what is wrong.
    pub async fn read(&self, tenant_id: &TenantId) -> Result<TenantRead> {
        let conn = Conn::reading(&self.database);
        Ok(TenantRead { tenant_id: tenant_id.clone(), conn })
    }

    /// Work over all tenants of the region.
    pub fn wide(&self) -> RegionWide {
        RegionWide::new(&self.database)
    }

    /// The fact of this name; see [`Database::installation_get`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn installation_get(&self, name: &str) -> Result<Option<String>> {
        self.database.installation_get(name).await
    }

    /// Writes a fact unless there is one; see [`Database::installation_put_if_absent`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn installation_put_if_absent(&self, name: &str, value: &str) -> Result<String> {
        self.database.installation_put_if_absent(name, value).await
    }
}

/// Reads one tenant's rows.
pub struct TenantRead {
    tenant_id: TenantId,
    conn: Conn,
}

/// Writes one tenant's rows, in a transaction or statement by statement; reads them, too.
/// Dropped before [`TenantTx::commit`], a transaction leaves nothing.
pub struct TenantTx(TenantRead);

impl TenantRead {
    /// The tenant whose rows these are.
    pub fn tenant_id(&self) -> &TenantId {
        &self.tenant_id
    }
}

impl TenantTx {
    /// Commits; nothing to do for [`RegionStore::autocommit`].
    ///
    /// # Errors
    /// [`crate::StoreError::Aborted`] when a method of it failed, [`crate::StoreError::Busy`] when
    /// it was open for longer than [`crate::TRANSACTION_LIMIT`]. Nothing is written then.
    pub async fn commit(mut self) -> Result<()> {
        self.0.conn.commit().await
    }

    /// Gives up what was written; dropping the handle does the same a little later.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rollback(mut self) -> Result<()> {
        self.0.conn.rollback().await
    }
}

impl std::ops::Deref for TenantTx {
    type Target = TenantRead;
    fn deref(&self) -> &TenantRead {
        &self.0
    }
}

impl std::ops::DerefMut for TenantTx {
    fn deref_mut(&mut self) -> &mut TenantRead {
        &mut self.0
    }
}
