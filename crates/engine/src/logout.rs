//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0).
//!
//! Invariant: a browser is sent on only with a hint of ours, to an address that the hint's client
//! registered, compared exactly. Everything else ends here, on a page.

use domain::oauth_error::OauthError;
use domain::params::Params;
use domain::redirect_uri::with_params;
use domain::token_request::optional;
use serde::{Deserialize, Serialize};

use crate::context::Ctx;
use crate::session::{self, SignedIn};
use crate::{client_auth, id_token};

/// What happens next.
#[derive(Debug)]
pub enum LogoutStep {
    /// The user is asked; the form brings `request` back.
    Confirm {
        /// The sealed request.
        request: Option<String>,
        /// The client that asks, if a hint names it.
        client_name: Option<String>,
        /// Where the form may lead in the end.
        redirect_uri: Option<String>,
    },
    /// Nobody is signed in any more.
    SignedOut {
        /// The client that asked.
        client_name: Option<String>,
    },
    /// Nobody is signed in any more, and the browser goes on.
    Redirect(String),
}

#[derive(Serialize, Deserialize)]
struct Return {
    redirect_uri: Option<String>,
    client_name: Option<String>,
}

struct Asked {
    client_name: Option<String>,
    target: Option<String>,
    /// Whether the hint is of the very session that is open here.
    is_this_session: bool,
}

fn seal_context(ctx: &Ctx<'_>) -> String {
    format!("logout:{}", ctx.tenant.tenant.id)
}

/// A request to sign out, by GET or POST.
///
/// # Errors
/// `invalid_request` for a hint that is not ours or an address that is not registered.
pub async fn start(
    ctx: &Ctx<'_>,
    params: &Params,
    signed_in: Option<&SignedIn>,
) -> Result<LogoutStep, OauthError> {
    let asked = read(ctx, params, signed_in).await?;
    match signed_in {
        None => Ok(ended(asked.client_name, asked.target)),
        Some(current) if asked.is_this_session => {
            session::sign_out(ctx, current).await?;
            Ok(ended(asked.client_name, asked.target))
        }
        Some(_) => Ok(LogoutStep::Confirm {
            request: Some(seal(ctx, &asked)),
            client_name: asked.client_name,
            redirect_uri: asked.target,
        }),
    }
}

/// The user confirmed.
///
/// # Errors
/// When the store is away.
pub async fn confirm(
    ctx: &Ctx<'_>,
    request: Option<&str>,
    signed_in: Option<&SignedIn>,
) -> Result<LogoutStep, OauthError> {
    if let Some(current) = signed_in {
        session::sign_out(ctx, current).await?;
    }
    let plain = request.and_then(|sealed| ctx.engine.keyring.open(&seal_context(ctx), sealed).ok());
    let back = plain.and_then(|plain| serde_json::from_slice::<Return>(&plain).ok());
    Ok(match back {
        Some(back) => ended(back.client_name, back.redirect_uri),
        None => ended(None, None),
    })
}

fn ended(client_name: Option<String>, target: Option<String>) -> LogoutStep {
    match target {
        Some(target) => LogoutStep::Redirect(target),
        None => LogoutStep::SignedOut { client_name },
    }
}

fn seal(ctx: &Ctx<'_>, asked: &Asked) -> String {
    let back =
        Return { redirect_uri: asked.target.clone(), client_name: asked.client_name.clone() };
    let plain = serde_json::to_vec(&back).unwrap_or_default();
    ctx.engine.keyring.seal(ctx.engine.entropy(), &seal_context(ctx), &plain)
}

async fn read(
    ctx: &Ctx<'_>,
    params: &Params,
    signed_in: Option<&SignedIn>,
) -> Result<Asked, OauthError> {
    let wanted = optional(params, "post_logout_redirect_uri")?;
    let state = optional(params, "state")?;
    let Some(hint) = optional(params, "id_token_hint")? else {
        return match wanted {
            None => Ok(Asked { client_name: None, target: None, is_this_session: false }),
            Some(_) => Err(OauthError::invalid_request(
                "post_logout_redirect_uri needs an id_token_hint that says for which app.",
            )),
        };
    };
    let hint = id_token::verify_hint(ctx, hint).await?.ok_or_else(|| {
        OauthError::invalid_request("id_token_hint is not an ID token of this server.")
    })?;
    if optional(params, "client_id")?.is_some_and(|id| id != hint.client_id.as_str()) {
        return Err(OauthError::invalid_request("client_id is not the client of id_token_hint."));
    }
    let client = client_auth::find(ctx, &hint.client_id).await?;
    let registered = client.as_ref().map(|c| c.inner.client.post_logout_redirect_uris.as_slice());
    let target = match wanted {
        None => None,
        Some(uri) if registered.unwrap_or_default().iter().any(|known| known == uri) => {
            Some(state.map_or_else(|| uri.to_owned(), |s| with_params(uri, &[("state", s)])))
        }
        Some(_) => {
            return Err(OauthError::invalid_request(
                "post_logout_redirect_uri is not registered for this client.",
            ));
        }
    };
    let is_this_session = signed_in.is_some_and(|current| {
        current.user.subject == hint.subject
            && hint.sid.as_deref().is_none_or(|sid| sid == current.session.id.as_str())
    });
    let client_name = client.map(|client| client.inner.client.name.clone());
    Ok(Asked { client_name, target, is_this_session })
}
