//! Making a client.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use domain::client::{AppType, AuthMethod, ConsentMethod, GrantType};
use domain::jose::Alg;
use engine::admin::AdminError;
use engine::admin::client::{self, ClientDraft, Seen};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::PATH;
use super::view::ClientBody;
use crate::api::{ApiRequest, ApiResult, body, problem};
use crate::http::respond;

/// How the tenant treats the new client.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConnectionRequest {
    /// Whether users are asked: `required` when nothing is said.
    #[schema(value_type = Option<String>)]
    consent_method: Option<ConsentMethod>,
}

/// A client to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateRequest {
    /// What kind of application it is; it never changes.
    #[schema(value_type = String)]
    app_type: AppType,
    /// What people call it.
    client_name: String,
    /// Free text.
    #[serde(default)]
    description: String,
    /// The application's page.
    #[serde(default)]
    client_uri: String,
    /// A picture.
    #[serde(default)]
    logo_uri: String,
    /// Privacy policy.
    #[serde(default)]
    policy_uri: String,
    /// Terms of service.
    #[serde(default)]
    tos_uri: String,
    /// Where codes may be sent. The operator of the server may allow another number of them.
    #[serde(default)]
    redirect_uris: Vec<String>,
    /// Where browsers may go after sign-out; as many as redirect URLs.
    #[serde(default)]
    post_logout_redirect_uris: Vec<String>,
    /// For single-page apps, and web clients with impersonation. The operator of the server may
    /// allow another number of them.
    #[serde(default)]
    allowed_origins: Vec<String>,
    /// Names out of the catalogue.
    #[serde(default)]
    allowed_scopes: Vec<String>,
    /// For web clients only; the code flow needs only `redirectUris`.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    allowed_grant_types: Vec<GrantType>,
    /// For web clients only: `client_secret` when nothing is said.
    #[schema(value_type = Option<Vec<String>>)]
    allowed_auth_methods: Option<Vec<AuthMethod>>,
    /// Public keys as JWK, each with `kty`, `use`, `alg` and `kid`.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    public_keys: Vec<Value>,
    /// Where the keys are published instead.
    #[serde(default)]
    jwks_uri: String,
    connection_config: Option<ConnectionRequest>,
    /// Whether a web client must use PKCE; others always must.
    require_pkce: Option<bool>,
    /// What ID tokens are signed with: `RS256` when nothing is said.
    #[schema(value_type = Option<String>)]
    id_token_signed_response_alg: Option<Alg>,
}

impl CreateRequest {
    fn draft(self) -> Result<ClientDraft, AdminError> {
        let default = ClientDraft::new(self.app_type, &self.client_name);
        let consent_method = self.connection_config.and_then(|config| config.consent_method);
        Ok(ClientDraft {
            description: self.description,
            client_uri: self.client_uri,
            logo_uri: self.logo_uri,
            policy_uri: self.policy_uri,
            tos_uri: self.tos_uri,
            redirect_uris: self.redirect_uris,
            post_logout_redirect_uris: self.post_logout_redirect_uris,
            allowed_origins: self.allowed_origins,
            allowed_scopes: client::scope_set(&self.allowed_scopes)?,
            machine_grants: self.allowed_grant_types,
            auth_methods: self.allowed_auth_methods.unwrap_or(default.auth_methods),
            public_keys: self.public_keys,
            jwks_uri: self.jwks_uri,
            require_pkce: self.require_pkce.unwrap_or(default.require_pkce),
            id_token_alg: self.id_token_signed_response_alg.unwrap_or(default.id_token_alg),
            consent_method: consent_method.unwrap_or(default.consent_method),
            ..default
        })
    }
}

/// A client that was just made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateResponse {
    #[serde(flatten)]
    client: ClientBody,
    /// Its secret, when it authenticates by secret: told now and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    /// The secret's last five characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_hint: Option<String>,
}

/// The same with the place of this body: what the tenant makes of the client is within it.
fn placed(error: AdminError) -> AdminError {
    match error {
        AdminError::Invalid { field: "consentMethod", index, message } => {
            AdminError::Invalid { field: "connectionConfig/consentMethod", index, message }
        }
        other => other,
    }
}

/// Makes a client.
#[utoipa::path(
    post, operation_id = "create", path = "/api/v1/oauth-clients", tag = "oauth-clients",
    request_body = CreateRequest,
    responses((status = 201, body = CreateResponse))
)]
pub async fn post(api: ApiRequest, headers: HeaderMap, body: Body) -> ApiResult {
    let request: CreateRequest = body::json(&api, &headers, body).await?;
    let refused = |error| problem::refused(&api, placed(error));
    let draft = request.draft().map_err(refused)?;
    let made = client::create(&api.ctx(), &api.caller, &draft).await.map_err(refused)?;
    let location = format!("{PATH}/{}", made.found.client.id);
    let (secret, hint) = made.secret.map(|new| (new.secret.expose().clone(), new.hint)).unzip();
    let body = CreateResponse {
        client: ClientBody::from(Seen { found: made.found, in_full: true }),
        client_secret: secret,
        client_secret_hint: hint,
    };
    let mut response = respond::json(StatusCode::CREATED, &body);
    if let Ok(location) = HeaderValue::from_str(&api.href(&location)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}
