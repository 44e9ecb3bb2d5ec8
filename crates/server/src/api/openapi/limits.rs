//! What the fields of bodies may be: how long, how many, out of which words. All of it is from the
//! constants by which the engine checks, and from its settings; no number is written here.
//!
//! Invariant: what the document calls wrong is refused. It may allow what is refused for another
//! reason: a schema cannot say which texts are addresses, scopes of the catalogue, or taken.
//! Lengths are in characters, as JSON Schema counts them. Where the engine counts bytes (email
//! addresses, filters), a text with more characters than bytes are allowed is too long for it, too.

use domain::api_key::ApiKeyStatus;
use domain::client::{AppType, AuthMethod, ConsentMethod};
use domain::filter;
use domain::period::Period;
use domain::redirect_uri::MAX_URI;
use domain::scope::{ScopeName, ScopeSet};
use domain::tenant::TenantStatus;
use domain::user::{GroupProvider, GroupStatus, RoleKind, RoleLevel, UserStatus};
use engine::admin::client::limits as client;
use engine::admin::{api_key, group, role, role_giving, user, wording};
use engine::keys::ID_TOKEN_ALGS;
use engine::settings::Limits;
use serde::Serialize;
use serde_json::{Value, json};

/// A schema, one of its fields, and what the field may be.
type Field = (&'static str, &'static str, Value);

/// Writes what each field may be into the document.
pub fn add(document: &mut Value, limits: &Limits) {
    for (schema, field, facts) in fields(limits) {
        let place = pointer(document, schema, field);
        if let Some(property) = place.and_then(|place| document.pointer_mut(&place)) {
            write(property, &facts);
        }
    }
}

fn fields(limits: &Limits) -> Vec<Field> {
    let mut all = clients(limits);
    all.extend(client_links());
    all.extend(people());
    all.extend(groups_and_roles());
    all.extend(api_keys());
    all.extend(words_of_answers());
    all
}

/// Where a field is described: with its schema, or with a part of it.
fn pointer(document: &Value, schema: &str, field: &str) -> Option<String> {
    let whole = format!("/components/schemas/{schema}");
    let parts = document.pointer(&format!("{whole}/allOf")).and_then(Value::as_array);
    let parts = (0..parts.map_or(0, Vec::len)).map(|index| format!("{whole}/allOf/{index}"));
    let mut places = std::iter::once(whole.clone())
        .chain(parts)
        .map(|part| format!("{part}/properties/{field}"));
    places.find(|place| document.pointer(place).is_some())
}

/// Adds facts to what a property says already. A field that may be null may be so beside its words.
fn write(property: &mut Value, facts: &Value) {
    for (name, fact) in facts.as_object().into_iter().flatten() {
        let is_nullable =
            property["type"].as_array().is_some_and(|kinds| kinds.contains(&json!("null")));
        match (name.as_str(), fact) {
            ("items", fact) => write(&mut property["items"], fact),
            ("enum", Value::Array(words)) if is_nullable => {
                let words = words.iter().cloned().chain([Value::Null]);
                property["enum"] = words.collect();
            }
            (name, fact) => property[name] = fact.clone(),
        }
    }
}

fn text(most: usize) -> Value {
    json!({ "maxLength": most })
}

/// A text that is there.
fn name(most: usize) -> Value {
    json!({ "minLength": 1, "maxLength": most })
}

fn words<T: Serialize>(all: &[T]) -> Value {
    json!({ "enum": all })
}

fn at_most(most: usize) -> Value {
    json!({ "maxItems": most })
}

/// A list that has nothing twice.
fn set(items: Value) -> Value {
    json!({ "uniqueItems": true, "items": items })
}

/// As many as the operator allows, each once.
fn few(most: usize, items: Value) -> Value {
    json!({ "maxItems": most, "uniqueItems": true, "items": items })
}

fn clients(limits: &Limits) -> Vec<Field> {
    const NEW: &str = "CreateRequest";
    let uris = few(limits.redirect_uris, name(MAX_URI));
    let keys = json!({
        "maxItems": client::KEYS_MAX, "items": { "required": client::KEY_MEMBERS },
    });
    vec![
        (NEW, "appType", words(AppType::ALL)),
        (NEW, "clientName", name(client::NAME_MAX)),
        (NEW, "description", text(wording::DESCRIPTION_MAX)),
        (NEW, "redirectUris", uris.clone()),
        (NEW, "postLogoutRedirectUris", uris),
        (NEW, "allowedOrigins", few(limits.origins, name(MAX_URI))),
        (NEW, "allowedScopes", set(name(ScopeName::MAX_LENGTH))),
        (NEW, "allowedGrantTypes", set(words(&client::MACHINE_GRANTS))),
        (NEW, "allowedAuthMethods", set(words(AuthMethod::ALL))),
        (NEW, "publicKeys", keys),
        (NEW, "idTokenSignedResponseAlg", words(ID_TOKEN_ALGS)),
        ("ConnectionRequest", "consentMethod", words(ConsentMethod::ALL)),
        ("NewSecretRequest", "label", text(client::LABEL_MAX)),
    ]
}

fn client_links() -> Vec<Field> {
    let links = ["clientUri", "logoUri", "policyUri", "tosUri", "jwksUri"];
    links.map(|field| ("CreateRequest", field, text(client::LINK_MAX))).into()
}

fn people() -> Vec<Field> {
    const NEW: &str = "NewUser";
    // Visible ASCII.
    let subject = json!({ "minLength": 1, "maxLength": user::SUBJECT_MAX, "pattern": "^[!-~]*$" });
    let picture = json!({
        "maxLength": user::PICTURE_MAX, "pattern": format!("^{}", user::PICTURE_START),
    });
    let invitees = json!({ "minItems": 1, "maxItems": user::MAX_INVITEES });
    vec![
        (NEW, "subject", subject),
        (NEW, "name", name(user::NAME_MAX)),
        (NEW, "email", name(user::EMAIL_MAX)),
        (NEW, "picture", picture),
        (NEW, "assignedRoles", at_most(role_giving::MAX_ROLES)),
        (NEW, "assignedGroups", at_most(role_giving::MAX_GROUPS)),
        ("Invitees", "invitees", invitees),
        ("Filter", "filter", text(filter::MAX_LENGTH)),
    ]
}

fn groups_and_roles() -> Vec<Field> {
    let scopes = json!({
        "maxItems": ScopeSet::MAX_LENGTH, "items": name(ScopeName::MAX_LENGTH),
    });
    vec![
        ("NewGroup", "name", name(group::NAME_MAX)),
        ("NewGroup", "description", text(wording::DESCRIPTION_MAX)),
        ("NewGroup", "assignedRoles", at_most(role_giving::MAX_ROLES)),
        ("NewRole", "name", name(role::NAME_MAX)),
        ("NewRole", "description", text(wording::DESCRIPTION_MAX)),
        ("NewRole", "assignedScopes", scopes),
    ]
}

fn api_keys() -> Vec<Field> {
    const NEW: &str = "ApiKeyRequest";
    vec![
        (NEW, "description", name(api_key::DESCRIPTION_MAX)),
        (NEW, "expiry", json!({ "pattern": Period::PATTERN })),
        (NEW, "subType", words(&[api_key::SUB_TYPE])),
    ]
}

/// What answers say in words.
fn words_of_answers() -> Vec<Field> {
    let list = |all: Value| json!({ "items": all });
    vec![
        ("Client", "appType", words(AppType::ALL)),
        ("Client", "allowedGrantTypes", list(words(&client::MACHINE_GRANTS))),
        ("Client", "allowedAuthMethods", list(words(AuthMethod::ALL))),
        ("ClientDetails", "idTokenSignedResponseAlg", words(ID_TOKEN_ALGS)),
        ("Connection", "consentMethod", words(ConsentMethod::ALL)),
        ("User", "status", words(&UserStatus::ALL)),
        ("AssignedRole", "type", words(&RoleKind::ALL)),
        ("AssignedRole", "level", words(&RoleLevel::ALL)),
        ("AssignedGroup", "providerType", words(&GroupProvider::ALL)),
        ("Group", "status", words(&GroupStatus::ALL)),
        ("Group", "providerType", words(&GroupProvider::ALL)),
        ("Role", "type", words(&RoleKind::ALL)),
        ("Role", "level", words(&RoleLevel::ALL)),
        ("Tenant", "status", words(&TenantStatus::ALL)),
        ("ApiKey", "status", words(&ApiKeyStatus::ALL)),
        ("ApiKey", "subType", words(&[api_key::SUB_TYPE])),
    ]
}

#[cfg(test)]
mod tests {
    use engine::Settings;

    use super::super::document;
    use super::*;

    #[test]
    fn every_field_is_in_the_document_and_says_what_it_may_be() {
        let document = &document().value;
        for (schema, field, facts) in fields(&Settings::default().limits) {
            let place = pointer(document, schema, field);
            let place = place.unwrap_or_else(|| panic!("there is no {field} in {schema}"));
            let mut told = document.pointer(&place).expect("a property").clone();
            let before = told.clone();
            write(&mut told, &facts);
            assert_eq!(told, before, "{schema}.{field}");
        }
    }
}
