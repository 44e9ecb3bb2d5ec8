//! Whether directory and regions agree: for `countersign doctor`.
//!
//! Invariant: reads only, and says everything that it finds, not the first thing.

use std::collections::BTreeMap;
use std::fmt;

use domain::ids::{RegionCode, TenantId};
use domain::tenant::{Tenant, valid_hostname};
use store::{RegionStore, Store, StoreError};

use crate::site::is_reserved;

/// Rows of one read.
const PAGE: u32 = 500;

/// Something that does not fit together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    /// The directory has a region whose database this process does not have.
    RegionNotServed { code: RegionCode, tenants: u64 },
    /// A database is configured for a region that the directory does not have.
    RegionUnknown { code: RegionCode },
    /// The directory sends requests to a region that does not have the tenant.
    TenantMissing { id: TenantId, name: String, region: RegionCode },
    /// A region has a tenant that the directory does not send anybody to.
    TenantUnreachable { id: TenantId, name: String, region: RegionCode, is_empty: bool },
    /// A tenant without any host name.
    NoHostname { id: TenantId, name: String },
    /// A host name that no request can carry.
    HostnameMalformed { hostname: String, name: String },
    /// A host name that is the installation's own.
    HostnameReserved { hostname: String, name: String },
    /// A host name of a tenant that leads to another one, or nowhere.
    HostnameAstray { hostname: String, name: String, leads_to: Option<TenantId> },
}

impl Mismatch {
    /// What an operator can do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::RegionNotServed { .. } => {
                "name its database under [database.regions], or let another node answer for it"
            }
            Self::RegionUnknown { .. } => {
                "make it with `countersign admin region create`, or take its database out of the configuration"
            }
            Self::TenantMissing { .. } => {
                "restore the region's database from a backup of the same time as the directory's"
            }
            Self::TenantUnreachable { is_empty: true, .. } => {
                "an interrupted `countersign admin tenant create` leaves this: make the tenant again; the rest does no harm"
            }
            Self::TenantUnreachable { .. } => {
                "restore the directory from a backup of the same time as the region's database"
            }
            Self::NoHostname { .. } | Self::HostnameAstray { .. } => {
                "restore directory and region from backups of the same time"
            }
            Self::HostnameMalformed { .. } | Self::HostnameReserved { .. } => {
                "nobody can reach the tenant by it: make a tenant with another host name"
            }
        }
    }

    /// Whether it may well be intended, or does no harm.
    pub fn is_harmless(&self) -> bool {
        match self {
            Self::TenantUnreachable { is_empty, .. } => *is_empty,
            Self::RegionUnknown { .. } => true,
            _ => false,
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RegionNotServed { code, tenants } => {
                write!(f, "region {code} with {tenants} tenants has no database here")
            }
            Self::RegionUnknown { code } => {
                write!(f, "region {code} has a database, but the directory has no such region")
            }
            Self::TenantMissing { id, name, region } => {
                write!(f, "tenant {name} ({id}) is not in the database of region {region}")
            }
            Self::TenantUnreachable { id, name, region, .. } => {
                write!(f, "tenant {name} ({id}) of region {region} is not in the directory")
            }
            Self::NoHostname { id, name } => write!(f, "tenant {name} ({id}) has no host name"),
            Self::HostnameMalformed { hostname, name } => {
                write!(f, "`{hostname}` of tenant {name} is not a host name")
            }
            Self::HostnameReserved { hostname, name } => {
                write!(f, "`{hostname}` of tenant {name} is a name of the installation's own")
            }
            Self::HostnameAstray { hostname, name, leads_to: Some(other) } => {
                write!(f, "`{hostname}` of tenant {name} leads to tenant {other}")
            }
            Self::HostnameAstray { hostname, name, leads_to: None } => {
                write!(f, "`{hostname}` of tenant {name} leads nowhere")
            }
        }
    }
}

/// What a survey found.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// How many tenants the directory has.
    pub tenants: u64,
    /// The first host names, at most as many as were asked for.
    pub hostnames: Vec<String>,
    /// What does not fit together.
    pub mismatches: Vec<Mismatch>,
}

struct Surveyor<'s> {
    store: &'s Store,
    base_domain: &'s str,
    wanted_hostnames: usize,
    found: Survey,
}

/// Compares the directory with all regions of this process.
///
/// # Errors
/// When a database does not answer.
pub async fn survey(
    store: &Store,
    base_domain: &str,
    wanted_hostnames: usize,
) -> Result<Survey, StoreError> {
    let found = Survey::default();
    let mut surveyor = Surveyor { store, base_domain, wanted_hostnames, found };
    surveyor.directory().await?;
    for (code, region) in store.regions() {
        surveyor.region(code, region).await?;
    }
    Ok(surveyor.found)
}

impl Surveyor<'_> {
    /// From the directory to the regions.
    async fn directory(&mut self) -> Result<(), StoreError> {
        let directory = self.store.directory();
        let regions: Vec<_> = directory.region_list().await?.into_iter().map(|r| r.code).collect();
        let mut not_served: BTreeMap<RegionCode, u64> = regions
            .iter()
            .filter(|code| self.store.region(code).is_none())
            .map(|code| (code.clone(), 0))
            .collect();
        let mut after: Option<TenantId> = None;
        loop {
            let page = directory.tenant_list(PAGE, after.as_ref()).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.tenant_id.clone());
            for location in page {
                self.found.tenants += 1;
                let Some(region) = self.store.region(&location.region) else {
                    *not_served.entry(location.region).or_default() += 1;
                    continue;
                };
                match region.read(&location.tenant_id).await?.tenant_get().await? {
                    Some(tenant) => self.hostnames(&tenant).await?,
                    None => self.found.mismatches.push(Mismatch::TenantMissing {
                        id: location.tenant_id,
                        name: location.name,
                        region: location.region,
                    }),
                }
            }
        }
        let absent = not_served
            .into_iter()
            .map(|(code, tenants)| Mismatch::RegionNotServed { code, tenants });
        self.found.mismatches.extend(absent);
        let configured = self.store.regions().map(|(code, _)| code.clone());
        let unknown = configured.filter(|code| !regions.contains(code));
        self.found.mismatches.extend(unknown.map(|code| Mismatch::RegionUnknown { code }));
        Ok(())
    }

    async fn hostnames(&mut self, tenant: &Tenant) -> Result<(), StoreError> {
        let name = || tenant.name.clone();
        if tenant.hostnames.is_empty() {
            let mismatch = Mismatch::NoHostname { id: tenant.id.clone(), name: name() };
            self.found.mismatches.push(mismatch);
        }
        for hostname in tenant.hostnames.iter().cloned() {
            if !valid_hostname(&hostname) {
                self.found.mismatches.push(Mismatch::HostnameMalformed { hostname, name: name() });
                continue;
            }
            if is_reserved(self.base_domain, &hostname) {
                self.found.mismatches.push(Mismatch::HostnameReserved { hostname, name: name() });
                continue;
            }
            let leads_to = self.store.directory().hostname_find(&hostname).await?;
            let leads_to = leads_to.map(|(id, _)| id);
            if leads_to.as_ref() != Some(&tenant.id) {
                let mismatch = Mismatch::HostnameAstray { hostname, name: name(), leads_to };
                self.found.mismatches.push(mismatch);
                continue;
            }
            if self.found.hostnames.len() < self.wanted_hostnames {
                self.found.hostnames.push(hostname);
            }
        }
        Ok(())
    }

    /// From a region to the directory.
    async fn region(&mut self, code: &RegionCode, region: &RegionStore) -> Result<(), StoreError> {
        let mut after: Option<TenantId> = None;
        loop {
            let page = region.wide().tenant_list(PAGE, after.as_ref()).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id.clone());
            for tenant in page {
                if self.store.directory().tenant_find(&tenant.id).await?.as_ref() == Some(code) {
                    continue;
                }
                let mut read = region.read(&tenant.id).await?;
                let is_empty = read.user_list(1, None).await?.is_empty()
                    && read.client_list(1, None).await?.is_empty();
                self.found.mismatches.push(Mismatch::TenantUnreachable {
                    id: tenant.id,
                    name: tenant.name,
                    region: code.clone(),
                    is_empty,
                });
            }
        }
    }
}
