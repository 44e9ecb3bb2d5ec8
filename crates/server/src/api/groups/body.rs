//! Groups as they travel (contract, section 6).

use domain::time::Timestamp;
use domain::user::{GroupProvider, GroupStatus};
use engine::admin::group::GroupDraft;
use serde::{Deserialize, Serialize};
use store::Group;
use utoipa::ToSchema;

use super::super::listing::SelfLink;
use super::super::users::{AssignedRole, Named};
use super::super::{ApiRequest, Refusal};

/// A group and the roles that it gives.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupBody {
    id: String,
    name: String,
    tenant_id: String,
    #[schema(value_type = String)]
    status: GroupStatus,
    description: String,
    #[schema(value_type = String)]
    provider_type: GroupProvider,
    assigned_roles: Vec<AssignedRole>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_updated_at: Timestamp,
    /// Who made it, by id.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    created_by: String,
    /// Who changed it last, by id.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    updated_by: String,
    links: SelfLink,
}

impl GroupBody {
    /// A group.
    pub fn new(api: &ApiRequest, group: Group) -> Self {
        Self {
            links: SelfLink::new(api, &format!("/api/v1/groups/{}", group.id)),
            id: group.id.to_string(),
            name: group.name,
            tenant_id: api.request.tenant.tenant.id.to_string(),
            status: group.status,
            description: group.description,
            provider_type: group.provider,
            assigned_roles: AssignedRole::all(&group.roles),
            created_at: group.created_at,
            last_updated_at: group.updated_at,
            created_by: group.created_by,
            updated_by: group.updated_by,
        }
    }
}

/// Where a new group comes from.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum NewProvider {
    /// The tenant's identity provider.
    #[default]
    Idp,
    /// An administrator.
    Custom,
}

/// How a new group begins.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum NewStatus {
    /// It gives its roles.
    #[default]
    Active,
}

/// A new group.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewGroup {
    /// Unique in the tenant.
    name: String,
    /// What it is for.
    #[serde(default)]
    description: String,
    /// `idp` without it.
    #[serde(default)]
    provider_type: NewProvider,
    /// Always `active`.
    #[serde(default, rename = "status")]
    _status: NewStatus,
    /// The roles that its members have.
    #[serde(default)]
    assigned_roles: Vec<Named>,
}

impl NewGroup {
    /// The same for the engine.
    pub fn draft(self, api: &ApiRequest) -> Result<GroupDraft, Refusal> {
        Ok(GroupDraft {
            name: self.name,
            description: self.description,
            provider: match self.provider_type {
                NewProvider::Idp => GroupProvider::Idp,
                NewProvider::Custom => GroupProvider::Custom,
            },
            roles: Named::choices(api, "assignedRoles", self.assigned_roles)?,
        })
    }
}
