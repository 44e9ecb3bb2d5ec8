//! One OAuth client in the console: its page, its secrets, and what can be done to it. Making and
//! editing one has pages of its own.

pub mod configuration;
pub mod consent;
pub mod delete;
mod history;
pub mod leave;
mod names;
pub mod page;
pub mod publish;
pub mod rotate;
pub mod secret_delete;
pub mod secret_new;
pub mod secrets;
pub mod switch;
pub mod unused_scopes;
pub mod users;

use axum::http::StatusCode;
use axum::response::Response;
use domain::ids::ClientId;
use domain::params::{Limits, Params};
use domain::time::Timestamp;
use engine::admin::AdminError;
use engine::admin::client::{self, LastUse, Seen};

use super::{Admin, refusal};
use crate::pages::console::client::{Subject, Used, Wrong};
use crate::pages::console::{Section, When};

/// Where these pages are in the console.
const SECTION: Section = Section::Clients;

/// The client that an address names, as the tenant lists it; otherwise the page that says why not.
async fn listed(admin: &Admin, id: &str) -> Result<Seen, Response> {
    let seen = match ClientId::parse(id) {
        Ok(id) => client::read(&admin.ctx(), &admin.caller, &id).await,
        Err(_) => Err(AdminError::NotFound("client")),
    };
    seen.map_err(|error| refusal::page(admin, SECTION, &error))
}

/// The same for what only the tenant that owns the client can do.
async fn own(admin: &Admin, id: &str) -> Result<Seen, Response> {
    let seen = listed(admin, id).await?;
    if seen.in_full {
        return Ok(seen);
    }
    let why = admin.texts.t("client-foreign");
    Err(refusal::page(admin, SECTION, &AdminError::Conflict(why.into())))
}

pub(super) fn subject(seen: &Seen) -> Subject {
    let client = &seen.found.client;
    Subject { id: client.id.to_string(), name: client.name.clone() }
}

fn ago(admin: &Admin, at: Timestamp) -> When {
    When::relative(admin.texts, admin.ctx().now, at)
}

pub(super) fn used(admin: &Admin, at: Option<Timestamp>, from: Option<String>) -> Option<Used> {
    at.map(|at| Used { when: ago(admin, at), from })
}

pub(super) fn last_use(admin: &Admin, last: Option<LastUse>) -> Option<Used> {
    last.and_then(|last| used(admin, Some(last.at), last.from))
}

/// The parameters of an address; one that cannot be read says nothing.
pub(super) fn params(query: Option<&str>) -> Params {
    Params::from_form(query.unwrap_or_default().as_bytes(), Limits::default()).unwrap_or_default()
}

/// A parameter, if it is there once and says something.
pub(super) fn word(params: &Params, name: &str) -> Option<String> {
    params.get(name).ok().flatten().map(str::to_owned).filter(|word| !word.is_empty())
}

/// What a form says beside its fields when it was not carried out; nothing for what no correction
/// mends, which has a page of its own.
fn explained(admin: &Admin, error: &AdminError) -> Option<(StatusCode, Wrong)> {
    if matches!(error, AdminError::Unavailable(_) | AdminError::NotFound("client")) {
        return None;
    }
    let (status, text) = refusal::explained(admin.texts, error);
    Some((status, Wrong { field: "", text }))
}
