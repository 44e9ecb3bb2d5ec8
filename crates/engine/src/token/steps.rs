//! The steps that grants share: scopes, and minting tokens.
//!
//! Access tokens are JWTs of RFC 9068 (`typ: at+jwt`); ID tokens follow OpenID Connect Core 2.

use std::sync::Arc;

use domain::claims::{ClaimsRequest, Target, named_claims, scope_of};
use domain::client::ConsentMethod;
use domain::ids::{GrantId, SessionId, TokenId, UserId};
use domain::jose::jws;
use domain::oauth_error::{ErrorKind, OauthError};
use domain::scope::{ScopeSet, resolve};
use domain::secret::SecretText;
use domain::time::{Timestamp, plus_seconds};
use domain::user::User;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::client_auth::ClientEntry;
use crate::context::Ctx;
use crate::usage::Reason;
use crate::{keys, users};

/// The answer of the token endpoint: what RFC 6749 section 5.1, OpenID Connect Core 3.1.3.3 and
/// the contract (4.2) want, all at once.
#[derive(Debug, Serialize)]
pub struct TokenResponse {
    #[serde(serialize_with = "expose")]
    access_token: SecretText,
    token_type: &'static str,
    expires_in: i64,
    expires_at: Timestamp,
    scope: ScopeSet,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "expose_some")]
    refresh_token: Option<SecretText>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "expose_some")]
    id_token: Option<SecretText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
}

fn expose<S: Serializer>(token: &SecretText, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(token.expose())
}

fn expose_some<S: Serializer>(token: &Option<SecretText>, to: S) -> Result<S::Ok, S::Error> {
    token.as_ref().map(|token| token.expose().as_str()).serialize(to)
}

/// The claims of an access token (RFC 9068 section 2.2), with the contract's names beside
/// (section 5).
#[derive(Serialize)]
struct AccessClaims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: i64,
    iat: i64,
    jti: &'a str,
    client_id: &'a str,
    scope: &'a ScopeSet,
    #[serde(rename = "subType")]
    sub_type: &'static str,
    #[serde(rename = "tenantId")]
    tenant_id: &'a str,
    #[serde(rename = "userId")]
    user_id: &'a str,
    #[serde(rename = "grantId", skip_serializing_if = "Option::is_none")]
    grant_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    /// Claims that userinfo tells because the `claims` parameter named them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    userinfo_claims: Vec<String>,
}

/// What a token is about.
pub(super) struct Subject<'a> {
    /// The client that gets it.
    pub client: &'a ClientEntry,
    /// The user it acts for.
    pub user: &'a User,
    /// What it may do.
    pub scope: ScopeSet,
    /// How the user let the client in; machine clients act by themselves.
    pub delegation: Option<Delegation<'a>>,
}

/// How a user let a client in.
pub(super) struct Delegation<'a> {
    /// The grant, which revokes the token when it goes.
    pub grant_id: &'a GrantId,
    /// The session.
    pub session_id: &'a SessionId,
    /// When the user proved who they are.
    pub auth_time: Timestamp,
    /// The `nonce` of the authorization request.
    pub nonce: Option<&'a str>,
    /// The `claims` parameter of the authorization request.
    pub claims: &'a str,
}

/// The scope that a client gets for what it asked: nothing in particular means all it may have,
/// except `offline_access` (contract 4.2).
///
/// # Errors
/// `invalid_scope` with the names that it may not have.
pub(super) fn grant_scope(
    ctx: &Ctx<'_>,
    client: &ClientEntry,
    requested: &ScopeSet,
) -> Result<ScopeSet, OauthError> {
    if requested.is_empty() {
        return Ok(client.default_scope.clone());
    }
    let catalogue = &ctx.engine.catalogue;
    let granted = resolve(requested, &client.inner.client.allowed_scopes, catalogue);
    let granted = granted.map_err(|not| {
        client.note_refusal(ctx, Reason::ScopeNotAllowed);
        let names: Vec<_> = not.iter().map(ToString::to_string).collect();
        OauthError::invalid_scope(format!(
            "This client may not have: {}. Ask for less, or let its administrator add it.",
            names.join(" ")
        ))
    })?;
    client.note_requested(ctx, &granted);
    Ok(granted)
}

/// Machine grants need an administrator's trust, since nobody can be asked.
///
/// # Errors
/// `unauthorized_client` with what to do.
pub(super) fn require_trust(ctx: &Ctx<'_>, client: &ClientEntry) -> Result<(), OauthError> {
    if client.consent_method() == ConsentMethod::Trusted {
        return Ok(());
    }
    client.note_refusal(ctx, Reason::NotTrusted);
    Err(OauthError::new(
        ErrorKind::UnauthorizedClient,
        "Machine-to-machine needs a trusted client: an administrator changes its consent method to Trusted.",
    ))
}

/// The user whom a token of the client is for.
///
/// # Errors
/// `invalid_grant` with status 403 when the user is gone or disabled (contract 4.2).
pub(super) async fn active_user(
    ctx: &Ctx<'_>,
    client: &ClientEntry,
    id: &UserId,
) -> Result<Arc<User>, OauthError> {
    let user = users::find(ctx, id).await?.filter(|user| user.is_active());
    user.ok_or_else(|| disabled_user(ctx, client))
}

/// The answer when there is a user no more, counted for the client's administrator.
pub(super) fn disabled_user(ctx: &Ctx<'_>, client: &ClientEntry) -> OauthError {
    client.note_refusal(ctx, Reason::UserDisabled);
    users::disabled()
}

/// Mints the access token, and the ID token when `openid` was granted.
///
/// # Errors
/// When a key is missing or broken.
pub(super) async fn mint(
    ctx: &Ctx<'_>,
    subject: Subject<'_>,
    refresh_token: Option<SecretText>,
) -> Result<TokenResponse, OauthError> {
    let lifetime = ctx.tenant.tenant.lifetimes.access_token;
    let now = ctx.now.as_second();
    let jti = TokenId::generate(ctx.engine.entropy());
    let delegation = subject.delegation.as_ref();
    let claims = AccessClaims {
        iss: &ctx.tenant.issuer,
        sub: &subject.user.subject,
        aud: &ctx.tenant.issuer,
        exp: now + lifetime,
        iat: subject.user.token_made_at(ctx.now),
        jti: jti.as_str(),
        client_id: subject.client.inner.client.id.as_str(),
        scope: &subject.scope,
        sub_type: "user",
        tenant_id: ctx.tenant.tenant.id.as_str(),
        user_id: subject.user.id.as_str(),
        grant_id: delegation.map(|d| d.grant_id.as_str()),
        auth_time: delegation.map(|d| d.auth_time.as_second()),
        userinfo_claims: delegation
            .map(|d| claims_asked(subject.client, d.claims, Target::Userinfo))
            .unwrap_or_default(),
    };
    let key = keys::signer(ctx, keys::ACCESS_TOKEN_ALG).await?;
    let access_token = jws::sign_compact(&key, "at+jwt", &claims).map_err(|_| cannot_sign())?;
    let id_token = match delegation {
        Some(delegation) if subject.scope.contains("openid") => {
            Some(id_token(ctx, &subject, delegation, &access_token).await?)
        }
        _ => None,
    };
    Ok(TokenResponse {
        access_token: SecretText::new(access_token),
        token_type: "Bearer",
        expires_in: lifetime,
        expires_at: whole_second(plus_seconds(ctx.now, lifetime)),
        auth_time: delegation.map(|d| d.auth_time.as_second()),
        scope: subject.scope,
        refresh_token,
        id_token: id_token.map(SecretText::new),
    })
}

fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// The claims that were asked for by name, as far as the client may have the scope that each
/// belongs to; the user was asked for those (see the authorization checks).
fn claims_asked(client: &ClientEntry, claims: &str, target: Target) -> Vec<String> {
    let request = ClaimsRequest::parse(claims).unwrap_or_default();
    let allowed = &client.inner.client.allowed_scopes;
    let may = |name: &&str| scope_of(name).is_some_and(|scope| allowed.contains(scope));
    request.names(target).filter(may).map(str::to_owned).collect()
}

fn cannot_sign() -> OauthError {
    OauthError::server_error("The token cannot be signed.")
}

async fn id_token(
    ctx: &Ctx<'_>,
    subject: &Subject<'_>,
    delegation: &Delegation<'_>,
    access_token: &str,
) -> Result<String, OauthError> {
    let client = &subject.client.inner.client;
    let key = keys::signer(ctx, client.id_token_alg).await?;
    let asked = claims_asked(subject.client, delegation.claims, Target::IdToken);
    let mut claims = named_claims(subject.user, asked.iter().map(String::as_str));
    let iat = ctx.now.as_second();
    let mut set = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    set("iss", json!(ctx.tenant.issuer));
    set("sub", json!(subject.user.subject));
    set("aud", json!(client.id.as_str()));
    set("iat", json!(iat));
    set("exp", json!(iat + ctx.tenant.tenant.lifetimes.id_token));
    set("auth_time", json!(delegation.auth_time.as_second()));
    set("sid", json!(delegation.session_id.as_str()));
    set("amr", json!(["pwd"]));
    set("at_hash", json!(jws::left_half_hash(client.id_token_alg, access_token)));
    if let Some(nonce) = delegation.nonce {
        set("nonce", json!(nonce));
    }
    jws::sign_compact(&key, "JWT", &claims).map_err(|_| cannot_sign())
}
