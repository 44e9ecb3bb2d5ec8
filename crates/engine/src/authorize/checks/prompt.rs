//! `prompt` (OpenID Connect Core 3.1.2.1).

use domain::oauth_error::OauthError;
use domain::params::Params;
use domain::token_request::optional;

/// What the client wants shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Prompt {
    /// No page at all.
    pub none: bool,
    /// The user proves who they are, again.
    pub login: bool,
    /// The user is asked, again.
    pub consent: bool,
}

impl Prompt {
    /// The values of `prompt`, for discovery.
    pub const VALUES: &'static [&'static str] = &["none", "login", "consent"];
}

pub(crate) fn prompt(params: &Params) -> Result<Prompt, OauthError> {
    let mut prompt = Prompt::default();
    for value in optional(params, "prompt")?.unwrap_or("").split(' ').filter(|v| !v.is_empty()) {
        match value {
            "none" => prompt.none = true,
            "login" => prompt.login = true,
            "consent" => prompt.consent = true,
            _ => return Err(OauthError::invalid_request("prompt is none, login or consent.")),
        }
    }
    if prompt.none && (prompt.login || prompt.consent) {
        return Err(OauthError::invalid_request("prompt=none goes with no other value."));
    }
    Ok(prompt)
}
