//! The redirect URI is one of the client's, compared exactly (RFC 9700 section 4.1.3). Only
//! loopback addresses of native apps may differ in the port (RFC 8252 section 7.3).

use domain::client::AppType;
use domain::oauth_error::{ErrorKind, OauthError};
use domain::params::Params;
use domain::redirect_uri::{matches, matches_loopback};
use domain::token_request::required;

use crate::authorize::reply::MatchedRedirectUri;
use crate::client_auth::ClientEntry;
use crate::context::Ctx;
use crate::usage::Reason;

pub(crate) fn redirect_uri(
    ctx: &Ctx<'_>,
    client: &ClientEntry,
    params: &Params,
) -> Result<MatchedRedirectUri, OauthError> {
    let presented = required(params, "redirect_uri")?;
    let registered = &client.inner.client.redirect_uris;
    let is_native = client.inner.client.app_type == AppType::Native;
    let fits = |registered: &String| {
        matches(registered, presented) || (is_native && matches_loopback(registered, presented))
    };
    if registered.iter().any(fits) {
        return Ok(MatchedRedirectUri::proven(presented));
    }
    client.note_refusal(ctx, Reason::RedirectUri);
    Err(OauthError::new(
        ErrorKind::RedirectUriNotRegistered,
        "The redirect_uri is not registered for this client. It must be equal to a registered one, character for character.",
    ))
}
