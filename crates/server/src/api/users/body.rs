//! Users as they travel (contract, sections 5 and 6).

use std::sync::Arc;

use domain::time::Timestamp;
use domain::user::{
    GroupProvider, GroupRef, RoleKind, RoleLevel, RoleRef, User, UserKind, UserStatus,
};
use engine::admin::AdminError;
use engine::admin::role_giving::Choice;
use engine::admin::user::{Parts, Seen, Sight, UserDraft};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::listing::SelfLink;
use super::super::{ApiRequest, Refusal, problem};

/// A role that somebody has.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignedRole {
    id: String,
    name: String,
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: RoleKind,
    #[schema(value_type = String)]
    level: RoleLevel,
}

impl AssignedRole {
    fn new(role: &RoleRef) -> Self {
        Self {
            id: role.id.to_string(),
            name: role.name.clone(),
            kind: role.kind,
            level: role.level,
        }
    }

    /// Roles as they are shown on those who have them.
    pub fn all(roles: &[Arc<RoleRef>]) -> Vec<Self> {
        roles.iter().map(|role| Self::new(role)).collect()
    }
}

/// A group that somebody is in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssignedGroup {
    id: String,
    name: String,
    #[schema(value_type = String)]
    provider_type: GroupProvider,
    assigned_roles: Vec<AssignedRole>,
}

impl AssignedGroup {
    fn new(group: &GroupRef) -> Self {
        Self {
            id: group.id.to_string(),
            name: group.name.clone(),
            provider_type: group.provider,
            assigned_roles: AssignedRole::all(&group.roles),
        }
    }
}

/// A user, as far as the caller may see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserBody {
    id: String,
    #[schema(required = false)]
    tenant_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[schema(required = false, value_type = String)]
    status: UserStatus,
    #[schema(required = false)]
    links: SelfLink,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zoneinfo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred_locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred_zoneinfo: Option<String>,
    #[serde(flatten)]
    more: Option<UserMore>,
}

/// What administrators see, and oneself through an app that may act as oneself.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserMore {
    /// The machine client that acts as this user.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    /// In seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    invite_expiry: Option<i64>,
    #[schema(required = false, value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(required = false, value_type = String, format = DateTime)]
    last_updated_at: Timestamp,
    #[schema(required = false, value_type = String, format = DateTime)]
    created: Timestamp,
    #[schema(required = false, value_type = String, format = DateTime)]
    last_updated: Timestamp,
    #[schema(required = false)]
    assigned_roles: Vec<AssignedRole>,
    #[schema(required = false)]
    assigned_groups: Vec<AssignedGroup>,
    #[schema(required = false)]
    assigned_scopes: Vec<String>,
    /// The names of the roles.
    #[schema(required = false)]
    roles: Vec<String>,
}

/// Everything about a user.
const ALL: Parts =
    Parts { name: true, subject: true, email: true, picture: true, preferences: true };

impl UserBody {
    /// A user, cut down to what the caller may see.
    pub fn new(api: &ApiRequest, seen: &Seen) -> Self {
        let user = &seen.user;
        let (parts, more) = match seen.sight {
            Sight::All => (ALL, Some(UserMore::new(user))),
            Sight::Some(parts) => (parts, None),
        };
        let claim = |name: &str, may: bool| {
            let value = user.claims.get(name).filter(|_| may);
            value.and_then(|value| value.as_str()).map(str::to_owned)
        };
        Self {
            id: user.id.to_string(),
            tenant_id: user.tenant_id.to_string(),
            name: parts.name.then(|| user.name.clone()),
            status: user.status,
            links: SelfLink::new(api, &format!("/api/v1/users/{}", user.id)),
            subject: parts.subject.then(|| user.subject.clone()),
            email: user.email.clone().filter(|_| parts.email),
            picture: claim("picture", parts.picture),
            locale: claim("locale", parts.preferences),
            zoneinfo: claim("zoneinfo", parts.preferences),
            preferred_locale: claim("locale", parts.preferences),
            preferred_zoneinfo: claim("zoneinfo", parts.preferences),
            more,
        }
    }
}

impl UserMore {
    fn new(user: &User) -> Self {
        let client_id = match &user.kind {
            UserKind::Bot(client_id) => Some(client_id.to_string()),
            UserKind::Person => None,
        };
        // What everybody gets is told as scopes, not as a group that one could leave.
        let groups = user.groups.iter().filter(|group| group.provider != GroupProvider::System);
        Self {
            client_id,
            invite_expiry: user.invite_expires_at.map(|at| at.as_second()),
            created_at: user.created_at,
            last_updated_at: user.updated_at,
            created: user.created_at,
            last_updated: user.updated_at,
            assigned_roles: AssignedRole::all(&user.roles),
            assigned_groups: groups.map(|group| AssignedGroup::new(group)).collect(),
            assigned_scopes: user.role_scopes().iter().map(str::to_owned).collect(),
            roles: user.roles.iter().map(|role| role.name.clone()).collect(),
        }
    }
}

/// A role or group, by its id or its name; other members are as they were read, and ignored.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Named {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

impl Named {
    /// Which of a field's values it chooses.
    pub fn choices(
        api: &ApiRequest,
        field: &'static str,
        named: Vec<Self>,
    ) -> Result<Vec<Choice>, Refusal> {
        let choice = |(index, one): (usize, Self)| {
            let choice = one.id.map(Choice::Id).or(one.name.map(Choice::Name));
            choice.ok_or_else(|| {
                let message = "has an id or a name".to_owned();
                problem::refused(
                    api,
                    AdminError::Invalid { field, index: Some(index), message: message.into() },
                )
            })
        };
        named.into_iter().enumerate().map(choice).collect()
    }
}

/// Whether a new user is there already, or asked to come.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FirstStatus {
    /// Is there.
    #[default]
    Active,
    /// Is asked to come.
    Invited,
}

/// A new user.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewUser {
    /// The stable identifier, in visible ASCII characters; never changes.
    subject: String,
    /// Full name; the subject without it.
    name: Option<String>,
    /// Needed to invite somebody. Its length counts in bytes.
    email: Option<String>,
    /// `active` without it.
    #[serde(default)]
    status: FirstStatus,
    /// An address that begins with `https://`.
    picture: Option<String>,
    /// This tenant's id, if anything.
    tenant_id: Option<String>,
    /// The roles to begin with.
    #[serde(default)]
    assigned_roles: Vec<Named>,
    /// The groups to begin with (not in the contract).
    #[serde(default)]
    assigned_groups: Vec<Named>,
}

impl NewUser {
    /// The same for the engine.
    pub fn draft(self, api: &ApiRequest) -> Result<UserDraft, Refusal> {
        let own = api.request.tenant.tenant.id.as_str();
        if self.tenant_id.is_some_and(|id| id != own) {
            let message = "is this tenant's id, or left out".to_owned();
            let error =
                AdminError::Invalid { field: "tenantId", index: None, message: message.into() };
            return Err(problem::refused(api, error));
        }
        let mut draft = UserDraft {
            subject: Some(self.subject),
            name: self.name,
            email: self.email,
            status: match self.status {
                FirstStatus::Active => UserStatus::Active,
                FirstStatus::Invited => UserStatus::Invited,
            },
            roles: Named::choices(api, "assignedRoles", self.assigned_roles)?,
            groups: Named::choices(api, "assignedGroups", self.assigned_groups)?,
            ..UserDraft::default()
        };
        if let Some(picture) = self.picture {
            draft.claims.insert("picture".to_owned(), picture.into());
        }
        Ok(draft)
    }
}
