//! `/account`: the apps that a user has let in, and the user's sessions.

use domain::audit::Actor;
use domain::grant::{AuthorizedApp, Session};
use domain::ids::{ClientId, SessionId, UserId};
use domain::oauth_error::OauthError;
use domain::time::plus_seconds;
use serde_json::json;
use store::{ChangeKind, StoreError};

use crate::admin::api_key;
use crate::authority::Caller;
use crate::caches::MAX_TOKEN_SECONDS;
use crate::context::Ctx;
use crate::error::OrUnavailable;
use crate::grants;
use crate::session::SignedIn;

/// What the page shows.
#[derive(Debug)]
pub struct Overview {
    /// The apps that the user has let in.
    pub apps: Vec<AuthorizedApp>,
    /// The user's sessions, this one among them.
    pub sessions: Vec<Session>,
}

/// Reads the page.
///
/// # Errors
/// When the store is away.
pub async fn overview(ctx: &Ctx<'_>, signed_in: &SignedIn) -> Result<Overview, OauthError> {
    overview_of(ctx, &signed_in.user.id).await.or_unavailable()
}

/// The same for whoever may see it of another.
pub(crate) async fn overview_of(ctx: &Ctx<'_>, user_id: &UserId) -> Result<Overview, StoreError> {
    let mut read = ctx.read().await?;
    let idle = ctx.tenant.tenant.lifetimes.session_idle;
    let apps = read.authorized_apps(user_id).await?;
    let sessions = read.session_list(user_id).await?;
    let alive =
        |s: &Session| s.expires_at > ctx.now && plus_seconds(s.last_seen_at, idle) > ctx.now;
    Ok(Overview { apps, sessions: sessions.into_iter().filter(alive).collect() })
}

/// Takes an app's access away: its consent, its refresh tokens and its access tokens, at once.
/// `false` when the app had none.
///
/// # Errors
/// When the store is away; nothing has changed then.
pub async fn remove_app(
    ctx: &Ctx<'_>,
    signed_in: &SignedIn,
    client_id: &ClientId,
) -> Result<bool, OauthError> {
    let caller = Caller::of_user(&signed_in.user);
    end_access(ctx, (&signed_in.user.id, client_id), &caller).await.or_unavailable()
}

/// The same by whoever may, who is named in the audit trail.
pub(crate) async fn end_access(
    ctx: &Ctx<'_>,
    (user_id, client_id): (&UserId, &ClientId),
    by: &Caller,
) -> Result<bool, StoreError> {
    let mut tx = ctx.begin().await?;
    let had = tx.consent_delete(user_id, client_id).await?;
    let since = plus_seconds(ctx.now, -MAX_TOKEN_SECONDS);
    // A code on its way back to the app must not begin anew what ends here.
    tx.codes_revoke_for(user_id, Some(client_id), ctx.now).await?;
    let mut ended = tx.grants_of(user_id, client_id, since).await?;
    // Keys live longer than what their grants are known by, and make others of the same grant.
    for grant in tx.api_key_grants(user_id, client_id).await? {
        if !ended.contains(&grant) {
            ended.push(grant);
        }
    }
    grants::revoke_in(ctx, &mut tx, &ended).await?;
    let keys = tx.api_keys_revoke_of_client(user_id, client_id, ctx.now).await?;
    api_key::tell(ctx, &mut tx, &keys).await?;
    let details = json!({ "userId": user_id, "grants": ended.len() });
    tx.audit_append(&by.event(ctx, "consent.removed", client_id.as_str(), details)).await?;
    tx.commit().await?;
    grants::forget(ctx, &ended);
    for key in &keys {
        ctx.forget(ChangeKind::ApiKey, key.as_str());
    }
    Ok(had || !ended.is_empty() || !keys.is_empty())
}

/// Ends one of the user's own sessions. `false` when it is none of theirs.
///
/// # Errors
/// When the store is away.
pub async fn end_session(
    ctx: &Ctx<'_>,
    signed_in: &SignedIn,
    session_id: &SessionId,
) -> Result<bool, OauthError> {
    let caller = Caller::of_user(&signed_in.user);
    end_session_of(ctx, (&signed_in.user.id, session_id), &caller).await.or_unavailable()
}

/// The same by whoever may, who is named in the audit trail.
pub(crate) async fn end_session_of(
    ctx: &Ctx<'_>,
    (user_id, session_id): (&UserId, &SessionId),
    by: &Caller,
) -> Result<bool, StoreError> {
    let mut tx = ctx.begin().await?;
    let own = tx.session_list(user_id).await?;
    if !own.iter().any(|session| session.id == *session_id) {
        return Ok(false);
    }
    tx.session_delete(session_id).await?;
    let details = json!({ "userId": user_id });
    tx.audit_append(&by.event(ctx, "session.ended", session_id.as_str(), details)).await?;
    tx.commit().await?;
    Ok(true)
}

/// Ends all of the user's sessions but this one, and says how many.
///
/// # Errors
/// When the store is away.
pub async fn end_other_sessions(ctx: &Ctx<'_>, signed_in: &SignedIn) -> Result<u64, OauthError> {
    let mut tx = ctx.begin().await.or_unavailable()?;
    let keep = &signed_in.session.id;
    let ended = tx.session_delete_others(&signed_in.user.id, keep).await.or_unavailable()?;
    let actor = Actor::User(signed_in.user.id.to_string());
    let event = ctx.event(actor, "session.others_ended", keep.as_str(), json!({ "count": ended }));
    tx.audit_append(&event).await.or_unavailable()?;
    tx.commit().await.or_unavailable()?;
    Ok(ended)
}
