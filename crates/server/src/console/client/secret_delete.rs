//! `/admin/clients/{id}/secrets/{hint}/delete`: what stops when a secret goes, and deleting it.
//!
//! Invariant: a secret that was used within the last day goes only when its hint was typed, and
//! the last one that works only when that was said; the server checks both.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::Response;
use engine::admin::AdminError;
use engine::admin::client::{self, SecretConsequences, Seen};

use super::{SECTION, explained, last_use, own, params, subject, word};
use crate::console::{Admin, AdminForm, refusal};
use crate::pages::console::client::{SecretDeletePanel, Wrong};

/// What stops.
pub async fn get(
    admin: Admin,
    Path((id, hint)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Response {
    let rotate = word(&params(query.as_deref()), "rotate").unwrap_or_default();
    match found(&admin, &id, &hint).await {
        Ok((seen, told)) => admin.page(&panel(&admin, &seen, told, rotate)),
        Err(response) => response,
    }
}

/// Deletes it, or shows the form again with what was wrong.
pub async fn post(
    AdminForm { admin, form }: AdminForm,
    Path((id, hint)): Path<(String, String)>,
) -> Response {
    let (seen, told) = match found(&admin, &id, &hint).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let text = |name: &str| form.field(name).unwrap_or_default().to_owned();
    let (typed, rotate, force) = (text("confirm"), text("rotate"), form.has("force"));
    let wrong = |field, key: &str| Wrong { field, text: admin.texts.t(key) };
    let must_type = told.used_within_day && typed.trim() != hint;
    let is_last = told.is_last;
    let again = |status: StatusCode, wrong: Wrong| {
        let panel = panel(&admin, &seen, told.clone(), rotate.clone());
        let (typed, wrong) = (typed.clone(), Some(wrong));
        admin.page_with(status, &SecretDeletePanel { typed, force, wrong, ..panel })
    };
    if must_type {
        return again(StatusCode::BAD_REQUEST, wrong("confirm", "secret-delete-confirm-wrong"));
    }
    let secret = (&seen.found.client.id, hint.as_str());
    match client::secret_delete(&admin.ctx(), &admin.caller, secret, force).await {
        Ok(()) => after(&admin, &seen, &hint, &rotate),
        // The engine decides: what is the last one may have changed since the page was shown.
        Err(AdminError::Conflict(_)) if is_last && !force => {
            again(StatusCode::CONFLICT, wrong("force", "secret-delete-force-wrong"))
        }
        Err(error) => match explained(&admin, &error) {
            Some((status, wrong)) => again(status, wrong),
            None => refusal::page(&admin, SECTION, &error),
        },
    }
}

/// Back to the list, or to the guide that led here.
fn after(admin: &Admin, seen: &Seen, hint: &str, rotate: &str) -> Response {
    let client = subject(seen);
    match seen.found.secrets.iter().any(|one| one.hint == rotate) {
        true => crate::http::respond::redirect(
            StatusCode::SEE_OTHER,
            &client.path(&format!("/rotate?old={hint}&new={rotate}&done=secret-deleted")),
        ),
        false => admin.done(&client.path("/secrets"), "secret-deleted"),
    }
}

async fn found(
    admin: &Admin,
    id: &str,
    hint: &str,
) -> Result<(Seen, SecretConsequences), Response> {
    let seen = own(admin, id).await?;
    let secret = (&seen.found.client.id, hint);
    let told = client::secret_consequences(&admin.ctx(), &admin.caller, secret).await;
    told.map(|told| (seen, told)).map_err(|error| refusal::page(admin, SECTION, &error))
}

fn panel(
    admin: &Admin,
    seen: &Seen,
    told: SecretConsequences,
    rotate: String,
) -> SecretDeletePanel {
    SecretDeletePanel {
        shell: admin.shell(SECTION),
        client: subject(seen),
        hint: told.hint,
        label: told.label,
        used: last_use(admin, told.last_used),
        used_within_day: told.used_within_day,
        used_within_month: told.used_within_month,
        is_last: told.is_last,
        typed: String::new(),
        force: false,
        rotate,
        wrong: None,
    }
}
