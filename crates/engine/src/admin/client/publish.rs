//! Publishing a client to all tenants of the region (contract, section 1).

use domain::client::{Client, ConnectionConfig, ConsentMethod};
use domain::ids::ClientId;
use domain::time::Timestamp;
use serde_json::json;
use store::ChangeKind;

use super::own_for_update;
use crate::admin::AdminError;
use crate::authority::{CLIENTS_MANAGE, Caller};
use crate::context::Ctx;

/// Publishes a client; tells since when it is. Its users are asked from now on, in every tenant,
/// and it cannot be trusted any more. Publishing again changes nothing.
///
/// # Errors
/// A caller without the right, an unknown client.
pub async fn publish(
    ctx: &Ctx<'_>,
    caller: &Caller,
    id: &ClientId,
) -> Result<Timestamp, AdminError> {
    caller.require(ctx, &CLIENTS_MANAGE)?;
    let mut tx = ctx.begin().await?;
    let found = own_for_update(ctx, &mut tx, id).await?;
    if let Some(at) = found.client.published_at {
        return Ok(at);
    }
    let consent_before = found.consent_method();
    let client = Client { published_at: Some(ctx.now), updated_at: ctx.now, ..found.client };
    tx.client_update(&client).await?;
    let approved = found.connection.is_none_or(|config| config.approved);
    let config = ConnectionConfig { consent_method: ConsentMethod::Required, approved };
    tx.connection_config_put(id, config, ctx.now).await?;
    let changes = domain::audit::changes(
        &json!({ "publishedAt": null, "consentMethod": consent_before }),
        &json!({ "publishedAt": ctx.now, "consentMethod": ConsentMethod::Required }),
    );
    let event = caller.event(ctx, "client.published", id.as_str(), json!({ "changes": changes }));
    tx.audit_append(&event).await?;
    // Other tenants may remember that there is no such client.
    ctx.commit_change(tx, ChangeKind::SharedClient, id.as_str()).await?;
    Ok(ctx.now)
}
