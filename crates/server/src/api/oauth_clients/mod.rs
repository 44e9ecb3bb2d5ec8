//! `/api/v1/oauth-clients` (contract, section 1). Beyond the contract, and documented as such:
//! labels and expiry of secrets, `force`, `policyUri`, `tosUri`, `postLogoutRedirectUris`,
//! `requirePkce`, `idTokenSignedResponseAlg`, `disableTag` in patches, and `activity`.

pub mod activity;
pub mod change;
pub mod connection;
pub mod create;
pub mod read;
pub mod secrets;
pub mod view;

use domain::ids::ClientId;
use engine::admin::AdminError;

use super::{ApiRequest, Refusal, problem};

/// Where the clients are.
const PATH: &str = "/api/v1/oauth-clients";

/// The client that an address names.
fn client_id(api: &ApiRequest, text: &str) -> Result<ClientId, Refusal> {
    ClientId::parse(text).map_err(|_| problem::refused(api, AdminError::NotFound("client")))
}
