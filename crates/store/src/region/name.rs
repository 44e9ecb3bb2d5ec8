//! Names of a tenant's things, for pages that know only their ids, and the things of a name.
//!
//! Invariant: many ids of one noun cost one statement, and only what the tenant sees has a name.

use domain::list::{ListQuery, Page, Position};

use super::client::visible;
use super::{TenantRead, api_key, client, group, role, user};
use crate::error::Result;
use crate::list::{self, Shape};
use crate::statement::{Cells, each};

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Noun {
    /// A person or a bot.
    User,
    /// An OAuth client.
    Client,
    /// A group of users, the one of everybody among them.
    Group,
    /// A role.
    Role,
    /// An API key, which its description names.
    ApiKey,
}

/// A thing by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// What it is called now.
    pub name: String,
    /// Whether it is among those that the tenant lists: clients of the region's level are only used.
    pub is_listed: bool,
    /// Whether a program acts under the name: a client, or the bot user of one.
    pub is_program: bool,
}

impl Noun {
    fn of_ids(self) -> (&'static str, &'static str) {
        const CLIENTS: &str = "SELECT c.id AS id, c.name AS name, \
                CASE WHEN c.owner_level = 'tenant' AND (c.owner_id = $1 OR k.client_id IS NOT NULL) \
                    THEN 1 ELSE 0 END AS is_listed, 1 AS is_program \
             FROM client c LEFT JOIN connection_config k ON k.tenant_id = $1 AND k.client_id = c.id \
             WHERE c.id IN ";
        let all = match self {
            Self::User => {
                "SELECT id, name, 1 AS is_listed, \
                    CASE WHEN bot_client_id IS NULL THEN 0 ELSE 1 END AS is_program \
                 FROM user_account WHERE tenant_id = $1 AND id IN "
            }
            Self::Client => return (CLIENTS, concat!(" AND ", visible!())),
            Self::Group => {
                "SELECT id, name, 1 AS is_listed, 0 AS is_program FROM user_group WHERE tenant_id = $1 AND id IN "
            }
            Self::Role => {
                "SELECT id, name, 1 AS is_listed, 0 AS is_program FROM role WHERE tenant_id = $1 AND id IN "
            }
            Self::ApiKey => {
                "SELECT id, description AS name, 1 AS is_listed, 0 AS is_program FROM api_key \
                 WHERE tenant_id = $1 AND id IN "
            }
        };
        (all, "")
    }

    fn shape(self) -> &'static Shape {
        match self {
            Self::User => &user::SHAPE,
            Self::Client => &client::SHAPE,
            Self::Group => &group::SHAPE,
            Self::Role => &role::SHAPE,
            Self::ApiKey => &api_key::SHAPE,
        }
    }
}

fn named_from_row(cells: Cells<'_>) -> Result<Named> {
    Ok(Named {
        id: cells.string("id")?,
        name: cells.string("name")?,
        is_listed: cells.flag("is_listed")?,
        is_program: cells.flag("is_program")?,
    })
}

impl TenantRead {
    /// What things of these ids are called, in no order; those that are not there, or that the
    /// tenant does not see, are left out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn names_get(&mut self, noun: Noun, ids: &[&str]) -> Result<Vec<Named>> {
        let tenant = (self.tenant_id.as_str(), Vec::new());
        let Some(statement) = list::with_ids(noun.of_ids(), tenant, ids) else {
            return Ok(Vec::new());
        };
        each(&self.conn.rows(statement).await?, named_from_row)
    }

    /// A page of what the tenant lists of a noun, by name and nothing else.
    ///
    /// # Errors
    /// When the database does not answer, `Invalid` for a filter or sort of another list.
    pub async fn name_page(&mut self, noun: Noun, query: &ListQuery) -> Result<Page<Named>> {
        let tenant = self.tenant_id.as_str();
        let page = list::page(&mut self.conn, tenant, noun.shape(), query).await?;
        let ids: Vec<&str> = page.data.iter().map(|at: &Position| at.id.as_str()).collect();
        let names = self.names_get(noun, &ids).await?;
        Ok(list::in_order(page, names, |one| &one.id))
    }
}
