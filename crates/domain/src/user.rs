//! Users: people, and the bot users that machine clients act as.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::ids::{ClientId, GroupId, RoleId, TenantId, UserId};
use crate::scope::{Catalogue, ScopeSet};
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
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Active, Self::Invited, Self::Disabled];

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
        Self::ALL.into_iter().find(|s| s.as_str() == text)
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
    /// The roles that were given to it directly. Users that are read together share their roles and
    /// groups: a tenant decides how many users have a role, and how long its list of scopes is.
    pub roles: Vec<Arc<RoleRef>>,
    /// The active groups it is in, with what they give; the group of everybody among them only
    /// where it gives a role.
    pub groups: Vec<Arc<GroupRef>>,
    /// A whole second: access tokens made before it are dead. It moves when the status changes, so
    /// that what was given before a user was switched off does not come back with the user.
    pub tokens_valid_from: Timestamp,
    /// Until when an invitation can be taken up; nothing for who was not invited.
    pub invite_expires_at: Option<Timestamp>,
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

    /// Every role it has, directly or through a group; one that comes in two ways is there twice.
    pub fn all_roles(&self) -> impl Iterator<Item = &RoleRef> {
        let by_groups = self.groups.iter().flat_map(|group| &group.roles);
        self.roles.iter().chain(by_groups).map(Arc::as_ref)
    }

    /// Whether it has the role that administers the tenant.
    pub fn is_tenant_admin(&self) -> bool {
        self.all_roles().any(RoleRef::is_tenant_admin)
    }

    /// All scopes of its roles together.
    pub fn role_scopes(&self) -> ScopeSet {
        let mut seen = HashSet::new();
        let distinct = self.all_roles().filter(|role| seen.insert(&role.id));
        ScopeSet::all_of(distinct.map(|role| &role.scopes))
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
    /// The scopes that it gives.
    pub scopes: ScopeSet,
}

impl RoleRef {
    /// Whether it is the role that administers a tenant; a custom role of that name is not.
    pub fn is_tenant_admin(&self) -> bool {
        self.kind == RoleKind::Default && self.name == TENANT_ADMIN
    }

    /// Whether it gives a scope, or one that includes it; the role that administers gives all.
    pub fn gives(&self, catalogue: &Catalogue, scope: &str) -> bool {
        self.is_tenant_admin() || catalogue.implies(&self.scopes, scope)
    }
}

/// A group as its members carry it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRef {
    /// The group's id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Where it comes from.
    pub provider: GroupProvider,
    /// The roles that it gives.
    pub roles: Vec<Arc<RoleRef>>,
}

/// The id of the group that everybody is in (contract, section 6), without rows of members.
pub const EVERYONE: &str = "000000000000000000000001";

/// Its name.
pub const EVERYONE_NAME: &str = "com.qlik.Everyone";

/// Where a group comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupProvider {
    /// The tenant's identity provider.
    Idp,
    /// An administrator.
    Custom,
    /// The tenant came with it.
    System,
}

impl GroupProvider {
    /// Every provider.
    pub const ALL: [Self; 3] = [Self::Idp, Self::Custom, Self::System];

    /// The stored and wire name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idp => "idp",
            Self::Custom => "custom",
            Self::System => "system",
        }
    }

    /// The provider of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// Whether a group gives its roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupStatus {
    /// Gives them.
    Active,
    /// Gives nothing to its members.
    Disabled,
}

impl GroupStatus {
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
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
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
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Default, Self::Custom];

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
    /// Every level.
    pub const ALL: [Self; 2] = [Self::Admin, Self::User];

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

/// A role that every tenant starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefaultRole {
    /// Its name.
    pub name: &'static str,
    /// Whether it gives administration rights.
    pub level: RoleLevel,
    /// What it is for.
    pub description: &'static str,
    /// The scopes that it gives, joined by spaces.
    pub scopes: &'static str,
}

/// The roles every tenant starts with (contract, section 6). What they give is a decision of this
/// product; a tenant from before roles gave scopes gets the same by migration `region_0003`.
pub const DEFAULT_ROLES: &[DefaultRole] = &[
    DefaultRole {
        name: TENANT_ADMIN,
        level: RoleLevel::Admin,
        description: "Manages everything in the tenant.",
        scopes: "admin_classic user_default",
    },
    DefaultRole {
        name: "AnalyticsAdmin",
        level: RoleLevel::Admin,
        description: "Manages analytics content and spaces.",
        scopes: "admin.apps admin.collections.publicgoverned admin.extensions \
                 admin.report-tasks admin.spaces admin.themes",
    },
    DefaultRole {
        name: "DataAdmin",
        level: RoleLevel::Admin,
        description: "Manages data spaces and connections.",
        scopes: "admin.dataproduct admin.dataquality admin.dataqualityrules admin.semantictype",
    },
    DefaultRole {
        name: "DataSpaceCreator",
        level: RoleLevel::User,
        description: "Creates data spaces.",
        scopes: "spaces.data",
    },
    DefaultRole {
        name: "ManagedSpaceCreator",
        level: RoleLevel::User,
        description: "Creates managed spaces.",
        scopes: "spaces.managed",
    },
    DefaultRole {
        name: "SharedSpaceCreator",
        level: RoleLevel::User,
        description: "Creates shared spaces.",
        scopes: "spaces.shared:create",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_roles_give_scopes_of_the_catalogue() {
        let catalogue = Catalogue::embedded().expect("the embedded scopes");
        for role in DEFAULT_ROLES {
            let scopes = ScopeSet::parse(role.scopes).expect("scopes");
            assert!(!scopes.is_empty(), "{}", role.name);
            assert!(scopes.iter().all(|name| catalogue.get(name).is_some()), "{}", role.name);
            // What only TenantAdmin may do hangs on these.
            let mighty = catalogue.implies(&scopes, "admin.users");
            assert_eq!(mighty, role.name == TENANT_ADMIN, "{}", role.name);
        }
    }

    #[test]
    fn only_the_role_that_came_with_the_tenant_administers() {
        let catalogue = Catalogue::embedded().expect("the embedded scopes");
        let mut role = RoleRef {
            id: RoleId::parse("r").expect("an id"),
            name: TENANT_ADMIN.to_owned(),
            kind: RoleKind::Custom,
            level: RoleLevel::User,
            scopes: ScopeSet::parse("admin.users").expect("scopes"),
        };
        assert!(!role.is_tenant_admin() && !role.gives(&catalogue, "admin.apps"));
        assert!(role.gives(&catalogue, "admin.users:read"), "a parent gives what it includes");
        role.kind = RoleKind::Default;
        assert!(role.is_tenant_admin() && role.gives(&catalogue, "admin.apps"));
    }
}
