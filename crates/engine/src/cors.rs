//! Which browser origins may call a tenant's endpoints.
//!
//! Invariant: an origin is compared exactly with what the tenant's clients registered; there is
//! no wildcard and no suffix match.

use std::collections::HashSet;
use std::sync::Arc;

use domain::oauth_error::OauthError;

use crate::context::Ctx;
use crate::error::OrUnavailable;

/// Whether an `Origin` header is one of a client of this tenant.
///
/// # Errors
/// When the store is away.
pub async fn is_allowed(ctx: &Ctx<'_>, origin: &str) -> Result<bool, OauthError> {
    let tenant_id = &ctx.tenant.tenant.id;
    if let Some(known) = ctx.engine.caches.origins(tenant_id) {
        return Ok(known.contains(origin));
    }
    let version = ctx.engine.caches.version();
    let rows = ctx.read().await.or_unavailable()?.allowed_origins().await.or_unavailable()?;
    let origins: Arc<HashSet<String>> = Arc::new(rows.into_iter().collect());
    ctx.engine.caches.put_origins(version, tenant_id.clone(), Arc::clone(&origins));
    Ok(origins.contains(origin))
}
