//! Users: people, and the bot users that machine clients act as.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::ids::{ClientId, GroupId, RoleId, TenantId, UserId};
use crate::time::Timestamp;

/// Whether a user may sign in and hold tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserStatus {
    /// May.
    Active,
    /// Was asked to join, has not yet.
    Invited,
    /// May not; can be switched on again.
    Disabled,
}

impl UserStatus {
    /// The stored and wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Invited => "invited",
            Self::Disabled => "disabled",
        }
    }

    /// The status of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Invited, Self::Disabled].into_iter().find(|s| s.as_str() == text)
    }
}

/// What a user is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserKind {
    /// A human being.
    Person,
    /// What a machine client acts as.
    Bot(ClientId),
}

/// A user of one tenant.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// Its id: 24 hex digits.
    pub id: UserId,
    /// The tenant it belongs to.
    pub tenant_id: TenantId,
    /// Person or bot.
    pub kind: UserKind,
    /// The stable subject, the `sub` of tokens; unique in the tenant, at most 255 characters.
    pub subject: String,
    /// Full name.
    pub name: String,
    /// Email address, unique in the tenant without regard to case.
    pub email: Option<String>,
    /// Whether the address was proven.
    pub email_verified: bool,
    /// Whether it may do anything.
    pub status: UserStatus,
    /// Other standard claims (OpenID Connect Core 5.1) by their names, such as `given_name`.
    pub claims: Map<String, Value>,
    /// The roles it has.
    pub roles: Vec<RoleRef>,
    /// The groups it is in.
    pub groups: Vec<GroupRef>,
    /// A whole second: access tokens made before it are dead. It moves when the status changes, so
    /// that what was given before a user was switched off does not come back with the user.
    pub tokens_valid_from: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl User {
    /// Whether it is allowed to hold tokens and sessions.
    pub fn is_active(&self) -> bool {
        self.status == UserStatus::Active
    }

    /// When a token made now is made, in seconds since 1970: it counts as new even in the very
    /// second in which the user was switched off and on again.
    pub fn token_made_at(&self, now: Timestamp) -> i64 {
        now.as_second().max(self.tokens_valid_from.as_second())
    }

    /// Whether a token made at `iat`, in seconds since 1970, may still be alive.
    pub fn accepts_token_of(&self, iat: i64) -> bool {
        iat >= self.tokens_valid_from.as_second()
    }

    /// Whether it has a role of this name.
    pub fn has_role(&self, name: &str) -> bool {
        self.roles.iter().any(|role| role.name == name)
    }
}

/// A role as its members carry it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRef {
    /// The role's id.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// Whether it came with the tenant.
    pub kind: RoleKind,
    /// Whether it gives administration rights.
    pub level: RoleLevel,
}

/// A group as its members carry it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRef {
    /// The group's id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
}

/// Where a role comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RoleKind {
    /// Came with the tenant.
    Default,
    /// Made by an administrator.
    Custom,
}

impl RoleKind {
    /// The stored and wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Custom => "custom",
        }
    }
}

/// Whether a role administers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RoleLevel {
    /// Administers the tenant.
    Admin,
    /// Uses it.
    User,
}

impl RoleLevel {
    /// The stored and wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::User => "user",
        }
    }
}

/// The role that administers a tenant.
pub const TENANT_ADMIN: &str = "TenantAdmin";

/// The roles every tenant starts with (contract, section 6): name, level, description.
pub const DEFAULT_ROLES: &[(&str, RoleLevel, &str)] = &[
    (TENANT_ADMIN, RoleLevel::Admin, "Manages everything in the tenant."),
    ("AnalyticsAdmin", RoleLevel::Admin, "Manages analytics content and spaces."),
    ("DataAdmin", RoleLevel::Admin, "Manages data spaces and connections."),
    ("DataSpaceCreator", RoleLevel::User, "Creates data spaces."),
    ("ManagedSpaceCreator", RoleLevel::User, "Creates managed spaces."),
    ("SharedSpaceCreator", RoleLevel::User, "Creates shared spaces."),
];
