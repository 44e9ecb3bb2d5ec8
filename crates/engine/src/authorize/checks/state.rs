//! Values that are carried through: `state`, `nonce`, `login_hint`. No minimum length: real
//! clients send seven characters (contract, section 8).

use domain::oauth_error::OauthError;
use domain::params::Params;
use domain::token_request::optional;

/// Longest value that is carried, in bytes.
const LENGTH_MAX: usize = 2048;

fn bounded(params: &Params, name: &'static str) -> Result<Option<String>, OauthError> {
    match optional(params, name)? {
        Some(value) if value.len() > LENGTH_MAX => {
            Err(OauthError::invalid_request(format!("{name} is longer than {LENGTH_MAX} bytes.")))
        }
        value => Ok(value.map(str::to_owned)),
    }
}

pub(crate) fn state(params: &Params) -> Result<(), OauthError> {
    bounded(params, "state").map(|_| ())
}

pub(crate) fn nonce(params: &Params) -> Result<Option<String>, OauthError> {
    bounded(params, "nonce")
}

pub(crate) fn login_hint(params: &Params) -> Result<Option<String>, OauthError> {
    bounded(params, "login_hint")
}
