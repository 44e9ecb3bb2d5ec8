//! What users let clients do over time, as it is listed: one row for each refresh token family
//! (contract, section 6: oauth-tokens).

use domain::ids::{ClientId, GrantId, UserId};
use domain::list::{ListQuery, Page};
use domain::scope::ScopeSet;
use domain::time::Timestamp;

use super::TenantRead;
use crate::error::Result;
use crate::list::{self, Column, Shape};
use crate::statement::{Cells, each, only, sql};

/// A refresh token family with the names that people know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OauthToken {
    /// The grant.
    pub id: GrantId,
    /// The user who let the client in.
    pub user_id: UserId,
    /// The client.
    pub client_id: ClientId,
    /// The client's name.
    pub client_name: String,
    /// What was granted.
    pub scope: ScopeSet,
    /// When it began.
    pub created_at: Timestamp,
    /// When a token of it was last spent.
    pub last_used_at: Timestamp,
    /// When it ends without further use.
    pub expires_at: Timestamp,
    /// How the browser described itself; `None` when its session is over.
    pub user_agent: Option<String>,
}

fn token_from_row(cells: Cells<'_>) -> Result<OauthToken> {
    Ok(OauthToken {
        id: cells.parsed("grant_id")?,
        user_id: cells.parsed("user_id")?,
        client_id: cells.parsed("client_id")?,
        client_name: cells.string("name")?,
        scope: cells.named("scope", |text| ScopeSet::parse(text).ok())?,
        created_at: cells.time("created_at")?,
        last_used_at: cells.time("last_used_at")?,
        expires_at: cells.time("expires_at")?,
        user_agent: cells.string_or_null("user_agent")?,
    })
}

const SHAPE: Shape = Shape {
    sources: &["FROM refresh_family f WHERE f.tenant_id = $1 AND f.revoked_at IS NULL"],
    id: "f.grant_id",
    attributes: &[
        ("userId", Column::Always("f.user_id")),
        ("expiresAt", Column::Always("f.expires_at")),
    ],
    sorts: &[("userId", "f.user_id")],
};

const OF_IDS: (&str, &str) = (
    "SELECT f.grant_id AS grant_id, f.user_id AS user_id, f.client_id AS client_id, \
        c.name AS name, f.scope AS scope, f.created_at AS created_at, \
        f.last_used_at AS last_used_at, f.expires_at AS expires_at, s.user_agent AS user_agent \
     FROM refresh_family f JOIN client c ON c.id = f.client_id \
     LEFT JOIN session s ON s.tenant_id = $1 AND s.id = f.session_id \
     WHERE f.tenant_id = $1 AND f.revoked_at IS NULL AND f.grant_id IN ",
    "",
);

impl TenantRead {
    /// A page of the families that are not revoked.
    ///
    /// # Errors
    /// When the database does not answer, `Invalid` for a filter or sort of another list.
    pub async fn oauth_token_page(&mut self, query: &ListQuery) -> Result<Page<OauthToken>> {
        let page = list::page(&mut self.conn, self.tenant_id.as_str(), &SHAPE, query).await?;
        let Some(statement) = list::of_ids(OF_IDS, self.tenant_id.as_str(), &page) else {
            return Ok(page.with(Vec::new()));
        };
        let rows = each(&self.conn.rows(statement).await?, token_from_row)?;
        Ok(list::in_order(page, rows, |token| token.id.as_str()))
    }

    /// Whose a family is, if it is neither revoked nor expired, and of which client.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn oauth_token_owner(
        &mut self,
        id: &GrantId,
        now: Timestamp,
    ) -> Result<Option<(UserId, ClientId)>> {
        let statement = sql("SELECT user_id, client_id FROM refresh_family \
                 WHERE tenant_id = $1 AND grant_id = $2 AND revoked_at IS NULL \
                    AND expires_at > $3")
        .text(&self.tenant_id)
        .text(id)
        .time(now);
        only(self.conn.row(statement).await?, |cells| {
            Ok((cells.parsed("user_id")?, cells.parsed("client_id")?))
        })
    }
}
