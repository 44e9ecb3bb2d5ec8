//! `/admin/clients/{id}/users/remove`: taking a client's access to one user away.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use domain::ids::UserId;
use engine::admin::AdminError;
use engine::admin::client::{self, Seen};
use engine::admin::user;

use super::{SECTION, explained, listed, params, subject, word};
use crate::console::{Admin, AdminForm, refusal};
use crate::pages::console::client::{RemoveUserPanel, Wrong};

/// What it means.
pub async fn get(admin: Admin, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let user_id = word(&params(query.as_deref()), "user").unwrap_or_default();
    match found(&admin, &id, &user_id).await {
        Ok((_, panel, _)) => admin.page(&panel),
        Err(response) => response,
    }
}

/// Takes it away.
pub async fn post(AdminForm { admin, form }: AdminForm, Path(id): Path<String>) -> Response {
    let user_id = form.field("user").unwrap_or_default();
    let (seen, panel, user_id) = match found(&admin, &id, user_id).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let client_id = &seen.found.client.id;
    match client::client_user_remove(&admin.ctx(), &admin.caller, client_id, &user_id).await {
        Ok(had) => {
            let done = if had { "access-revoked" } else { "access-gone" };
            admin.done(&subject(&seen).path(""), done)
        }
        Err(error) => match explained(&admin, &error) {
            Some((status, wrong)) => admin.page_with(status, &again(panel, wrong)),
            None => refusal::page(&admin, SECTION, &error),
        },
    }
}

fn again(panel: RemoveUserPanel, wrong: Wrong) -> RemoveUserPanel {
    RemoveUserPanel { wrong: Some(wrong), ..panel }
}

async fn found(
    admin: &Admin,
    id: &str,
    user_id: &str,
) -> Result<(Seen, RemoveUserPanel, UserId), Response> {
    let seen = listed(admin, id).await?;
    let user = user::get(&admin.ctx(), &admin.caller, user_id).await;
    let user = user.map_err(|error: AdminError| refusal::page(admin, SECTION, &error))?.user;
    let panel = RemoveUserPanel {
        shell: admin.shell(SECTION),
        client: subject(&seen),
        user_id: user.id.to_string(),
        user_name: user.name.clone(),
        wrong: None,
    };
    Ok((seen, panel, user.id.clone()))
}
