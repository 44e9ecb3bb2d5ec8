//! What a client may look like (contract section 1, requirements S2.2, S2.3, S2.6, S1.2).

use std::collections::HashSet;
use std::ops::RangeInclusive;

use domain::client::{AppType, AuthMethod, ConsentMethod, GrantType, Level};
use domain::jose::Jwk;
use domain::redirect_uri::{AllowedOrigin, RedirectUri, UriPolicy};
use domain::scope::{Catalogue, ScopeSet};
use domain::secret::SecretText;

use super::{AdminError, name};
use crate::admin::client::ClientDraft;
use crate::settings::Limits;

/// Longest description, in characters.
const DESCRIPTION_MAX: usize = 4096;
/// Longest link, in bytes.
const LINK_MAX: usize = 2048;
/// Longest name, in characters.
const NAME_MAX: usize = 512;
/// Most public keys of one client.
const KEYS_MAX: usize = 10;
/// Length of a secret that comes from outside.
const SECRET_LENGTH: RangeInclusive<usize> = 32..=256;
/// Different characters that a random secret of that length has at least.
const SECRET_DISTINCT: usize = 8;

/// Checks a draft from end to end.
pub(super) fn check(
    draft: &ClientDraft,
    catalogue: &Catalogue,
    limits: &Limits,
) -> Result<(), AdminError> {
    name("clientName", &draft.name, NAME_MAX)?;
    if draft.description.chars().count() > DESCRIPTION_MAX {
        return Err(AdminError::invalid(
            "description",
            format!("has at most {DESCRIPTION_MAX} characters"),
        ));
    }
    links(draft)?;
    uris(draft, limits)?;
    origins(draft, limits)?;
    scopes(&draft.allowed_scopes, draft.app_type, catalogue)?;
    grants(draft)?;
    credentials(draft)
}

fn links(draft: &ClientDraft) -> Result<(), AdminError> {
    let all = [
        ("clientUri", &draft.client_uri),
        ("logoUri", &draft.logo_uri),
        ("policyUri", &draft.policy_uri),
        ("tosUri", &draft.tos_uri),
        ("jwksUri", &draft.jwks_uri),
    ];
    for (field, link) in all {
        let web = url::Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "https" | "http"));
        if !link.is_empty() && (link.len() > LINK_MAX || !web) {
            return Err(AdminError::invalid(
                field,
                format!("is an https:// address of at most {LINK_MAX} characters"),
            ));
        }
    }
    Ok(())
}

fn unique(field: &'static str, values: &[String], max: usize) -> Result<(), AdminError> {
    let distinct: HashSet<&String> = values.iter().collect();
    if distinct.len() != values.len() {
        return Err(AdminError::invalid(field, "has the same value twice"));
    }
    if values.len() > max {
        return Err(AdminError::invalid(field, format!("has at most {max} values")));
    }
    Ok(())
}

fn uris(draft: &ClientDraft, limits: &Limits) -> Result<(), AdminError> {
    let policy = match draft.app_type {
        AppType::Web => UriPolicy::Web,
        AppType::Spa | AppType::AnonymousEmbed => UriPolicy::SinglePage,
        AppType::Native => UriPolicy::Native,
    };
    let all = [
        ("redirectUris", &draft.redirect_uris),
        ("postLogoutRedirectUris", &draft.post_logout_redirect_uris),
    ];
    for (field, values) in all {
        unique(field, values, limits.redirect_uris)?;
        for (index, uri) in values.iter().enumerate() {
            RedirectUri::parse_registration(uri, policy).map_err(|error| {
                AdminError::invalid_at(field, index, format!("`{uri}`: {error}"))
            })?;
        }
    }
    Ok(())
}

fn origins(draft: &ClientDraft, limits: &Limits) -> Result<(), AdminError> {
    unique("allowedOrigins", &draft.allowed_origins, limits.origins)?;
    let impersonates = draft.machine_grants.contains(&GrantType::UserImpersonation);
    let may_have = match draft.app_type {
        AppType::Spa | AppType::AnonymousEmbed => true,
        AppType::Web => impersonates,
        AppType::Native => false,
    };
    if !may_have && !draft.allowed_origins.is_empty() {
        return Err(AdminError::invalid(
            "allowedOrigins",
            "are for single-page apps, and for web clients with impersonation",
        ));
    }
    for (index, origin) in draft.allowed_origins.iter().enumerate() {
        AllowedOrigin::parse(origin).map_err(|error| {
            AdminError::invalid_at("allowedOrigins", index, format!("`{origin}`: {error}"))
        })?;
    }
    Ok(())
}

fn scopes(scopes: &ScopeSet, app_type: AppType, catalogue: &Catalogue) -> Result<(), AdminError> {
    for scope in scopes.iter() {
        if catalogue.get(scope).is_none() {
            return Err(AdminError::invalid(
                "allowedScopes",
                format!("there is no scope `{scope}`"),
            ));
        }
        if !catalogue.may_hold(scope, app_type, Level::Tenant) {
            return Err(AdminError::invalid(
                "allowedScopes",
                format!("`{scope}` is not for {app_type} clients of a tenant"),
            ));
        }
    }
    Ok(())
}

fn grants(draft: &ClientDraft) -> Result<(), AdminError> {
    let machine = [GrantType::ClientCredentials, GrantType::UserImpersonation];
    if draft.machine_grants.iter().any(|grant| !machine.contains(grant)) {
        return Err(AdminError::invalid(
            "allowedGrantTypes",
            "are client_credentials and urn:qlik:oauth:user-impersonation",
        ));
    }
    if draft.app_type != AppType::Web && !draft.machine_grants.is_empty() {
        return Err(AdminError::invalid("allowedGrantTypes", "are for web clients only"));
    }
    let machine_only = !draft.machine_grants.is_empty();
    if draft.redirect_uris.is_empty() && !machine_only && draft.app_type != AppType::AnonymousEmbed
    {
        return Err(AdminError::invalid("redirectUris", "has at least one address"));
    }
    if draft.id_token_alg_is_unknown() {
        return Err(AdminError::invalid("idTokenSignedResponseAlg", "is RS256, ES256 or PS256"));
    }
    Ok(())
}

fn credentials(draft: &ClientDraft) -> Result<(), AdminError> {
    if draft.app_type != AppType::Web {
        let has_any = !draft.auth_methods.is_empty()
            || !draft.public_keys.is_empty()
            || !draft.jwks_uri.is_empty()
            || draft.secret.is_some();
        if has_any {
            return Err(AdminError::invalid("allowedAuthMethods", "are for web clients only"));
        }
        if draft.consent_method == ConsentMethod::Trusted
            && draft.app_type == AppType::AnonymousEmbed
        {
            return Err(AdminError::invalid("consentMethod", "is required for anonymous-embed"));
        }
        return Ok(());
    }
    if draft.auth_methods.is_empty() {
        return Err(AdminError::invalid(
            "allowedAuthMethods",
            "has client_secret, private_key_jwt or both",
        ));
    }
    let by_key = draft.auth_methods.contains(&AuthMethod::PrivateKeyJwt);
    let has_keys = !draft.public_keys.is_empty() || !draft.jwks_uri.is_empty();
    if by_key != has_keys {
        return Err(AdminError::invalid(
            "publicKeys",
            "go with private_key_jwt: register a key or jwksUri exactly when it is allowed",
        ));
    }
    if let Some(secret) = &draft.secret {
        if !draft.auth_methods.contains(&AuthMethod::ClientSecret) {
            return Err(AdminError::invalid("clientSecret", "goes with client_secret"));
        }
        strong_secret(secret)?;
    }
    imported_secret(draft)?;
    keys(&draft.public_keys)
}

/// A secret that comes from a file is hashed fast like those that we draw, so it has to be as
/// strong as they are, and of characters that every way of sending it leaves alone.
fn imported_secret(draft: &ClientDraft) -> Result<(), AdminError> {
    let Some(secret) = &draft.secret else { return Ok(()) };
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
    if (32..=256).contains(&secret.expose().len()) && secret.expose().bytes().all(unreserved) {
        return Ok(());
    }
    Err(AdminError::invalid(
        "clientSecret",
        "has 32 to 256 random characters out of A-Z a-z 0-9 - . _ ~",
    ))
}

/// Secrets are kept as a fast hash, which is right only for what nobody can guess.
fn strong_secret(secret: &SecretText) -> Result<(), AdminError> {
    let text = secret.expose();
    let distinct: HashSet<u8> = text.bytes().collect();
    let fits = SECRET_LENGTH.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if fits && distinct.len() >= SECRET_DISTINCT {
        return Ok(());
    }
    Err(AdminError::invalid(
        "clientSecret",
        format!(
            "has {} to {} visible ASCII characters, drawn at random",
            SECRET_LENGTH.start(),
            SECRET_LENGTH.end()
        ),
    ))
}

fn keys(keys: &[serde_json::Value]) -> Result<(), AdminError> {
    if keys.len() > KEYS_MAX {
        return Err(AdminError::invalid("publicKeys", format!("has at most {KEYS_MAX} keys")));
    }
    let mut kids = HashSet::new();
    for value in keys {
        let jwk = Jwk::parse_public(value)
            .map_err(|error| AdminError::invalid("publicKeys", error.to_string()))?;
        if !kids.insert(super::client::kid_of(&jwk)) {
            return Err(AdminError::invalid("publicKeys", "has the same kid twice"));
        }
    }
    Ok(())
}
