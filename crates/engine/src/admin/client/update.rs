//! Changing a client by a patch: all of it or nothing (contract, section 1).

use std::collections::HashSet;

use domain::client::{AuthMethod, ClientWithCredentials};
use domain::ids::ClientId;
use domain::jose::Jwk;
use domain::patch::Patch;
use domain::scope::ScopeSet;
use serde_json::{Value, json};
use store::{ChangeKind, TenantTx};

use super::create::add_keys;
use super::fields::{Fields, PATCH};
use super::secrets::{NewSecret, SecretDraft, add_secret};
use super::{change_of, own_for_update, rules};
use crate::admin::AdminError;
use crate::authority::{CLIENTS_MANAGE, Caller};
use crate::bot_user;
use crate::context::Ctx;

/// Changes a client by a patch; what the patch does not name stays, and one that changes nothing
/// writes nothing. Gives the secret that the
/// client gets when it begins to authenticate by secret. Secrets go when it stops to; keys and
/// `jwksUri` go when it stops to authenticate by key.
///
/// # Errors
/// A caller without the right, an unknown client, an operation that is not allowed, or a result
/// that breaks a rule of clients.
pub async fn update(
    ctx: &Ctx<'_>,
    caller: &Caller,
    id: &ClientId,
    body: Value,
) -> Result<Option<NewSecret>, AdminError> {
    caller.require(ctx, &CLIENTS_MANAGE)?;
    let patch = Patch::parse(body, &PATCH)?;
    let mut tx = ctx.begin().await?;
    let found = own_for_update(ctx, &mut tx, id).await?;
    let changed = Changed::plan(ctx, &found, &patch)?;
    if changed.after == changed.before {
        return Ok(None);
    }
    changed.store(ctx, caller, tx, found).await
}

/// Switches a client off with a reason, or on again.
///
/// # Errors
/// A caller without the right, an unknown client, a reason that is too long.
pub async fn set_disabled(
    ctx: &Ctx<'_>,
    caller: &Caller,
    id: &ClientId,
    reason: Option<&str>,
) -> Result<(), AdminError> {
    let body = json!([{ "op": "add", "path": "/disableTag", "value": reason }]);
    update(ctx, caller, id, body).await.map(drop)
}

/// What a client becomes.
struct Changed {
    before: Fields,
    after: Fields,
    scopes: ScopeSet,
    keys: Vec<Jwk>,
}

impl Changed {
    fn plan(
        ctx: &Ctx<'_>,
        found: &ClientWithCredentials,
        patch: &Patch,
    ) -> Result<Self, AdminError> {
        let before = Fields::of(found);
        let mut after = before.patched(patch)?;
        let by_key =
            |fields: &Fields| fields.allowed_auth_methods.contains(&AuthMethod::PrivateKeyJwt);
        let same_keys =
            after.public_keys == before.public_keys && after.jwks_uri == before.jwks_uri;
        if by_key(&before) && !by_key(&after) && same_keys {
            after.public_keys.clear();
            after.jwks_uri.clear();
        }
        let checked =
            after.draft(found.client.app_type, found.consent_method()).and_then(|draft| {
                rules::disable_tag(after.disable_tag.as_deref())?;
                Ok((rules::check(ctx.engine, &draft)?, draft.allowed_scopes))
            });
        let (keys, scopes) = checked.map_err(|error| error.of_patch(patch))?;
        Ok(Self { before, after, scopes, keys })
    }

    async fn store(
        self,
        ctx: &Ctx<'_>,
        caller: &Caller,
        mut tx: TenantTx,
        found: ClientWithCredentials,
    ) -> Result<Option<NewSecret>, AdminError> {
        let id = found.client.id.clone();
        let details = self.details();
        let secret = self.credentials(ctx, caller, &mut tx, &found).await?;
        let old_scopes = found.client.allowed_scopes.clone();
        let mut client = self.after.client(found.client, self.scopes);
        client.updated_at = ctx.now;
        tx.client_update(&client).await?;
        let bot = bot_user::follow(ctx, &mut tx, &client, &old_scopes).await?;
        let mut details = details;
        if let Some(secret) = &secret {
            details["hint"] = json!(secret.hint);
        }
        tx.audit_append(&caller.event(ctx, "client.changed", id.as_str(), details)).await?;
        ctx.commit_change(tx, change_of(&client), id.as_str()).await?;
        if let Some(bot) = bot {
            ctx.forget(ChangeKind::User, bot.as_str());
        }
        Ok(secret)
    }

    fn details(&self) -> Value {
        json!({ "changes": domain::audit::changes(&json!(self.before), &json!(self.after)) })
    }

    /// Brings keys and secrets in line; keys that stay keep when they were last used.
    async fn credentials(
        &self,
        ctx: &Ctx<'_>,
        caller: &Caller,
        tx: &mut TenantTx,
        found: &ClientWithCredentials,
    ) -> Result<Option<NewSecret>, AdminError> {
        let id = &found.client.id;
        let kept: HashSet<&str> = found
            .keys
            .iter()
            .filter(|key| self.keys.contains(&key.jwk))
            .map(|key| key.kid.as_str())
            .collect();
        for key in found.keys.iter().filter(|key| !kept.contains(key.kid.as_str())) {
            tx.client_key_delete(id, &key.kid).await?;
        }
        let is_new = |jwk: &&Jwk| !kept.contains(jwk.kid().unwrap_or_default());
        let new: Vec<Jwk> = self.keys.iter().filter(is_new).cloned().collect();
        add_keys(ctx, tx, caller, (id, new)).await?;
        let by_secret =
            |fields: &Fields| fields.allowed_auth_methods.contains(&AuthMethod::ClientSecret);
        match (by_secret(&self.before), by_secret(&self.after)) {
            (false, true) => {
                let first = SecretDraft { taken: &found.secrets, ..SecretDraft::default() };
                Ok(Some(add_secret(ctx, tx, caller, (id, &first)).await?))
            }
            (true, false) => {
                for secret in &found.secrets {
                    tx.client_secret_delete(id, &secret.hint).await?;
                }
                Ok(None)
            }
            _ => Ok(None),
        }
    }
}
