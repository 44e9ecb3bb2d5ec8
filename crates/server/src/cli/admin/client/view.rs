//! A client with the field names of the contract, section 1.

use domain::client::{ClientKey, ClientSecret, ClientWithCredentials};
use serde_json::{Value, json};

/// All that an administrator sees of a client; never a secret.
pub(super) fn client(found: &ClientWithCredentials) -> Value {
    let client = &found.client;
    let mut view = json!({
        "clientId": client.id,
        "clientName": client.name,
        "appType": client.app_type,
        "ownerLevel": client.owner.level(),
        "ownerId": client.owner.id(),
        "description": client.description,
        "clientUri": client.client_uri,
        "logoUri": client.logo_uri,
        "policyUri": client.policy_uri,
        "tosUri": client.tos_uri,
        "redirectUris": client.redirect_uris,
        "postLogoutRedirectUris": client.post_logout_redirect_uris,
        "allowedOrigins": client.allowed_origins,
        "allowedScopes": client.allowed_scopes.iter().collect::<Vec<_>>(),
        "allowedGrantTypes": client.machine_grants,
        "allowedAuthMethods": client.auth_methods,
        "clientSecrets": found.secrets.iter().map(secret).collect::<Vec<_>>(),
        "publicKeys": found.keys.iter().map(key).collect::<Vec<_>>(),
        "jwksUri": client.jwks_uri,
        "requirePkce": client.needs_pkce(),
        "idTokenSignedResponseAlg": client.id_token_alg,
        "createdByType": client.created_by.kind,
        "createdAt": client.created_at,
        "updatedAt": client.updated_at,
    });
    if let Some(config) = &found.connection {
        view["connectionConfig"] = json!({
            "consentMethod": config.consent_method,
            "status": if config.approved { "approved" } else { "unapproved" },
        });
    }
    if let Some(tag) = &client.disable_tag {
        view["disableTag"] = json!(tag);
    }
    if let Some(at) = client.published_at {
        view["publishedAt"] = json!(at);
    }
    view
}

/// The same for a list; a table shows the hints of the secrets in one cell.
pub(super) fn row(found: &ClientWithCredentials, json: bool) -> Value {
    let mut view = client(found);
    if !json {
        let hints = found.secrets.iter().map(|secret| secret.hint.as_str());
        view["secretHints"] = json!(hints.collect::<Vec<_>>());
    }
    view
}

fn secret(secret: &ClientSecret) -> Value {
    let mut view = json!({
        "hint": secret.hint,
        "label": secret.label,
        "createdAt": secret.created_at,
        "createdBy": secret.created_by,
    });
    if let Some(at) = secret.expires_at {
        view["expiresAt"] = json!(at);
    }
    if let Some(at) = secret.last_used_at {
        view["lastUsedAt"] = json!(at);
    }
    view
}

fn key(key: &ClientKey) -> Value {
    json!(key.jwk)
}
