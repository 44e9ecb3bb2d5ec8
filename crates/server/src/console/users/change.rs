//! Panels that switch a user off or on, and delete one.

use axum::extract::Path;
use axum::response::Response;
use domain::user::{User, UserStatus};
use engine::admin::{AdminError, user};

use super::{PATH, SECTION};
use crate::console::{Admin, AdminForm, own, panel, refusal};
use crate::pages::console::PanelPage;

/// `GET /admin/users/{id}/status`: what switching off or on does.
pub async fn ask_status(admin: Admin, Path(id): Path<String>) -> Response {
    panel::ask(&admin, SECTION, user(&admin, &id).await.map(|user| status_panel(&admin, &user)))
}

/// `GET /admin/users/{id}/delete`: what ends.
pub async fn ask_delete(admin: Admin, Path(id): Path<String>) -> Response {
    panel::ask(&admin, SECTION, user(&admin, &id).await.map(|user| delete_panel(&admin, &user)))
}

async fn user(admin: &Admin, id: &str) -> Result<User, AdminError> {
    let seen = user::get(&admin.ctx(), &admin.caller, id).await?;
    Ok(User::clone(&seen.user))
}

fn status_panel(admin: &Admin, user: &User) -> PanelPage {
    let t = admin.texts;
    let is_off = user.status == UserStatus::Disabled;
    let (title, what, submit, to) = match is_off {
        true => ("user-enable-title", "user-enable-what", "clients-enable", "active"),
        false => ("user-disable-title", "user-disable-what", "clients-disable", "disabled"),
    };
    let back = super::path(user.id.as_str());
    let panel = PanelPage {
        shell: admin.shell(SECTION),
        title: t.of(title, &user.name),
        says: vec![t.t(what)],
        action: format!("{back}/status"),
        fields: vec![("status".to_owned(), to.to_owned())],
        submit: ("user-status-set", t.t(submit)),
        is_danger: !is_off,
        back,
        wrong: None,
    };
    if is_off { panel } else { own::told(admin, user, panel) }
}

fn delete_panel(admin: &Admin, user: &User) -> PanelPage {
    let t = admin.texts;
    let back = super::path(user.id.as_str());
    let panel = PanelPage {
        shell: admin.shell(SECTION),
        title: t.of("user-delete-title", &user.name),
        says: vec![t.t("user-delete-what"), t.t("user-delete-instead")],
        action: format!("{back}/delete"),
        fields: Vec::new(),
        submit: ("user-delete", t.t("user-delete")),
        is_danger: true,
        back,
        wrong: None,
    };
    own::told(admin, user, panel)
}

/// `POST /admin/users/{id}/status` (`status`).
pub async fn set_status(Path(id): Path<String>, AdminForm { admin, form }: AdminForm) -> Response {
    let status = match form.field("status") {
        Some("active") => UserStatus::Active,
        _ => UserStatus::Disabled,
    };
    let set = match super::id(&id) {
        Ok(user) => user::set_status(&admin.ctx(), &admin.caller, &user, status).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(()) if status == UserStatus::Active => admin.done(&super::path(&id), "user-enabled"),
        Ok(()) => admin.done(&super::path(&id), "user-disabled"),
        Err(error) => again(&admin, &id, error, status_panel).await,
    }
}

/// `POST /admin/users/{id}/delete`.
pub async fn delete(Path(id): Path<String>, AdminForm { admin, .. }: AdminForm) -> Response {
    match user::delete(&admin.ctx(), &admin.caller, &id).await {
        Ok(()) => admin.done(PATH, "user-deleted"),
        Err(error) => again(&admin, &id, error, delete_panel).await,
    }
}

async fn again(
    admin: &Admin,
    id: &str,
    error: AdminError,
    shown: fn(&Admin, &User) -> PanelPage,
) -> Response {
    match user(admin, id).await {
        Ok(user) => panel::again(admin, SECTION, shown(admin, &user), error),
        Err(error) => refusal::page(admin, SECTION, &error),
    }
}
