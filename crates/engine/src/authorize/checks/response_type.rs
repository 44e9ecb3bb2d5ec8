//! `response_type` is `code`: nothing else is offered (RFC 9700 section 2.1.2).

use domain::oauth_error::{ErrorKind, OauthError};
use domain::params::Params;
use domain::token_request::required;

pub(crate) fn response_type(params: &Params) -> Result<(), OauthError> {
    match required(params, "response_type")? {
        "code" => Ok(()),
        _ => Err(OauthError::new(ErrorKind::UnsupportedResponseType, "response_type is code.")),
    }
}
