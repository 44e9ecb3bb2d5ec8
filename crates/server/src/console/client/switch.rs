//! `/admin/clients/{id}/disable` and `…/enable`: a client off with a reason, and on again.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use engine::admin::AdminError;
use engine::admin::client::{self, Seen};

use super::delete::breaks;
use super::{SECTION, explained, own, subject};
use crate::console::{Admin, AdminForm, refusal};
use crate::pages::console::client::{SwitchPanel, Wrong};

/// What switching it off means.
pub async fn disable(admin: Admin, Path(id): Path<String>) -> Response {
    show(&admin, &id, false).await
}

/// What switching it on means.
pub async fn enable(admin: Admin, Path(id): Path<String>) -> Response {
    show(&admin, &id, true).await
}

async fn show(admin: &Admin, id: &str, is_enable: bool) -> Response {
    let seen = match own(admin, id).await {
        Ok(seen) => seen,
        Err(response) => return response,
    };
    match panel(admin, &seen, is_enable).await {
        Ok(panel) => admin.page(&panel),
        Err(error) => refusal::page(admin, SECTION, &error),
    }
}

/// Switches it off.
pub async fn post_disable(
    AdminForm { admin, form }: AdminForm,
    Path(id): Path<String>,
) -> Response {
    let reason = form.field("reason").unwrap_or_default().trim().to_owned();
    set(&admin, &id, Some(reason)).await
}

/// Switches it on.
pub async fn post_enable(AdminForm { admin, .. }: AdminForm, Path(id): Path<String>) -> Response {
    set(&admin, &id, None).await
}

async fn set(admin: &Admin, id: &str, reason: Option<String>) -> Response {
    let seen = match own(admin, id).await {
        Ok(seen) => seen,
        Err(response) => return response,
    };
    let client_id = &seen.found.client.id;
    let set = client::set_disabled(&admin.ctx(), &admin.caller, client_id, reason.as_deref()).await;
    let (status, wrong) = match set {
        Ok(()) => {
            let done = if reason.is_some() { "client-disabled" } else { "client-enabled" };
            return admin.done(&subject(&seen).path(""), done);
        }
        // The reason is the only thing in this patch.
        Err(AdminError::Patch(error)) if reason.is_some() => (
            StatusCode::BAD_REQUEST,
            Wrong { field: "reason", text: admin.texts.said(&error.message) },
        ),
        Err(error) => match explained(admin, &error) {
            Some(explained) => explained,
            None => return refusal::page(admin, SECTION, &error),
        },
    };
    let is_enable = reason.is_none();
    let panel = match panel(admin, &seen, is_enable).await {
        Ok(panel) => panel,
        Err(error) => return refusal::page(admin, SECTION, &error),
    };
    let reason = reason.unwrap_or_else(|| panel.reason.clone());
    admin.page_with(status, &SwitchPanel { reason, wrong: Some(wrong), ..panel })
}

async fn panel(admin: &Admin, seen: &Seen, is_enable: bool) -> Result<SwitchPanel, AdminError> {
    let told = match is_enable {
        true => Vec::new(),
        false => {
            let id = [seen.found.client.id.clone()];
            client::consequences(&admin.ctx(), &admin.caller, &id).await?
        }
    };
    let reason = seen.found.client.disable_tag.clone().unwrap_or_default();
    Ok(SwitchPanel {
        shell: admin.shell(SECTION),
        client: subject(seen),
        is_enable,
        breaks: told.into_iter().next().map(|told| breaks(admin, told)),
        reason,
        wrong: None,
    })
}
