//! Who uses a client: the users who let it in, and those of whom it has a refresh token.

use domain::filter::{Attribute, Filter, Kind, Op, Operand, Test};
use domain::ids::{ClientId, UserId};
use domain::list::{ListQuery, Page};
use domain::scope::ScopeSet;
use domain::time::Timestamp;

use super::TenantRead;
use crate::error::Result;
use crate::list::{self, Argument, Column, Shape};
use crate::statement::{Cells, each};

/// A user of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientUser {
    /// Who.
    pub user_id: UserId,
    /// The full name.
    pub name: String,
    /// The email address, if there is one.
    pub email: Option<String>,
    /// What the user let the client do; for a client that users are not asked about, what its
    /// newest refresh token is for.
    pub scope: ScopeSet,
    /// When the user was asked; `None` when that never happened.
    pub consented_at: Option<Timestamp>,
    /// Since when: the consent, or the oldest refresh token family that works.
    pub since: Timestamp,
    /// When the client last got a token for the user, as far as that is still known.
    pub last_used_at: Option<Timestamp>,
    /// How many refresh token families work.
    pub families: i64,
}

const CLIENT: Attribute = Attribute { name: "clientId", kind: Kind::Id };

/// No user is in both: whoever consented is in the first. Families past their time are deleted
/// within a minute or so, so those that are not revoked are as good as alive here.
const SHAPE: Shape = Shape {
    sources: &[
        "FROM consent g WHERE g.tenant_id = $1",
        "FROM (SELECT DISTINCT f.client_id AS client_id, f.user_id AS user_id \
            FROM refresh_family f WHERE f.tenant_id = $1 AND f.revoked_at IS NULL \
                AND NOT EXISTS (SELECT 1 FROM consent s WHERE s.tenant_id = $1 \
                    AND s.user_id = f.user_id AND s.client_id = f.client_id)) AS g WHERE 1 = 1",
    ],
    id: "g.user_id",
    attributes: &[("clientId", Column::Always("g.client_id"))],
    sorts: &[("userId", "g.user_id")],
};

const OF_IDS: (&str, &str) = (
    "SELECT u.id AS user_id, u.name AS name, u.email AS email, \
        s.scope AS consent_scope, s.granted_at AS consented_at, \
        (SELECT f.scope FROM refresh_family f WHERE f.tenant_id = $1 AND f.user_id = u.id \
            AND f.client_id = $2 AND f.revoked_at IS NULL \
            ORDER BY f.created_at DESC, f.grant_id LIMIT 1) AS family_scope, \
        (SELECT MIN(f.created_at) FROM refresh_family f WHERE f.tenant_id = $1 \
            AND f.user_id = u.id AND f.client_id = $2 AND f.revoked_at IS NULL) AS family_since, \
        (SELECT MAX(f.last_used_at) FROM refresh_family f WHERE f.tenant_id = $1 \
            AND f.user_id = u.id AND f.client_id = $2) AS family_at, \
        (SELECT MAX(a.created_at) FROM authorization_code a WHERE a.tenant_id = $1 \
            AND a.user_id = u.id AND a.client_id = $2) AS code_at, \
        (SELECT COUNT(*) FROM refresh_family f WHERE f.tenant_id = $1 AND f.user_id = u.id \
            AND f.client_id = $2 AND f.revoked_at IS NULL AND f.expires_at > $3) AS families \
     FROM user_account u \
     LEFT JOIN consent s ON s.tenant_id = $1 AND s.user_id = u.id AND s.client_id = $2 \
     WHERE u.tenant_id = $1 AND u.id IN ",
    "",
);

/// `None` for a user whose consent and families went between the two statements.
fn user_from_row(cells: Cells<'_>) -> Result<Option<ClientUser>> {
    let consented_at = cells.time_or_null("consented_at")?;
    let Some(since) = consented_at.or(cells.time_or_null("family_since")?) else {
        return Ok(None);
    };
    let scope = if consented_at.is_some() { "consent_scope" } else { "family_scope" };
    Ok(Some(ClientUser {
        user_id: cells.parsed("user_id")?,
        name: cells.string("name")?,
        email: cells.string_or_null("email")?,
        scope: cells.named(scope, |text| ScopeSet::parse(text).ok())?,
        consented_at,
        since,
        last_used_at: cells.time_or_null("code_at")?.max(cells.time_or_null("family_at")?),
        families: cells.int("families")?,
    }))
}

impl TenantRead {
    /// A page of the users of a client, by their ids; a filter of the query is not looked at.
    ///
    /// # Errors
    /// When the database does not answer, `Invalid` for a sort of another list.
    pub async fn client_user_page(
        &mut self,
        client_id: &ClientId,
        query: &ListQuery,
        now: Timestamp,
    ) -> Result<Page<ClientUser>> {
        let operand = Operand::Text(client_id.as_str().to_owned());
        let of_client = Filter::Test(Test { attribute: CLIENT, op: Op::Eq, operand });
        let query = ListQuery { filter: Some(of_client), ..query.clone() };
        let tenant = self.tenant_id.as_str();
        let page = list::page(&mut self.conn, tenant, &SHAPE, &query).await?;
        let ids: Vec<&str> = page.data.iter().map(|position| position.id.as_str()).collect();
        let client = Argument::Text(client_id.as_str().to_owned());
        let more = vec![client, Argument::Int(now.as_millisecond())];
        let Some(statement) = list::with_ids(OF_IDS, (tenant, more), &ids) else {
            return Ok(page.with(Vec::new()));
        };
        let users = each(&self.conn.rows(statement).await?, user_from_row)?;
        let users = users.into_iter().flatten().collect();
        Ok(list::in_order(page, users, |user: &ClientUser| user.user_id.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::tests::plan;

    #[tokio::test]
    async fn the_users_of_a_client_are_found_without_a_walk_through_all() {
        let (head, tail) = OF_IDS;
        let plan = plan(&format!("{head}($4){tail}")).await;
        for walk in ["SCAN u", "SCAN s", "SCAN f", "SCAN a"] {
            assert!(!plan.lines().any(|line| line.starts_with(walk)), "{walk}: {plan}");
        }
    }
}
