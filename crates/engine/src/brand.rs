//! A tenant's logo, for everybody who opens one of its pages.

use domain::oauth_error::OauthError;
use store::StoredLogo;

use crate::context::Ctx;
use crate::error::OrUnavailable;

/// The logo, from the store: browsers keep it, so nobody else has to. A tenant that has none costs
/// no statement.
///
/// # Errors
/// When the store is away.
pub async fn logo(ctx: &Ctx<'_>) -> Result<Option<StoredLogo>, OauthError> {
    if ctx.tenant.tenant.brand.logo.is_none() {
        return Ok(None);
    }
    ctx.read().await.or_unavailable()?.tenant_logo_get().await.or_unavailable()
}
