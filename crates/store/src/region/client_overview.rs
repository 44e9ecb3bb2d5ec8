//! What a tenant's administrators are told of many clients at once: how much each is used, and what
//! hangs on it.
//!
//! Invariant: one statement for all of them, and only what happened in this tenant.

use std::collections::HashMap;

use domain::ids::ClientId;
use domain::time::Timestamp;

use super::TenantRead;
use super::client::visible;
use crate::error::Result;
use crate::list::{Argument, with_ids};
use crate::statement::{Cells, each};

/// How much a client was used in a tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientOverview {
    /// When a credential of it last worked, or it got a token.
    pub last_used_at: Option<Timestamp>,
    /// From where; `None` when that is not known.
    pub last_used_from: Option<String>,
    /// How many tokens on each day (`YYYY-MM-DD`) that has any, oldest first.
    pub days: Vec<(String, i64)>,
}

/// What hangs on a client in a tenant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClientHold {
    /// Users who let it in.
    pub consents: i64,
    /// Users who let it in, or of whom it has a refresh token that works.
    pub users: i64,
    /// Refresh token families that work.
    pub families: i64,
    /// API keys of its bot user that work.
    pub api_keys: i64,
}

const OVERVIEW: (&str, &str) = (
    "WITH few AS (SELECT c.id AS id FROM client c WHERE c.id IN ",
    ") \
     SELECT u.client_id AS client_id, '' AS day, u.last_used_at AS number, \
        u.last_used_from AS last_used_from \
     FROM few CROSS JOIN client_use u WHERE u.tenant_id = $1 AND u.client_id = few.id \
     UNION ALL \
     SELECT n.client_id, n.day, CAST(SUM(n.count) AS BIGINT), '' \
     FROM few CROSS JOIN usage_counter n \
     WHERE n.owner_id = $1 AND n.client_id = few.id AND n.day >= $2 \
        AND SUBSTR(n.kind, 1, LENGTH($3)) <> $3 \
     GROUP BY n.client_id, n.day \
     ORDER BY client_id, day",
);

const HOLD: (&str, &str) = (
    "SELECT c.id AS client_id, \
        (SELECT COUNT(*) FROM consent s \
            WHERE s.tenant_id = $1 AND s.client_id = c.id) AS consents, \
        (SELECT COUNT(*) FROM ( \
            SELECT s.user_id FROM consent s WHERE s.tenant_id = $1 AND s.client_id = c.id \
            UNION \
            SELECT f.user_id FROM refresh_family f WHERE f.tenant_id = $1 \
                AND f.client_id = c.id AND f.revoked_at IS NULL AND f.expires_at > $2 \
        ) AS people) AS users, \
        (SELECT COUNT(*) FROM refresh_family f WHERE f.tenant_id = $1 \
            AND f.client_id = c.id AND f.revoked_at IS NULL AND f.expires_at > $2) AS families, \
        (SELECT COUNT(*) FROM user_account b CROSS JOIN api_key k \
            WHERE b.tenant_id = $1 AND b.bot_client_id = c.id AND k.tenant_id = $1 \
                AND k.user_id = b.id AND k.revoked_at IS NULL AND k.expires_at > $2) AS api_keys \
     FROM client c WHERE c.id IN ",
    concat!(" AND ", visible!()),
);

fn add(found: &mut HashMap<ClientId, ClientOverview>, cells: Cells<'_>) -> Result<()> {
    let one = found.entry(cells.parsed("client_id")?).or_default();
    let day = cells.string("day")?;
    if day.is_empty() {
        one.last_used_at = Some(cells.time("number")?);
        let from = cells.string("last_used_from")?;
        one.last_used_from = Some(from).filter(|address| !address.is_empty());
    } else {
        one.days.push((day, cells.int("number")?));
    }
    Ok(())
}

impl TenantRead {
    /// How much clients were used in this tenant: when last, and the tokens of each day since
    /// `first_day` (`YYYY-MM-DD`). Counters whose kind begins with `except` are no tokens. Clients
    /// that were never used are left out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn client_overview(
        &mut self,
        ids: &[&ClientId],
        first_day: &str,
        except: &str,
    ) -> Result<HashMap<ClientId, ClientOverview>> {
        let more = [first_day, except].map(|text| Argument::Text(text.to_owned())).into();
        let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
        let mut found = HashMap::new();
        let statement = with_ids(OVERVIEW, (self.tenant_id.as_str(), more), &ids);
        let Some(statement) = statement else { return Ok(found) };
        for row in &self.conn.rows(statement).await? {
            add(&mut found, Cells(row))?;
        }
        Ok(found)
    }

    /// What hangs on clients in this tenant now; clients that it does not see are left out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn client_consequences(
        &mut self,
        ids: &[&ClientId],
        now: Timestamp,
    ) -> Result<HashMap<ClientId, ClientHold>> {
        let more = vec![Argument::Int(now.as_millisecond())];
        let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
        let statement = with_ids(HOLD, (self.tenant_id.as_str(), more), &ids);
        let Some(statement) = statement else { return Ok(HashMap::new()) };
        let found = each(&self.conn.rows(statement).await?, |cells| {
            let hold = ClientHold {
                consents: cells.int("consents")?,
                users: cells.int("users")?,
                families: cells.int("families")?,
                api_keys: cells.int("api_keys")?,
            };
            Ok((cells.parsed("client_id")?, hold))
        })?;
        Ok(found.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::tests::plan;

    #[tokio::test]
    async fn nothing_goes_through_other_clients_or_other_tenants() {
        let ids = [("$4", OVERVIEW), ("$3", HOLD)];
        for (place, (head, tail)) in ids {
            let plan = plan(&format!("{head}({place}){tail}")).await;
            for walk in ["SCAN c", "SCAN u", "SCAN n", "SCAN s", "SCAN f", "SCAN b", "SCAN k"] {
                assert!(!plan.lines().any(|line| line.starts_with(walk)), "{walk}: {plan}");
            }
            assert!(!plan.contains("(client_id=?)"), "{plan}");
        }
    }
}
