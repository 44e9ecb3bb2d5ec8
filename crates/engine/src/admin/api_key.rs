//! API keys (contract, section 6): everybody has their own; an administrator makes them for
//! others, too, sees and revokes all.
//!
//! Invariants: a key's token is shown once and kept nowhere; a key that an app made for its user is
//! narrowed to what the app was given, and ends with it; no key makes keys, so that what somebody
//! made with a stolen one does not outlive its revocation; what another user's key allows is not
//! for anybody but an administrator to make.

mod list;
mod settings;

use std::sync::Arc;

use domain::api_key::{ApiKey, ApiKeyStatus};
use domain::ids::{ApiKeyId, UserId};
use domain::patch::{Op, Patch, Rules};
use domain::period::Period;
use domain::secret::SecretText;
use domain::time::plus_seconds;
use domain::user::User;
use serde_json::{Value, json};
use store::{ChangeKind, StoreError, TenantTx};

use super::AdminError;
use super::role_giving::check_target;
use super::wording::name;
use crate::api_key;
use crate::authority::{API_KEYS, API_KEYS_MANAGE, Caller};
use crate::context::Ctx;
use crate::users;

pub use list::{API_KEYS_LIST, ApiKeyFilter, list};
pub use settings::PATCH as SETTINGS_PATCH;
pub use settings::{settings, update_settings};

/// Longest description, in characters.
pub const DESCRIPTION_MAX: usize = 512;
/// What a key acts as: a user. The contract's other word is not offered.
pub const SUB_TYPE: &str = "user";
/// How long a key lives when nobody says, if the tenant allows that much.
const DEFAULT_EXPIRY: Period = Period::days(1);

/// What a new key is made of.
#[derive(Debug, Clone, Default)]
pub struct ApiKeyDraft {
    /// What it is for.
    pub description: String,
    /// How long it lives, such as `P30D`.
    pub expiry: Option<String>,
    /// The user that it acts as, by id; the caller when absent.
    pub sub: Option<String>,
    /// What that is: `user`.
    pub sub_type: Option<String>,
}

/// A new key with its token, which is never shown again.
#[derive(Debug)]
pub struct NewApiKey {
    /// The key.
    pub key: ApiKey,
    /// Its token.
    pub token: SecretText,
}

/// Whether a key is the caller's own.
fn is_own(caller: &Caller, key: &ApiKey) -> bool {
    caller.user().is_some_and(|user| user.id == key.user_id)
}

/// A key that the caller may see.
async fn visible(ctx: &Ctx<'_>, caller: &Caller, id: &str) -> Result<ApiKey, AdminError> {
    let missing = || AdminError::NotFound("API key");
    let id = ApiKeyId::parse(id).map_err(|_| missing())?;
    let found = ctx.read().await?.api_key_get(&id).await?.ok_or_else(missing)?;
    if is_own(caller, &found) || caller.may(ctx, &API_KEYS_MANAGE) {
        return Ok(found);
    }
    Err(missing())
}

/// One key: the caller's own; any for administrators.
///
/// # Errors
/// A caller without the right, `NotFound` also for other people's keys.
pub async fn get(ctx: &Ctx<'_>, caller: &Caller, id: &str) -> Result<ApiKey, AdminError> {
    caller.require(ctx, &API_KEYS)?;
    visible(ctx, caller, id).await
}

/// Makes a key.
///
/// # Errors
/// A caller without the right or who comes by an API key, a value that is not acceptable, `Limit`
/// when the user has as many active keys as the tenant allows.
pub async fn create(
    ctx: &Ctx<'_>,
    caller: &Caller,
    draft: &ApiKeyDraft,
) -> Result<NewApiKey, AdminError> {
    caller.require(ctx, &API_KEYS)?;
    if caller.api_key().is_some() {
        let message = "An API key makes no API keys: send an access token.";
        return Err(AdminError::Forbidden(message.into()));
    }
    let settings = &ctx.tenant.tenant.settings.api_keys;
    let description = name("description", &draft.description, DESCRIPTION_MAX)?;
    let period = period(draft.expiry.as_deref(), settings.max_api_key_expiry)?;
    let user = subject(ctx, caller, draft).await?;
    let id = ApiKeyId::generate(ctx.engine.entropy());
    let expires_at = plus_seconds(ctx.now, period.seconds());
    let token = api_key::issue(ctx, &user, &id, expires_at).await?;
    let key = ApiKey {
        client_id: caller.origin().map(|origin| origin.client_id.clone()),
        grant_id: caller.origin().and_then(|origin| origin.grant_id.clone()),
        granted_by: caller.origin().and_then(|origin| origin.granted_by.clone()),
        token_hash: api_key::token_hash(ctx, &id, token.expose()),
        user_id: user.id.clone(),
        description,
        scope: caller.scope().cloned(),
        created_by: caller.user().map_or_else(String::new, |user| user.id.to_string()),
        created_at: ctx.now,
        updated_at: ctx.now,
        expires_at,
        revoked_at: None,
        last_used_at: None,
        id,
    };
    let limit = settings.max_keys_per_user;
    let mut tx = ctx.begin().await?;
    tx.api_key_create(&key, limit).await.map_err(|error| match error {
        StoreError::Limit { .. } => AdminError::Limit(
            format!(
                "This user has {limit} active API keys, and this tenant allows no more: delete \
                 one, or let an administrator raise max_keys_per_user."
            )
            .into(),
        ),
        other => other.into(),
    })?;
    check_grant(ctx, &mut tx, &key).await?;
    let after = json!({
        "description": key.description, "sub": key.user_id, "expiry": key.expires_at,
        "scope": key.scope.as_ref().map(ToString::to_string),
    });
    let details = json!({ "changes": domain::audit::changes(&Value::Null, &after) });
    tx.audit_append(&caller.event(ctx, "api_key.created", key.id.as_str(), details)).await?;
    ctx.commit_change(tx, ChangeKind::ApiKey, key.id.as_str()).await?;
    Ok(NewApiKey { key, token })
}

/// Demands that the grant of a new key was not revoked since its token was looked at, and lets no
/// revocation pass until the key can be seen: it is forgotten after a day, and a key that it missed
/// would go on then.
async fn check_grant(ctx: &Ctx<'_>, tx: &mut TenantTx, key: &ApiKey) -> Result<(), AdminError> {
    match &key.grant_id {
        Some(grant) if !tx.grant_hold(grant, ctx.now).await? => {
            Err(AdminError::Conflict("What this key would be made by was revoked.".into()))
        }
        _ => Ok(()),
    }
}

fn period(asked: Option<&str>, most: Period) -> Result<Period, AdminError> {
    let Some(text) = asked else { return Ok(DEFAULT_EXPIRY.min(most)) };
    let period =
        Period::parse(text).map_err(|error| AdminError::invalid("expiry", error.to_string()))?;
    if period > most {
        let message = format!("is at most {most} in this tenant");
        return Err(AdminError::invalid("expiry", message));
    }
    Ok(period)
}

/// The user that a new key acts as.
async fn subject(
    ctx: &Ctx<'_>,
    caller: &Caller,
    draft: &ApiKeyDraft,
) -> Result<Arc<User>, AdminError> {
    match draft.sub_type.as_deref() {
        None | Some(SUB_TYPE) => {}
        Some("externalClient") => {
            let message = "externalClient is not offered: make an OAuth client with client \
                           credentials for a program, or a key with subType user";
            return Err(AdminError::invalid("subType", message));
        }
        Some(_) => return Err(AdminError::invalid("subType", "is user")),
    }
    let own = caller.user();
    let Some(sub) = draft.sub.as_deref() else {
        return own.cloned().ok_or_else(|| AdminError::invalid("sub", "names a user, by its id"));
    };
    if let Some(own) = own.filter(|own| own.id.as_str() == sub) {
        return Ok(Arc::clone(own));
    }
    caller.require(ctx, &API_KEYS_MANAGE)?;
    let found = match UserId::parse(sub) {
        Ok(id) => users::find(ctx, &id).await?,
        Err(_) => None,
    };
    let found = found
        .filter(|user| user.is_active())
        .ok_or_else(|| AdminError::invalid("sub", "is the id of an active user of this tenant"))?;
    // A key acts as its user: nobody makes one for somebody who may do more.
    check_target(ctx, caller, &found)?;
    Ok(found)
}

/// What a patch of a key may do.
pub const PATCH: Rules =
    Rules { ops: &[Op::Replace, Op::Add], paths: &["/description"], bare_paths: false };

/// Describes a key anew: its owner or an administrator.
///
/// # Errors
/// A caller without the right, `NotFound` also for other people's keys, a patch that does not fit.
pub async fn update(
    ctx: &Ctx<'_>,
    caller: &Caller,
    id: &str,
    body: Value,
) -> Result<(), AdminError> {
    caller.require(ctx, &API_KEYS)?;
    let patch = Patch::parse(body, &PATCH)?;
    let key = visible(ctx, caller, id).await?;
    let before = json!({ "description": key.description });
    let mut after = before.clone();
    patch.apply(&mut after)?;
    let wrong = |error: AdminError| error.of_patch(&patch);
    let text = after["description"].as_str();
    let text = text.ok_or_else(|| wrong(AdminError::invalid("description", "is a text")))?;
    let description = name("description", text, DESCRIPTION_MAX).map_err(wrong)?;
    if description == key.description {
        return Ok(());
    }
    let mut tx = ctx.begin().await?;
    if !tx.api_key_describe(&key.id, &description, ctx.now).await? {
        return Err(AdminError::NotFound("API key"));
    }
    let after = json!({ "description": description });
    let details = json!({ "changes": domain::audit::changes(&before, &after) });
    tx.audit_append(&caller.event(ctx, "api_key.updated", id, details)).await?;
    ctx.commit_change(tx, ChangeKind::ApiKey, id).await?;
    Ok(())
}

/// Ends a key: its owner deletes it, an administrator revokes other people's (contract, section 6).
/// It stops working at once here, within two seconds on other nodes.
///
/// # Errors
/// A caller without the right, `NotFound` also for other people's keys.
pub async fn remove(ctx: &Ctx<'_>, caller: &Caller, id: &str) -> Result<(), AdminError> {
    caller.require(ctx, &API_KEYS)?;
    let key = visible(ctx, caller, id).await?;
    let own = is_own(caller, &key);
    let mut tx = ctx.begin().await?;
    let ended = match own {
        true => tx.api_key_delete(&key.id).await?,
        false => tx.api_key_revoke(&key.id, ctx.now).await?,
    };
    if !ended {
        // Somebody was faster: gone is gone, and revoked is revoked.
        return match own || key.status(ctx.now) != ApiKeyStatus::Revoked {
            true => Err(AdminError::NotFound("API key")),
            false => Ok(()),
        };
    }
    let event = if own { "api_key.deleted" } else { "api_key.revoked" };
    let details = json!({ "sub": key.user_id, "description": key.description });
    tx.audit_append(&caller.event(ctx, event, id, details)).await?;
    ctx.commit_change(tx, ChangeKind::ApiKey, id).await?;
    Ok(())
}

/// Revokes all keys of a user who is switched off, in the transaction that does it: they are dead
/// with the user, and stay dead when the user is switched on again.
pub(crate) async fn revoke_of(
    ctx: &Ctx<'_>,
    tx: &mut TenantTx,
    user_id: &UserId,
) -> Result<(), StoreError> {
    let ended = tx.api_keys_revoke_for(user_id, ctx.now).await?;
    tell(ctx, tx, &ended).await
}

/// Tells all nodes of keys that this transaction revokes.
pub(crate) async fn tell(
    ctx: &Ctx<'_>,
    tx: &mut TenantTx,
    ended: &[ApiKeyId],
) -> Result<(), StoreError> {
    for id in ended {
        tx.change_append(ChangeKind::ApiKey, id.as_str(), ctx.now).await?;
    }
    Ok(())
}
