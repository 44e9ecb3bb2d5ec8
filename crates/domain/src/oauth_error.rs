//! THE table of errors that the protocol endpoints answer.
//!
//! Invariant: an [`OauthError`] is made only from a row of this table, so that its RFC `error`,
//! contract code (`OAUTH-n`, section 4.2) and HTTP status always agree. The description is public
//! and helps the app's developer; the private detail goes to the log once and to nobody else.

use std::borrow::Cow;

use serde_json::{Value, json};

macro_rules! table {
    ($($(#[$doc:meta])* $kind:ident => $error:literal, $code:literal, $status:literal, $title:literal, $advice:literal;)+) => {
        /// What went wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorKind {
            $($(#[$doc])* $kind),+
        }

        impl ErrorKind {
            /// Every row, for documents and tests.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// The `error` of the RFCs.
            pub fn error(self) -> &'static str {
                match self { $(Self::$kind => $error),+ }
            }

            /// The contract's code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$kind => $code),+ }
            }

            /// The HTTP status when answered directly.
            pub fn status(self) -> u16 {
                match self { $(Self::$kind => $status),+ }
            }

            /// The contract's title.
            pub fn title(self) -> &'static str {
                match self { $(Self::$kind => $title),+ }
            }

            /// What the app's developer can do, for documents.
            pub fn advice(self) -> &'static str {
                match self { $(Self::$kind => $advice),+ }
            }
        }
    };
}

table! {
    /// The redirect URI is not one of the client's (RFC 6749 3.1.2.4; contract 4.2).
    RedirectUriNotRegistered => "invalid_request", "OAUTH-1", 400, "redirect_uri is not registered",
        "Register the redirect URI with the client, character by character as it is sent.";
    /// A parameter is missing, repeated or malformed (RFC 6749 4.1.2.1, 5.2).
    InvalidRequest => "invalid_request", "OAUTH-2", 400, "Invalid request",
        "Send each parameter once, in the form that the description names.";
    /// The client could not be authenticated (RFC 6749 5.2).
    InvalidClient => "invalid_client", "OAUTH-3", 401, "Invalid client credentials",
        "Check client id and secret, and that the secret was not removed. The tenant's administrator sees the reason in the client's activity.";
    /// The client may not use this grant or response type (RFC 6749 5.2).
    UnauthorizedClient => "unauthorized_client", "OAUTH-4", 400, "Client is not authorized",
        "Allow the grant for the client, or use one that it may use.";
    /// The code, refresh token or assertion is not good (RFC 6749 5.2).
    InvalidGrant => "invalid_grant", "OAUTH-5", 400, "Unauthorized",
        "Start the flow again: a code works once and for a minute, and a refresh token is replaced at each use.";
    /// The grant type is unknown (RFC 6749 5.2).
    UnsupportedGrantType => "unsupported_grant_type", "OAUTH-6", 400, "Unsupported grant_type",
        "Use a grant type that discovery lists.";
    /// A scope is unknown or not the client's (RFC 6749 5.2).
    InvalidScope => "invalid_scope", "OAUTH-7", 400, "Invalid scope",
        "Ask only for scopes that the client has, separated by spaces.";
    /// The user said no (RFC 6749 4.1.2.1).
    AccessDenied => "access_denied", "OAUTH-8", 403, "Access denied",
        "The user or the administrator said no: explain why the app needs it before asking again.";
    /// Only `code` is supported (RFC 6749 4.1.2.1).
    UnsupportedResponseType => "unsupported_response_type", "OAUTH-9", 400, "Unsupported response_type",
        "Send `response_type=code`.";
    /// `prompt=none` without a session (OpenID Connect Core 3.1.2.6).
    LoginRequired => "login_required", "OAUTH-10", 401, "Sign-in required",
        "Send the user to sign in: the same request without `prompt=none`.";
    /// `prompt=none` without consent (OpenID Connect Core 3.1.2.6).
    ConsentRequired => "consent_required", "OAUTH-11", 403, "Consent required",
        "Ask the user: the same request without `prompt=none`.";
    /// Request objects are not supported (OpenID Connect Core 3.1.2.6).
    RequestNotSupported => "request_not_supported", "OAUTH-12", 400, "request is not supported",
        "Send the parameters in the address and not in a request object.";
    /// Request objects by reference are not supported (OpenID Connect Core 3.1.2.6).
    RequestUriNotSupported => "request_uri_not_supported", "OAUTH-13", 400, "request_uri is not supported",
        "Send the parameters in the address and not by reference.";
    /// There is no such client here (contract 4.2).
    UnknownClient => "invalid_request", "OAUTH-14", 400, "Invalid client_id",
        "Check the client id, and that it is a client of this tenant.";
    /// The user is disabled (contract 4.2).
    UserDisabled => "invalid_grant", "OAUTH-15", 403, "User is disabled",
        "Ask the tenant's administrator to enable the user.";
    /// The access token is missing, expired, revoked or not ours (RFC 6750 3.1).
    InvalidToken => "invalid_token", "OAUTH-16", 401, "Invalid token",
        "Get a new access token, and send it to the tenant that issued it.";
    /// The access token lacks a scope (RFC 6750 3.1).
    InsufficientScope => "insufficient_scope", "OAUTH-17", 403, "Insufficient scope",
        "Ask for a token with one of the scopes that the description names.";
    /// The server is busy or its database is away (RFC 6749 4.1.2.1).
    TemporarilyUnavailable => "temporarily_unavailable", "OAUTH-18", 503, "Temporarily unavailable",
        "Try again after `retry-after`.";
    /// A fault of ours (RFC 6749 4.1.2.1).
    ServerError => "server_error", "OAUTH-19", 500, "Internal error",
        "Try again; if it stays so, give the operator the `traceId`.";
    /// The body is not of a type that the endpoint reads (RFC 9110 15.5.16).
    UnsupportedMediaType => "invalid_request", "OAUTH-20", 415, "Unsupported content type",
        "Send `application/x-www-form-urlencoded` or `application/json`.";
    /// The body or a parameter is too large (RFC 9110 15.5.14).
    TooLarge => "invalid_request", "OAUTH-21", 413, "Request too large",
        "Send a smaller request.";
    /// Registration parameters in an authorization request (OpenID Connect Core 3.1.2.6).
    RegistrationNotSupported => "registration_not_supported", "OAUTH-22", 400, "registration is not supported",
        "Register the client beforehand, and leave the parameter out.";
    /// The body did not arrive in time (RFC 9110 15.5.9).
    TooSlow => "invalid_request", "OAUTH-24", 408, "Request too slow",
        "Send the request again over a better connection.";
    /// The caller asks too often (RFC 6585 section 4).
    TooManyRequests => "temporarily_unavailable", "OAUTH-23", 429, "Too many requests",
        "Wait for as many seconds as `retry-after` says.";
}

/// An error of a protocol endpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} ({}): {description}", kind.error(), kind.code())]
pub struct OauthError {
    kind: ErrorKind,
    description: Cow<'static, str>,
    private: Option<String>,
}

impl OauthError {
    /// An error of a row, with what the app's developer should know and do.
    pub fn new(kind: ErrorKind, description: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, description: legal(description.into()), private: None }
    }

    /// Adds what only the operator's log may know; never a secret.
    #[must_use]
    pub fn with_private(mut self, detail: impl Into<String>) -> Self {
        self.private = Some(detail.into());
        self
    }

    /// The row.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The public description.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The log's detail.
    pub fn private(&self) -> Option<&str> {
        self.private.as_deref()
    }

    /// The body that both worlds read: RFC 6749 section 5.2 and contract section 4.2.
    pub fn body(&self, trace_id: &str) -> Value {
        json!({
            "error": self.kind.error(),
            "error_description": self.description,
            "errors": [{
                "code": self.kind.code(),
                "title": self.kind.title(),
                "detail": self.description,
                "status": self.kind.status().to_string(),
            }],
            "traceId": trace_id,
        })
    }
}

/// Keeps a description inside RFC 6749's character set: `%x20-21 / %x23-5B / %x5D-7E`.
fn legal(text: Cow<'static, str>) -> Cow<'static, str> {
    let fits = |c: char| matches!(c, ' '..='!' | '#'..='[' | ']'..='~');
    if text.chars().all(fits) {
        return text;
    }
    let quote = |c| match c {
        '"' => '\'',
        '\\' => '/',
        c if fits(c) => c,
        _ => '?',
    };
    text.chars().map(quote).collect::<String>().into()
}

macro_rules! shorthand {
    ($($(#[$doc:meta])* $name:ident => $kind:ident;)+) => {
        impl OauthError {
            $($(#[$doc])*
            pub fn $name(description: impl Into<Cow<'static, str>>) -> Self {
                Self::new(ErrorKind::$kind, description)
            })+
        }
    };
}

shorthand! {
    /// A malformed request.
    invalid_request => InvalidRequest;
    /// A client that could not be authenticated.
    invalid_client => InvalidClient;
    /// A code or refresh token that is not good.
    invalid_grant => InvalidGrant;
    /// A scope that cannot be given.
    invalid_scope => InvalidScope;
    /// A client that may not do this.
    unauthorized_client => UnauthorizedClient;
    /// A token that is not good.
    invalid_token => InvalidToken;
    /// A fault of ours.
    server_error => ServerError;
    /// Try again later.
    unavailable => TemporarilyUnavailable;
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_statuses_are_errors() {
        let codes: HashSet<_> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), ErrorKind::ALL.len());
        assert!(ErrorKind::ALL.iter().all(|kind| (400..600).contains(&kind.status())));
    }

    #[test]
    fn descriptions_stay_inside_the_rfcs_characters() {
        let error = OauthError::invalid_request("a \"b\" \\ \n ü");
        assert_eq!(error.description(), "a 'b' / ? ?");
    }

    #[test]
    fn the_private_detail_is_not_in_the_body() {
        let body = OauthError::invalid_client("No.").with_private("why").body("t").to_string();
        assert!(!body.contains("why"));
    }
}
