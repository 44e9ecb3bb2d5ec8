//! `/admin/clients/{id}/consent`: whether the tenant's users are asked.

use axum::extract::Path;
use axum::response::Response;
use domain::client::{AppType, ConsentMethod, GrantType};
use engine::admin::client::{self, Seen};
use serde_json::json;

use super::{SECTION, explained, listed, subject};
use crate::console::{Admin, AdminForm, refusal};
use crate::pages::console::client::{ConsentPanel, Wrong};

/// The choice.
pub async fn get(admin: Admin, Path(id): Path<String>) -> Response {
    match listed(&admin, &id).await {
        Ok(seen) => admin.page(&panel(&admin, &seen, None)),
        Err(response) => response,
    }
}

/// Sets it.
pub async fn post(AdminForm { admin, form }: AdminForm, Path(id): Path<String>) -> Response {
    let seen = match listed(&admin, &id).await {
        Ok(seen) => seen,
        Err(response) => return response,
    };
    let chosen = form.field("consent").unwrap_or_default();
    let patch = json!([{ "op": "replace", "path": "/consentMethod", "value": chosen }]);
    let client_id = &seen.found.client.id;
    match client::connection_update(&admin.ctx(), &admin.caller, client_id, patch).await {
        Ok(()) => admin.done(&subject(&seen).path(""), "consent-changed"),
        Err(error) => match explained(&admin, &error) {
            Some((status, wrong)) => admin.page_with(status, &panel(&admin, &seen, Some(wrong))),
            None => refusal::page(&admin, SECTION, &error),
        },
    }
}

fn panel(admin: &Admin, seen: &Seen, wrong: Option<Wrong>) -> ConsentPanel {
    let client = &seen.found.client;
    let why_not = if client.published_at.is_some() {
        Some("consent-not-published")
    } else if client.app_type == AppType::AnonymousEmbed {
        Some("consent-not-anonymous")
    } else {
        None
    };
    let machine = [GrantType::ClientCredentials, GrantType::UserImpersonation];
    ConsentPanel {
        shell: admin.shell(SECTION),
        client: subject(seen),
        is_trusted: seen.found.consent_method() == ConsentMethod::Trusted,
        why_not: why_not.map(|key| admin.texts.t(key)),
        is_machine: machine.into_iter().any(|grant| client.may_use(grant)),
        wrong,
    }
}
