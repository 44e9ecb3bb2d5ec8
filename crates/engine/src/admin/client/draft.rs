//! What a new client is made of.

use domain::client::{AppType, AuthMethod, Client, ConsentMethod, Creator, GrantType, Owner};
use domain::ids::ClientId;
use domain::jose::Alg;
use domain::scope::ScopeSet;
use domain::secret::SecretText;
use domain::user::UserKind;
use serde_json::Value;

use crate::authority::Caller;
use crate::context::Ctx;

/// What a new client is made of; the names of the wire are in the contract, section 1.
#[derive(Debug, Clone)]
pub struct ClientDraft {
    /// Its id, when it comes from a file; drawn otherwise.
    pub id: Option<ClientId>,
    /// Its first secret, when it comes from a file; drawn otherwise.
    pub secret: Option<SecretText>,
    /// The kind of application.
    pub app_type: AppType,
    /// What people call it.
    pub name: String,
    /// Free text.
    pub description: String,
    /// The application's page.
    pub client_uri: String,
    /// A picture.
    pub logo_uri: String,
    /// Privacy policy.
    pub policy_uri: String,
    /// Terms of service.
    pub tos_uri: String,
    /// Where codes may go.
    pub redirect_uris: Vec<String>,
    /// Where browsers may go after sign-out.
    pub post_logout_redirect_uris: Vec<String>,
    /// Browser origins.
    pub allowed_origins: Vec<String>,
    /// The most it may have.
    pub allowed_scopes: ScopeSet,
    /// Machine grants.
    pub machine_grants: Vec<GrantType>,
    /// How it authenticates.
    pub auth_methods: Vec<AuthMethod>,
    /// Public keys, as JWK.
    pub public_keys: Vec<Value>,
    /// Where its keys are published.
    pub jwks_uri: String,
    /// Whether PKCE is demanded of a confidential client.
    pub require_pkce: bool,
    /// What its ID tokens are signed with.
    pub id_token_alg: Alg,
    /// Whether users are asked.
    pub consent_method: ConsentMethod,
}

impl ClientDraft {
    /// A draft of a kind and name, with the defaults of the kind.
    pub fn new(app_type: AppType, name: &str) -> Self {
        let confidential = app_type == AppType::Web;
        Self {
            id: None,
            secret: None,
            app_type,
            name: name.to_owned(),
            description: String::new(),
            client_uri: String::new(),
            logo_uri: String::new(),
            policy_uri: String::new(),
            tos_uri: String::new(),
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            allowed_origins: Vec::new(),
            allowed_scopes: ScopeSet::default(),
            machine_grants: Vec::new(),
            auth_methods: if confidential { vec![AuthMethod::ClientSecret] } else { Vec::new() },
            public_keys: Vec::new(),
            jwks_uri: String::new(),
            require_pkce: true,
            id_token_alg: Alg::RS256,
            consent_method: ConsentMethod::Required,
        }
    }

    /// The client that a caller makes of it.
    pub(super) fn client(&self, ctx: &Ctx<'_>, caller: &Caller) -> Client {
        Client {
            id: self.id.clone().unwrap_or_else(|| ClientId::generate(ctx.engine.entropy())),
            owner: Owner::Tenant(ctx.tenant.tenant.id.clone()),
            app_type: self.app_type,
            name: self.name.trim().to_owned(),
            description: self.description.clone(),
            client_uri: self.client_uri.clone(),
            logo_uri: self.logo_uri.clone(),
            policy_uri: self.policy_uri.clone(),
            tos_uri: self.tos_uri.clone(),
            redirect_uris: self.redirect_uris.clone(),
            post_logout_redirect_uris: self.post_logout_redirect_uris.clone(),
            allowed_origins: self.allowed_origins.clone(),
            allowed_scopes: self.allowed_scopes.clone(),
            machine_grants: self.machine_grants.clone(),
            auth_methods: self.auth_methods.clone(),
            jwks_uri: self.jwks_uri.clone(),
            require_pkce: self.require_pkce || self.app_type != AppType::Web,
            id_token_alg: self.id_token_alg,
            disable_tag: None,
            published_at: None,
            created_by: creator(caller),
            created_at: ctx.now,
            updated_at: ctx.now,
        }
    }
}

/// Who makes a client, in the words of the contract: a person is a `user`; a machine and the
/// operator are a `service`.
fn creator(caller: &Caller) -> Creator {
    let person = caller.user().is_some_and(|user| user.kind == UserKind::Person);
    let kind = if person { "user" } else { "service" };
    Creator { kind: kind.to_owned(), id: caller.actor().id().to_owned() }
}
