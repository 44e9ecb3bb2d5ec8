//! What a user holds, and ending it after it was asked about: sessions, and apps that the user let
//! in.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use domain::ids::{ClientId, SessionId};
use domain::user::User;
use engine::account::Overview;
use engine::admin::{AdminError, user};

use super::{SECTION, page};
use crate::account::device;
use crate::console::client::{params, word};
use crate::console::{Admin, AdminForm, panel};
use crate::pages::console::PanelPage;

/// `GET /admin/users/{id}/sessions`: what ends with the one that `session` names, or with all.
pub async fn ask_end(admin: Admin, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let session = word(&params(query.as_deref()), "session");
    let asked = found(&admin, &id).await.and_then(|(user, access)| match session {
        Some(session) => end_one(&admin, &user, &access, &session),
        None => Ok(end_all(&admin, &user, &access)),
    });
    panel::ask(&admin, SECTION, asked)
}

/// `GET /admin/users/{id}/apps?clientId=…`: what an app loses.
pub async fn ask_remove_app(
    admin: Admin,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let client = word(&params(query.as_deref()), "clientId").unwrap_or_default();
    let asked = found(&admin, &id).await;
    let asked = asked.and_then(|(user, access)| remove(&admin, &user, &access, &client));
    panel::ask(&admin, SECTION, asked)
}

async fn found(admin: &Admin, id: &str) -> Result<(User, Overview), AdminError> {
    let (ctx, caller) = (admin.ctx(), &admin.caller);
    let user = user::get(&ctx, caller, id).await?.user;
    let access = user::access(&ctx, caller, &user.id).await?;
    Ok((User::clone(&user), access))
}

fn end_one(
    admin: &Admin,
    user: &User,
    access: &Overview,
    id: &str,
) -> Result<PanelPage, AdminError> {
    let t = admin.texts;
    let session = access.sessions.iter().find(|one| one.id.as_str() == id);
    let session = session.ok_or(AdminError::NotFound("session"))?;
    let device = device::describe(admin.texts, &session.user_agent);
    let variables = [("name", device.into()), ("address", session.address.as_str().into())];
    let mut says = vec![t.with("user-session-end-which", &variables), t.t("user-session-end-what")];
    if session.id == admin.signed_in.session.id {
        says.push(t.t("user-session-end-own"));
    }
    Ok(PanelPage {
        title: t.t("user-session-end-title"),
        says,
        fields: vec![("session".to_owned(), id.to_owned())],
        submit: ("session-end", t.t("user-session-end-title")),
        ..blank(admin, user, "sessions")
    })
}

fn end_all(admin: &Admin, user: &User, access: &Overview) -> PanelPage {
    let t = admin.texts;
    let count = t.count("user-sessions-end-count", access.sessions.len());
    let mut says = vec![count, t.t("user-session-end-what")];
    if access.sessions.iter().any(|one| one.id == admin.signed_in.session.id) {
        says.push(t.t("user-session-end-own"));
    }
    PanelPage {
        title: t.of("user-sessions-end-title", &user.name),
        says,
        submit: ("sessions-end", t.t("user-sessions-end")),
        ..blank(admin, user, "sessions")
    }
}

fn remove(
    admin: &Admin,
    user: &User,
    access: &Overview,
    client: &str,
) -> Result<PanelPage, AdminError> {
    let t = admin.texts;
    let app = access.apps.iter().find(|app| app.consent.client_id.as_str() == client);
    let app = app.ok_or(AdminError::NotFound("client"))?;
    let names = [("name", user.name.as_str().into()), ("client", app.client_name.as_str().into())];
    Ok(PanelPage {
        title: t.t("remove-user-title"),
        says: vec![t.with("remove-user-means", &names)],
        fields: vec![("clientId".to_owned(), client.to_owned())],
        submit: ("app-remove", t.t("user-app-remove")),
        ..blank(admin, user, "apps")
    })
}

/// A question about something of a user's, still without words.
fn blank(admin: &Admin, user: &User, rest: &str) -> PanelPage {
    let back = super::path(user.id.as_str());
    PanelPage {
        shell: admin.shell(SECTION),
        title: String::new(),
        says: Vec::new(),
        action: format!("{back}/{rest}"),
        fields: Vec::new(),
        submit: ("", String::new()),
        is_danger: true,
        back,
        wrong: None,
    }
}

/// `POST /admin/users/{id}/sessions`: ends the session that the form names, or all of them.
pub async fn end(Path(id): Path<String>, AdminForm { admin, form }: AdminForm) -> Response {
    let ctx = admin.ctx();
    let ended: Result<&str, AdminError> = async {
        let user = super::id(&id)?;
        let Some(session) = form.field("session") else {
            user::sessions_end(&ctx, &admin.caller, &user).await?;
            return Ok("sessions-ended");
        };
        let unknown = |_| AdminError::NotFound("session");
        let session = SessionId::parse(session).map_err(unknown)?;
        user::session_end(&ctx, &admin.caller, &user, &session).await?;
        Ok("session-ended")
    }
    .await;
    match ended {
        Ok(done) => admin.done(&super::path(&id), done),
        Err(error) => page::refused(&admin, &id, error).await,
    }
}

/// `POST /admin/users/{id}/apps`: takes the access of the app that the form names away.
pub async fn remove_app(Path(id): Path<String>, AdminForm { admin, form }: AdminForm) -> Response {
    let removed: Result<bool, AdminError> = async {
        let user = super::id(&id)?;
        let client = ClientId::parse(form.field("clientId").unwrap_or_default());
        let client = client.map_err(|_| AdminError::NotFound("client"))?;
        user::app_remove(&admin.ctx(), &admin.caller, &user, &client).await
    }
    .await;
    match removed {
        Ok(true) => admin.done(&super::path(&id), "app-removed"),
        Ok(false) => admin.done(&super::path(&id), "app-was-removed"),
        Err(error) => page::refused(&admin, &id, error).await,
    }
}
