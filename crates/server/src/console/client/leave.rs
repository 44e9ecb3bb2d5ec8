//! `/admin/clients/{id}/leave`: the tenant stops using a client that another one published.

use axum::extract::Path;
use axum::response::Response;
use engine::admin::AdminError;
use engine::admin::client::{self, Consequences, Seen};

use super::{SECTION, listed, subject};
use crate::console::{Admin, AdminForm, panel, refusal};
use crate::pages::console::PanelPage;

/// What ends.
pub async fn get(admin: Admin, Path(id): Path<String>) -> Response {
    match foreign(&admin, &id).await {
        Ok(seen) => panel::ask(&admin, SECTION, question(&admin, &seen).await),
        Err(response) => response,
    }
}

/// Ends it.
pub async fn post(AdminForm { admin, .. }: AdminForm, Path(id): Path<String>) -> Response {
    let seen = match foreign(&admin, &id).await {
        Ok(seen) => seen,
        Err(response) => return response,
    };
    match client::connection_delete(&admin.ctx(), &admin.caller, &seen.found.client.id).await {
        Ok(()) => admin.done("/admin/clients", "client-left"),
        Err(error) => match question(&admin, &seen).await {
            Ok(page) => panel::again(&admin, SECTION, page, error),
            Err(error) => refusal::page(&admin, SECTION, &error),
        },
    }
}

/// A listed client of another tenant; a client of one's own is switched off or deleted.
async fn foreign(admin: &Admin, id: &str) -> Result<Seen, Response> {
    let seen = listed(admin, id).await?;
    if !seen.in_full {
        return Ok(seen);
    }
    let why = admin.texts.t("leave-own");
    Err(refusal::page(admin, SECTION, &AdminError::Conflict(why.into())))
}

async fn question(admin: &Admin, seen: &Seen) -> Result<PanelPage, AdminError> {
    let t = admin.texts;
    let ids = std::slice::from_ref(&seen.found.client.id);
    let breaks = client::consequences(&admin.ctx(), &admin.caller, ids).await?;
    let count = |of: fn(&Consequences) -> u64| {
        breaks.iter().map(of).filter_map(|count| usize::try_from(count).ok()).sum::<usize>()
    };
    let back = subject(seen).path("");
    Ok(PanelPage {
        shell: admin.shell(SECTION),
        title: t.of("leave-title", &seen.found.client.name),
        says: vec![
            t.count("leave-users", count(|one| one.users)),
            t.count("leave-tokens", count(|one| one.tokens_last_month)),
            t.t("leave-again"),
        ],
        action: format!("{back}/leave"),
        fields: Vec::new(),
        submit: ("leave-submit", t.t("leave-submit")),
        is_danger: true,
        back,
        wrong: None,
    })
}
