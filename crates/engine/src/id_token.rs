//! ID tokens that come back to us as hints (OpenID Connect Core 3.1.2.1, RP-Initiated Logout 2).
//!
//! Invariant: a hint is believed only with our own signature; its expiry does not matter, since
//! it only says whom or what the client means.

use domain::ids::ClientId;
use domain::jose::jws;
use domain::oauth_error::OauthError;

use crate::context::Ctx;
use crate::keys;

/// What a verified hint says.
pub(crate) struct Hint {
    /// The user's `sub`.
    pub(crate) subject: String,
    /// The client that the token was made for.
    pub(crate) client_id: ClientId,
    /// The session it was made in.
    pub(crate) sid: Option<String>,
}

/// Verifies a hint; `None` when it is not an ID token of this tenant.
///
/// # Errors
/// When the store is away.
pub(crate) async fn verify_hint(ctx: &Ctx<'_>, token: &str) -> Result<Option<Hint>, OauthError> {
    let Ok(parsed) = jws::parse(token) else { return Ok(None) };
    if parsed.typ.as_deref().is_some_and(|typ| typ != "JWT") {
        return Ok(None);
    }
    let keys = keys::key_set(ctx).await?;
    let kid = parsed.kid.as_deref();
    let Some(key) = kid.and_then(|kid| keys.verifier(kid, parsed.alg, ctx.now)) else {
        return Ok(None);
    };
    let Ok(claims) = parsed.verify(key) else { return Ok(None) };
    let text = |name: &str| claims.get(name).and_then(|value| value.as_str());
    if text("iss") != Some(ctx.tenant.issuer.as_str()) {
        return Ok(None);
    }
    let (Some(sub), Some(Ok(client_id))) = (text("sub"), text("aud").map(ClientId::parse)) else {
        return Ok(None);
    };
    Ok(Some(Hint { subject: sub.to_owned(), client_id, sid: text("sid").map(str::to_owned) }))
}
