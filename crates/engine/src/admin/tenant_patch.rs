//! What a tenant's administrators change about their tenant (contract, section 6).
//!
//! The name is in the directory, too. The region's row is committed first and the directory's last:
//! a crash in between leaves the operator's lists with the old name, and nothing else.

use domain::patch::{Op, Patch, PatchError, Rules};
use domain::tenant::{Tenant, TenantSettings};
use serde_json::{Value, json};
use store::ChangeKind;

use super::tenant::NAME_MAX;
use super::{AdminError, name};
use crate::authority::{Caller, TENANT_MANAGE};
use crate::context::Ctx;

/// What a patch of a tenant may do (contract, section 6).
pub const RULES: Rules = Rules {
    ops: &[Op::Replace],
    paths: &[
        "/name",
        "/hostnames/*",
        "/autoAssignCreateSharedSpacesRoleToProfessionals",
        "/autoAssignDataServicesContributorRoleToProfessionals",
        "/autoAssignPrivateAnalyticsContentCreatorRoleToProfessionals",
        "/enableAnalyticCreation",
        "/enableAppOpeningFeedback",
    ],
    bare_paths: false,
};

/// The fields that can change, as they travel.
fn document(tenant: &Tenant) -> Value {
    let mut document = json!(tenant.settings);
    document["name"] = json!(tenant.name);
    document
}

/// Changes the caller's tenant, as a whole or not at all.
///
/// # Errors
/// A caller without the right, another tenant, an operation that does not fit, a bad name; host
/// names, which are the operator's.
pub async fn patch(
    ctx: &Ctx<'_>,
    caller: &Caller,
    id: &str,
    body: Value,
) -> Result<(), AdminError> {
    caller.require(ctx, &TENANT_MANAGE)?;
    if id != ctx.tenant.tenant.id.as_str() {
        return Err(AdminError::NotFound("tenant"));
    }
    let patch = Patch::parse(body, &RULES)?;
    if patch.operations().iter().any(|operation| operation.field() == "hostnames") {
        return Err(AdminError::Forbidden(
            "Host names lead to this server only when its certificates and DNS know them: the \
             operator of this server sets them."
                .to_owned(),
        ));
    }
    let mut tx = ctx.begin().await?;
    tx.tenant_hold().await?;
    let before = tx.tenant_get().await?.ok_or(AdminError::NotFound("tenant"))?;
    let mut document_after = document(&before);
    patch.apply(&mut document_after)?;
    let after = changed(ctx, &before, &patch, document_after)?;
    let changes = domain::audit::changes(&document(&before), &document(&after));
    if changes == json!({}) {
        return Ok(());
    }
    tx.tenant_update(&after).await?;
    let details = json!({ "changes": changes });
    tx.audit_append(&caller.event(ctx, "tenant.updated", after.id.as_str(), details)).await?;
    ctx.commit_change(tx, ChangeKind::Tenant, after.id.as_str()).await?;
    if after.name != before.name { tell_directory(ctx, &after).await } else { Ok(()) }
}

/// Tells the directory the new name. Of two that rename at once the later in the region wins in the
/// directory, too: the name is read again behind the lock of the directory's row.
async fn tell_directory(ctx: &Ctx<'_>, renamed: &Tenant) -> Result<(), AdminError> {
    let mut place = ctx.engine.store().directory().begin().await?;
    place.tenant_location_rename(&renamed.id, &renamed.name).await?;
    let stands = ctx.read().await?.tenant_get().await?;
    if let Some(stands) = stands.filter(|stands| stands.name != renamed.name) {
        place.tenant_location_rename(&stands.id, &stands.name).await?;
    }
    Ok(place.commit().await?)
}

fn changed(
    ctx: &Ctx<'_>,
    before: &Tenant,
    patch: &Patch,
    document: Value,
) -> Result<Tenant, AdminError> {
    for (index, operation) in patch.operations().iter().enumerate() {
        let fits = match operation.field() {
            "name" => operation.value.is_string(),
            _ => operation.value.is_boolean(),
        };
        if !fits {
            let kind = if operation.field() == "name" { "a text" } else { "true or false" };
            let message = format!("{} is {kind}.", operation.field());
            return Err(PatchError::at(index, "value", message).into());
        }
    }
    let text = document["name"].as_str().unwrap_or_default();
    let name = name("name", text, NAME_MAX).map_err(|error| error.of_patch(patch))?;
    let settings: TenantSettings = serde_json::from_value(document)
        .map_err(|_| AdminError::invalid("settings", "are true or false"))?;
    Ok(Tenant { name, settings, updated_at: ctx.now, ..before.clone() })
}
