//! What goes with an edit: secrets, registered keys, and scopes that were in use.
//!
//! Invariants: nothing of it goes before the administrator has seen it with its last use, and a
//! secret that was used within the last day only when its hint was typed. What counts is what would
//! go when the answer arrives, not what the page had shown.

use axum::http::StatusCode;
use axum::response::Response;
use domain::client::AuthMethod;
use engine::admin::AdminError;
use engine::admin::activity::{KeyUse, ScopeUse, activity};
use engine::admin::client::{
    ClientFields, SecretConsequences, Seen, scope_consequences, secret_consequences,
};
use serde_json::json;

use super::SECTION;
use crate::console::Admin;
use crate::console::client::{last_use, subject, used};
use crate::http::form::Form;
use crate::pages::console::client::{LossesPage, LostKey, LostScope, LostSecret};

/// What the answer adds to the fields of the form.
const ANSWER: [&str; 3] = ["csrf", "loses", "back"];
/// What the name of a field begins with that takes the hint of a secret.
const CONFIRM: &str = "confirm-";

/// What goes.
pub(super) struct Losses {
    secrets: Vec<SecretConsequences>,
    keys: Vec<KeyUse>,
    scopes: Vec<ScopeUse>,
}

impl Losses {
    /// What goes when a client becomes what `after` says.
    pub async fn of(admin: &Admin, seen: &Seen, after: &ClientFields) -> Result<Self, AdminError> {
        let (ctx, caller, found) = (admin.ctx(), &admin.caller, &seen.found);
        let id = &found.client.id;
        let by = |method| after.allowed_auth_methods.contains(&method);
        let mut secrets = Vec::new();
        if !by(AuthMethod::ClientSecret) {
            for secret in &found.secrets {
                secrets.push(secret_consequences(&ctx, caller, (id, &secret.hint)).await?);
            }
        }
        let goes = |jwk| !by(AuthMethod::PrivateKeyJwt) || !after.public_keys.contains(&json!(jwk));
        let gone = found.keys.iter().filter(|key| goes(&key.jwk)).map(|key| key.kid.as_str());
        let gone: Vec<&str> = gone.collect();
        let keys = match gone.is_empty() {
            true => Vec::new(),
            false => activity(&ctx, caller, id).await?.keys,
        };
        let kept = |scope: &&str| after.allowed_scopes.iter().any(|one| one == scope);
        let scopes: Vec<&str> =
            found.client.allowed_scopes.iter().filter(|scope| !kept(scope)).collect();
        let scopes = match scopes.is_empty() {
            true => Vec::new(),
            false => scope_consequences(&ctx, caller, id, &scopes).await?,
        };
        let was_used = |one: &ScopeUse| one.last_used.is_some() || one.last_requested.is_some();
        Ok(Self {
            secrets,
            keys: keys.into_iter().filter(|key| gone.contains(&key.kid.as_str())).collect(),
            scopes: scopes.into_iter().filter(was_used).collect(),
        })
    }

    /// What stands for each in the form, so that the answer says which of them it is about.
    fn marks(&self) -> Vec<String> {
        let secrets = self.secrets.iter().map(|one| format!("secret {}", one.hint));
        let keys = self.keys.iter().map(|one| format!("key {}", one.kid));
        let scopes = self.scopes.iter().map(|one| format!("scope {}", one.scope));
        secrets.chain(keys).chain(scopes).collect()
    }

    /// The question, unless the form has answered it.
    pub fn question(&self, admin: &Admin, seen: &Seen, form: &Form) -> Option<Response> {
        let marks = self.marks();
        let is_answer = form.has("loses");
        let told = marks.iter().all(|mark| form.all("loses").any(|one| one == mark));
        let secrets: Vec<_> =
            self.secrets.iter().map(|one| lost(admin, form, one, is_answer)).collect();
        let is_wrong = secrets.iter().any(|one| one.wrong.is_some());
        if told && !is_wrong && (is_answer || marks.is_empty()) {
            return None;
        }
        let (status, alert) = match (is_answer, told) {
            (false, _) => (StatusCode::OK, None),
            (true, true) => (StatusCode::BAD_REQUEST, None),
            (true, false) => (StatusCode::CONFLICT, Some(admin.texts.t("losses-more"))),
        };
        let is_answered = |name: &str| ANSWER.contains(&name) || name.starts_with(CONFIRM);
        let fields = form.pairs().filter(|(name, _)| !is_answered(name));
        let page = LossesPage {
            shell: admin.shell(SECTION),
            client: subject(seen),
            alert,
            fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            marks,
            secrets,
            keys: self.keys.iter().map(|one| key(admin, one)).collect(),
            scopes: self.scopes.iter().map(scope).collect(),
        };
        Some(admin.page_with(status, &page))
    }
}

fn lost(admin: &Admin, form: &Form, told: &SecretConsequences, is_answer: bool) -> LostSecret {
    let typed = form.field(&format!("{CONFIRM}{}", told.hint)).unwrap_or_default().to_owned();
    let is_wrong = is_answer && told.used_within_day && typed.trim() != told.hint;
    LostSecret {
        hint: told.hint.clone(),
        label: told.label.clone(),
        used: last_use(admin, told.last_used.clone()),
        must_type: told.used_within_day,
        typed,
        wrong: is_wrong.then(|| admin.texts.t("secret-delete-confirm-wrong")),
    }
}

fn key(admin: &Admin, told: &KeyUse) -> LostKey {
    let used = used(admin, told.last_used_at, told.last_used_from.clone());
    LostKey { kid: told.kid.clone(), used }
}

fn scope(told: &ScopeUse) -> LostScope {
    let ScopeUse { scope, last_requested: requested, last_used: used } = told.clone();
    LostScope { scope, requested, used }
}
