//! `id_token_hint`: the user whom the client expects, by an ID token of ours (expired or not).

use domain::oauth_error::OauthError;
use domain::params::Params;
use domain::token_request::optional;

use crate::context::Ctx;
use crate::id_token;

pub(crate) async fn id_token_hint(
    ctx: &Ctx<'_>,
    params: &Params,
) -> Result<Option<String>, OauthError> {
    let Some(hint) = optional(params, "id_token_hint")? else { return Ok(None) };
    match id_token::verify_hint(ctx, hint).await? {
        Some(hint) => Ok(Some(hint.subject)),
        None => {
            Err(OauthError::invalid_request("id_token_hint is not an ID token of this server."))
        }
    }
}
