//! Client secrets: shown once, found again by their hints.

use std::sync::Arc;

use domain::client::{AuthMethod, ClientSecret, ClientWithCredentials};
use domain::ids::ClientId;
use domain::said;
use domain::secret::{SecretText, hint, new_client_secret};
use domain::time::Timestamp;
use serde_json::json;
use store::TenantTx;

use super::limits::LABEL_MAX;
use super::{change_of, own_for_update};
use crate::admin::AdminError;
use crate::admin::once::Mark;
use crate::admin::wording::label;
use crate::authority::{CLIENTS_MANAGE, Caller};
use crate::client_auth::stored_hash;
use crate::context::Ctx;

/// How often a new secret is drawn again because its hint is taken.
const HINT_TRIES: usize = 8;

/// What an administrator says about a new secret.
#[derive(Debug, Clone, Default)]
pub struct SecretRequest {
    /// What it is for: at most [`LABEL_MAX`] characters.
    pub label: String,
    /// When it stops working, if ever.
    pub expires_at: Option<Timestamp>,
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
    /// Who made it.
    pub created_by: String,
    /// When it stops working, if ever.
    pub expires_at: Option<Timestamp>,
}

/// What a new secret is made of.
#[derive(Default)]
pub(super) struct SecretDraft<'a> {
    /// The secret, when it comes from a file; drawn otherwise.
    pub given: Option<&'a SecretText>,
    pub request: SecretRequest,
    /// Those that the client has.
    pub taken: &'a [ClientSecret],
}

/// Adds a secret to a client.
pub(super) async fn add_secret(
    ctx: &Ctx<'_>,
    tx: &mut TenantTx,
    caller: &Caller,
    (client_id, draft): (&ClientId, &SecretDraft<'_>),
) -> Result<NewSecret, AdminError> {
    let draw = || draft.given.cloned().unwrap_or_else(|| new_client_secret(ctx.engine.entropy()));
    let free = |secret: &SecretText| !draft.taken.iter().any(|s| s.hint == hint(secret.expose()));
    let secret = std::iter::repeat_with(draw).take(HINT_TRIES).find(free);
    let secret = secret.ok_or_else(|| AdminError::Conflict("no free hint was found".into()))?;
    let row = ClientSecret {
        id: Arc::from(domain::crypto::hex(&ctx.engine.entropy().bytes::<12>())),
        hint: hint(secret.expose()).to_owned(),
        hash: stored_hash(ctx.engine, client_id, &secret),
        label: draft.request.label.clone(),
        created_at: ctx.now,
        created_by: caller.actor().id().to_owned(),
        expires_at: draft.request.expires_at,
        last_used_at: None,
    };
    let most = u32::try_from(ctx.engine.settings().limits.client_secrets).unwrap_or(u32::MAX);
    tx.client_secret_create(client_id, &row, most).await?;
    Ok(NewSecret {
        secret,
        hint: row.hint,
        created_at: row.created_at,
        created_by: row.created_by,
        expires_at: row.expires_at,
    })
}

/// Adds a secret, so that the old one can be replaced without downtime.
///
/// # Errors
/// A caller without the right, an unknown client, one without secrets, or one that has its five
/// already.
pub async fn secret_create(
    ctx: &Ctx<'_>,
    caller: &Caller,
    client_id: &ClientId,
    request: SecretRequest,
) -> Result<NewSecret, AdminError> {
    secret_create_once(ctx, caller, client_id, (request, None)).await
}

/// The same, once for each mark of a form.
///
/// # Errors
/// As for [`secret_create`]; [`AdminError::Repeated`].
pub async fn secret_create_once(
    ctx: &Ctx<'_>,
    caller: &Caller,
    client_id: &ClientId,
    (request, mark): (SecretRequest, Option<&Mark>),
) -> Result<NewSecret, AdminError> {
    caller.require(ctx, &CLIENTS_MANAGE)?;
    check(ctx, &request)?;
    let mut tx = ctx.begin().await?;
    Mark::spend(mark, ctx, caller, &mut tx).await?;
    let found = own_for_update(ctx, &mut tx, client_id).await?;
    if !found.client.auth_methods.contains(&AuthMethod::ClientSecret) {
        let why = said!(
            "secret-not-allowed",
            "This client does not authenticate by secret: add client_secret to its \
             allowedAuthMethods first. Only web clients can."
        );
        return Err(AdminError::Conflict(why));
    }
    let most = ctx.engine.settings().limits.client_secrets;
    if found.secrets.len() >= most {
        return Err(AdminError::Limit(said!(
            "secrets-max",
            "The max number of client secrets is {most}",
            most
        )));
    }
    let details = json!({ "label": request.label, "expiresAt": request.expires_at });
    let draft = SecretDraft { given: None, request, taken: &found.secrets };
    let secret = add_secret(ctx, &mut tx, caller, (client_id, &draft)).await?;
    let mut details = details;
    details["hint"] = json!(secret.hint);
    let event = caller.event(ctx, "client_secret.created", client_id.as_str(), details);
    tx.audit_append(&event).await?;
    ctx.commit_change(tx, change_of(&found.client), client_id.as_str()).await?;
    Ok(secret)
}

fn check(ctx: &Ctx<'_>, request: &SecretRequest) -> Result<(), AdminError> {
    label("label", &request.label, LABEL_MAX)?;
    if request.expires_at.is_some_and(|at| at <= ctx.now) {
        return Err(AdminError::invalid("expiresAt", said!("expiry-future", "is in the future")));
    }
    Ok(())
}

/// Removes a secret by its hint; within two seconds no node takes it any more.
///
/// # Errors
/// A caller without the right, an unknown client or hint, or the last credential that works,
/// unless `force` says that the client may be left without any.
pub async fn secret_delete(
    ctx: &Ctx<'_>,
    caller: &Caller,
    (client_id, hint): (&ClientId, &str),
    force: bool,
) -> Result<(), AdminError> {
    caller.require(ctx, &CLIENTS_MANAGE)?;
    let mut tx = ctx.begin().await?;
    let found = own_for_update(ctx, &mut tx, client_id).await?;
    let secret = found.secrets.iter().find(|secret| secret.hint == hint);
    let secret = secret.ok_or(AdminError::NotFound("client secret"))?;
    if !force && is_last(ctx, &found, secret) {
        let why = said!(
            "secret-last",
            "The secret that ends in {hint} is the only credential of this client that works: \
             without it the client gets no more tokens. Add another one first, or say force.",
            hint
        );
        return Err(AdminError::Conflict(why));
    }
    tx.client_secret_delete(client_id, hint).await?;
    let details = json!({
        "hint": hint,
        "label": secret.label,
        "lastUsedAt": secret.last_used_at,
        "forced": force,
    });
    let event = caller.event(ctx, "client_secret.deleted", client_id.as_str(), details);
    tx.audit_append(&event).await?;
    ctx.commit_change(tx, change_of(&found.client), client_id.as_str()).await?;
    Ok(())
}

/// Whether a secret works, and nothing else of the client does.
pub(super) fn is_last(ctx: &Ctx<'_>, found: &ClientWithCredentials, secret: &ClientSecret) -> bool {
    let works = |one: &ClientSecret| one.expires_at.is_none_or(|at| at > ctx.now);
    let others = found.secrets.iter().filter(|one| one.hint != secret.hint);
    let by_key = found.client.auth_methods.contains(&AuthMethod::PrivateKeyJwt);
    works(secret) && !by_key && !others.into_iter().any(works)
}
