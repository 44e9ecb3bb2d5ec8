//! Server metadata (RFC 8414, OpenID Connect Discovery 1.0).
//!
//! Invariant: the lists come from the same types that the endpoints use, so what is advertised
//! works and what works is advertised.

use domain::client::{GrantType, Level};
use domain::jose::Alg;
use serde_json::{Value, json};

use crate::authorize::{Prompt, ResponseMode};
use crate::context::Ctx;
use crate::keys::ID_TOKEN_ALGS;

/// Signature algorithms of client assertions (contract 4.3; RFC 7518).
pub const ASSERTION_ALGS: &[Alg] = &[Alg::RS256, Alg::RS512, Alg::ES256, Alg::ES384];

/// How clients authenticate at the token, revocation and introspection endpoints.
const AUTH_METHODS: &[&str] =
    &["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];

fn names<T: Copy>(values: &[T], name: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    values.iter().map(|value| name(*value)).collect()
}

/// The document of both well-known addresses; `ui_locales` are the languages of the pages.
pub fn metadata(ctx: &Ctx<'_>, ui_locales: &[&str]) -> Value {
    let issuer = &ctx.tenant.issuer;
    let assertion_algs = names(ASSERTION_ALGS, Alg::as_str);
    let scopes: Vec<&str> = ctx
        .engine
        .catalogue
        .iter()
        .filter(|scope| scope.levels.contains(&Level::Tenant))
        .map(|scope| scope.name.as_str())
        .collect();
    let confidential = &AUTH_METHODS[..3];
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/oauth/authorize"),
        "token_endpoint": ctx.tenant.token_endpoint,
        "userinfo_endpoint": format!("{issuer}/oauth/userinfo"),
        "revocation_endpoint": format!("{issuer}/oauth/revoke"),
        "introspection_endpoint": format!("{issuer}/oauth/introspect"),
        "end_session_endpoint": format!("{issuer}/oauth/logout"),
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "scopes_supported": scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": names(ResponseMode::ALL, ResponseMode::as_str),
        "grant_types_supported": names(GrantType::ALL, GrantType::as_str),
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": Prompt::VALUES,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": names(ID_TOKEN_ALGS, Alg::as_str),
        "token_endpoint_auth_methods_supported": AUTH_METHODS,
        "token_endpoint_auth_signing_alg_values_supported": assertion_algs,
        "revocation_endpoint_auth_methods_supported": AUTH_METHODS,
        "revocation_endpoint_auth_signing_alg_values_supported": assertion_algs,
        "introspection_endpoint_auth_methods_supported": confidential,
        "introspection_endpoint_auth_signing_alg_values_supported": assertion_algs,
        "claim_types_supported": ["normal"],
        "claims_supported": domain::claims::supported(),
        "claims_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
        "display_values_supported": ["page"],
        "ui_locales_supported": ui_locales,
    })
}
