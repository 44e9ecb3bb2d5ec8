//! The only SQL of Countersign.
//!
//! A [`Store`] has one [`Directory`] database and one [`RegionStore`] for each region. Every
//! tenant query is a method of [`TenantRead`] or [`TenantTx`], which hold the tenant's id and bind
//! it themselves: a row of another tenant is unreachable by construction. Work over all tenants
//! needs the separately named [`RegionWide`]. Time and randomness come in as values.
//!
//! Single use is decided by one guarded statement each: [`TenantTx::code_spend`],
//! [`TenantTx::refresh_token_spend`], [`TenantTx::assertion_spend`].

mod audit;
mod backend;
mod change;
mod clock;
mod database;
mod directory;
mod error;
mod installation;
mod jobs;
mod list;
mod migrate;
mod region;
mod statement;
mod usage;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::audit::AuditSeal;
use domain::ids::RegionCode;

pub use audit::{AuditEntry, AuditTrails, UnlinkedEvents};
pub use backend::Engine;
pub use backend::schema::{Schema, Table};
pub use change::{Change, ChangeKind};
pub use database::{CHANGE_OVERLAP, Database, TRANSACTION_LIMIT};
pub use directory::{Directory, DirectoryTx, ServiceAccountOwner, TenantLocation};
pub use error::{Cause, MigrationError, Result, StoreError};
pub use migrate::MigrationReport;
pub use region::{
    ClientHold, ClientOverview, ClientUser, Group, KeyActivity, Named, Noun, OauthToken,
    RegionStore, RegionWide, Role, SecretActivity, StoredLogo, StoredSigningKey, TenantRead,
    TenantTx,
};
pub use usage::{
    ApiKeyUse, ClientFailure, ClientUse, Credential, CredentialUse, ScopeDay, ScopeWay, UsageCount,
    UsageDelta, UsageFlush,
};

/// Where the databases are.
#[derive(Clone)]
pub struct StoreOptions {
    /// The directory: `sqlite:///absolute/path/directory.db` or `postgres://…`.
    pub directory_url: String,
    /// The regions by their codes. A region may share the directory's PostgreSQL database, but
    /// two regions may not share one.
    pub region_urls: BTreeMap<RegionCode, String>,
    /// How many connections a PostgreSQL database may have open; SQLite has one that writes and
    /// four that read.
    pub max_connections: u32,
}

impl std::fmt::Debug for StoreOptions {
    // Addresses may hold passwords.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreOptions")
            .field("regions", &self.region_urls.keys())
            .field("max_connections", &self.max_connections)
            .finish_non_exhaustive()
    }
}

/// All databases; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    directory: Directory,
    regions: BTreeMap<RegionCode, RegionStore>,
    statements: Arc<AtomicU64>,
}

impl Store {
    /// Connects to all databases; creates SQLite files that do not exist. Does not migrate.
    ///
    /// # Errors
    /// [`StoreError::Address`] for an address that cannot be used, [`StoreError::Unavailable`]
    /// when a database does not answer.
    pub async fn open(options: StoreOptions) -> Result<Self> {
        let statements = Arc::new(AtomicU64::new(0));
        let open = async |url: &str| {
            Database::open(url, options.max_connections, Arc::clone(&statements)).await
        };
        let directory = open(&options.directory_url).await?;
        let mut regions = BTreeMap::new();
        let mut used = std::collections::BTreeSet::new();
        for (code, url) in &options.region_urls {
            if !used.insert(url) {
                return Err(StoreError::Address("two regions have the same"));
            }
            let database = if *url == options.directory_url {
                Arc::clone(&directory)
            } else {
                open(url).await?
            };
            regions.insert(code.clone(), RegionStore::new(code.clone(), database));
        }
        let directory = Directory::new(directory);
        Ok(Self(Arc::new(Inner { directory, regions, statements })))
    }

    /// Lets audit events be appended: without the key that links them it is
    /// [`StoreError::NoAuditSeal`]. The first seal stays. The engine does it; whoever opens a
    /// store without a master key cannot write the trail.
    pub fn seal_audit(&self, seal: &AuditSeal) {
        for (_, database) in self.kinds() {
            database.seal_audit(seal);
        }
    }

    /// The audit trails of each database by its name, for checking them.
    pub fn audit_trails(&self) -> Vec<(String, AuditTrails)> {
        let mut all: Vec<(String, AuditTrails)> = Vec::new();
        for (name, database) in self.databases() {
            // A region may share the directory's database.
            if !all.iter().any(|(_, other)| other.is_of(database)) {
                all.push((name, AuditTrails::new(database)));
            }
        }
        all
    }

    /// Applies every missing migration. Safe when several nodes do it at the same time.
    ///
    /// # Errors
    /// [`StoreError::Migration`] when the schema is another program's, or a migration fails.
    pub async fn migrate(&self) -> Result<MigrationReport> {
        let mut applied = Vec::new();
        for (kind, database) in self.kinds() {
            applied.extend(migrate::migrate(database, &kind).await?);
        }
        Ok(MigrationReport { applied })
    }

    /// The migrations that [`Store::migrate`] would apply.
    ///
    /// # Errors
    /// [`StoreError::Migration`] when the schema is another program's.
    pub async fn pending_migrations(&self) -> Result<Vec<String>> {
        let mut all = Vec::new();
        for (kind, database) in self.kinds() {
            all.extend(migrate::pending(database, &kind).await?);
        }
        Ok(all)
    }

    /// The same for each database by itself, so that one that cannot tell hides no other: its name
    /// (`directory`, `region eu`) and what it still needs.
    pub async fn pending_migrations_each(&self) -> Vec<(String, Result<Vec<String>>)> {
        let mut all = Vec::new();
        for (kind, database) in self.kinds() {
            all.push((kind.label(), migrate::pending(database, &kind).await));
        }
        all
    }

    /// Every database by its name (`directory`, `region eu`).
    pub fn databases(&self) -> Vec<(String, &Arc<Database>)> {
        self.kinds().map(|(kind, database)| (kind.label(), database)).collect()
    }

    fn kinds(&self) -> impl Iterator<Item = (migrate::Kind, &Arc<Database>)> {
        let directory = (migrate::Kind::Directory, self.0.directory.database());
        let regions = self
            .regions()
            .map(|(code, region)| (migrate::Kind::Region(code.clone()), region.database()));
        std::iter::once(directory).chain(regions)
    }

    /// The directory.
    pub fn directory(&self) -> &Directory {
        &self.0.directory
    }

    /// A region, if this process serves it.
    pub fn region(&self, code: &RegionCode) -> Option<&RegionStore> {
        self.0.regions.get(code)
    }

    /// All regions that this process serves.
    pub fn regions(&self) -> impl Iterator<Item = (&RegionCode, &RegionStore)> {
        self.0.regions.iter()
    }

    /// Asks every database for an answer.
    ///
    /// # Errors
    /// [`StoreError::Busy`] or [`StoreError::Unavailable`] of the first that gives none.
    pub async fn ping(&self) -> Result<()> {
        self.0.directory.database().ping().await?;
        for (_, region) in self.regions() {
            region.database().ping().await?;
        }
        Ok(())
    }

    /// How many SQL statements were run since the start, `BEGIN` and `COMMIT` included.
    pub fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// Closes all connections; waits for those in use, but no longer than
    /// [`TRANSACTION_LIMIT`] for each database.
    pub async fn close(&self) {
        self.0.directory.database().close().await;
        for (_, region) in self.regions() {
            region.database().close().await;
        }
    }
}
