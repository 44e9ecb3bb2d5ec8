//! What a user holds, and ending it: sessions, and apps that the user let in.

use axum::extract::Path;
use axum::response::Response;
use domain::ids::{ClientId, SessionId};
use engine::admin::{AdminError, user};

use super::page;
use crate::console::AdminForm;

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
