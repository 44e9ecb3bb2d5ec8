//! `GET /admin/clients/{id}/configuration`: what an application asks for.

use axum::extract::Path;
use axum::response::Response;
use engine::discovery;

use super::{SECTION, listed, subject};
use crate::console::Admin;
use crate::pages::console::client::ConfigurationPanel;
use crate::texts::Texts;

/// Endpoints: the key of a name, a stable word, and where discovery tells it.
const ENDPOINTS: &[(&str, &str, &str)] = &[
    ("configuration-authorization", "authorization", "authorization_endpoint"),
    ("configuration-token", "token", "token_endpoint"),
    ("configuration-userinfo", "userinfo", "userinfo_endpoint"),
    ("configuration-revocation", "revocation", "revocation_endpoint"),
    ("configuration-introspection", "introspection", "introspection_endpoint"),
    ("configuration-logout", "logout", "end_session_endpoint"),
    ("configuration-jwks", "jwks", "jwks_uri"),
];

/// The addresses.
pub async fn get(admin: Admin, Path(id): Path<String>) -> Response {
    let seen = match listed(&admin, &id).await {
        Ok(seen) => seen,
        Err(response) => return response,
    };
    let (ctx, t) = (admin.ctx(), admin.texts);
    let metadata = discovery::metadata(&ctx, &Texts::tags());
    let told = |name: &str| metadata[name].as_str().unwrap_or_default().to_owned();
    let issuer = told("issuer");
    let client = subject(&seen);
    let scopes: Vec<&str> = seen.found.client.allowed_scopes.iter().collect();
    let scopes = scopes.join(" ");
    let mut facts = vec![
        (t.t("configuration-issuer"), "issuer", issuer.clone()),
        (
            t.t("configuration-discovery"),
            "discovery",
            format!("{issuer}/.well-known/openid-configuration"),
        ),
        (t.t("configuration-client-id"), "client-id", client.id.clone()),
        (t.t("configuration-scopes"), "scopes", scopes.clone()),
    ];
    facts.extend(ENDPOINTS.iter().map(|(key, word, name)| (t.t(key), *word, told(name))));
    let snippet = format!(
        "OAUTH_ISSUER={issuer}\nOAUTH_TOKEN_URL={}\nOAUTH_CLIENT_ID={}\nOAUTH_SCOPES=\"{scopes}\"",
        told("token_endpoint"),
        client.id,
    );
    admin.page(&ConfigurationPanel { shell: admin.shell(SECTION), client, facts, snippet })
}
