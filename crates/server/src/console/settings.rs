//! `/admin/settings`: the tenant itself.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use engine::admin::{AdminError, tenant_patch};
use serde_json::json;

use super::{Admin, AdminForm, refusal};
use crate::pages::console::settings::SettingsPage;
use crate::pages::console::{Section, Shell};

const SECTION: Section = Section::Settings;
const PATH: &str = "/admin/settings";

/// The page.
pub async fn get(admin: Admin, RawQuery(query): RawQuery) -> Response {
    let shell = admin.shell_after(SECTION, query.as_deref());
    let name = admin.request.tenant.tenant.name.clone();
    admin.page(&page(&admin, shell, name, None))
}

fn page(admin: &Admin, shell: Shell, name: String, wrong: Option<String>) -> SettingsPage {
    let view = &admin.request.tenant;
    SettingsPage {
        shell,
        name,
        wrong,
        tenant_id: view.tenant.id.to_string(),
        region: view.tenant.region.to_string(),
        issuer: view.issuer.clone(),
        hostnames: view.tenant.hostnames.clone(),
    }
}

/// `POST /admin/settings`: a new name.
pub async fn post(AdminForm { admin, form }: AdminForm) -> Response {
    let name = form.field("name").unwrap_or_default().to_owned();
    let id = admin.request.tenant.tenant.id.to_string();
    let body = json!([{ "op": "replace", "path": "/name", "value": name }]);
    match tenant_patch::patch(&admin.ctx(), &admin.caller, &id, body).await {
        Ok(()) => admin.done(PATH, "settings-saved"),
        Err(error @ (AdminError::Invalid { .. } | AdminError::Patch(_))) => {
            let shown = page(&admin, admin.shell(SECTION), name, Some(error.to_string()));
            admin.page_with(StatusCode::BAD_REQUEST, &shown)
        }
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}
