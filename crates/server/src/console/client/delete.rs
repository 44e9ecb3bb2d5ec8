//! `/admin/clients/delete`: what breaks when clients go, and deleting them, one by one.
//!
//! Invariant: each is deleted by itself; that one of several is gone keeps no other from going,
//! and what came of each is told.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use domain::ids::ClientId;
use engine::admin::AdminError;
use engine::admin::client::{self, Consequences, MAX_CLIENTS};

use super::{SECTION, last_use, params};
use crate::console::{Admin, AdminForm, refusal};
use crate::pages::console::client::{
    Breaks, DeletePage, DeleteResult, DeleteResultPage, Subject, Wrong,
};

const LIST: &str = "/admin/clients";

/// What breaks; or what to do first, when nothing was chosen.
pub async fn get(admin: Admin, RawQuery(query): RawQuery) -> Response {
    let asked = params(query.as_deref());
    let chosen = Chosen::read(asked.all("id"));
    match page(&admin, &chosen, None).await {
        Ok(page) => admin.page(&page),
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}

/// Deletes them.
pub async fn post(AdminForm { admin, form }: AdminForm) -> Response {
    let chosen = Chosen::read(form.all("id"));
    let wrong = (!form.has("confirm"))
        .then(|| Wrong { field: "confirm", text: admin.texts.t("delete-confirm-wrong") });
    let is_refused = wrong.is_some() || chosen.is_empty();
    let page = match page(&admin, &chosen, wrong).await {
        Ok(page) if is_refused => return admin.page_with(StatusCode::BAD_REQUEST, &page),
        Ok(page) => page,
        Err(error) => return refusal::page(&admin, SECTION, &error),
    };
    let results = delete(&admin, &chosen, &page).await;
    if let [DeleteResult { failed: None, .. }] = results.as_slice() {
        return admin.done(LIST, "client-deleted");
    }
    let status = match results.iter().all(|one| one.failed.is_some()) {
        true => StatusCode::CONFLICT,
        false => StatusCode::OK,
    };
    admin.page_with(status, &DeleteResultPage { shell: admin.shell(SECTION), results })
}

/// The ids that were asked for, each once; what is no id is only counted.
struct Chosen {
    ids: Vec<ClientId>,
    unreadable: usize,
}

impl Chosen {
    fn read<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut chosen = Self { ids: Vec::new(), unreadable: 0 };
        for text in texts {
            match ClientId::parse(text) {
                Ok(id) if chosen.ids.contains(&id) => {}
                Ok(id) => chosen.ids.push(id),
                Err(_) => chosen.unreadable += 1,
            }
        }
        chosen
    }

    fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.unreadable == 0
    }
}

async fn page(
    admin: &Admin,
    chosen: &Chosen,
    wrong: Option<Wrong>,
) -> Result<DeletePage, AdminError> {
    if chosen.ids.len() > MAX_CLIENTS {
        return Err(AdminError::Limit(admin.texts.t("delete-too-many").into()));
    }
    let found = client::consequences(&admin.ctx(), &admin.caller, &chosen.ids).await?;
    let missing = chosen.ids.len() - found.len() + chosen.unreadable;
    let clients = found.into_iter().map(|one| breaks(admin, one)).collect();
    Ok(DeletePage { shell: admin.shell(SECTION), clients, missing, wrong })
}

pub(super) fn breaks(admin: &Admin, told: Consequences) -> Breaks {
    Breaks {
        client: Subject { id: told.client_id.to_string(), name: told.client_name },
        used: last_use(admin, told.last_used),
        is_busy: told.used_within_day,
        tokens_last_month: told.tokens_last_month,
        tokens_last_day: told.tokens_last_day,
        users: told.users,
        refresh_families: told.refresh_families,
        api_keys: told.api_keys,
        other_tenants: told.other_tenants,
    }
}

async fn delete(admin: &Admin, chosen: &Chosen, page: &DeletePage) -> Vec<DeleteResult> {
    let mut results = Vec::with_capacity(chosen.ids.len());
    for id in &chosen.ids {
        let known = page.clients.iter().find(|one| one.client.id == id.as_str());
        let name = known.map(|one| one.client.name.clone()).unwrap_or_default();
        let done = client::delete(&admin.ctx(), &admin.caller, id).await;
        let failed = done.err().map(|error| {
            if let AdminError::Unavailable(private) = &error {
                refusal::log(admin, private);
            }
            refusal::explained(admin.texts, &error).1
        });
        results.push(DeleteResult { client: Subject { id: id.to_string(), name }, failed });
    }
    results
}
