//! API keys (contract, section 6): a user's long-lived credential for the REST API.
//!
//! Invariant: a key never does more than its user's roles allow, nor more than the credential that
//! made it was given for; and it does not outlive the client and the grant of that credential.

use serde::{Deserialize, Serialize};

use crate::ids::{ApiKeyId, ClientId, GrantId, UserId};
use crate::period::Period;
use crate::scope::ScopeSet;
use crate::time::Timestamp;

/// The `typ` of an API key's token, so that none is taken for another kind of token (RFC 8725
/// section 3.11).
pub const API_KEY_TYPE: &str = "apikey+jwt";

/// An API key; its token is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id, the `jti` of its token.
    pub id: ApiKeyId,
    /// The user that it acts as.
    pub user_id: UserId,
    /// What it is for, in words.
    pub description: String,
    /// What the credential that made it was given for; `None` when nothing narrowed it.
    pub scope: Option<ScopeSet>,
    /// The client whose token made it; `None` when a user in person or the operator did.
    pub client_id: Option<ClientId>,
    /// The grant of that token, if it had one.
    pub grant_id: Option<GrantId>,
    /// The user whom that token was for.
    pub granted_by: Option<UserId>,
    /// The keyed hash of its token.
    pub token_hash: String,
    /// The user who made it; empty for the server's command line.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it last worked, to some seconds.
    pub last_used_at: Option<Timestamp>,
}

impl ApiKey {
    /// Whether it works at an instant.
    pub fn status(&self, now: Timestamp) -> ApiKeyStatus {
        if self.revoked_at.is_some() {
            ApiKeyStatus::Revoked
        } else if self.expires_at <= now {
            ApiKeyStatus::Expired
        } else {
            ApiKeyStatus::Active
        }
    }
}

/// Whether a key works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ApiKeyStatus {
    /// It works.
    Active,
    /// Its time is over.
    Expired,
    /// Somebody ended it.
    Revoked,
}

impl ApiKeyStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Active, Self::Expired, Self::Revoked];
}

/// What a tenant's administrators chose for its API keys; named as in the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ApiKeySettings {
    /// Longest life of a new key.
    pub max_api_key_expiry: Period,
    /// Active keys of one user.
    pub max_keys_per_user: u32,
    /// Life of a provisioning client's key; kept for programs that read it.
    #[serde(rename = "scim_externalClient_expiry")]
    pub scim_external_client_expiry: Period,
}

impl ApiKeySettings {
    /// The highest number of keys of one user that can be chosen.
    pub const MAX_KEYS_PER_USER: u32 = 1000;
}

impl Default for ApiKeySettings {
    fn default() -> Self {
        Self {
            max_api_key_expiry: Period::days(365),
            max_keys_per_user: 5,
            scim_external_client_expiry: Period::days(365),
        }
    }
}
