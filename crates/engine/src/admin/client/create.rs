//! Making a client.

use domain::client::{AuthMethod, ClientKey, ClientWithCredentials, ConnectionConfig};
use domain::ids::ClientId;
use domain::jose::Jwk;
use domain::said;
use serde_json::{Value, json};
use store::{ChangeKind, TenantTx};

use super::fields::Fields;
use super::secrets::{NewSecret, SecretDraft, add_secret};
use super::{ClientDraft, rules};
use crate::admin::AdminError;
use crate::admin::once::Mark;
use crate::authority::{CLIENTS_MANAGE, Caller};
use crate::context::Ctx;

/// A client that was just made.
#[derive(Debug)]
pub struct Created {
    /// The client, with its keys and its connection config.
    pub found: ClientWithCredentials,
    /// Its first secret, when it authenticates by secret.
    pub secret: Option<NewSecret>,
}

/// Makes a client, with its first secret when it authenticates by secret.
///
/// # Errors
/// A caller without the right, a value that breaks a rule, a full tenant, a taken id.
pub async fn create(
    ctx: &Ctx<'_>,
    caller: &Caller,
    draft: &ClientDraft,
) -> Result<Created, AdminError> {
    create_once(ctx, caller, draft, None).await
}

/// The same, once for each mark of a form.
///
/// # Errors
/// As for [`create`]; [`AdminError::Repeated`].
pub async fn create_once(
    ctx: &Ctx<'_>,
    caller: &Caller,
    draft: &ClientDraft,
    mark: Option<&Mark>,
) -> Result<Created, AdminError> {
    caller.require(ctx, &CLIENTS_MANAGE)?;
    let keys = rules::check(ctx.engine, draft)?;
    let client = draft.client(ctx, caller);
    let mut tx = ctx.begin().await?;
    Mark::spend(mark, ctx, caller, &mut tx).await?;
    room(ctx, &mut tx).await?;
    tx.client_create(&client).await?;
    let keys = add_keys(ctx, &mut tx, caller, (&client.id, keys)).await?;
    let config = ConnectionConfig { consent_method: draft.consent_method, approved: true };
    tx.connection_config_put(&client.id, config, ctx.now).await?;
    let secret = match draft.auth_methods.contains(&AuthMethod::ClientSecret) {
        true => {
            let first = SecretDraft { given: draft.secret.as_ref(), ..SecretDraft::default() };
            Some(add_secret(ctx, &mut tx, caller, (&client.id, &first)).await?)
        }
        false => None,
    };
    let found =
        ClientWithCredentials { client, secrets: Vec::new(), keys, connection: Some(config) };
    let id = found.client.id.as_str();
    tx.audit_append(&caller.event(ctx, "client.created", id, details(&found, secret.as_ref())))
        .await?;
    ctx.commit_change(tx, ChangeKind::Client, id).await?;
    Ok(Created { found, secret })
}

/// Demands that the tenant has room for one more client until the commit.
async fn room(ctx: &Ctx<'_>, tx: &mut TenantTx) -> Result<(), AdminError> {
    let most = ctx.engine.settings().limits.clients_per_tenant;
    if tx.client_count_for_update().await? < i64::try_from(most).unwrap_or(i64::MAX) {
        return Ok(());
    }
    Err(AdminError::Limit(said!(
        "clients-max",
        "The tenant has its {most} clients already. Delete one that is not in use.",
        most
    )))
}

fn details(made: &ClientWithCredentials, secret: Option<&NewSecret>) -> Value {
    let mut after = json!(Fields::of(made));
    after["appType"] = json!(made.client.app_type);
    after["consentMethod"] = json!(made.consent_method());
    let mut details = json!({ "changes": domain::audit::changes(&Value::Null, &after) });
    if let Some(secret) = secret {
        details["hint"] = json!(secret.hint);
    }
    details
}

/// Registers keys that passed the rules, so that each has a `kid`.
pub(super) async fn add_keys(
    ctx: &Ctx<'_>,
    tx: &mut TenantTx,
    caller: &Caller,
    (client_id, keys): (&ClientId, Vec<Jwk>),
) -> Result<Vec<ClientKey>, AdminError> {
    let mut added = Vec::new();
    for jwk in keys {
        let kid = jwk.kid().unwrap_or_default().to_owned();
        let key = ClientKey { kid, jwk, created_at: ctx.now, last_used_at: None };
        tx.client_key_create(client_id, &key, caller.actor().id()).await?;
        added.push(key);
    }
    Ok(added)
}
