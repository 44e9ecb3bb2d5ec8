//! `/admin/settings`: the tenant itself. What it looks like is in [`super::looks`].

use axum::extract::RawQuery;
use axum::response::Response;
use domain::colour::Rgb;
use domain::params::{Limits, Params};
use engine::admin::{AdminError, tenant_patch};
use serde_json::json;

use super::fault::fault;
use super::{Admin, AdminForm, refusal};
use crate::pages::console::settings::{SettingsPage, Swatch};
use crate::pages::console::{Fault, Section, Shell};

const SECTION: Section = Section::Settings;
pub(super) const PATH: &str = "/admin/settings";

/// What somebody typed instead of what is stored.
#[derive(Default)]
pub(super) struct Typed {
    pub name: Option<String>,
    pub accent: Option<String>,
}

/// The page. With `?tried` and an `accent` it shows what pages would make of that one.
pub async fn get(admin: Admin, RawQuery(query): RawQuery) -> Response {
    let shell = admin.shell_after(SECTION, query.as_deref());
    let accent = query.as_deref().and_then(tried);
    let wrong = accent.as_deref().and_then(|text| colour(text).err());
    let fault =
        wrong.map(|error| Fault::at("accent", admin.texts.said(&error.said()))).unwrap_or_default();
    admin.page(&page(&admin, shell, Typed { accent, ..Typed::default() }, fault))
}

/// The accent that is tried out; empty when the field is.
fn tried(query: &str) -> Option<String> {
    let rest = query.strip_prefix("tried")?;
    let params = Params::from_form(rest.as_bytes(), Limits::default()).unwrap_or_default();
    Some(params.get("accent").ok().flatten().unwrap_or_default().to_owned())
}

/// The colour in the field; an empty one is none.
fn colour(text: &str) -> Result<Option<Rgb>, domain::colour::NoColour> {
    let text = text.trim();
    if text.is_empty() { Ok(None) } else { text.parse().map(Some) }
}

fn page(admin: &Admin, shell: Shell, typed: Typed, fault: Fault) -> SettingsPage {
    let view = &admin.request.tenant;
    let stored = view.tenant.brand.accent.map(|accent| accent.to_string());
    let accent = typed.accent.or(stored).unwrap_or_default();
    let swatches = colour(&accent).ok().flatten().map(|chosen| Swatch::both(admin.texts, chosen));
    SettingsPage {
        shell,
        fault,
        name: typed.name.unwrap_or_else(|| view.tenant.name.clone()),
        accent,
        swatches: swatches.unwrap_or_default(),
        tenant_id: view.tenant.id.to_string(),
        region: view.tenant.region.to_string(),
        issuer: view.issuer.clone(),
        hostnames: view.tenant.hostnames.clone(),
    }
}

/// The page once more, with everything typed and what is wrong with it.
pub(super) fn again(admin: &Admin, error: AdminError, typed: Typed) -> Response {
    match fault(admin, error, &["name"]) {
        Ok((status, fault)) => {
            admin.page_with(status, &page(admin, admin.shell(SECTION), typed, fault))
        }
        Err(error) => refusal::page(admin, SECTION, &error),
    }
}

/// `POST /admin/settings`: a new name.
pub async fn post(AdminForm { admin, form }: AdminForm) -> Response {
    let name = form.field("name").unwrap_or_default().to_owned();
    let id = admin.request.tenant.tenant.id.to_string();
    let body = json!([{ "op": "replace", "path": "/name", "value": name }]);
    match tenant_patch::patch(&admin.ctx(), &admin.caller, &id, body).await {
        Ok(()) => admin.done(PATH, "settings-saved"),
        Err(error) => again(&admin, error, Typed { name: Some(name), ..Typed::default() }),
    }
}
