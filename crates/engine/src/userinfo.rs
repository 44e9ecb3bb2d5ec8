//! `/oauth/userinfo` (OpenID Connect Core 5.3).

use domain::claims::{claim_scopes, named_claims, scope_claims};
use domain::oauth_error::OauthError;
use serde_json::{Map, Value};
use store::ScopeWay;

use crate::access_token;
use crate::context::Ctx;

/// The claims about the user of an access token that has `openid`.
///
/// # Errors
/// `invalid_token` or `insufficient_scope` (RFC 6750 section 3.1).
pub async fn userinfo(ctx: &Ctx<'_>, token: &str) -> Result<Map<String, Value>, OauthError> {
    let token = access_token::verify(ctx, token).await?;
    token.require_any(ctx, &["openid"])?;
    let asked = token.claims.get("userinfo_claims").and_then(Value::as_array);
    let asked = asked.into_iter().flatten().filter_map(Value::as_str);
    // A scope is used when it tells a claim, even one that this user does not have.
    token.client.note_scopes(ctx, ScopeWay::Used, claim_scopes(&token.scope));
    let mut claims = scope_claims(&token.user, &token.scope);
    claims.extend(named_claims(&token.user, asked));
    claims.insert("sub".to_owned(), Value::from(token.user.subject.as_str()));
    Ok(claims)
}
