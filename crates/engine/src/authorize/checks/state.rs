//! Values that are carried through: `state`, `nonce`, `login_hint`, `ui_locales`. No minimum length: real
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

/// A wish, so nothing about it is an error (OpenID Connect Core 3.1.2.1): what is too long or was
/// sent twice is not there.
pub(crate) fn ui_locales(params: &Params) -> String {
    let wished = params.get("ui_locales").ok().flatten().unwrap_or_default();
    if wished.len() > LENGTH_MAX { String::new() } else { wished.to_owned() }
}

pub(crate) fn login_hint(params: &Params) -> Result<Option<String>, OauthError> {
    bounded(params, "login_hint")
}
