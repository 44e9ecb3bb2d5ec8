//! Organizations, subscriptions, regions and tenants.
//!
//! Invariant: a tenant has exactly one primary hostname, which its issuer is made of, and which
//! never changes.

use serde::{Deserialize, Serialize};

use crate::api_key::ApiKeySettings;
use crate::brand::Brand;
use crate::ids::{OrganizationId, RegionCode, SubscriptionId, TenantId};
use crate::time::Timestamp;

/// A customer company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// What people call it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A contract of an organization for a number of tenants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// The licence number printed on the contract; unique.
    pub licence_number: String,
    /// How many tenants it may have.
    pub tenant_limit: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A region: a code and a name; its database is in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Region {
    /// Its code, part of host names.
    pub code: RegionCode,
    /// What people call it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Whether a tenant is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TenantStatus {
    /// In use.
    Active,
    /// Switched off; nobody signs in, no token is issued.
    Disabled,
}

impl TenantStatus {
    /// Every status.
    pub const ALL: [Self; 2] = [Self::Active, Self::Disabled];

    /// The stored and wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// The status of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

/// A tenant. Directory and region database each hold what they need of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// What people call it.
    pub name: String,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// The subscription it counts against.
    pub subscription_id: SubscriptionId,
    /// Where its data lives.
    pub region: RegionCode,
    /// Host names without scheme and port; the first is the primary one.
    pub hostnames: Vec<String>,
    /// Whether it is in use.
    pub status: TenantStatus,
    /// How long its tokens and sessions live.
    pub lifetimes: Lifetimes,
    /// What its administrators chose.
    pub settings: TenantSettings,
    /// What it looks like.
    pub brand: Brand,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Tenant {
    /// The hostname that the issuer is made of.
    pub fn primary_hostname(&self) -> &str {
        self.hostnames.first().map_or("", String::as_str)
    }
}

/// What the administrators of a tenant choose. Only groups mean something to this product; the
/// other flags are kept for the products that read them (contract, section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TenantSettings {
    /// Groups are made when the identity provider names them.
    pub auto_create_groups: bool,
    /// Memberships follow the identity provider.
    pub sync_idp_groups: bool,
    /// Users may create analytics content.
    pub enable_analytic_creation: bool,
    /// Users are asked how fast an app opened.
    pub enable_app_opening_feedback: bool,
    /// A role for everybody at the first sign-in.
    pub auto_assign_create_shared_spaces_role_to_professionals: bool,
    /// A role for everybody at the first sign-in.
    pub auto_assign_data_services_contributor_role_to_professionals: bool,
    /// A role for everybody at the first sign-in.
    pub auto_assign_private_analytics_content_creator_role_to_professionals: bool,
    /// Its users' API keys.
    pub api_keys: ApiKeySettings,
}

/// How long things live in a tenant, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Lifetimes {
    /// Access tokens: 6 hours (contract, section 4.2).
    pub access_token: i64,
    /// ID tokens.
    pub id_token: i64,
    /// Refresh tokens, from their last use: 30 days.
    pub refresh_token: i64,
    /// Authorization codes: 60 seconds at most (conformance, item 18).
    pub authorization_code: i64,
    /// How long after its use a refresh token may be presented again, because the answer got lost.
    pub refresh_grace: i64,
    /// A session without any use ends after this.
    pub session_idle: i64,
    /// A session ends after this in any case.
    pub session_maximum: i64,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            access_token: 6 * 3600,
            id_token: 3600,
            refresh_token: 30 * 86_400,
            authorization_code: 60,
            refresh_grace: 60,
            session_idle: 8 * 3600,
            session_maximum: 7 * 86_400,
        }
    }
}

/// A host name as it may be mapped to a tenant: lower-case DNS labels or an IP address, no port.
pub fn valid_hostname(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (1..=253).contains(&text.len()) && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::valid_hostname;

    #[test]
    fn hostnames() {
        for good in ["localhost", "demo.eu.localhost", "127.0.0.1", "a-b.example.com"] {
            assert!(valid_hostname(good), "{good}");
        }
        for bad in ["", "Demo", "a..b", "-a", "a-", "a:80", "a/b", "a_b", ".a", "a."] {
            assert!(!valid_hostname(bad), "{bad}");
        }
    }
}
