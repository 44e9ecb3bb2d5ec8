//! `claims` (OpenID Connect Core 5.5).

use domain::claims::ClaimsRequest;
use domain::oauth_error::OauthError;
use domain::params::Params;
use domain::scope::ScopeSet;
use domain::token_request::optional;

use crate::client_auth::ClientEntry;

pub(crate) fn claims(params: &Params) -> Result<ClaimsRequest, OauthError> {
    let text = optional(params, "claims")?.unwrap_or("");
    ClaimsRequest::parse(text).map_err(|error| OauthError::invalid_request(format!("{error}.")))
}

/// What the user is asked for: a claim by name needs the same consent as the scope that it belongs
/// to, and only as far as the client may have that scope; others are not told.
pub(crate) fn asked(client: &ClientEntry, scope: &ScopeSet, claims: &ClaimsRequest) -> ScopeSet {
    let allowed = &client.inner.client.allowed_scopes;
    let more = claims.scopes().filter(|name| allowed.contains(name));
    scope.union(&ScopeSet::from_names(more).unwrap_or_default())
}

/// The parameter as it came, to be kept with the code; [`claims`] has checked it.
pub(crate) fn claims_text(params: &Params) -> Result<String, OauthError> {
    Ok(optional(params, "claims")?.unwrap_or("").to_owned())
}
