//! `/admin/clients/{id}/secrets/new`: another secret, shown once.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::client::AuthMethod;
use domain::time::{Timestamp, plus_seconds};
use engine::admin::AdminError;
use engine::admin::client::{self, SecretRequest, Seen};

use super::{SECTION, explained, own, subject};
use crate::console::{Admin, AdminForm, once, refusal};
use crate::http::form::Form;
use crate::pages::console::client::{NewSecretPanel, SecretMadePage, Wrong};

/// Seconds from the beginning of a day to its last.
const LAST_SECOND: i64 = 86_399;

/// The form.
pub async fn get(admin: Admin, Path(id): Path<String>) -> Response {
    match own(&admin, &id).await {
        Ok(seen) => admin.page(&panel(&admin, &seen)),
        Err(response) => response,
    }
}

/// Makes the secret, or shows the form again with what was wrong.
pub async fn post(AdminForm { admin, form }: AdminForm, Path(id): Path<String>) -> Response {
    let seen = match own(&admin, &id).await {
        Ok(seen) => seen,
        Err(response) => return response,
    };
    let typed = |wrong: Option<Wrong>| NewSecretPanel {
        label: text(&form, "label"),
        expires: text(&form, "expires"),
        rotate: text(&form, "rotate"),
        wrong,
        ..panel(&admin, &seen)
    };
    let expires_at = match expiry(&text(&form, "expires"), admin.ctx().now) {
        Ok(at) => at,
        Err(key) => {
            let wrong = Wrong { field: "expires", text: admin.texts.t(key) };
            return admin.page_with(StatusCode::BAD_REQUEST, &typed(Some(wrong)));
        }
    };
    let Some(mark) = once::of(&form) else {
        return refusal::not_our_form(&admin.request, admin.texts);
    };
    let request = SecretRequest { label: text(&form, "label"), expires_at };
    let request = (request, Some(&mark));
    let client_id = &seen.found.client.id;
    match client::secret_create_once(&admin.ctx(), &admin.caller, client_id, request).await {
        Ok(made) => {
            let client = subject(&seen);
            let old = text(&form, "rotate");
            let is_rotation = seen.found.secrets.iter().any(|one| one.hint == old);
            let go_on = match is_rotation {
                true => client.path(&format!("/rotate?old={old}&new={}", made.hint)),
                false => client.path("/secrets"),
            };
            let shell = admin.shell(SECTION);
            let (secret, hint) = (made.secret, made.hint);
            admin.page(&SecretMadePage { shell, client, secret, hint, go_on, is_rotation })
        }
        Err(AdminError::Repeated) => {
            refusal::twice(&admin, SECTION, &subject(&seen).path("/secrets"))
        }
        Err(AdminError::Invalid { field: field @ "label", message, .. }) => {
            let wrong = Wrong { field, text: admin.texts.said(&message) };
            admin.page_with(StatusCode::BAD_REQUEST, &typed(Some(wrong)))
        }
        Err(error) => match explained(&admin, &error) {
            Some((status, wrong)) => admin.page_with(status, &typed(Some(wrong))),
            None => refusal::page(&admin, SECTION, &error),
        },
    }
}

fn text(form: &Form, name: &str) -> String {
    form.field(name).unwrap_or_default().to_owned()
}

fn panel(admin: &Admin, seen: &Seen) -> NewSecretPanel {
    let by_secret = seen.found.client.auth_methods.contains(&AuthMethod::ClientSecret);
    let refused = match by_secret {
        false => Some("secrets-not-used"),
        true if is_full(admin, seen) => Some("secrets-full"),
        true => None,
    };
    NewSecretPanel {
        shell: admin.shell(SECTION),
        client: subject(seen),
        once: once::mark(admin),
        label: String::new(),
        expires: String::new(),
        rotate: String::new(),
        wrong: None,
        refused: refused.map(|key| admin.texts.t(key)),
    }
}

/// Whether a client has as many secrets as it may have.
pub(super) fn is_full(admin: &Admin, seen: &Seen) -> bool {
    seen.found.secrets.len() >= admin.ctx().engine.settings().limits.client_secrets
}

/// The end of a day that was typed; nothing typed is no expiry. Otherwise the key of what is wrong.
fn expiry(typed: &str, now: Timestamp) -> Result<Option<Timestamp>, &'static str> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let is_day = typed.len() == 10 && typed.is_ascii();
    let midnight = format!("{typed}T00:00:00Z").parse::<Timestamp>();
    let Some(midnight) = midnight.ok().filter(|_| is_day) else {
        return Err("secrets-expires-wrong");
    };
    // The last representable day has no end that could be told.
    let end = plus_seconds(midnight, LAST_SECOND);
    if end > now { Ok(Some(end)) } else { Err("secrets-expires-past") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_its_last_second() {
        let now: Timestamp = "2026-11-27T12:00:00Z".parse().expect("a time");
        let end = |typed| expiry(typed, now).map(|at| at.map(|at| at.to_string()));
        assert_eq!(end(""), Ok(None));
        assert_eq!(end("  "), Ok(None));
        assert_eq!(end("2026-11-27"), Ok(Some("2026-11-27T23:59:59Z".to_owned())));
        assert_eq!(end("2026-11-26"), Err("secrets-expires-past"));
        for wrong in [
            "tomorrow",
            "2026-13-01",
            "2026-02-30",
            "27.11.2026",
            "2026-11-27T00",
            "20261127",
            "９９９９-12-31",
            "2026-1-1",
        ] {
            assert_eq!(end(wrong), Err("secrets-expires-wrong"), "{wrong}");
        }
        assert!(end("9999-12-31").is_ok() || end("9999-12-31") == Err("secrets-expires-wrong"));
    }
}
