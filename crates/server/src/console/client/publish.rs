//! `/admin/clients/{id}/publish`: a client for all tenants of the region, for good.

use axum::extract::Path;
use axum::response::Response;
use domain::client::ConsentMethod;
use engine::admin::client::{self, Seen};

use super::{SECTION, ago, explained, own, subject};
use crate::console::{Admin, AdminForm, refusal};
use crate::pages::console::client::{PublishPanel, Wrong};

/// What it means.
pub async fn get(admin: Admin, Path(id): Path<String>) -> Response {
    match own(&admin, &id).await {
        Ok(seen) => admin.page(&panel(&admin, &seen, None)),
        Err(response) => response,
    }
}

/// Publishes it.
pub async fn post(AdminForm { admin, .. }: AdminForm, Path(id): Path<String>) -> Response {
    let seen = match own(&admin, &id).await {
        Ok(seen) => seen,
        Err(response) => return response,
    };
    match client::publish(&admin.ctx(), &admin.caller, &seen.found.client.id).await {
        Ok(_) => admin.done(&subject(&seen).path(""), "client-published"),
        Err(error) => match explained(&admin, &error) {
            Some((status, wrong)) => admin.page_with(status, &panel(&admin, &seen, Some(wrong))),
            None => refusal::page(&admin, SECTION, &error),
        },
    }
}

fn panel(admin: &Admin, seen: &Seen, wrong: Option<Wrong>) -> PublishPanel {
    PublishPanel {
        shell: admin.shell(SECTION),
        client: subject(seen),
        published: seen.found.client.published_at.map(|at| ago(admin, at)),
        is_trusted: seen.found.consent_method() == ConsentMethod::Trusted,
        wrong,
    }
}
