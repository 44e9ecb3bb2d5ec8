//! The tenant's looks: the forms of `/admin/settings` for its accent and its logo.

use axum::response::Response;
use engine::admin::brand;

use super::AdminForm;
use super::settings::{PATH, Typed, again};

/// `POST /admin/settings/accent`: a colour, or none for the product's own.
pub async fn set_accent(AdminForm { admin, form }: AdminForm) -> Response {
    let accent = form.field("accent");
    match brand::set_accent(&admin.ctx(), &admin.caller, accent).await {
        Ok(()) => admin.done(PATH, "accent-saved"),
        Err(error) => {
            let accent = Some(accent.unwrap_or_default().to_owned());
            again(&admin, error, Typed { accent, ..Typed::default() })
        }
    }
}

/// `POST /admin/settings/logo`: a picture.
pub async fn set_logo(AdminForm { admin, form }: AdminForm) -> Response {
    match brand::set_logo(&admin.ctx(), &admin.caller, form.file().to_vec()).await {
        Ok(()) => admin.done(PATH, "logo-saved"),
        Err(error) => again(&admin, error, Typed::default()),
    }
}

/// `POST /admin/settings/logo/remove`.
pub async fn remove_logo(AdminForm { admin, .. }: AdminForm) -> Response {
    match brand::remove_logo(&admin.ctx(), &admin.caller).await {
        Ok(()) => admin.done(PATH, "logo-removed"),
        Err(error) => again(&admin, error, Typed::default()),
    }
}
