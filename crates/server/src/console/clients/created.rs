//! A client that was just made: its secret is told here and nowhere else.

use axum::response::Response;
use domain::client::{
    AppType, AuthMethod, Client, ClientWithCredentials, ConsentMethod, GrantType,
};
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
        lacks: lacks(client),
        snippets: values.snippets(),
    }
}

/// What a client needs before anybody can use it: said while it is being set up, not by a refusal.
fn lacks(client: &Client) -> Vec<&'static str> {
    let signs_in = !client.redirect_uris.is_empty();
    let acts = client.may_use(GrantType::ClientCredentials)
        || client.may_use(GrantType::UserImpersonation);
    let is_idle = client.app_type != AppType::AnonymousEmbed && !signs_in && !acts;
    let reaches_nothing = client.allowed_scopes.is_empty();
    let both = [(is_idle, "created-no-use"), (reaches_nothing, "created-no-scopes")];
    both.into_iter().filter_map(|(lacks, key)| lacks.then_some(key)).collect()
}
