//! What a tenant's administrators choose for its API keys (contract, section 6).

use domain::api_key::ApiKeySettings;
use domain::patch::{Op, Patch, Rules};
use serde_json::{Value, json};
use store::ChangeKind;

use crate::admin::AdminError;
use crate::authority::{API_KEYS, API_KEYS_MANAGE, Caller};
use crate::context::Ctx;

/// What a patch of the tenant's settings may do.
pub const PATCH: Rules = Rules {
    ops: &[Op::Replace, Op::Add],
    paths: &["/max_api_key_expiry", "/max_keys_per_user", "/scim_externalClient_expiry"],
    bare_paths: false,
};

/// This tenant's, by its id.
fn check_mine(ctx: &Ctx<'_>, tenant_id: &str) -> Result<(), AdminError> {
    match ctx.tenant.tenant.id.as_str() == tenant_id {
        true => Ok(()),
        false => Err(AdminError::NotFound("configuration of API keys")),
    }
}

/// The settings.
///
/// # Errors
/// A caller without the right, `NotFound` for another tenant's.
pub fn settings(
    ctx: &Ctx<'_>,
    caller: &Caller,
    tenant_id: &str,
) -> Result<ApiKeySettings, AdminError> {
    caller.require(ctx, &API_KEYS)?;
    check_mine(ctx, tenant_id)?;
    Ok(ctx.tenant.tenant.settings.api_keys)
}

/// Changes the settings. Keys that are there stay as they are.
///
/// # Errors
/// A caller who is no administrator, `NotFound` for another tenant's, a patch that does not fit.
pub async fn update_settings(
    ctx: &Ctx<'_>,
    caller: &Caller,
    tenant_id: &str,
    body: Value,
) -> Result<(), AdminError> {
    caller.require(ctx, &API_KEYS_MANAGE)?;
    check_mine(ctx, tenant_id)?;
    let patch = Patch::parse(body, &PATCH)?;
    let mut tx = ctx.begin().await?;
    tx.tenant_hold().await?;
    let mut tenant = tx.tenant_get().await?.ok_or(AdminError::NotFound("tenant"))?;
    let before = json!(tenant.settings.api_keys);
    let mut after = before.clone();
    patch.apply(&mut after)?;
    tenant.settings.api_keys = read(&after).map_err(|error| error.of_patch(&patch))?;
    let after = json!(tenant.settings.api_keys);
    if after == before {
        return Ok(());
    }
    tenant.updated_at = ctx.now;
    tx.tenant_update(&tenant).await?;
    let details = json!({ "changes": domain::audit::changes(&before, &after) });
    tx.audit_append(&caller.event(ctx, "api_key.settings_updated", tenant_id, details)).await?;
    ctx.commit_change(tx, ChangeKind::Tenant, tenant_id).await?;
    Ok(())
}

fn read(document: &Value) -> Result<ApiKeySettings, AdminError> {
    let period = |field: &'static str| {
        let text = document[field].as_str().unwrap_or_default();
        text.parse().map_err(|error: domain::period::InvalidPeriod| {
            AdminError::invalid(field, error.to_string())
        })
    };
    let most = ApiKeySettings::MAX_KEYS_PER_USER;
    let keys = document["max_keys_per_user"].as_u64();
    let keys = keys.and_then(|keys| u32::try_from(keys).ok()).filter(|keys| *keys <= most);
    Ok(ApiKeySettings {
        max_api_key_expiry: period("max_api_key_expiry")?,
        max_keys_per_user: keys.ok_or_else(|| {
            AdminError::invalid("max_keys_per_user", format!("is a whole number, 0 to {most}"))
        })?,
        scim_external_client_expiry: period("scim_externalClient_expiry")?,
    })
}
