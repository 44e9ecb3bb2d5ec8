//! OAuth clients, their credentials, and how a tenant treats them.
//!
//! Invariant: an illegal combination (a secret on a public client, a grant that its type cannot
//! use) is refused here, once, for console, REST and command line alike.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, OrganizationId, SubscriptionId, TenantId};
use crate::jose::{Alg, Jwk};
use crate::scope::ScopeSet;
use crate::time::Timestamp;

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant),+
        }

        impl $name {
            /// Every value, in the order of the specification.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stored and wire name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The value of a stored or wire name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                Self::parse(text).ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|value| value.as_str()).collect();
                    format!("`{text}` is not one of: {}", known.join(", "))
                })
            }
        }
    };
}

names!(
    /// What kind of application a client is (contract, section 1). It never changes.
    AppType {
        /// A server-side application: confidential.
        Web = "web",
        /// A single-page application in a browser: public.
        Spa = "spa",
        /// An application on a device: public.
        Native = "native",
        /// Embedded content without a signed-in user: public.
        AnonymousEmbed = "anonymous-embed",
    }
);

names!(
    /// How a token is asked for. Discovery metadata derives from this list.
    GrantType {
        /// RFC 6749 section 4.1.
        AuthorizationCode = "authorization_code",
        /// RFC 6749 section 6.
        RefreshToken = "refresh_token",
        /// RFC 6749 section 4.4.
        ClientCredentials = "client_credentials",
        /// Contract, section 4.2: a machine client acts as a named user.
        UserImpersonation = "urn:qlik:oauth:user-impersonation",
    }
);

names!(
    /// How a confidential client proves who it is (contract, section 1).
    AuthMethod {
        /// A shared secret, by Basic header or in the body.
        ClientSecret = "client_secret",
        /// A signed assertion (RFC 7523).
        PrivateKeyJwt = "private_key_jwt",
    }
);

names!(
    /// Whether users are asked before a client acts for them.
    ConsentMethod {
        /// Each user is asked, once for each scope.
        Required = "required",
        /// Nobody is asked: an administrator vouches for the client.
        Trusted = "trusted",
    }
);

names!(
    /// The level that owns a client.
    Level {
        /// One tenant.
        Tenant = "tenant",
        /// A subscription's tenants in a region.
        Region = "region",
        /// An organization.
        Organization = "organization",
    }
);

/// Who owns a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// One tenant.
    Tenant(TenantId),
    /// The tenants of a subscription in this region.
    Region(SubscriptionId),
    /// An organization.
    Organization(OrganizationId),
}

impl Owner {
    /// The owner's level.
    pub fn level(&self) -> Level {
        match self {
            Self::Tenant(_) => Level::Tenant,
            Self::Region(_) => Level::Region,
            Self::Organization(_) => Level::Organization,
        }
    }

    /// The owner's id as text.
    pub fn id(&self) -> &str {
        match self {
            Self::Tenant(id) => id.as_str(),
            Self::Region(id) => id.as_str(),
            Self::Organization(id) => id.as_str(),
        }
    }
}

/// Who made a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creator {
    /// `user`, `service` or `dcr` (contract, section 1).
    pub kind: String,
    /// The user's or client's id.
    pub id: String,
}

/// A client as its owner describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// Who owns it.
    pub owner: Owner,
    /// What kind of application it is.
    pub app_type: AppType,
    /// What people call it: 1 to 512 characters.
    pub name: String,
    /// Free text, at most 4096 characters.
    pub description: String,
    /// The application's own page, or empty.
    pub client_uri: String,
    /// A picture, or empty.
    pub logo_uri: String,
    /// Privacy policy page, or empty.
    pub policy_uri: String,
    /// Terms of service page, or empty.
    pub tos_uri: String,
    /// Where codes may be sent, byte-exact.
    pub redirect_uris: Vec<String>,
    /// Where a browser may be sent after sign-out, byte-exact.
    pub post_logout_redirect_uris: Vec<String>,
    /// Browser origins that may call with CORS.
    pub allowed_origins: Vec<String>,
    /// The most it may ever have.
    pub allowed_scopes: ScopeSet,
    /// The extra grants a web client may use: `client_credentials`, impersonation.
    pub machine_grants: Vec<GrantType>,
    /// How it authenticates; empty for public clients.
    pub auth_methods: Vec<AuthMethod>,
    /// Where its public keys are published, or empty.
    pub jwks_uri: String,
    /// Whether authorization requests need PKCE; always so for public clients.
    pub require_pkce: bool,
    /// What its ID tokens are signed with.
    pub id_token_alg: Alg,
    /// Set when it is switched off, with the reason.
    pub disable_tag: Option<String>,
    /// Set when it is published to all tenants of the region.
    pub published_at: Option<Timestamp>,
    /// Who made it.
    pub created_by: Creator,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Client {
    /// Whether it can keep a secret (RFC 6749 section 2.1).
    pub fn is_confidential(&self) -> bool {
        self.app_type == AppType::Web
    }

    /// Whether authorization requests of this client must use PKCE (RFC 9700 section 2.1.1).
    pub fn needs_pkce(&self) -> bool {
        self.require_pkce || !self.is_confidential()
    }

    /// Whether it may use a grant at all: the single rule, asked from one place.
    pub fn may_use(&self, grant: GrantType) -> bool {
        match grant {
            GrantType::AuthorizationCode => {
                self.app_type != AppType::AnonymousEmbed && !self.redirect_uris.is_empty()
            }
            GrantType::RefreshToken => self.may_use(GrantType::AuthorizationCode),
            GrantType::ClientCredentials | GrantType::UserImpersonation => {
                self.is_confidential() && self.machine_grants.contains(&grant)
            }
        }
    }
}

/// A stored client secret: everything but the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSecret {
    /// Its own id.
    pub id: Arc<str>,
    /// The secret's last five characters.
    pub hint: String,
    /// The keyed hash (see [`crate::crypto`]).
    pub hash: String,
    /// What its creator calls it.
    pub label: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// When it stops working, if ever.
    pub expires_at: Option<Timestamp>,
    /// When it last worked.
    pub last_used_at: Option<Timestamp>,
}

/// A public key that a client registered.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientKey {
    /// The key's id, unique in the client.
    pub kid: String,
    /// The key.
    pub jwk: Jwk,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it last verified an assertion.
    pub last_used_at: Option<Timestamp>,
}

/// How one tenant treats one client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionConfig {
    /// Whether users are asked.
    pub consent_method: ConsentMethod,
    /// Whether the tenant lets the client in.
    pub approved: bool,
}

/// A client with all that authenticating it needs, as a cache holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientWithCredentials {
    /// The client.
    pub client: Client,
    /// Its secrets, oldest first.
    pub secrets: Vec<ClientSecret>,
    /// Its registered keys.
    pub keys: Vec<ClientKey>,
    /// How the asking tenant treats it; `None` when the tenant has not met it yet.
    pub connection: Option<ConnectionConfig>,
}

impl ClientWithCredentials {
    /// Whether users are asked before it acts for them. A client that the tenant has no config for
    /// is never trusted, and neither is a published one (contract, section 1).
    pub fn consent_method(&self) -> ConsentMethod {
        match self.connection {
            Some(connection) if self.client.published_at.is_none() => connection.consent_method,
            _ => ConsentMethod::Required,
        }
    }

    /// Whether a tenant lets it in: as its config says; without one, when the client is its own or
    /// its subscription's. A published client of another tenant waits for an administrator.
    pub fn is_approved_in(&self, tenant_id: &TenantId) -> bool {
        match (&self.connection, &self.client.owner) {
            (Some(connection), _) => connection.approved,
            (None, Owner::Tenant(owner)) => owner == tenant_id,
            (None, Owner::Region(_) | Owner::Organization(_)) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for grant in GrantType::ALL {
            assert_eq!(GrantType::parse(grant.as_str()), Some(*grant));
        }
        assert_eq!(GrantType::parse("password"), None);
        let error = "desktop".parse::<AppType>().expect_err("unknown");
        assert!(error.contains("native"), "{error}");
    }
}
