//! Consent: asked once for each scope (requirement S2.6), remembered, and never asked for a
//! client that an administrator trusts.

use domain::audit::{Actor, changes};
use domain::client::ConsentMethod;
use domain::oauth_error::{ErrorKind, OauthError};
use domain::scope::ScopeSet;
use serde_json::json;

use super::AuthorizationRequest;
use crate::context::Ctx;
use crate::error::OrUnavailable;
use crate::session::SignedIn;

/// The user's answer on the consent page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Let the client in.
    Allow,
    /// Do not.
    Deny,
    /// Sign in as somebody else first.
    Switch,
}

/// What has to be asked.
pub(super) struct Questions {
    /// Scopes that were never granted.
    pub(super) new: ScopeSet,
    /// Scopes that were.
    pub(super) granted: ScopeSet,
}

pub(super) fn denied() -> OauthError {
    OauthError::new(ErrorKind::AccessDenied, "The user did not allow it.")
}

pub(super) fn required() -> OauthError {
    OauthError::new(ErrorKind::ConsentRequired, "The user has to be asked first.")
}

/// What the user still has to be asked, if anything.
pub(super) async fn open_questions(
    ctx: &Ctx<'_>,
    request: &AuthorizationRequest,
    signed_in: &SignedIn,
) -> Result<Option<Questions>, OauthError> {
    let forced = request.prompt.consent;
    if request.client.consent_method() == ConsentMethod::Trusted && !forced {
        return Ok(None);
    }
    let client_id = &request.client.inner.client.id;
    let mut read = ctx.read().await.or_unavailable()?;
    let consent = read.consent_find(&signed_in.user.id, client_id).await.or_unavailable()?;
    let known = consent.map(|consent| consent.scope).unwrap_or_default();
    let catalogue = &ctx.engine.catalogue;
    let was_granted = |scope: &str| catalogue.implies(&known, scope);
    let new = request.asked.filtered(|scope| !was_granted(scope));
    let granted = request.asked.filtered(was_granted);
    let first_time = known.is_empty() && !request.asked.is_empty();
    Ok((forced || first_time || !new.is_empty()).then_some(Questions { new, granted }))
}

/// Remembers that the user allowed all that was asked.
pub(super) async fn store(
    ctx: &Ctx<'_>,
    request: &AuthorizationRequest,
    signed_in: &SignedIn,
) -> Result<(), OauthError> {
    let client_id = &request.client.inner.client.id;
    let user_id = &signed_in.user.id;
    let mut tx = ctx.begin().await.or_unavailable()?;
    let known = tx.consent_find(user_id, client_id).await.or_unavailable()?;
    let known = known.map(|consent| consent.scope).unwrap_or_default();
    let scope = known.union(&request.asked);
    tx.consent_put(user_id, client_id, &scope, ctx.now).await.or_unavailable()?;
    let actor = Actor::User(user_id.to_string());
    let changes =
        changes(&json!({ "scope": known.to_string() }), &json!({ "scope": scope.to_string() }));
    let details = json!({ "scope": request.asked.to_string(), "changes": changes });
    let event = ctx.event(actor, "consent.granted", client_id.as_str(), details).through(client_id);
    tx.audit_append(&event).await.or_unavailable()?;
    tx.commit().await.or_unavailable()
}
