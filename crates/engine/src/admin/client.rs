//! Clients, their secrets and keys, and how the tenant treats them.

use std::sync::Arc;

use domain::audit::Actor;
use domain::client::{
    AppType, AuthMethod, Client, ClientKey, ClientSecret, ClientWithCredentials, ConnectionConfig,
    ConsentMethod, Creator, GrantType, Owner,
};
use domain::ids::ClientId;
use domain::jose::{Alg, Jwk};
use domain::scope::ScopeSet;
use domain::secret::{SecretText, hint, new_client_secret};
use domain::time::Timestamp;
use domain::user::UserStatus;
use serde_json::{Value, json};
use store::{ChangeKind, TenantTx};

use super::{AdminError, client_rules, name};
use crate::client_auth::stored_hash;
use crate::context::Ctx;
use crate::keys::ID_TOKEN_ALGS;

/// How often a new secret is drawn again because its hint is taken.
const HINT_TRIES: usize = 8;
/// Longest label of a secret, in characters.
const LABEL_MAX: usize = 100;

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

    pub(super) fn id_token_alg_is_unknown(&self) -> bool {
        !ID_TOKEN_ALGS.contains(&self.id_token_alg)
    }

    fn client(&self, ctx: &Ctx<'_>, actor: &Actor) -> Client {
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
            created_by: creator(actor),
            created_at: ctx.now,
            updated_at: ctx.now,
        }
    }
}

/// The id of a registered key: its own, or its thumbprint (RFC 7638).
pub(super) fn kid_of(jwk: &Jwk) -> String {
    jwk.kid().map_or_else(|| jwk.thumbprint(), str::to_owned)
}

fn creator(actor: &Actor) -> Creator {
    let kind = if matches!(actor, Actor::User(_)) { "user" } else { "service" };
    Creator { kind: kind.to_owned(), id: actor.id().to_owned() }
}

/// A secret that was just made: shown once.
#[derive(Debug)]
pub struct NewSecret {
    /// The secret.
    pub secret: SecretText,
    /// Its last five characters.
    pub hint: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Makes a client, with its first secret when it authenticates by secret.
///
/// # Errors
/// A value that breaks a rule, a full tenant, a taken id.
pub async fn create(
    ctx: &Ctx<'_>,
    draft: &ClientDraft,
    actor: &Actor,
) -> Result<(Client, Option<NewSecret>), AdminError> {
    let limits = &ctx.engine.settings().limits;
    client_rules::check(draft, &ctx.engine.catalogue, limits)?;
    let client = draft.client(ctx, actor);
    let mut tx = ctx.begin().await?;
    if tx.client_count().await? >= i64::try_from(limits.clients_per_tenant).unwrap_or(i64::MAX) {
        let most = limits.clients_per_tenant;
        return Err(AdminError::Conflict(format!("the tenant has its {most} clients already")));
    }
    tx.client_create(&client).await?;
    for key in &draft.public_keys {
        let jwk = Jwk::parse_public(key)
            .map_err(|error| AdminError::invalid("publicKeys", error.to_string()))?;
        let key = ClientKey { kid: kid_of(&jwk), jwk, created_at: ctx.now, last_used_at: None };
        tx.client_key_create(&client.id, &key, actor.id()).await?;
    }
    let config = ConnectionConfig { consent_method: draft.consent_method, approved: true };
    tx.connection_config_put(&client.id, config, ctx.now).await?;
    let by_secret = draft.auth_methods.contains(&AuthMethod::ClientSecret);
    let secret = match (by_secret, &draft.secret) {
        (true, given) => {
            let first = SecretDraft { given: given.as_ref(), label: "", taken: &[] };
            Some(add_secret(ctx, &mut tx, &client.id, &first, actor).await?)
        }
        (false, _) => None,
    };
    let details = json!({
        "name": client.name,
        "appType": client.app_type.as_str(),
        "scopes": client.allowed_scopes.to_string(),
        "consentMethod": draft.consent_method.as_str(),
    });
    tx.audit_append(&ctx.event(actor.clone(), "client.created", client.id.as_str(), details))
        .await?;
    ctx.commit_change(tx, ChangeKind::Client, client.id.as_str()).await?;
    Ok((client, secret))
}

/// What a new secret is made of.
struct SecretDraft<'a> {
    given: Option<&'a SecretText>,
    label: &'a str,
    taken: &'a [ClientSecret],
}

async fn add_secret(
    ctx: &Ctx<'_>,
    tx: &mut TenantTx,
    client_id: &ClientId,
    draft: &SecretDraft<'_>,
    actor: &Actor,
) -> Result<NewSecret, AdminError> {
    let draw = || draft.given.cloned().unwrap_or_else(|| new_client_secret(ctx.engine.entropy()));
    let free = |secret: &SecretText| !draft.taken.iter().any(|s| s.hint == hint(secret.expose()));
    let secret = std::iter::repeat_with(draw).take(HINT_TRIES).find(free);
    let secret = secret.ok_or_else(|| AdminError::Conflict("no free hint was found".to_owned()))?;
    let row = ClientSecret {
        id: Arc::from(domain::crypto::hex(&ctx.engine.entropy().bytes::<12>())),
        hint: hint(secret.expose()).to_owned(),
        hash: stored_hash(ctx.engine, client_id, &secret),
        label: draft.label.to_owned(),
        created_at: ctx.now,
        created_by: actor.id().to_owned(),
        expires_at: None,
        last_used_at: None,
    };
    tx.client_secret_create(client_id, &row).await?;
    Ok(NewSecret { secret, hint: row.hint, created_at: ctx.now })
}

/// Adds a secret, so that the old one can be replaced without downtime.
///
/// # Errors
/// An unknown client, one without secrets, or one that has its five already.
pub async fn secret_create(
    ctx: &Ctx<'_>,
    client_id: &ClientId,
    label: &str,
    actor: &Actor,
) -> Result<NewSecret, AdminError> {
    if label.chars().count() > LABEL_MAX {
        return Err(AdminError::invalid("label", format!("has at most {LABEL_MAX} characters")));
    }
    let mut tx = ctx.begin().await?;
    let found = tx.client_get(client_id).await?.ok_or(AdminError::NotFound("client"))?;
    if !found.client.auth_methods.contains(&AuthMethod::ClientSecret) {
        return Err(AdminError::Conflict("this client does not authenticate by secret".to_owned()));
    }
    let most = ctx.engine.settings().limits.client_secrets;
    if found.secrets.len() >= most {
        return Err(AdminError::Conflict(format!("The max number of client secrets is {most}")));
    }
    let draft = SecretDraft { given: None, label, taken: &found.secrets };
    let secret = add_secret(ctx, &mut tx, client_id, &draft, actor).await?;
    let details = json!({ "hint": secret.hint, "label": label });
    let event = ctx.event(actor.clone(), "client_secret.created", client_id.as_str(), details);
    tx.audit_append(&event).await?;
    ctx.commit_change(tx, ChangeKind::Client, client_id.as_str()).await?;
    Ok(secret)
}

/// Removes a secret by its hint; within two seconds no node takes it any more.
///
/// # Errors
/// An unknown client or hint.
pub async fn secret_delete(
    ctx: &Ctx<'_>,
    client_id: &ClientId,
    hint: &str,
    actor: &Actor,
) -> Result<(), AdminError> {
    let mut tx = ctx.begin().await?;
    if !tx.client_secret_delete(client_id, hint).await? {
        return Err(AdminError::NotFound("client secret"));
    }
    let details = json!({ "hint": hint });
    let event = ctx.event(actor.clone(), "client_secret.deleted", client_id.as_str(), details);
    tx.audit_append(&event).await?;
    ctx.commit_change(tx, ChangeKind::Client, client_id.as_str()).await?;
    Ok(())
}

/// Switches a client off with a reason, or on again.
///
/// # Errors
/// An unknown client.
pub async fn set_disabled(
    ctx: &Ctx<'_>,
    client_id: &ClientId,
    reason: Option<&str>,
    actor: &Actor,
) -> Result<(), AdminError> {
    let reason = reason.map(|text| name("disableTag", text, LABEL_MAX)).transpose()?;
    let disabled = reason.is_some();
    let mut tx = ctx.begin().await?;
    let found = tx.client_get(client_id).await?.ok_or(AdminError::NotFound("client"))?;
    let client = Client { disable_tag: reason, updated_at: ctx.now, ..found.client };
    if !tx.client_update(&client).await? {
        return Err(not_owned());
    }
    let details = json!({ "disabled": disabled });
    let event = ctx.event(actor.clone(), "client.switched", client_id.as_str(), details);
    tx.audit_append(&event).await?;
    ctx.commit_change(tx, ChangeKind::Client, client_id.as_str()).await?;
    Ok(())
}

/// A published or regional client, which other tenants use, too.
fn not_owned() -> AdminError {
    AdminError::Conflict("this client is not this tenant's own: change it where it is owned".into())
}

/// Deletes a client with everything that hangs on it; its tokens stop working.
///
/// # Errors
/// An unknown client.
pub async fn delete(ctx: &Ctx<'_>, client_id: &ClientId, actor: &Actor) -> Result<(), AdminError> {
    let mut tx = ctx.begin().await?;
    if !tx.client_delete(client_id).await? {
        return Err(AdminError::NotFound("client"));
    }
    // The bot user stays for the trail's sake, and can do nothing any more.
    if let Some(bot) = tx.bot_user_find(client_id).await? {
        tx.user_update_status(&bot.id, UserStatus::Disabled, ctx.now).await?;
        tx.change_append(ChangeKind::User, bot.id.as_str(), ctx.now).await?;
    }
    let event = ctx.event(actor.clone(), "client.deleted", client_id.as_str(), json!({}));
    tx.audit_append(&event).await?;
    ctx.commit_change(tx, ChangeKind::Client, client_id.as_str()).await?;
    Ok(())
}

/// A client that this tenant sees.
///
/// # Errors
/// When the store is away.
pub async fn find(
    ctx: &Ctx<'_>,
    client_id: &ClientId,
) -> Result<Option<ClientWithCredentials>, AdminError> {
    Ok(ctx.read().await?.client_get(client_id).await?)
}

/// Clients that this tenant sees, by id, after one.
///
/// # Errors
/// When the store is away.
pub async fn list(
    ctx: &Ctx<'_>,
    limit: u32,
    after: Option<&ClientId>,
) -> Result<Vec<ClientWithCredentials>, AdminError> {
    Ok(ctx.read().await?.client_list(limit, after).await?)
}
