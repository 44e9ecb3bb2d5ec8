//! One scope of the catalogue, and how a file writes it.
//!
//! Invariant: a file can't have a member that we would silently ignore: a misspelt `app_type` that restricts nothing
//! is worse than an error.

use serde::{Deserialize, Serialize};

use super::name::ScopeName;
use crate::client::{AppType, Level};

/// Where a scope stands in lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Wide or out of the ordinary.
    Special,
    /// Things of the whole tenant.
    Admin,
    /// The user's own things.
    User,
    /// OpenID Connect (OIDC Core section 5.4).
    Oidc,
}

/// What a scope means, and who may hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScopeEntry {
    /// Its name.
    pub name: ScopeName,
    /// What an app with it can do, for a person to read: "Read your email address".
    pub description: String,
    /// The scope that includes it.
    pub parent: Option<ScopeName>,
    /// Where it stands in lists.
    pub group: Group,
    /// The types of client that may hold it.
    pub app_types: Vec<AppType>,
    /// The levels whose clients may hold it.
    pub levels: Vec<Level>,
}

/// Whether a scope reaches beyond a person's own things: a page that shows it has to say so.
pub fn is_powerful(name: &str) -> bool {
    name == "admin_classic" || name.starts_with("admin.")
}

/// A catalogue file: `[[scope]]` after `[[scope]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub(super) scope: Vec<FileEntry>,
}

/// A scope as a file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileEntry {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) parent: Option<String>,
    pub(super) group: Group,
    /// Without it, every type of client.
    #[serde(default = "all_app_types")]
    pub(super) app_types: Vec<AppType>,
    /// Without it, tenants' clients only.
    #[serde(default = "tenant_level")]
    pub(super) levels: Vec<Level>,
}

fn all_app_types() -> Vec<AppType> {
    AppType::ALL.to_vec()
}

fn tenant_level() -> Vec<Level> {
    vec![Level::Tenant]
}
