//! Claims: what scopes and the `claims` parameter put into userinfo and ID tokens.
//!
//! OpenID Connect Core 5.1 (standard claims), 5.4 (scopes), 5.5 (the `claims` parameter).
//! Invariant: profile claims go to userinfo; an ID token gets them only when the `claims`
//! parameter names them (conformance, item 13).

use serde_json::{Map, Value};

use crate::scope::ScopeSet;
use crate::user::User;

/// Claims that each scope gives (OpenID Connect Core 5.4).
const SCOPE_CLAIMS: &[(&str, &[&str])] = &[
    (
        "profile",
        &[
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        ],
    ),
    ("email", &["email", "email_verified"]),
    ("address", &["address"]),
    ("phone", &["phone_number", "phone_number_verified"]),
    ("identity.name:read", &["name"]),
    ("identity.email:read", &["email", "email_verified"]),
    ("identity.picture:read", &["picture"]),
];

/// Every claim that userinfo may answer, for discovery's `claims_supported`.
pub fn supported() -> Vec<&'static str> {
    let mut all = vec!["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "sid", "amr"];
    for (_, claims) in &SCOPE_CLAIMS[..4] {
        all.extend_from_slice(claims);
    }
    all
}

/// The scope that lets a claim be told (OpenID Connect Core 5.4); `None` for unknown claims.
pub fn scope_of(claim: &str) -> Option<&'static str> {
    SCOPE_CLAIMS[..4].iter().find(|(_, claims)| claims.contains(&claim)).map(|(scope, _)| *scope)
}

/// The claims that are kept as the user's own, beside name, email and subject.
pub fn is_user_claim(name: &str) -> bool {
    !matches!(name, "name" | "email" | "email_verified" | "updated_at")
        && SCOPE_CLAIMS[..4].iter().any(|(_, claims)| claims.contains(&name))
}

/// Where a claim was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The userinfo response.
    Userinfo,
    /// The ID token.
    IdToken,
}

impl Target {
    fn member(self) -> &'static str {
        match self {
            Self::Userinfo => "userinfo",
            Self::IdToken => "id_token",
        }
    }
}

/// Longest `claims` parameter that is read, in bytes.
const CLAIMS_PARAMETER_MAX: usize = 4096;

/// The checked `claims` parameter (OpenID Connect Core 5.5).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ClaimsRequest(Map<String, Value>);

/// Why a `claims` parameter was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("claims must be a JSON object with objects userinfo and id_token, at most 4096 bytes")]
pub struct InvalidClaims;

impl ClaimsRequest {
    /// Parses the parameter; empty text asks for nothing.
    ///
    /// # Errors
    /// [`InvalidClaims`] when it is not of the shape of OpenID Connect Core 5.5.
    pub fn parse(text: &str) -> Result<Self, InvalidClaims> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        if text.len() > CLAIMS_PARAMETER_MAX {
            return Err(InvalidClaims);
        }
        let Ok(Value::Object(members)) = serde_json::from_str(text) else {
            return Err(InvalidClaims);
        };
        let claim = |value: &Value| value.is_null() || value.is_object();
        for target in [Target::Userinfo, Target::IdToken] {
            match members.get(target.member()) {
                None | Some(Value::Null) => {}
                Some(Value::Object(claims)) if claims.values().all(claim) => {}
                Some(_) => return Err(InvalidClaims),
            }
        }
        Ok(Self(members))
    }

    /// Whether a claim was asked for.
    pub fn wants(&self, target: Target, claim: &str) -> bool {
        self.members(target).is_some_and(|claims| claims.contains_key(claim))
    }

    /// The scopes that the claims asked for belong to. They are no way around consent: a user is
    /// asked for them as if the scopes themselves had been requested.
    pub fn scopes(&self) -> impl Iterator<Item = &'static str> {
        self.names(Target::Userinfo).chain(self.names(Target::IdToken)).filter_map(scope_of)
    }

    /// The one value that `sub` must have, if the client demanded one.
    pub fn required_subject(&self) -> Option<&str> {
        self.members(Target::IdToken)?.get("sub")?.get("value")?.as_str()
    }

    fn members(&self, target: Target) -> Option<&Map<String, Value>> {
        self.0.get(target.member())?.as_object()
    }

    /// The claims that were asked for.
    pub fn names(&self, target: Target) -> impl Iterator<Item = &str> {
        self.members(target).into_iter().flat_map(|claims| claims.keys().map(String::as_str))
    }
}

/// One claim of a user; `None` when the user has no such claim or it may not be told.
fn user_claim(user: &User, name: &str) -> Option<Value> {
    match name {
        "name" => Some(Value::from(user.name.as_str())),
        "email" => user.email.as_deref().map(Value::from),
        "email_verified" => user.email.as_ref().map(|_| Value::from(user.email_verified)),
        "updated_at" => Some(Value::from(user.updated_at.as_second())),
        _ if is_user_claim(name) => user.claims.get(name).cloned(),
        _ => None,
    }
}

/// The scopes of a set that give claims.
pub fn claim_scopes(scope: &ScopeSet) -> impl Iterator<Item = &'static str> {
    SCOPE_CLAIMS.iter().map(|(name, _)| *name).filter(|name| scope.contains(name))
}

/// The claims about `user` that the scopes give: for userinfo only.
pub fn scope_claims(user: &User, scope: &ScopeSet) -> Map<String, Value> {
    let held = SCOPE_CLAIMS.iter().filter(|(name, _)| scope.contains(name));
    named_claims(user, held.flat_map(|(_, names)| names.iter().copied()))
}

/// The claims about `user` that were asked for by name.
pub fn named_claims<'a>(user: &User, names: impl Iterator<Item = &'a str>) -> Map<String, Value> {
    names.filter_map(|name| Some((name.to_owned(), user_claim(user, name)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claims_parameter_is_checked() {
        for bad in
            ["[]", "{", "{\"userinfo\":[]}", "{\"id_token\":{\"name\":1}}", &"x".repeat(5000)]
        {
            assert_eq!(ClaimsRequest::parse(bad), Err(InvalidClaims), "{bad}");
        }
        let request = ClaimsRequest::parse(
            r#"{"userinfo":{"name":{"essential":true}},"id_token":{"auth_time":null,"sub":{"value":"x"}},"extra":1}"#,
        )
        .expect("good");
        assert!(request.wants(Target::Userinfo, "name"));
        assert!(request.wants(Target::IdToken, "auth_time"));
        assert!(!request.wants(Target::IdToken, "name"));
        assert_eq!(request.required_subject(), Some("x"));
    }
}
