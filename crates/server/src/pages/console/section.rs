//! The parts of the console.

use engine::authority::{
    AUDITS_READ, CLIENTS_MANAGE, GROUPS_MANAGE, Right, TENANT_MANAGE, USERS_MANAGE,
};

/// A part of the console, in the order of its navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// OAuth clients.
    Clients,
    /// People and bots.
    Users,
    /// Groups of users.
    Groups,
    /// Roles and what they give.
    Roles,
    /// Lifetimes and signing keys.
    Tokens,
    /// What happened.
    Audit,
    /// Name, hosts, logo and colour.
    Settings,
}

impl Section {
    const ALL: [Self; 7] = [
        Self::Clients,
        Self::Users,
        Self::Groups,
        Self::Roles,
        Self::Tokens,
        Self::Audit,
        Self::Settings,
    ];

    /// Those whose right `may` grants.
    pub fn all_for(may: impl Fn(&'static Right) -> bool) -> Vec<Self> {
        Self::ALL.into_iter().filter(|section| may(section.right())).collect()
    }

    /// What it takes to see it.
    pub fn right(self) -> &'static Right {
        match self {
            Self::Clients => &CLIENTS_MANAGE,
            Self::Users => &USERS_MANAGE,
            Self::Groups | Self::Roles => &GROUPS_MANAGE,
            Self::Tokens | Self::Settings => &TENANT_MANAGE,
            Self::Audit => &AUDITS_READ,
        }
    }

    /// Its address.
    pub fn path(self) -> &'static str {
        match self {
            Self::Clients => "/admin/clients",
            Self::Users => "/admin/users",
            Self::Groups => "/admin/groups",
            Self::Roles => "/admin/roles",
            Self::Tokens => "/admin/tokens",
            Self::Audit => "/admin/audit",
            Self::Settings => "/admin/settings",
        }
    }

    /// The key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Clients => "nav-clients",
            Self::Users => "nav-users",
            Self::Groups => "nav-groups",
            Self::Roles => "nav-roles",
            Self::Tokens => "nav-tokens",
            Self::Audit => "nav-audit",
            Self::Settings => "nav-settings",
        }
    }

    /// The name of its picture in `parts/icons.html`.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Clients => "key",
            Self::Users => "person",
            Self::Groups => "people",
            Self::Roles => "badge",
            Self::Tokens => "clock",
            Self::Audit => "list",
            Self::Settings => "sliders",
        }
    }
}
