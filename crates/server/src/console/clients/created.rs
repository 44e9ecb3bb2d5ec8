//! A client that was just made: its secret is told here and nowhere else.

use axum::response::Response;
use domain::client::{AuthMethod, ClientWithCredentials, ConsentMethod, GrantType};
use engine::admin::client::{Created, NewSecret};

use super::SECTION;
use crate::console::Admin;
use crate::pages::console::{ClientCreatedPage, SnippetValues};

/// The page of a client that was just made.
pub(super) fn page(admin: &Admin, made: Created) -> Response {
    admin.page(&context(admin, &made.found, made.secret.as_ref(), false))
}

/// The page of a client that got a secret by an edit.
pub(super) fn page_of_secret(
    admin: &Admin,
    found: &ClientWithCredentials,
    secret: &NewSecret,
) -> Response {
    admin.page(&context(admin, found, Some(secret), true))
}

fn context(
    admin: &Admin,
    found: &ClientWithCredentials,
    secret: Option<&NewSecret>,
    is_edit: bool,
) -> ClientCreatedPage {
    let client = &found.client;
    let is_machine = client.may_use(GrantType::ClientCredentials);
    let secret = secret.map(|new| new.secret.expose().clone());
    let key = found.keys.first().map(|key| {
        let alg = key.jwk.alg().map(|alg| alg.to_string()).unwrap_or_default();
        (key.kid.clone(), alg)
    });
    let values = SnippetValues {
        issuer: admin.ctx().tenant.issuer.clone(),
        client_id: client.id.to_string(),
        secret: secret.clone(),
        app_type: client.app_type,
        is_machine,
        by_key: secret.is_none() && client.auth_methods.contains(&AuthMethod::PrivateKeyJwt),
        key,
        redirect_uri: client.redirect_uris.first().cloned(),
        scope: client.allowed_scopes.as_str().to_owned(),
    };
    ClientCreatedPage {
        shell: admin.shell(SECTION),
        client_id: client.id.to_string(),
        name: client.name.clone(),
        secret,
        is_edit,
        is_waiting: is_machine && found.consent_method() == ConsentMethod::Required,
        snippets: values.snippets(),
    }
}
