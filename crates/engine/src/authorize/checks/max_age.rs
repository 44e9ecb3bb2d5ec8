//! `max_age`: how old the user's proof may be, in seconds.

use domain::oauth_error::OauthError;
use domain::params::Params;
use domain::token_request::optional;

/// Longer than any session lives; larger values mean the same.
const CEILING: i64 = 10 * 365 * 86_400;

pub(crate) fn max_age(params: &Params) -> Result<Option<i64>, OauthError> {
    let Some(text) = optional(params, "max_age")? else { return Ok(None) };
    let digits = !text.is_empty() && text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<i64>() {
        Ok(seconds) if digits => Ok(Some(seconds.min(CEILING))),
        _ => Err(OauthError::invalid_request("max_age is a number of seconds.")),
    }
}
