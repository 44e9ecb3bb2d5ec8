//! The client exists here, is switched on, and may use codes (RFC 6749 section 4.1.1).

use std::sync::Arc;

use domain::client::GrantType;
use domain::ids::ClientId;
use domain::oauth_error::{ErrorKind, OauthError};
use domain::params::Params;
use domain::token_request::required;

use crate::client_auth::{self, ClientEntry};
use crate::context::Ctx;

pub(crate) async fn client(ctx: &Ctx<'_>, params: &Params) -> Result<Arc<ClientEntry>, OauthError> {
    let unknown = || OauthError::new(ErrorKind::UnknownClient, "OAuth client is not authorized");
    let id = ClientId::parse(required(params, "client_id")?).map_err(|_| unknown())?;
    let client = client_auth::find(ctx, &id).await?;
    client.filter(|client| !client.is_disabled()).ok_or_else(unknown)
}

pub(crate) fn grant(client: &ClientEntry) -> Result<(), OauthError> {
    if client.inner.client.may_use(GrantType::AuthorizationCode) {
        return Ok(());
    }
    Err(OauthError::unauthorized_client("This client may not use the authorization code flow."))
}
