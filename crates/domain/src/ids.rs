//! Typed identifiers.
//!
//! Invariant: an id of one noun cannot be passed where another is expected, and an id that came
//! from outside is bounded and made of safe characters before it reaches a query or a log line.
//! Shapes follow the contract (section 1 and 5): client ids are 32 hex digits, users, roles and
//! groups 24 hex digits, tenants 32 URL-safe characters.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::entropy::Entropy;

/// Why a text is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id has 1 to 128 characters out of A-Z a-z 0-9 . _ - : |")]
pub struct InvalidId;

fn is_id_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b':' | b'|')
}

fn check(text: &str) -> Result<(), InvalidId> {
    if (1..=128).contains(&text.len()) && text.bytes().all(is_id_char) {
        Ok(())
    } else {
        Err(InvalidId)
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $generate:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Parses an id that came from outside.
            ///
            /// # Errors
            /// [`InvalidId`] when it is empty, too long or has unsafe characters.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                check(text)?;
                Ok(Self(Arc::from(text)))
            }

            /// A new random id in this noun's usual shape.
            pub fn generate(entropy: &dyn Entropy) -> Self {
                Self(Arc::from($generate(entropy)))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.as_ref().to_owned()
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::parse(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), &self.0)
            }
        }
    };
}

fn hex24(entropy: &dyn Entropy) -> String {
    crate::crypto::hex(&entropy.bytes::<12>())
}

fn hex32(entropy: &dyn Entropy) -> String {
    crate::crypto::hex(&entropy.bytes::<16>())
}

fn urlsafe32(entropy: &dyn Entropy) -> String {
    crate::crypto::base64url(&entropy.bytes::<24>())
}

id!(
    /// An organization: a customer company.
    OrganizationId, hex24
);
id!(
    /// A subscription of an organization.
    SubscriptionId, hex24
);
id!(
    /// A tenant: 32 URL-safe characters.
    TenantId, urlsafe32
);
id!(
    /// A user of a tenant, person or bot: 24 hex digits.
    UserId, hex24
);
id!(
    /// A role of a tenant: 24 hex digits.
    RoleId, hex24
);
id!(
    /// A group of a tenant: 24 hex digits.
    GroupId, hex24
);
id!(
    /// An OAuth client: 32 hex digits when we make it.
    ClientId, hex32
);
id!(
    /// A browser session's public id, the `sid` claim; never the cookie's value.
    SessionId, hex32
);
id!(
    /// One act of letting a client in: shared by an authorization code, the refresh token family
    /// and every access token that came from it, so that one row revokes them all.
    GrantId, hex32
);
id!(
    /// An API key, the `jti` of its token: 32 hex digits.
    ApiKeyId, hex32
);
id!(
    /// The `jti` of a token.
    TokenId, hex32
);

/// A region's code, such as `eu`: a DNS label, because it is part of host names.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(Arc<str>);

/// Why a text is not a region code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a region code is a DNS label: 1 to 32 of a-z 0-9 and inner hyphens")]
pub struct InvalidRegionCode;

impl RegionCode {
    /// Parses a region code.
    ///
    /// # Errors
    /// [`InvalidRegionCode`] when it is not a lower-case DNS label of at most 32 characters.
    pub fn parse(text: &str) -> Result<Self, InvalidRegionCode> {
        let ok = (1..=32).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-');
        if ok { Ok(Self(Arc::from(text))) } else { Err(InvalidRegionCode) }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RegionCode {
    type Error = InvalidRegionCode;
    fn try_from(text: String) -> Result<Self, InvalidRegionCode> {
        Self::parse(&text)
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> String {
        code.0.as_ref().to_owned()
    }
}

impl std::str::FromStr for RegionCode {
    type Err = InvalidRegionCode;
    fn from_str(text: &str) -> Result<Self, InvalidRegionCode> {
        Self::parse(text)
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn generated_ids_have_the_contracts_shapes() {
        let entropy = SeededEntropy::new(1);
        assert_eq!(ClientId::generate(&entropy).as_str().len(), 32);
        assert_eq!(UserId::generate(&entropy).as_str().len(), 24);
        assert_eq!(TenantId::generate(&entropy).as_str().len(), 32);
    }

    #[test]
    fn hostile_ids_are_refused() {
        for bad in ["", "a b", "a\nb", "ä", "a'--", "a/b", &"x".repeat(129)] {
            assert_eq!(ClientId::parse(bad), Err(InvalidId), "{bad:?}");
        }
        for bad in ["", "-eu", "eu-", "EU", "e.u", &"x".repeat(33)] {
            assert_eq!(RegionCode::parse(bad), Err(InvalidRegionCode), "{bad:?}");
        }
    }
}
