//! `response_mode` is one that we answer in.

use domain::oauth_error::OauthError;
use domain::params::Params;
use domain::token_request::optional;

use crate::authorize::ResponseMode;

pub(crate) fn response_mode(params: &Params) -> Result<(), OauthError> {
    match optional(params, "response_mode")? {
        None => Ok(()),
        Some(mode) if ResponseMode::parse(mode).is_some() => Ok(()),
        Some(_) => Err(OauthError::invalid_request("response_mode is query or form_post.")),
    }
}
