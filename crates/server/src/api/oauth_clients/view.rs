//! A client as it is told: the field names are the contract's, section 1.

use domain::client::{AppType, AuthMethod, ClientSecret, ConsentMethod, GrantType};
use domain::jose::{Alg, Jwk};
use domain::time::Timestamp;
use engine::admin::client::Seen;
use serde::Serialize;
use utoipa::ToSchema;

/// A secret, without the secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecretBody {
    /// The secret's last five characters.
    hint: String,
    /// What its creator calls it.
    label: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The user who made it; empty for the operator of the server.
    created_by: String,
    /// When it stops working, if ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// When it last worked, if it ever did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

impl From<ClientSecret> for SecretBody {
    fn from(secret: ClientSecret) -> Self {
        Self {
            hint: secret.hint,
            label: secret.label,
            created_at: secret.created_at,
            created_by: secret.created_by,
            expires_at: secret.expires_at,
            last_used_at: secret.last_used_at,
        }
    }
}

/// How the asking tenant treats a client.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionBody {
    /// Whether users are asked.
    #[schema(value_type = String)]
    pub consent_method: ConsentMethod,
    /// `approved` when the tenant lets the client in, `unapproved` otherwise.
    pub status: &'static str,
}

impl ConnectionBody {
    /// The body of a config.
    pub fn new(consent_method: ConsentMethod, approved: bool) -> Self {
        let status = if approved { "approved" } else { "unapproved" };
        Self { consent_method, status }
    }
}

/// What only administrators of the tenant that owns a client see.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientDetailsBody {
    redirect_uris: Vec<String>,
    post_logout_redirect_uris: Vec<String>,
    allowed_origins: Vec<String>,
    client_secrets: Vec<SecretBody>,
    #[schema(value_type = Vec<Object>)]
    public_keys: Vec<Jwk>,
    jwks_uri: String,
    require_pkce: bool,
    #[schema(value_type = String)]
    id_token_signed_response_alg: Alg,
    created_by: String,
}

/// A client.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientBody {
    client_id: String,
    client_name: String,
    #[schema(value_type = String)]
    app_type: AppType,
    /// The tenant that owns it.
    owner_id: String,
    description: String,
    client_uri: String,
    logo_uri: String,
    policy_uri: String,
    tos_uri: String,
    allowed_scopes: Vec<String>,
    #[schema(value_type = Vec<String>)]
    allowed_grant_types: Vec<GrantType>,
    #[schema(value_type = Vec<String>)]
    allowed_auth_methods: Vec<AuthMethod>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connection_config: Option<ConnectionBody>,
    /// `user`, `service` or `dcr`.
    created_by_type: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// Since when all tenants of the region may use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    published_at: Option<Timestamp>,
    /// Why it is switched off, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    disable_tag: Option<String>,
    /// Only for administrators of the tenant that owns it.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    inner: Option<ClientDetailsBody>,
}

impl From<Seen> for ClientBody {
    fn from(seen: Seen) -> Self {
        let consent_method = seen.found.consent_method();
        let connection = seen.found.connection;
        let client = seen.found.client;
        let inner = ClientDetailsBody {
            redirect_uris: client.redirect_uris,
            post_logout_redirect_uris: client.post_logout_redirect_uris,
            allowed_origins: client.allowed_origins,
            client_secrets: seen.found.secrets.into_iter().map(SecretBody::from).collect(),
            public_keys: seen.found.keys.into_iter().map(|key| key.jwk).collect(),
            jwks_uri: client.jwks_uri,
            require_pkce: client.require_pkce,
            id_token_signed_response_alg: client.id_token_alg,
            created_by: client.created_by.id,
        };
        Self {
            client_id: client.id.to_string(),
            client_name: client.name,
            app_type: client.app_type,
            owner_id: client.owner.id().to_owned(),
            description: client.description,
            client_uri: client.client_uri,
            logo_uri: client.logo_uri,
            policy_uri: client.policy_uri,
            tos_uri: client.tos_uri,
            allowed_scopes: client.allowed_scopes.iter().map(str::to_owned).collect(),
            allowed_grant_types: client.machine_grants,
            allowed_auth_methods: client.auth_methods,
            connection_config: connection
                .map(|config| ConnectionBody::new(consent_method, config.approved)),
            created_by_type: client.created_by.kind,
            created_at: client.created_at,
            updated_at: client.updated_at,
            published_at: client.published_at,
            disable_tag: client.disable_tag,
            inner: seen.in_full.then_some(inner),
        }
    }
}
