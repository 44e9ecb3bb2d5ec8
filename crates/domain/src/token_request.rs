//! The token request as typed values (RFC 6749 sections 2.3, 4.1.3, 4.4.2, 6; contract 4.2, 4.3).
//!
//! Invariant: what leaves this module is complete: every member that the grant needs is there,
//! once, and the client has presented exactly one kind of credentials.

use crate::basic_auth::BasicCredentials;
use crate::client::GrantType;
use crate::ids::ClientId;
use crate::oauth_error::{ErrorKind, OauthError};
use crate::params::{DuplicateParam, Params};
use crate::scope::ScopeSet;
use crate::secret::{Secret, SecretText};

/// `client_assertion_type` of RFC 7523 section 2.2.
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How a client presented itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// By id alone: a public client, or nothing at all.
    None,
    /// A shared secret, from the Basic header or the body.
    Secret(SecretText),
    /// A signed assertion (RFC 7523).
    Assertion(SecretText),
}

/// The client's id, as far as it was sent, and its credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentedClient {
    /// `client_id`; a refresh may leave it out (contract 0.3).
    pub client_id: Option<ClientId>,
    /// What proves it.
    pub credentials: Credentials,
    /// Whether the Basic header was used, which makes the challenge part of the refusal
    /// (RFC 6749 section 5.2).
    pub by_header: bool,
}

/// What is asked for, by grant.
#[derive(Debug, Clone, PartialEq)]
pub enum GrantRequest {
    /// RFC 6749 section 4.1.3, RFC 7636 section 4.5.
    AuthorizationCode {
        /// The code.
        code: SecretText,
        /// The redirect URI of the authorization request, repeated.
        redirect_uri: Option<String>,
        /// The PKCE verifier.
        code_verifier: Option<SecretText>,
    },
    /// RFC 6749 section 6.
    RefreshToken {
        /// The refresh token.
        refresh_token: SecretText,
        /// A narrower scope, or empty.
        scope: ScopeSet,
    },
    /// RFC 6749 section 4.4.
    ClientCredentials {
        /// The scope, or empty for all.
        scope: ScopeSet,
    },
    /// Contract section 4.2.
    UserImpersonation {
        /// The user to act as.
        lookup: UserLookup,
        /// The scope, or empty for all.
        scope: ScopeSet,
    },
}

/// Which user a machine client wants to act as (contract section 4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserLookup {
    /// By `sub`.
    Subject(String),
    /// By user id.
    UserId(String),
}

impl GrantRequest {
    /// The grant.
    pub fn grant_type(&self) -> GrantType {
        match self {
            Self::AuthorizationCode { .. } => GrantType::AuthorizationCode,
            Self::RefreshToken { .. } => GrantType::RefreshToken,
            Self::ClientCredentials { .. } => GrantType::ClientCredentials,
            Self::UserImpersonation { .. } => GrantType::UserImpersonation,
        }
    }
}

/// A whole token request.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenRequest {
    /// Who asks.
    pub client: PresentedClient,
    /// For what.
    pub grant: GrantRequest,
}

fn duplicate(error: DuplicateParam) -> OauthError {
    OauthError::invalid_request(format!("{error}. Send each parameter once."))
}

/// A parameter that may be left out.
///
/// # Errors
/// `invalid_request` when it is repeated.
pub fn optional<'p>(params: &'p Params, name: &'static str) -> Result<Option<&'p str>, OauthError> {
    params.get(name).map_err(duplicate)
}

/// A parameter that must be there.
///
/// # Errors
/// `invalid_request` when it is missing or repeated.
pub fn required<'p>(params: &'p Params, name: &'static str) -> Result<&'p str, OauthError> {
    optional(params, name)?
        .ok_or_else(|| OauthError::invalid_request(format!("The parameter {name} is missing.")))
}

fn secret(text: &str) -> SecretText {
    Secret::new(text.to_owned())
}

/// The `scope` parameter; missing is empty.
///
/// # Errors
/// `invalid_scope` when it is not a list of scope tokens (RFC 6749 section 3.3).
pub fn scope(params: &Params) -> Result<ScopeSet, OauthError> {
    let text = optional(params, "scope")?.unwrap_or("");
    ScopeSet::parse(text).map_err(|error| OauthError::invalid_scope(error.to_string()))
}

fn client_id(text: &str) -> Result<ClientId, OauthError> {
    ClientId::parse(text).map_err(|_| {
        OauthError::invalid_client("The client is unknown, or its credentials are wrong.")
    })
}

/// Reads who the client says it is: Basic header, body, or assertion, but only one of them.
///
/// # Errors
/// `invalid_request` for several kinds of credentials at once or a client id that contradicts
/// the header; `invalid_client` for an id that cannot be one.
pub fn presented_client(
    params: &Params,
    basic: Option<BasicCredentials>,
) -> Result<PresentedClient, OauthError> {
    let body_id = optional(params, "client_id")?;
    let body_secret = optional(params, "client_secret")?;
    let assertion = assertion(params)?;
    let kinds = [basic.is_some(), body_secret.is_some(), assertion.is_some()];
    if kinds.iter().filter(|used| **used).count() > 1 {
        return Err(OauthError::invalid_request(
            "Authenticate the client in one way only: Basic header, client_secret or client_assertion.",
        ));
    }
    if let Some(basic) = basic {
        if body_id.is_some_and(|id| id != basic.client_id) {
            return Err(OauthError::invalid_request(
                "client_id is not the client of the Authorization header.",
            ));
        }
        return Ok(PresentedClient {
            client_id: Some(client_id(&basic.client_id)?),
            credentials: Credentials::Secret(basic.client_secret),
            by_header: true,
        });
    }
    let credentials = match (body_secret, assertion) {
        (Some(text), _) => Credentials::Secret(secret(text)),
        (None, Some(assertion)) => Credentials::Assertion(assertion),
        (None, None) => Credentials::None,
    };
    let client_id = body_id.map(client_id).transpose()?;
    Ok(PresentedClient { client_id, credentials, by_header: false })
}

fn assertion(params: &Params) -> Result<Option<SecretText>, OauthError> {
    let kind = optional(params, "client_assertion_type")?;
    match (optional(params, "client_assertion")?, kind) {
        (None, None) => Ok(None),
        (Some(assertion), Some(JWT_BEARER)) => Ok(Some(secret(assertion))),
        (Some(_), _) => Err(OauthError::invalid_request(format!(
            "client_assertion needs client_assertion_type={JWT_BEARER}."
        ))),
        (None, Some(_)) => Err(OauthError::invalid_request("client_assertion is missing.")),
    }
}

fn user_lookup(params: &Params) -> Result<UserLookup, OauthError> {
    let lookup = params.user_lookup().map_err(|error| {
        OauthError::invalid_request(format!("user_lookup cannot be read: {error}."))
    })?;
    match lookup {
        Some((field, value)) if field == "subject" => Ok(UserLookup::Subject(value)),
        Some((field, value)) if field == "userId" => Ok(UserLookup::UserId(value)),
        Some(_) => Err(OauthError::invalid_request("user_lookup.field is subject or userId.")),
        None => Err(OauthError::invalid_request(
            "user_lookup is missing: send field (subject or userId) and value.",
        )),
    }
}

impl TokenRequest {
    /// Reads a token request.
    ///
    /// # Errors
    /// The RFC's error for what is missing, repeated, unknown or contradictory.
    pub fn parse(params: &Params, basic: Option<BasicCredentials>) -> Result<Self, OauthError> {
        let client = presented_client(params, basic)?;
        let grant_type = required(params, "grant_type")?;
        let Some(grant_type) = GrantType::parse(grant_type) else {
            let known: Vec<_> = GrantType::ALL.iter().map(|grant| grant.as_str()).collect();
            return Err(OauthError::new(
                ErrorKind::UnsupportedGrantType,
                format!("grant_type is one of: {}.", known.join(", ")),
            ));
        };
        let grant = match grant_type {
            GrantType::AuthorizationCode => GrantRequest::AuthorizationCode {
                code: secret(required(params, "code")?),
                redirect_uri: optional(params, "redirect_uri")?.map(str::to_owned),
                code_verifier: optional(params, "code_verifier")?.map(secret),
            },
            GrantType::RefreshToken => GrantRequest::RefreshToken {
                refresh_token: secret(required(params, "refresh_token")?),
                scope: scope(params)?,
            },
            GrantType::ClientCredentials => {
                GrantRequest::ClientCredentials { scope: scope(params)? }
            }
            GrantType::UserImpersonation => GrantRequest::UserImpersonation {
                lookup: user_lookup(params)?,
                scope: scope(params)?,
            },
        };
        Ok(Self { client, grant })
    }
}
