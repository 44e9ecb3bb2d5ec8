//! The token endpoint (RFC 6749 section 3.2): one file per grant, one `match`, and the single
//! question whether a client may use a grant.

mod authorization_code;
mod client_credentials;
mod refresh_token;
mod steps;
mod user_impersonation;

use std::sync::Arc;

use domain::client::GrantType;
use domain::oauth_error::{ErrorKind, OauthError};
use domain::token_request::{Credentials, GrantRequest, PresentedClient, TokenRequest};
pub use steps::TokenResponse;

use crate::client_auth::{self, ClientEntry};
use crate::context::Ctx;
use crate::usage::Reason;

/// Answers a token request. Grants that wait for the store are boxed, so that the future of the
/// one that does not, machine tokens, stays small: it is moved for every request.
///
/// # Errors
/// The RFC's error, made from the table.
pub async fn exchange(ctx: &Ctx<'_>, request: TokenRequest) -> Result<TokenResponse, OauthError> {
    let TokenRequest { client: presented, grant } = request;
    match grant {
        GrantRequest::ClientCredentials { scope } => {
            let client = admitted(ctx, &presented, GrantType::ClientCredentials).await?;
            client_credentials::exchange(ctx, &client, &scope).await
        }
        GrantRequest::AuthorizationCode { code, redirect_uri, code_verifier } => {
            let client = admitted(ctx, &presented, GrantType::AuthorizationCode).await?;
            let params = authorization_code::Params { code, redirect_uri, code_verifier };
            Box::pin(authorization_code::exchange(ctx, &client, params)).await
        }
        GrantRequest::RefreshToken { refresh_token, scope } => {
            let found = Box::pin(refresh_token::find(ctx, refresh_token)).await?;
            let presented = named_by_token(presented, found.as_ref())?;
            let client = admitted(ctx, &presented, GrantType::RefreshToken).await?;
            Box::pin(refresh_token::exchange(ctx, &client, found, &scope)).await
        }
        GrantRequest::UserImpersonation { lookup, scope } => {
            let client = admitted(ctx, &presented, GrantType::UserImpersonation).await?;
            Box::pin(user_impersonation::exchange(ctx, &client, &lookup, &scope)).await
        }
    }
}

/// A refresh may leave out the client's id (contract 0.3): then the token names it. That is no
/// way around authentication, since the client is still asked for its credentials. A token that
/// is not known (any more) names nobody: then it is the token that is not good.
fn named_by_token(
    mut presented: PresentedClient,
    found: Option<&refresh_token::Found>,
) -> Result<PresentedClient, OauthError> {
    let by_assertion = matches!(presented.credentials, Credentials::Assertion(_));
    if presented.client_id.is_none() && !by_assertion {
        let found = found.ok_or_else(refresh_token::unknown)?;
        presented.client_id = Some(found.client_id().clone());
    }
    Ok(presented)
}

/// The client, authenticated and allowed to use the grant: the single place that asks.
async fn admitted(
    ctx: &Ctx<'_>,
    presented: &PresentedClient,
    grant: GrantType,
) -> Result<Arc<ClientEntry>, OauthError> {
    let client = client_auth::authenticate(ctx, presented).await?;
    if client.inner.client.may_use(grant) {
        return Ok(client);
    }
    client.note_refusal(ctx, Reason::GrantNotAllowed);
    Err(OauthError::new(
        ErrorKind::UnauthorizedClient,
        format!("This client may not use grant_type {grant}. Its administrator can allow it."),
    ))
}
