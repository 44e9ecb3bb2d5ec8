//! `claims` (OpenID Connect Core 5.5).

use domain::claims::ClaimsRequest;
use domain::oauth_error::OauthError;
use domain::params::Params;
use domain::token_request::optional;

pub(crate) fn claims(params: &Params) -> Result<ClaimsRequest, OauthError> {
    let text = optional(params, "claims")?.unwrap_or("");
    ClaimsRequest::parse(text).map_err(|error| OauthError::invalid_request(format!("{error}.")))
}

/// The parameter as it came, to be kept with the code; [`claims`] has checked it.
pub(crate) fn claims_text(params: &Params) -> Result<String, OauthError> {
    Ok(optional(params, "claims")?.unwrap_or("").to_owned())
}
