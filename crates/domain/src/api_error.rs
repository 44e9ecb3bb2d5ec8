//! THE table of errors that the REST API answers (contract, section 6): each noun with each fault.
//!
//! Invariant: an [`ApiProblem`] is made only from a row of this table, so that code and HTTP status
//! always agree. The detail is public: what is wrong, where, and what would be right; never a secret.

use std::borrow::Cow;

use serde_json::{Value, json};

macro_rules! nouns {
    ($($(#[$doc:meta])* $noun:ident => $prefix:literal, $name:literal;)+) => {
        /// What a request is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Noun { $($(#[$doc])* $noun),+ }

        impl Noun {
            /// Every noun, for documents and tests.
            pub const ALL: &'static [Self] = &[$(Self::$noun),+];

            /// What its codes begin with.
            pub fn prefix(self) -> &'static str {
                match self { $(Self::$noun => $prefix),+ }
            }

            /// What people call it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$noun => $name),+ }
            }
        }
    };
}

nouns! {
    /// OAuth clients, their secrets and connection configs.
    OauthClient => "OAUTH-CLIENTS", "OAuth client";
    /// Users.
    User => "USERS", "user";
    /// Groups.
    Group => "GROUPS", "group";
    /// Roles.
    Role => "ROLES", "role";
    /// Tenants.
    Tenant => "TENANTS", "tenant";
    /// Grants and their tokens.
    OauthToken => "OAUTH-TOKENS", "OAuth token";
    /// API keys.
    ApiKey => "API-KEYS", "API key";
    /// The audit trail.
    Audit => "AUDITS", "audit event";
}

macro_rules! faults {
    ($($(#[$doc:meta])* $fault:ident => $number:literal, $status:literal, $title:literal, $advice:literal;)+) => {
        /// What is wrong with a request.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Fault { $($(#[$doc])* $fault),+ }

        impl Fault {
            /// Every fault, for documents and tests.
            pub const ALL: &'static [Self] = &[$(Self::$fault),+];

            /// The HTTP status.
            pub fn status(self) -> u16 {
                match self { $(Self::$fault => $status),+ }
            }

            /// A few words.
            pub fn title(self) -> &'static str {
                match self { $(Self::$fault => $title),+ }
            }

            /// What its reader can do, for documents.
            pub fn advice(self) -> &'static str {
                match self { $(Self::$fault => $advice),+ }
            }

            fn number(self) -> u16 {
                match self { $(Self::$fault => $number),+ }
            }
        }
    };
}

faults! {
    /// A field's value breaks a rule; `source.pointer` leads to it.
    Invalid => 1, 400, "Invalid value",
        "Change the value that `source.pointer` leads to; `detail` says what would be right.";
    /// The body is not the JSON that is expected.
    Malformed => 2, 400, "Invalid body",
        "Send the JSON that the operation describes; `source.pointer` leads to what does not fit.";
    /// A query parameter or header is wrong; `source.parameter` names it.
    Parameter => 3, 400, "Invalid parameter",
        "Change the parameter or header that `source.parameter` names; `detail` says what would be right.";
    /// It is taken, or what is asked does not go with what is there.
    Conflict => 4, 409, "Conflict",
        "Read the thing again, then choose another name or make the change that `detail` asks for first.";
    /// There are as many as there may be.
    Limit => 5, 409, "Limit reached",
        "Remove what is no longer used, or ask the operator for a higher limit.";
    /// The caller may not do this.
    Forbidden => 6, 403, "Forbidden",
        "Use a token whose user has the role. A scope cannot replace it.";
    /// There is no such thing in this tenant (in the contract, tenants have another number).
    NotFound => 7, 404, "Not found",
        "Check the id and the host name: each tenant sees its own things only.";
    /// The body is too large.
    TooLarge => 9, 413, "Request too large",
        "Send at most 500 KiB at a time, in several requests.";
    /// The body is not of a type that is read.
    MediaType => 10, 415, "Unsupported content type",
        "Send `content-type: application/json`.";
    /// The body did not arrive in time.
    TooSlow => 11, 408, "Request too slow",
        "Send the request again over a better connection.";
    /// The caller asks too often (RFC 6585 section 4).
    TooManyRequests => 12, 429, "Too many requests",
        "Wait for as many seconds as `retry-after` says, then go on more slowly.";
    /// The server cannot reach its data.
    Unavailable => 13, 503, "Temporarily unavailable",
        "Try again after `retry-after`. If it stays so, give the operator the `traceId`.";
}

/// The code of a noun's fault, such as `USERS-7`.
pub fn code(noun: Noun, fault: Fault) -> String {
    let number = match (noun, fault) {
        (Noun::Tenant, Fault::NotFound) => 8,
        _ => fault.number(),
    };
    format!("{}-{number}", noun.prefix())
}

/// What in a request is wrong (contract, section 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A place in the body, as a JSON pointer (RFC 6901).
    Pointer(String),
    /// A query parameter or header, by its name.
    Parameter(String),
}

/// An error of the REST API.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", code(*noun, *fault))]
pub struct ApiProblem {
    /// What the request is about.
    pub noun: Noun,
    /// What is wrong.
    pub fault: Fault,
    /// What is wrong and what to do, for the caller's developer.
    pub detail: Cow<'static, str>,
    /// Where it is wrong.
    pub place: Option<Source>,
}

impl ApiProblem {
    /// A problem without a place.
    pub fn new(noun: Noun, fault: Fault, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { noun, fault, detail: detail.into(), place: None }
    }

    /// The same with its place.
    #[must_use]
    pub fn at(self, place: Source) -> Self {
        Self { place: Some(place), ..self }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.fault.status()
    }

    /// The body of an answer. In the contract, the status is text with tenants and OAuth, and a
    /// number elsewhere.
    pub fn body(&self, trace_id: &str) -> Value {
        let status = match self.noun {
            Noun::Tenant | Noun::OauthClient | Noun::OauthToken => {
                json!(self.status().to_string())
            }
            _ => json!(self.status()),
        };
        let mut error = json!({
            "code": code(self.noun, self.fault),
            "title": self.fault.title(),
            "detail": self.detail,
            "status": status,
        });
        match &self.place {
            Some(Source::Pointer(pointer)) => error["source"] = json!({ "pointer": pointer }),
            Some(Source::Parameter(name)) => error["source"] = json!({ "parameter": name }),
            None => {}
        }
        json!({ "errors": [error], "traceId": trace_id })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_the_contracts_are_kept() {
        let rows = Noun::ALL.iter().flat_map(|noun| Fault::ALL.iter().map(|f| (*noun, *f)));
        let codes: Vec<String> = rows.map(|(noun, fault)| code(noun, fault)).collect();
        assert_eq!(codes.iter().collect::<HashSet<_>>().len(), codes.len());
        for known in ["USERS-7", "GROUPS-7", "TENANTS-8"] {
            assert!(codes.iter().any(|code| code == known), "{known}");
        }
    }

    #[test]
    fn a_body_has_the_contracts_shape() {
        let problem = ApiProblem::new(Noun::User, Fault::Invalid, "is wrong")
            .at(Source::Pointer("/name".to_owned()));
        let body = problem.body("t");
        assert_eq!(body["errors"][0]["code"], "USERS-1");
        assert_eq!(body["errors"][0]["status"], 400);
        assert_eq!(body["errors"][0]["source"]["pointer"], "/name");
        let text = ApiProblem::new(Noun::Tenant, Fault::NotFound, "x").body("t");
        assert_eq!(text["errors"][0]["status"], "404");
    }
}
