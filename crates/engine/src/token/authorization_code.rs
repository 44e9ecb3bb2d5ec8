//! `authorization_code` (RFC 6749 section 4.1.3, RFC 7636 section 4.6).
//!
//! Invariants: the code is spent by one guarded statement before anything about it is believed,
//! so that of two concurrent exchanges one wins; presenting it a second time revokes everything
//! that came from it (RFC 9700 section 2.1.1), and that is committed before the refusal.

use domain::audit::Actor;
use domain::client::GrantType;
use domain::crypto::HashPurpose;
use domain::grant::{AuthorizationCode, CodeSpend, Family};
use domain::oauth_error::OauthError;
use domain::pkce::{CodeChallenge, CodeVerifier};
use domain::secret::{SecretText, new_opaque_token};
use domain::time::plus_seconds;

use super::steps::{Delegation, Subject, TokenResponse, active_user, mint};
use crate::client_auth::ClientEntry;
use crate::context::Ctx;
use crate::error::OrUnavailable;
use crate::grants;
use crate::usage::Reason;

pub(super) struct Params {
    pub code: SecretText,
    pub redirect_uri: Option<String>,
    pub code_verifier: Option<SecretText>,
}

pub(super) async fn exchange(
    ctx: &Ctx<'_>,
    client: &ClientEntry,
    params: Params,
) -> Result<TokenResponse, OauthError> {
    let (code, refresh_token) = spend(ctx, client, &params).await?;
    let user = active_user(ctx, client, &code.user_id).await?;
    let delegation = Delegation {
        grant_id: &code.grant_id,
        session_id: &code.session_id,
        auth_time: code.auth_time,
        nonce: code.nonce.as_deref(),
        claims: &code.claims,
    };
    let scope = code.scope.clone();
    let subject = Subject { client, user: &user, scope, delegation: Some(delegation) };
    let response = mint(ctx, subject, refresh_token).await?;
    client.usage.issued(GrantType::AuthorizationCode, ctx.now, ctx.address);
    Ok(response)
}

/// Spends the code, and begins the refresh token family in the same transaction when
/// `offline_access` was granted. A client that can never have it needs no transaction around
/// the one guarded statement.
async fn spend(
    ctx: &Ctx<'_>,
    client: &ClientEntry,
    params: &Params,
) -> Result<(AuthorizationCode, Option<SecretText>), OauthError> {
    let hash = ctx.engine.keyring.hash(HashPurpose::AuthorizationCode, &[params.code.expose()]);
    let may_refresh = client.inner.client.allowed_scopes.contains("offline_access");
    let mut tx =
        if may_refresh { ctx.begin().await } else { ctx.autocommit().await }.or_unavailable()?;
    let code = match tx.code_spend(&hash, ctx.now).await.or_unavailable()? {
        CodeSpend::Spent(code) => code,
        // Only its own client can end the grant by a replay: a stranger with an old code from a
        // browser's history cannot.
        CodeSpend::Replayed(code) if code.client_id == client.inner.client.id => {
            drop(tx);
            return Err(replayed(ctx, client, &code).await?);
        }
        CodeSpend::Replayed(_) => {
            return Err(bad_code(ctx, client, (Reason::CodeReplayed, "The code was used before.")));
        }
        CodeSpend::Unknown => {
            return Err(bad_code(ctx, client, (Reason::CodeUnknown, "The code is unknown.")));
        }
    };
    if let Err(flaw) = check(ctx, client, &code, params) {
        // The code stays spent: whoever sent it knew it without being its client.
        tx.commit().await.or_unavailable()?;
        return Err(bad_code(ctx, client, flaw));
    }
    let refresh_token = match code.scope.contains("offline_access") && may_refresh {
        true => Some(begin_family(ctx, &mut tx, &code).await?),
        false => None,
    };
    tx.commit().await.or_unavailable()?;
    Ok((code, refresh_token))
}

/// What is wrong with a code: for the client's administrator, and for the app's developer.
type Flaw = (Reason, &'static str);

fn bad_code(ctx: &Ctx<'_>, client: &ClientEntry, (reason, why): Flaw) -> OauthError {
    client.note_refusal(ctx, reason);
    OauthError::invalid_grant(format!("{why} Start again at the authorization endpoint."))
}

async fn replayed(
    ctx: &Ctx<'_>,
    client: &ClientEntry,
    code: &AuthorizationCode,
) -> Result<OauthError, OauthError> {
    let actor = Actor::Client(code.client_id.to_string());
    grants::revoke(ctx, std::slice::from_ref(&code.grant_id), actor, "code replayed").await?;
    let why = "The code was used before; the tokens it gave have been revoked.";
    Ok(bad_code(ctx, client, (Reason::CodeReplayed, why)))
}

fn check(
    ctx: &Ctx<'_>,
    client: &ClientEntry,
    code: &AuthorizationCode,
    params: &Params,
) -> Result<(), Flaw> {
    if code.client_id != client.inner.client.id {
        return Err((Reason::CodeUnknown, "The code was given to another client."));
    }
    if code.expires_at <= ctx.now {
        return Err((Reason::CodeExpired, "The code has expired."));
    }
    if params.redirect_uri.as_deref() != Some(code.redirect_uri.as_str()) {
        let why = "redirect_uri is not the one of the authorization request.";
        return Err((Reason::CodeRedirectUri, why));
    }
    check_verifier(code, params)
}

fn check_verifier(code: &AuthorizationCode, params: &Params) -> Result<(), Flaw> {
    let mismatch = |why| (Reason::PkceMismatch, why);
    match (&code.code_challenge, &params.code_verifier) {
        (None, None) => Ok(()),
        // RFC 9700 section 2.1.1: a verifier without a challenge is a downgrade attempt.
        (None, Some(_)) => Err(mismatch("code_verifier was sent, but no code_challenge before.")),
        (Some(_), None) => Err(mismatch("code_verifier is missing.")),
        (Some(challenge), Some(verifier)) => {
            let challenge =
                CodeChallenge::parse(challenge).map_err(|_| mismatch("The code is broken."))?;
            let verifier = CodeVerifier::parse(verifier.expose())
                .map_err(|_| mismatch("code_verifier has 43 to 128 unreserved characters."))?;
            if challenge.matches(&verifier) {
                Ok(())
            } else {
                Err(mismatch("code_verifier does not fit code_challenge."))
            }
        }
    }
}

async fn begin_family(
    ctx: &Ctx<'_>,
    tx: &mut store::TenantTx,
    code: &AuthorizationCode,
) -> Result<SecretText, OauthError> {
    let token = new_opaque_token(ctx.engine.entropy());
    let hash = ctx.engine.keyring.hash(HashPurpose::RefreshToken, &[token.expose()]);
    let family = Family {
        grant_id: code.grant_id.clone(),
        client_id: code.client_id.clone(),
        user_id: code.user_id.clone(),
        session_id: code.session_id.clone(),
        scope: code.scope.clone(),
        nonce: code.nonce.clone(),
        auth_time: code.auth_time,
        claims: code.claims.clone(),
        created_at: ctx.now,
        revoked_at: None,
    };
    let expires_at = plus_seconds(ctx.now, ctx.tenant.tenant.lifetimes.refresh_token);
    tx.family_create(&family, &hash, expires_at).await.or_unavailable()?;
    Ok(token)
}
