//! Making the authorization code (RFC 6749 section 4.1.2).

use domain::crypto::HashPurpose;
use domain::grant::AuthorizationCode;
use domain::ids::GrantId;
use domain::oauth_error::OauthError;
use domain::secret::new_opaque_token;
use domain::time::plus_seconds;

use super::AuthorizationRequest;
use crate::context::Ctx;
use crate::error::OrUnavailable;
use crate::session::SignedIn;

/// A new code: 256 random bits, of which the database keeps a keyed hash.
pub(super) async fn issue(
    ctx: &Ctx<'_>,
    request: &AuthorizationRequest,
    signed_in: &SignedIn,
) -> Result<String, OauthError> {
    let code = new_opaque_token(ctx.engine.entropy());
    let hash = ctx.engine.keyring.hash(HashPurpose::AuthorizationCode, &[code.expose()]);
    let row = AuthorizationCode {
        grant_id: GrantId::generate(ctx.engine.entropy()),
        client_id: request.client.inner.client.id.clone(),
        user_id: signed_in.user.id.clone(),
        session_id: signed_in.session.id.clone(),
        redirect_uri: request.reply.redirect_uri().to_owned(),
        scope: request.scope.clone(),
        code_challenge: request.code_challenge.clone(),
        nonce: request.nonce.clone(),
        auth_time: signed_in.session.auth_time,
        auth_time_requested: request.max_age.is_some(),
        claims: request.claims.clone(),
        created_at: ctx.now,
        expires_at: plus_seconds(ctx.now, ctx.tenant.tenant.lifetimes.authorization_code),
    };
    let mut tx = ctx.autocommit().await.or_unavailable()?;
    tx.code_create(&hash, &row).await.or_unavailable()?;
    tx.commit().await.or_unavailable()?;
    if request.names_scope {
        request.client.note_requested(ctx, &request.scope);
    }
    Ok(code.expose().clone())
}
