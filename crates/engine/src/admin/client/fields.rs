//! The fields of a client that an administrator may change, by their names on the wire: what a
//! patch is applied to, and what the audit trail tells of.

use domain::client::{
    AppType, AuthMethod, Client, ClientWithCredentials, ConsentMethod, GrantType,
};
use domain::fit::Reader;
use domain::jose::Alg;
use domain::patch::{Op, Patch, Rules};
use domain::scope::ScopeSet;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ClientDraft, rules};
use crate::admin::AdminError;

/// What a patch of a client may do (contract, section 1). Ours are, in addition: `test`,
/// `remove-value`, single elements of lists, and the last six fields. A value that is added to a
/// list at `-` or taken out by what it is, and not by its place, is right whatever else has changed
/// since the list was read.
pub static PATCH: Rules = Rules {
    ops: &[Op::Add, Op::Remove, Op::Replace, Op::Test, Op::RemoveValue],
    paths: &[
        "/clientName",
        "/description",
        "/clientUri",
        "/logoUri",
        "/redirectUris",
        "/redirectUris/*",
        "/allowedOrigins",
        "/allowedOrigins/*",
        "/allowedScopes",
        "/allowedScopes/*",
        "/allowedGrantTypes",
        "/allowedGrantTypes/*",
        "/allowedAuthMethods",
        "/allowedAuthMethods/*",
        "/publicKeys",
        "/publicKeys/*",
        "/jwksUri",
        "/policyUri",
        "/tosUri",
        "/postLogoutRedirectUris",
        "/postLogoutRedirectUris/*",
        "/requirePkce",
        "/idTokenSignedResponseAlg",
        "/disableTag",
    ],
    bare_paths: false,
};

/// The fields, by their names on the wire; the contract, section 1, says what they mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Fields {
    pub client_name: String,
    pub description: String,
    pub client_uri: String,
    pub logo_uri: String,
    pub policy_uri: String,
    pub tos_uri: String,
    pub redirect_uris: Vec<String>,
    pub post_logout_redirect_uris: Vec<String>,
    pub allowed_origins: Vec<String>,
    pub allowed_scopes: Vec<String>,
    pub allowed_grant_types: Vec<GrantType>,
    pub allowed_auth_methods: Vec<AuthMethod>,
    pub public_keys: Vec<Value>,
    pub jwks_uri: String,
    pub require_pkce: bool,
    pub id_token_signed_response_alg: Alg,
    pub disable_tag: Option<String>,
}

impl Default for Fields {
    /// What a field is when it was removed.
    fn default() -> Self {
        Self {
            client_name: String::new(),
            description: String::new(),
            client_uri: String::new(),
            logo_uri: String::new(),
            policy_uri: String::new(),
            tos_uri: String::new(),
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            allowed_origins: Vec::new(),
            allowed_scopes: Vec::new(),
            allowed_grant_types: Vec::new(),
            allowed_auth_methods: Vec::new(),
            public_keys: Vec::new(),
            jwks_uri: String::new(),
            require_pkce: true,
            id_token_signed_response_alg: Alg::RS256,
            disable_tag: None,
        }
    }
}

impl Fields {
    /// The fields of a client.
    pub fn of(found: &ClientWithCredentials) -> Self {
        let client = found.client.clone();
        Self {
            client_name: client.name,
            description: client.description,
            client_uri: client.client_uri,
            logo_uri: client.logo_uri,
            policy_uri: client.policy_uri,
            tos_uri: client.tos_uri,
            redirect_uris: client.redirect_uris,
            post_logout_redirect_uris: client.post_logout_redirect_uris,
            allowed_origins: client.allowed_origins,
            allowed_scopes: client.allowed_scopes.iter().map(str::to_owned).collect(),
            allowed_grant_types: client.machine_grants,
            allowed_auth_methods: client.auth_methods,
            public_keys: found.keys.iter().map(|key| json!(key.jwk)).collect(),
            jwks_uri: client.jwks_uri,
            require_pkce: client.require_pkce,
            id_token_signed_response_alg: client.id_token_alg,
            disable_tag: client.disable_tag,
        }
    }

    /// The same after a patch.
    ///
    /// # Errors
    /// The operation that does not fit.
    pub(super) fn patched(&self, patch: &Patch) -> Result<Self, AdminError> {
        let mut document = json!(self);
        patch.apply(&mut document)?;
        serde_path_to_error::deserialize(Reader(document)).map_err(|error| {
            let field = error.path().to_string();
            let field = field.split(['.', '[']).next().unwrap_or_default().to_owned();
            let misfit = error.into_inner();
            let field = misfit.missing().map_or(field, str::to_owned);
            let message = misfit.to_string();
            let told = format!("{field}: {message}");
            let blamed = patch.blame((&field, None), message);
            blamed.map_or_else(|| AdminError::Conflict(told.into()), AdminError::Patch)
        })
    }

    /// The same as a draft, for the rules of a type of client.
    ///
    /// # Errors
    /// A scope that has no name's form, or is there twice.
    pub fn draft(
        &self,
        app_type: AppType,
        consent_method: ConsentMethod,
    ) -> Result<ClientDraft, AdminError> {
        Ok(ClientDraft {
            id: None,
            secret: None,
            app_type,
            name: self.client_name.clone(),
            description: self.description.clone(),
            client_uri: self.client_uri.clone(),
            logo_uri: self.logo_uri.clone(),
            policy_uri: self.policy_uri.clone(),
            tos_uri: self.tos_uri.clone(),
            redirect_uris: self.redirect_uris.clone(),
            post_logout_redirect_uris: self.post_logout_redirect_uris.clone(),
            allowed_origins: self.allowed_origins.clone(),
            allowed_scopes: rules::scope_set(&self.allowed_scopes)?,
            machine_grants: self.allowed_grant_types.clone(),
            auth_methods: self.allowed_auth_methods.clone(),
            public_keys: self.public_keys.clone(),
            jwks_uri: self.jwks_uri.clone(),
            require_pkce: self.require_pkce,
            id_token_alg: self.id_token_signed_response_alg,
            consent_method,
        })
    }

    /// A client with these fields and scopes.
    pub(super) fn client(self, before: Client, allowed_scopes: ScopeSet) -> Client {
        Client {
            name: self.client_name.trim().to_owned(),
            description: self.description,
            client_uri: self.client_uri,
            logo_uri: self.logo_uri,
            policy_uri: self.policy_uri,
            tos_uri: self.tos_uri,
            redirect_uris: self.redirect_uris,
            post_logout_redirect_uris: self.post_logout_redirect_uris,
            allowed_origins: self.allowed_origins,
            allowed_scopes,
            machine_grants: self.allowed_grant_types,
            auth_methods: self.allowed_auth_methods,
            jwks_uri: self.jwks_uri,
            require_pkce: self.require_pkce || before.app_type != AppType::Web,
            id_token_alg: self.id_token_signed_response_alg,
            disable_tag: self.disable_tag,
            ..before
        }
    }
}
