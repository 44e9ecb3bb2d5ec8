//! Which of our sites a host name is.
//!
//! Invariant: the host resolves, before anything else runs, to one typed value; an unknown host
//! is nobody's, and a disabled tenant answers to nobody.

use std::sync::Arc;

use domain::ids::RegionCode;
use domain::tenant::{Tenant, TenantStatus};
use store::StoreError;

use crate::context::Engine;

/// A tenant with what every request needs of it, made once.
#[derive(Debug)]
pub struct TenantView {
    /// The tenant.
    pub tenant: Tenant,
    /// Its issuer: `scheme://primary-hostname[:port]`.
    pub issuer: String,
    /// The address of its token endpoint, an accepted audience of assertions.
    pub token_endpoint: String,
}

impl TenantView {
    pub(crate) fn new(tenant: Tenant, issuer: String) -> Self {
        let token_endpoint = format!("{issuer}/oauth/token");
        Self { tenant, issuer, token_endpoint }
    }
}

/// One of our sites.
#[derive(Debug, Clone)]
pub enum Site {
    /// A tenant's host.
    Tenant(Arc<TenantView>),
    /// `register.<region>.<base>`.
    Region(RegionCode),
    /// `console.<base>`.
    Organization,
    /// `hub.<base>`.
    Hub,
}

/// The host of a `Host` header or `:authority`: lower-case, without port and final dot. `None`
/// when it is no host name that could be ours.
pub fn normalize_host(header: &str) -> Option<String> {
    let host = match header.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => header,
    };
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    domain::tenant::valid_hostname(&host).then_some(host)
}

/// Whether a host name under the base domain is one of the installation's own: the console's, the
/// hub's or a region's. It leads there and never to a tenant.
pub fn is_reserved(base_domain: &str, host: &str) -> bool {
    let label = host.strip_suffix(base_domain).and_then(|rest| rest.strip_suffix('.'));
    label.is_some_and(|label| {
        let region = label.strip_prefix("register.").map(RegionCode::parse);
        matches!(label, "console" | "hub") || region.is_some_and(|code| code.is_ok())
    })
}

impl Engine {
    /// The site of a `Host` header, or `None` for a host that is not ours.
    ///
    /// # Errors
    /// The store's, when the answer is not in the cache.
    pub async fn site(&self, host_header: &str) -> Result<Option<Site>, StoreError> {
        if let Some(tenant) = self.caches.site(host_header) {
            return Ok(Some(Site::Tenant(tenant)));
        }
        let Some(host) = normalize_host(host_header) else { return Ok(None) };
        if let Some(site) = self.fixed_site(&host) {
            return Ok(Some(site));
        }
        let version = self.caches.version();
        let found = Box::pin(self.tenant_of(&host)).await?;
        if let Some(view) = &found {
            self.caches.put_site(version, host_header, Arc::clone(view));
        }
        Ok(found.map(Site::Tenant))
    }

    fn fixed_site(&self, host: &str) -> Option<Site> {
        let label = host.strip_suffix(self.settings.base_domain.as_str())?.strip_suffix('.')?;
        match label {
            "console" => Some(Site::Organization),
            "hub" => Some(Site::Hub),
            _ => {
                let code = RegionCode::parse(label.strip_prefix("register.")?).ok()?;
                self.store.region(&code).is_some().then_some(Site::Region(code))
            }
        }
    }

    async fn tenant_of(&self, host: &str) -> Result<Option<Arc<TenantView>>, StoreError> {
        let Some((tenant_id, region)) = self.store.directory().hostname_find(host).await? else {
            return Ok(None);
        };
        let Some(region) = self.store.region(&region) else { return Ok(None) };
        let tenant = region.read(&tenant_id).await?.tenant_get().await?;
        Ok(tenant.filter(|tenant| tenant.status == TenantStatus::Active).map(|tenant| {
            let issuer = self.settings.origin_of(tenant.primary_hostname());
            Arc::new(TenantView::new(tenant, issuer))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::{is_reserved, normalize_host};

    #[test]
    fn the_installations_own_names_are_reserved() {
        for own in ["console.example.com", "hub.example.com", "register.eu.example.com"] {
            assert!(is_reserved("example.com", own), "{own}");
        }
        for free in ["example.com", "a.eu.example.com", "console.example.org", "hub.com"] {
            assert!(!is_reserved("example.com", free), "{free}");
        }
    }

    #[test]
    fn hosts_are_normalized_or_refused() {
        assert_eq!(normalize_host("LocalHost:8080").as_deref(), Some("localhost"));
        assert_eq!(normalize_host("demo.eu.localhost.").as_deref(), Some("demo.eu.localhost"));
        for bad in ["", "a b", "x/y", "user@host", "[::1]:80", "a..b", "host:80:80"] {
            assert_eq!(normalize_host(bad), None, "{bad}");
        }
    }
}
