//! What a tenant's administrators change about their tenant (contract, section 6).
//!
//! The name is in the directory, too. Both are written before either is committed, so that a
//! directory that is away refuses the change as a whole. The region's row is committed first and the
//! directory's last: what happens in between leaves the operator's lists with the old name until the
//! tenant is renamed again, and nothing else.

use domain::patch::{Op, Patch, PatchError, Rules};
use domain::tenant::{Tenant, TenantSettings};
use serde_json::{Value, json};
use store::{ChangeKind, DirectoryTx};

use super::AdminError;
use super::tenant::NAME_MAX;
use super::wording::name;
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
                .into(),
        ));
    }
    // The directory first, as when a tenant is made: who holds the one never waits for the other.
    let place = match patch.operations().iter().any(|operation| operation.field() == "name") {
        true => Some(ctx.engine.store().directory().begin().await?),
        false => None,
    };
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
    let renamed = rename(place, &before, &after).await?;
    let details = json!({ "changes": changes });
    tx.audit_append(&caller.event(ctx, "tenant.updated", after.id.as_str(), details)).await?;
    ctx.commit_change(tx, ChangeKind::Tenant, after.id.as_str()).await?;
    if let Some(place) = renamed
        && let Err(error) = place.commit().await
    {
        let tenant = after.id.as_str();
        tracing::warn!(tenant, %error, "the directory keeps the old name of a tenant");
    }
    Ok(())
}

/// Writes a new name into the directory; gives what is to be committed there. Of two that rename at
/// once the later in the region is the later in the directory, too: it waits for the directory's row
/// since before the other commits in the region.
async fn rename(
    place: Option<DirectoryTx>,
    before: &Tenant,
    after: &Tenant,
) -> Result<Option<DirectoryTx>, AdminError> {
    let Some(mut place) = place.filter(|_| after.name != before.name) else { return Ok(None) };
    place.tenant_location_rename(&after.id, &after.name).await?;
    Ok(Some(place))
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
