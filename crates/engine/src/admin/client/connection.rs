//! How the caller's tenant treats a client: its connection config (contract, section 1).

use domain::client::{AppType, ClientWithCredentials, ConnectionConfig, ConsentMethod};
use domain::ids::ClientId;
use domain::patch::{Op, Patch, Rules};
use domain::said;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{ChangeKind, TenantTx};

use super::list::is_listed;
use crate::admin::AdminError;
use crate::authority::{CLIENTS_MANAGE, CLIENTS_READ, Caller};
use crate::context::Ctx;

/// What a patch of a connection config may do (contract, section 1).
pub static CONNECTION_PATCH: Rules =
    Rules { ops: &[Op::Add, Op::Replace, Op::Test], paths: &["/consentMethod"], bare_paths: false };

const WHAT: &str = "connection config";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    consent_method: ConsentMethod,
}

/// How the tenant treats a client.
///
/// # Errors
/// A caller without the right, an unknown client, or one that the tenant has no config for.
pub async fn connection_get(
    ctx: &Ctx<'_>,
    caller: &Caller,
    id: &ClientId,
) -> Result<ConnectionConfig, AdminError> {
    caller.require(ctx, &CLIENTS_READ)?;
    let found = ctx.read().await?.client_get(id).await?;
    let found = found.filter(|found| is_listed(ctx, found));
    let found = found.ok_or(AdminError::NotFound("client"))?;
    let config = found.connection.ok_or(AdminError::NotFound(WHAT))?;
    Ok(ConnectionConfig { consent_method: found.consent_method(), ..config })
}

/// A client that the tenant lists; its row is locked when it is the tenant's own.
async fn listed(
    ctx: &Ctx<'_>,
    tx: &mut TenantTx,
    id: &ClientId,
) -> Result<ClientWithCredentials, AdminError> {
    tx.client_lock(id, ctx.now).await?;
    let found = tx.client_get(id).await?;
    found.filter(|found| is_listed(ctx, found)).ok_or(AdminError::NotFound("client"))
}

/// Changes how the tenant treats a client, by a patch of `/consentMethod`.
///
/// # Errors
/// A caller without the right, an unknown client, a patch that does not fit, or trust for a client
/// that cannot have it.
pub async fn connection_update(
    ctx: &Ctx<'_>,
    caller: &Caller,
    id: &ClientId,
    body: Value,
) -> Result<(), AdminError> {
    caller.require(ctx, &CLIENTS_MANAGE)?;
    let patch = Patch::parse(body, &CONNECTION_PATCH)?;
    let mut tx = ctx.begin().await?;
    let found = listed(ctx, &mut tx, id).await?;
    let before = found.consent_method();
    let mut document = json!({ "consentMethod": before });
    patch.apply(&mut document)?;
    let invalid =
        |message: &'static str| AdminError::invalid("consentMethod", message).of_patch(&patch);
    let fields: Fields =
        serde_json::from_value(document.clone()).map_err(|_| invalid("is required or trusted"))?;
    let after = fields.consent_method;
    if after == ConsentMethod::Trusted {
        may_be_trusted(&found).map_err(|error| error.of_patch(&patch))?;
    }
    let approved = found.connection.is_none_or(|config| config.approved);
    let config = ConnectionConfig { consent_method: after, approved };
    if found.connection == Some(config) {
        return Ok(());
    }
    tx.connection_config_put(id, config, ctx.now).await?;
    let changes = domain::audit::changes(&json!({ "consentMethod": before }), &document);
    audit_and_commit(ctx, caller, tx, (id, "client.connection_changed", changes)).await
}

/// Only unpublished clients with users can be trusted (contract, section 1).
fn may_be_trusted(found: &ClientWithCredentials) -> Result<(), AdminError> {
    let why = if found.client.published_at.is_some() {
        said!("consent-published", "stays required: a published client cannot be trusted")
    } else if found.client.app_type == AppType::AnonymousEmbed {
        said!("consent-stays-embed", "stays required for anonymous-embed clients")
    } else {
        return Ok(());
    };
    Err(AdminError::invalid("consentMethod", why))
}

/// Forgets how the tenant treats a client: its users are asked again, and a machine is refused
/// until an administrator trusts it again. A client of another tenant is no longer let in.
///
/// # Errors
/// A caller without the right, an unknown client, or one that the tenant has no config for.
pub async fn connection_delete(
    ctx: &Ctx<'_>,
    caller: &Caller,
    id: &ClientId,
) -> Result<(), AdminError> {
    caller.require(ctx, &CLIENTS_MANAGE)?;
    let mut tx = ctx.begin().await?;
    let found = listed(ctx, &mut tx, id).await?;
    if !tx.connection_config_delete(id).await? {
        return Err(AdminError::NotFound(WHAT));
    }
    let before = json!({ "consentMethod": found.consent_method() });
    let changes = domain::audit::changes(&before, &Value::Null);
    audit_and_commit(ctx, caller, tx, (id, "client.connection_deleted", changes)).await
}

async fn audit_and_commit(
    ctx: &Ctx<'_>,
    caller: &Caller,
    mut tx: TenantTx,
    (id, event, changes): (&ClientId, &'static str, Value),
) -> Result<(), AdminError> {
    let event = caller.event(ctx, event, id.as_str(), json!({ "changes": changes }));
    tx.audit_append(&event).await?;
    ctx.commit_change(tx, ChangeKind::Client, id.as_str()).await?;
    Ok(())
}
