//! Users, as tokens and pages need them: from the cache, with their roles.

use std::sync::Arc;

use domain::ids::{TenantId, UserId};
use domain::oauth_error::{ErrorKind, OauthError};
use domain::user::User;

use crate::context::Ctx;
use crate::error::OrUnavailable;

/// A user of this tenant.
///
/// # Errors
/// When the store is away.
pub async fn find(ctx: &Ctx<'_>, id: &UserId) -> Result<Option<Arc<User>>, OauthError> {
    let key = (ctx.tenant.tenant.id.clone(), id.clone());
    if let Some(found) = ctx.engine.caches.user(&key) {
        return Ok(found);
    }
    Box::pin(load(ctx, key)).await
}

async fn load(ctx: &Ctx<'_>, key: (TenantId, UserId)) -> Result<Option<Arc<User>>, OauthError> {
    let version = ctx.engine.caches.version();
    let found = ctx.read().await.or_unavailable()?.user_get(&key.1).await.or_unavailable()?;
    let found = found.map(Arc::new);
    ctx.engine.caches.put_user(version, key, found.clone());
    Ok(found)
}

pub(crate) fn disabled() -> OauthError {
    OauthError::new(ErrorKind::UserDisabled, "The user is disabled or no longer exists.")
}
