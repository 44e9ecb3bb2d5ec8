//! PKCE (RFC 7636): S256 only, always for public clients, for confidential ones by their switch.

use domain::oauth_error::OauthError;
use domain::params::Params;
use domain::pkce::CodeChallenge;
use domain::token_request::optional;

use crate::client_auth::ClientEntry;
use crate::context::Ctx;
use crate::usage::Reason;

pub(crate) fn pkce(
    ctx: &Ctx<'_>,
    client: &ClientEntry,
    params: &Params,
) -> Result<Option<String>, OauthError> {
    let checked = check(client, params);
    if checked.is_err() {
        client.note_refusal(ctx, Reason::PkceMissing);
    }
    checked
}

fn check(client: &ClientEntry, params: &Params) -> Result<Option<String>, OauthError> {
    let challenge = optional(params, "code_challenge")?;
    let method = optional(params, "code_challenge_method")?;
    match (challenge, method) {
        (Some(challenge), Some("S256")) => match CodeChallenge::parse(challenge) {
            Ok(_) => Ok(Some(challenge.to_owned())),
            Err(_) => Err(OauthError::invalid_request(
                "code_challenge is the base64url SHA-256 of the verifier: 43 characters.",
            )),
        },
        // Without a method RFC 7636 means `plain`, which protects nothing.
        (Some(_), _) => Err(OauthError::invalid_request("code_challenge_method is S256.")),
        (None, Some(_)) => Err(OauthError::invalid_request("code_challenge is missing.")),
        (None, None) if client.inner.client.needs_pkce() => Err(OauthError::invalid_request(
            "This client must use PKCE: send code_challenge and code_challenge_method=S256.",
        )),
        (None, None) => Ok(None),
    }
}
