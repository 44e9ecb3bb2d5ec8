//! `/admin/users/{id}/password`: a new password, made up and shown once, or typed.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::secret::SecretText;
use domain::user::UserStatus;
use engine::admin::{AdminError, user};

use super::SECTION;
use crate::console::fault::fault;
use crate::console::{Admin, AdminForm, refusal};
use crate::http::form::Form;
use crate::pages::console::Fault;
use crate::pages::console::users::{NewPasswordPage, PasswordShownPage};

/// What a new password does.
pub async fn get(admin: Admin, Path(id): Path<String>) -> Response {
    show(&admin, &id, (StatusCode::OK, Fault::default()), false).await
}

async fn show(
    admin: &Admin,
    id: &str,
    (status, fault): (StatusCode, Fault),
    is_typed: bool,
) -> Response {
    let user = match user::get(&admin.ctx(), &admin.caller, id).await {
        Ok(seen) => seen.user,
        Err(error) => return refusal::page(admin, SECTION, &error),
    };
    let page = NewPasswordPage {
        shell: admin.shell(SECTION),
        fault,
        id: user.id.to_string(),
        name: user.name.clone(),
        is_invited: user.status == UserStatus::Invited,
        is_typed,
    };
    admin.page_with(status, &page)
}

/// The password that a form wants, if none is to be made up: whoever typed one wants that one,
/// whichever of the two is chosen beside it.
pub(super) fn given(form: &Form) -> Option<SecretText> {
    let is_typed = form.field("passwordKind") == Some("typed") || form.has("password");
    is_typed.then(|| form.secret("password"))
}

/// `POST /admin/users/{id}/password` (`passwordKind`, `password`; `activate` for who was invited).
pub async fn post(Path(id): Path<String>, AdminForm { admin, form }: AdminForm) -> Response {
    let (ctx, caller) = (admin.ctx(), &admin.caller);
    let given = given(&form);
    let is_typed = given.is_some();
    let set = match super::id(&id) {
        Ok(user) if form.has("activate") => user::activate(&ctx, caller, &user, given).await,
        Ok(user) => user::password_reset(&ctx, caller, &user, given).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(None) if form.has("activate") => admin.done(&super::path(&id), "user-activated"),
        Ok(None) => admin.done(&super::path(&id), "password-set"),
        Ok(Some(made)) => shown(&admin, &id, made.expose()).await,
        Err(error) => match fault(&admin, error, &[]) {
            Ok(fault) => show(&admin, &id, fault, is_typed).await,
            Err(error) => refusal::page(&admin, SECTION, &error),
        },
    }
}

async fn shown(admin: &Admin, id: &str, password: &str) -> Response {
    let user: Result<_, AdminError> = user::get(&admin.ctx(), &admin.caller, id).await;
    let (name, login) = match &user {
        Ok(seen) => {
            let login = seen.user.email.as_ref().unwrap_or(&seen.user.subject);
            (seen.user.name.clone(), login.clone())
        }
        // The password was set: it is shown whatever becomes of the rest.
        Err(_) => (id.to_owned(), id.to_owned()),
    };
    admin.page(&PasswordShownPage {
        title: admin.texts.of("password-shown-title", &name),
        shell: admin.shell(SECTION),
        id: id.to_owned(),
        login,
        password: password.to_owned(),
    })
}
