//! Ending what a user let a client do.
//!
//! Invariant: revoking a grant stops its refresh tokens, every access token and every API key that
//! came from it, on all nodes, by one committed transaction.

use domain::audit::Actor;
use domain::ids::GrantId;
use domain::oauth_error::OauthError;
use domain::time::plus_seconds;
use serde_json::json;
use store::{ChangeKind, StoreError, TenantTx};

use crate::admin::api_key;
use crate::caches::MAX_TOKEN_SECONDS;
use crate::context::Ctx;
use crate::error::OrUnavailable;

/// Revokes grants and says why in the audit trail.
///
/// # Errors
/// When the store is away; nothing is revoked then.
pub async fn revoke(
    ctx: &Ctx<'_>,
    grants: &[GrantId],
    actor: Actor,
    reason: &'static str,
) -> Result<(), OauthError> {
    let mut tx = ctx.begin().await.or_unavailable()?;
    revoke_in(ctx, &mut tx, grants).await.or_unavailable()?;
    for grant in grants {
        let event =
            ctx.event(actor.clone(), "grant.revoked", grant.as_str(), json!({ "reason": reason }));
        tx.audit_append(&event).await.or_unavailable()?;
    }
    tx.commit().await.or_unavailable()?;
    forget(ctx, grants);
    Ok(())
}

/// The statements of a revocation, for a transaction that does more; after its commit call
/// [`forget`].
pub(crate) async fn revoke_in(
    ctx: &Ctx<'_>,
    tx: &mut TenantTx,
    grants: &[GrantId],
) -> Result<(), StoreError> {
    // Not the tenant's lifetime of today: it may have been longer when the tokens were given.
    let until = plus_seconds(ctx.now, MAX_TOKEN_SECONDS);
    for grant in grants {
        tx.family_revoke(grant, ctx.now).await?;
        // Before the keys: one that is being made holds the grant until it can be found.
        tx.token_revoke(grant.as_str(), until, ctx.now).await?;
        let keys = tx.api_keys_revoke_of_grant(grant, ctx.now).await?;
        api_key::tell(ctx, tx, &keys).await?;
        tx.change_append(ChangeKind::Revocation, grant.as_str(), ctx.now).await?;
    }
    Ok(())
}

/// Makes this node know at once what was committed.
pub(crate) fn forget(ctx: &Ctx<'_>, grants: &[GrantId]) {
    for grant in grants {
        let tenant = &ctx.tenant.tenant.id;
        ctx.engine.caches.apply(ChangeKind::Revocation, tenant, grant.as_str(), ctx.now);
    }
}
