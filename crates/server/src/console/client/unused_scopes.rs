//! `/admin/clients/{id}/scopes/unused`: taking away scopes that a client never used.
//!
//! Invariant: what was used in the meantime is not taken away.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use engine::admin::AdminError;
use engine::admin::activity::{Activity, activity};
use engine::admin::client::{self, Seen};
use serde_json::json;

use super::{SECTION, ago, explained, own, subject};
use crate::console::{Admin, AdminForm, refusal};
use crate::pages::console::client::{UnusedScopesPanel, Wrong};

/// Which scopes they are.
pub async fn get(admin: Admin, Path(id): Path<String>) -> Response {
    match found(&admin, &id).await {
        Ok((seen, told)) => admin.page(&panel(&admin, &seen, &told)),
        Err(response) => response,
    }
}

/// Takes those that are ticked away.
pub async fn post(AdminForm { admin, form }: AdminForm, Path(id): Path<String>) -> Response {
    let (seen, told) = match found(&admin, &id).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let again = |status, wrong: Wrong| {
        let panel = panel(&admin, &seen, &told);
        admin.page_with(status, &UnusedScopesPanel { wrong: Some(wrong), ..panel })
    };
    let chosen: Vec<&str> = form.all("scope").collect();
    let refused = if chosen.is_empty() {
        Some((StatusCode::BAD_REQUEST, "unused-nothing-chosen"))
    } else if !chosen.iter().all(|one| told.unused_scopes.iter().any(|unused| unused == one)) {
        Some((StatusCode::CONFLICT, "unused-in-use"))
    } else {
        None
    };
    if let Some((status, key)) = refused {
        return again(status, Wrong { field: "", text: admin.texts.t(key) });
    }
    let now: Vec<&str> = seen.found.client.allowed_scopes.iter().collect();
    let kept: Vec<&str> = now.iter().copied().filter(|one| !chosen.contains(one)).collect();
    // Of two administrators at once the second is told, and undoes nothing.
    let patch = json!([
        { "op": "test", "path": "/allowedScopes", "value": now },
        { "op": "replace", "path": "/allowedScopes", "value": kept },
    ]);
    match client::update(&admin.ctx(), &admin.caller, &seen.found.client.id, patch).await {
        Ok(_) => admin.done(&subject(&seen).path(""), "scopes-removed"),
        Err(AdminError::Patch(_)) => {
            let text = admin.texts.t("unused-in-use");
            again(StatusCode::CONFLICT, Wrong { field: "", text })
        }
        Err(error) => match explained(&admin, &error) {
            Some((status, wrong)) => again(status, wrong),
            None => refusal::page(&admin, SECTION, &error),
        },
    }
}

async fn found(admin: &Admin, id: &str) -> Result<(Seen, Activity), Response> {
    let seen = own(admin, id).await?;
    let told = activity(&admin.ctx(), &admin.caller, &seen.found.client.id).await;
    told.map(|told| (seen, told)).map_err(|error| refusal::page(admin, SECTION, &error))
}

fn panel(admin: &Admin, seen: &Seen, told: &Activity) -> UnusedScopesPanel {
    UnusedScopesPanel {
        shell: admin.shell(SECTION),
        client: subject(seen),
        scopes: told.unused_scopes.clone(),
        since: ago(admin, told.scopes_counted_since),
        wrong: None,
    }
}
