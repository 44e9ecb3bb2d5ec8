//! The scope is within the client's; none in particular means all, except `offline_access`.

use domain::oauth_error::OauthError;
use domain::params::Params;
use domain::scope::{ScopeSet, resolve};
use domain::token_request;

use crate::client_auth::ClientEntry;
use crate::context::Ctx;
use crate::usage::Reason;

pub(crate) fn scope(
    ctx: &Ctx<'_>,
    client: &ClientEntry,
    params: &Params,
) -> Result<ScopeSet, OauthError> {
    let requested = token_request::scope(params)?;
    let allowed = &client.inner.client.allowed_scopes;
    let granted = resolve(&requested, allowed, &ctx.engine.catalogue).map_err(|not| {
        client.note_refusal(ctx, Reason::ScopeNotAllowed);
        let names: Vec<_> = not.iter().map(ToString::to_string).collect();
        OauthError::invalid_scope(format!("This client may not have: {}.", names.join(" ")))
    })?;
    if granted.is_empty() {
        client.note_refusal(ctx, Reason::ScopeNotAllowed);
        return Err(OauthError::invalid_scope(
            "This client has no scopes, so it can reach nothing. Its administrator can add some.",
        ));
    }
    Ok(granted)
}
