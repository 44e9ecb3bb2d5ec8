//! The client exists here, is switched on, and may use codes (RFC 6749 section 4.1.1).

use std::sync::Arc;

use domain::client::GrantType;
use domain::ids::ClientId;
use domain::oauth_error::{ErrorKind, OauthError};
use domain::params::Params;
use domain::token_request::required;

use crate::client_auth::{self, ClientEntry};
use crate::context::Ctx;
use crate::usage::Reason;

pub(crate) async fn client(ctx: &Ctx<'_>, params: &Params) -> Result<Arc<ClientEntry>, OauthError> {
    let unknown = || OauthError::new(ErrorKind::UnknownClient, "OAuth client is not authorized");
    let id = ClientId::parse(required(params, "client_id")?).map_err(|_| unknown())?;
    let Some(client) = client_auth::find(ctx, &id).await? else {
        ctx.engine.usage.unknown_client();
        return Err(unknown());
    };
    if let Some(reason) = client.disabled_because() {
        client.note_refusal(ctx, reason);
        return Err(unknown());
    }
    Ok(client)
}

pub(crate) fn grant(ctx: &Ctx<'_>, client: &ClientEntry) -> Result<(), OauthError> {
    if client.inner.client.may_use(GrantType::AuthorizationCode) {
        return Ok(());
    }
    client.note_refusal(ctx, Reason::GrantNotAllowed);
    Err(OauthError::unauthorized_client("This client may not use the authorization code flow."))
}
