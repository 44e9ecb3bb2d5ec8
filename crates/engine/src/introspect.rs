//! `/oauth/introspect` (RFC 7662).
//!
//! Invariant: a client learns about its own tokens; a client that an administrator trusts (a
//! resource server) about all of the tenant's. Everything else is `active: false`, which says
//! nothing about why.

use domain::client::ConsentMethod;
use domain::crypto::HashPurpose;
use domain::ids::ClientId;
use domain::oauth_error::OauthError;
use domain::secret::SecretText;
use domain::token_request::PresentedClient;
use serde_json::{Value, json};
use store::ScopeWay;

use crate::client_auth::{self, ClientEntry};
use crate::context::Ctx;
use crate::error::OrUnavailable;
use crate::{access_token, users};

/// Answers an introspection request.
///
/// # Errors
/// `invalid_client` when the caller is not a client that can authenticate.
pub async fn introspect(
    ctx: &Ctx<'_>,
    presented: &PresentedClient,
    token: &SecretText,
) -> Result<Value, OauthError> {
    let caller = client_auth::authenticate(ctx, presented).await?;
    if !caller.inner.client.is_confidential() {
        return Err(OauthError::invalid_client(
            "Introspection needs a client that can authenticate.",
        ));
    }
    match access_token::verify(ctx, token.expose()).await {
        Ok(found) if may_see(&caller, &found.client_id) => {
            found.client.note_scopes(ctx, ScopeWay::Used, found.scope.iter());
            return Ok(access_answer(&found));
        }
        Ok(_) => return Ok(inactive()),
        Err(error) if error.kind().status() >= 500 => return Err(error),
        Err(_) => {}
    }
    refresh_answer(ctx, &caller, token).await
}

fn inactive() -> Value {
    json!({ "active": false })
}

fn may_see(caller: &ClientEntry, owner: &ClientId) -> bool {
    caller.inner.client.id == *owner || caller.consent_method() == ConsentMethod::Trusted
}

fn access_answer(token: &access_token::AccessToken) -> Value {
    let mut answer = token.claims.clone();
    answer.insert("active".to_owned(), Value::Bool(true));
    answer.insert("token_type".to_owned(), Value::from("Bearer"));
    let username = token.user.email.as_deref().unwrap_or(&token.user.subject);
    answer.insert("username".to_owned(), Value::from(username));
    Value::Object(answer)
}

async fn refresh_answer(
    ctx: &Ctx<'_>,
    caller: &ClientEntry,
    token: &SecretText,
) -> Result<Value, OauthError> {
    let hash = ctx.engine.keyring.hash(HashPurpose::RefreshToken, &[token.expose()]);
    let found =
        ctx.read().await.or_unavailable()?.refresh_token_find(&hash).await.or_unavailable()?;
    let Some(found) = found else { return Ok(inactive()) };
    let family = &found.family;
    let alive =
        family.revoked_at.is_none() && found.spent_at.is_none() && found.expires_at > ctx.now;
    if !alive || !may_see(caller, &family.client_id) {
        return Ok(inactive());
    }
    let user = users::find(ctx, &family.user_id).await?.filter(|user| user.is_active());
    let Some(user) = user else { return Ok(inactive()) };
    Ok(json!({
        "active": true,
        "iss": ctx.tenant.issuer,
        "sub": user.subject,
        "client_id": family.client_id,
        "scope": family.scope.to_string(),
        "iat": family.created_at.as_second(),
        "exp": found.expires_at.as_second(),
    }))
}
