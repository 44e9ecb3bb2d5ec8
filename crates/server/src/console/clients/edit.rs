//! Editing a client.
//!
//! Invariant: what is sent to the engine is a patch of the fields that this administrator changed,
//! each with the value that they saw before: what somebody else changed meanwhile is neither
//! undone nor overwritten unless they have seen it.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::client::ClientKey;
use domain::ids::ClientId;
use domain::patch::PatchError;
use engine::admin::AdminError;
use engine::admin::client::{self, ClientFields, Seen};
use serde_json::{Value, json};

use super::losses::Losses;
use super::typed::{Typed, key_in_words};
use super::{PATH, SECTION, created, new, wrong};
use crate::console::fault::in_words;
use crate::console::{Admin, AdminForm, refusal};
use crate::http::form::Form;
use crate::pages::console::{ClientFormPage, Editing, FormLimits, KeyChoice, ScopeTree, Wrong};

/// The fields that the form changes, by their names on the wire.
const FIELDS: [&str; 16] = [
    "clientName",
    "description",
    "clientUri",
    "logoUri",
    "policyUri",
    "tosUri",
    "redirectUris",
    "postLogoutRedirectUris",
    "allowedOrigins",
    "allowedScopes",
    "allowedGrantTypes",
    "allowedAuthMethods",
    "publicKeys",
    "jwksUri",
    "requirePkce",
    "idTokenSignedResponseAlg",
];
/// Those in which only what is there counts, not the order.
const SETS: [&str; 4] = ["allowedScopes", "allowedGrantTypes", "allowedAuthMethods", "publicKeys"];

/// `GET /admin/clients/{id}/edit`: the form.
pub async fn get(admin: Admin, Path(id): Path<String>) -> Response {
    match read(&admin, &id).await {
        Ok(seen) => {
            let fields = ClientFields::of(&seen.found);
            admin.page(&form_page(&admin, &seen, Typed::of_fields(fields), Vec::new()))
        }
        Err(error) => refusal::page(&admin, SECTION, &error),
    }
}

/// `POST /admin/clients/{id}/edit`: changes what was changed.
pub async fn post(AdminForm { admin, form }: AdminForm, Path(id): Path<String>) -> Response {
    let seen = match read(&admin, &id).await {
        Ok(seen) => seen,
        Err(error) => return refusal::page(&admin, SECTION, &error),
    };
    let edit = Edit::new(&admin, &form, &seen);
    let theirs = edit.conflicts(&admin);
    if !theirs.is_empty() {
        return edit.conflict_page(&admin, &seen, theirs);
    }
    if !edit.typed.wrong.is_empty() {
        let page = form_page(&admin, &seen, edit.typed, Vec::new());
        return admin.page_with(StatusCode::BAD_REQUEST, &page);
    }
    if form.has("back") {
        return admin.page(&form_page(&admin, &seen, edit.typed, Vec::new()));
    }
    let patch = edit.patch();
    let there = format!("{PATH}/{id}");
    if patch.as_array().is_none_or(Vec::is_empty) {
        return admin.done(&there, "client-unchanged");
    }
    match Losses::of(&admin, &seen, &edit.typed.fields).await {
        Ok(losses) => {
            if let Some(question) = losses.question(&admin, &seen, &form) {
                return question;
            }
        }
        Err(error) => return refusal::page(&admin, SECTION, &error),
    }
    save(&admin, seen, (&form, edit, patch)).await
}

/// Changes the client, or shows the form again with what was wrong.
async fn save(admin: &Admin, seen: Seen, (form, edit, patch): (&Form, Edit, Value)) -> Response {
    let id = seen.found.client.id.to_string();
    let client_id = &seen.found.client.id;
    match client::update(&admin.ctx(), &admin.caller, client_id, patch.clone()).await {
        Ok(None) => admin.done(&format!("{PATH}/{id}"), "client-changed"),
        Ok(Some(secret)) => {
            // As it is now; what it was serves when it cannot be read, for the secret is told once.
            let found = read(admin, &id).await.map_or(seen.found, |now| now.found);
            created::page_of_secret(admin, &found, &secret)
        }
        Err(AdminError::Patch(error)) if is_test(&error, &patch) => {
            raced(admin, &id, form, &error).await
        }
        Err(error) => {
            let wrong = match &error {
                AdminError::Patch(error) => {
                    wrong::of_patch(admin.texts, error, &patch, &edit.typed.fields)
                }
                other => wrong::of_error(admin.texts, other, &edit.typed.fields),
            };
            new::refused(admin, &error, wrong, |wrong| form_page(admin, &seen, edit.typed, wrong))
        }
    }
}

/// A client of this tenant's own.
async fn read(admin: &Admin, id: &str) -> Result<Seen, AdminError> {
    let id = ClientId::parse(id).map_err(|_| AdminError::NotFound("client"))?;
    let seen = client::read(&admin.ctx(), &admin.caller, &id).await?;
    match seen.in_full {
        true => Ok(seen),
        false => Err(AdminError::Conflict(admin.texts.t("form-not-own").into())),
    }
}

/// Whether the operation that failed is one that only asks whether a value is still what it was.
fn is_test(error: &PatchError, patch: &Value) -> bool {
    error.index.and_then(|index| patch.get(index)).is_some_and(|one| one["op"] == "test")
}

/// Somebody changed the client between our reading it and our patch.
async fn raced(admin: &Admin, id: &str, form: &Form, error: &PatchError) -> Response {
    let seen = match read(admin, id).await {
        Ok(seen) => seen,
        Err(error) => return refusal::page(admin, SECTION, &error),
    };
    let edit = Edit::new(admin, form, &seen);
    let theirs = edit.conflicts(admin);
    match theirs.is_empty() {
        // They changed it back: the same form may be sent again.
        true => {
            let error = AdminError::Conflict(error.message.clone());
            new::refused(admin, &error, None, |wrong| form_page(admin, &seen, edit.typed, wrong))
        }
        false => edit.conflict_page(admin, &seen, theirs),
    }
}

/// What was typed, as far as it was changed, and otherwise what is; what the form began with, what
/// it says, and what the client is now.
struct Edit {
    typed: Typed,
    base: Value,
    now: Value,
    wanted: Value,
}

impl Edit {
    fn new(admin: &Admin, form: &Form, seen: &Seen) -> Self {
        let now = ClientFields::of(&seen.found);
        let base = form.field("base").and_then(|text| serde_json::from_str(text).ok());
        let base: ClientFields = base.unwrap_or_else(|| now.clone());
        let mut typed = Typed::of_form(admin.texts, form, seen.found.client.app_type, &base);
        let (wanted, base, now) = (json!(typed.fields), json!(base), json!(now));
        // What is shown again begins with the values of now: what somebody else changed must not
        // look as if this administrator had changed it back.
        let mut merged = now.clone();
        for field in FIELDS.into_iter().filter(|field| !is_same(field, &wanted, &base)) {
            merged[field] = wanted[field].clone();
        }
        if let Ok(fields) = serde_json::from_value(merged) {
            typed.fields = fields;
        }
        Self { typed, base, now, wanted }
    }

    /// The fields that this administrator changed, and that are not so already.
    fn changed(&self) -> impl Iterator<Item = &'static str> {
        let is_changed = |field: &&'static str| {
            !is_same(field, &self.wanted, &self.base) && !is_same(field, &self.wanted, &self.now)
        };
        FIELDS.into_iter().filter(is_changed)
    }

    /// The fields that somebody else changed meanwhile, too.
    fn conflicts(&self, admin: &Admin) -> Vec<Wrong> {
        let changed = self.changed().filter(|field| !is_same(field, &self.base, &self.now));
        let told = |field: &'static str| Wrong {
            field: field.to_owned(),
            index: None,
            message: admin.texts.of("form-conflict", in_words(admin, &self.now[field])),
        };
        changed.map(told).collect()
    }

    /// The form with both values; sent again, it overwrites what it shows.
    fn conflict_page(self, admin: &Admin, seen: &Seen, theirs: Vec<Wrong>) -> Response {
        let alert = Some(admin.texts.t("form-conflict-title"));
        let page = ClientFormPage { alert, ..form_page(admin, seen, self.typed, theirs) };
        admin.page_with(StatusCode::CONFLICT, &page)
    }

    /// What changes the client: each field with the value that it had.
    fn patch(&self) -> Value {
        let operations = self.changed().flat_map(|field| {
            let path = format!("/{field}");
            [
                json!({ "op": "test", "path": path, "value": self.now[field] }),
                json!({ "op": "replace", "path": path, "value": self.wanted[field] }),
            ]
        });
        Value::Array(operations.collect())
    }
}

/// Whether a field says the same in two sets of fields.
fn is_same(field: &str, one: &Value, other: &Value) -> bool {
    let (one, other) = (&one[field], &other[field]);
    match (one.as_array(), other.as_array()) {
        (Some(one), Some(other)) if SETS.contains(&field) => {
            one.len() == other.len() && one.iter().all(|value| other.contains(value))
        }
        _ => one == other,
    }
}

fn form_page(admin: &Admin, seen: &Seen, typed: Typed, more: Vec<Wrong>) -> ClientFormPage {
    let (ctx, found) = (admin.ctx(), &seen.found);
    let limits = ctx.engine.settings().limits;
    let app_type = found.client.app_type;
    let kept = &typed.fields.public_keys;
    let key = |key: &ClientKey| KeyChoice {
        kid: key.kid.clone(),
        what: key_in_words(&key.jwk),
        is_kept: kept.contains(&json!(key.jwk)),
    };
    let keys = found.keys.iter().map(key).collect();
    let mut wrong = typed.wrong;
    wrong.extend(more);
    ClientFormPage {
        shell: admin.shell(SECTION),
        app_type,
        editing: Some(Editing {
            client_id: found.client.id.to_string(),
            name: found.client.name.clone(),
            base: json!(ClientFields::of(found)).to_string(),
            secrets: found.secrets.len(),
        }),
        once: String::new(),
        scopes: ScopeTree::new(
            admin.texts,
            ctx.engine.catalogue(),
            app_type,
            &typed.fields.allowed_scopes,
        ),
        limits: FormLimits { redirect_uris: limits.redirect_uris, origins: limits.origins },
        keys,
        fields: typed.fields,
        keys_text: typed.keys_text,
        consent: found.consent_method(),
        wrong,
        alert: None,
    }
}
