//! Request objects are refused aloud, never ignored: the real parameters may be only inside
//! (OpenID Connect Core 6, conformance item 10).

use domain::oauth_error::{ErrorKind, OauthError};
use domain::params::Params;
use domain::token_request::optional;

pub(crate) fn request_object(params: &Params) -> Result<(), OauthError> {
    let refused = [
        ("request", ErrorKind::RequestNotSupported),
        ("request_uri", ErrorKind::RequestUriNotSupported),
        ("registration", ErrorKind::RegistrationNotSupported),
    ];
    for (name, kind) in refused {
        if optional(params, name)?.is_some() {
            return Err(OauthError::new(kind, "Send the parameters themselves."));
        }
    }
    Ok(())
}
