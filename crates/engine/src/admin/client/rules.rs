//! What a client may look like (contract section 1, requirements S2.2, S2.3, S2.6, S1.2).

mod credentials;
mod links;

use std::collections::HashSet;

use domain::client::{AppType, ConsentMethod, GrantType, Level};
use domain::jose::Jwk;
use domain::redirect_uri::{AllowedOrigin, MAX_URI, RedirectUri, UriPolicy};
use domain::said;
use domain::said::Said;
use domain::scope::{Catalogue, ScopeName, ScopeSet};

use super::ClientDraft;
use super::limits::{DISABLE_TAG_MAX, MACHINE_GRANTS, NAME_MAX};
use crate::admin::AdminError;
use crate::admin::wording::{description, name};
use crate::context::Engine;
use crate::keys::ID_TOKEN_ALGS;
use crate::settings::Limits;

/// Checks a draft from end to end; gives its keys, each with a `kid`.
///
/// # Errors
/// The first field that breaks a rule.
pub(super) fn check(engine: &Engine, draft: &ClientDraft) -> Result<Vec<Jwk>, AdminError> {
    let settings = engine.settings();
    name("clientName", &draft.name, NAME_MAX)?;
    description(&draft.description)?;
    links::check(draft, settings.outbound.allow_private_addresses)?;
    uris(draft, &settings.limits)?;
    origins(draft, &settings.limits)?;
    scopes(&draft.allowed_scopes, draft.app_type, engine.catalogue())?;
    grants(draft)?;
    consent(draft)?;
    credentials::check(draft)
}

/// Checks the reason for which a client is switched off.
///
/// # Errors
/// One that is empty or too long.
pub(super) fn disable_tag(tag: Option<&str>) -> Result<(), AdminError> {
    tag.map_or(Ok(()), |tag| name("disableTag", tag, DISABLE_TAG_MAX).map(drop))
}

/// Demands that values are at most `max`, each once.
fn unique<T: Eq + std::hash::Hash>(
    field: &'static str,
    values: &[T],
    max: usize,
) -> Result<(), AdminError> {
    if values.len() > max {
        return Err(AdminError::invalid(
            field,
            said!("values-max", "has at most {max} values", max),
        ));
    }
    let mut seen = HashSet::new();
    match values.iter().position(|value| !seen.insert(value)) {
        Some(index) => {
            Err(AdminError::invalid_at(field, index, said!("value-twice", "is there twice")))
        }
        None => Ok(()),
    }
}

/// A set of scopes from a list, as bodies carry it.
///
/// # Errors
/// A text that is no scope's name (RFC 6749 section 3.3), is there twice, or is one too many.
pub fn scope_set(names: &[String]) -> Result<ScopeSet, AdminError> {
    const FIELD: &str = "allowedScopes";
    unique(FIELD, names, usize::MAX)?;
    for (index, name) in names.iter().enumerate() {
        ScopeName::parse(name)
            .map_err(|error| AdminError::invalid_at(FIELD, index, error.said()))?;
    }
    ScopeSet::from_names(names.iter().map(String::as_str))
        .map_err(|error| AdminError::invalid(FIELD, error.said()))
}

/// What is wrong with an address, with the address itself unless it is too long.
fn quoted(address: &str, why: Said) -> Said {
    match address.len() <= MAX_URI {
        true => said!("quoted", "`{address}`: {why}", address, why),
        false => why,
    }
}

fn uris(draft: &ClientDraft, limits: &Limits) -> Result<(), AdminError> {
    let policy = UriPolicy::from(draft.app_type);
    let all = [
        ("redirectUris", &draft.redirect_uris),
        ("postLogoutRedirectUris", &draft.post_logout_redirect_uris),
    ];
    for (field, values) in all {
        unique(field, values, limits.redirect_uris)?;
        for (index, uri) in values.iter().enumerate() {
            RedirectUri::parse_registration(uri, policy)
                .map_err(|error| AdminError::invalid_at(field, index, quoted(uri, error.said())))?;
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
            said!(
                "origins-not-for-type",
                "are for single-page apps, and for web clients with impersonation"
            ),
        ));
    }
    for (index, origin) in draft.allowed_origins.iter().enumerate() {
        AllowedOrigin::parse(origin).map_err(|error| {
            AdminError::invalid_at("allowedOrigins", index, quoted(origin, error.said()))
        })?;
    }
    Ok(())
}

fn scopes(scopes: &ScopeSet, app_type: AppType, catalogue: &Catalogue) -> Result<(), AdminError> {
    for (index, scope) in scopes.iter().enumerate() {
        let message = if catalogue.get(scope).is_none() {
            said!("scope-unknown", "there is no scope `{scope}`", scope)
        } else if !catalogue.may_hold(scope, app_type, Level::Tenant) {
            said!(
                "scope-not-for-type",
                "`{scope}` is not for {type} clients of a tenant",
                scope,
                type = app_type.as_str()
            )
        } else {
            continue;
        };
        return Err(AdminError::invalid_at("allowedScopes", index, message));
    }
    Ok(())
}

fn grants(draft: &ClientDraft) -> Result<(), AdminError> {
    const FIELD: &str = "allowedGrantTypes";
    let listed = |grant: &GrantType| MACHINE_GRANTS.contains(grant);
    if let Some(index) = draft.machine_grants.iter().position(|grant| !listed(grant)) {
        let message = "is client_credentials or urn:qlik:oauth:user-impersonation; the code flow needs only redirectUris";
        return Err(AdminError::invalid_at(FIELD, index, message));
    }
    unique(FIELD, &draft.machine_grants, MACHINE_GRANTS.len())?;
    if draft.app_type != AppType::Web && !draft.machine_grants.is_empty() {
        return Err(AdminError::invalid(
            FIELD,
            said!("grants-not-for-type", "are for web clients only"),
        ));
    }
    if !ID_TOKEN_ALGS.contains(&draft.id_token_alg) {
        return Err(AdminError::invalid(
            "idTokenSignedResponseAlg",
            said!("id-token-alg", "is RS256, ES256 or PS256"),
        ));
    }
    Ok(())
}

fn consent(draft: &ClientDraft) -> Result<(), AdminError> {
    let trusted = draft.consent_method == ConsentMethod::Trusted;
    if trusted && draft.app_type == AppType::AnonymousEmbed {
        return Err(AdminError::invalid(
            "consentMethod",
            said!("consent-embed", "is required for anonymous-embed"),
        ));
    }
    Ok(())
}
