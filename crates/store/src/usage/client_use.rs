//! When a client was last used in a tenant: a credential of it worked there, or it got a token.

use std::collections::BTreeMap;

use domain::ids::ClientId;
use domain::time::Timestamp;

use super::chunks;
use crate::database::Conn;
use crate::error::Result;
use crate::statement::Statement;

/// The last time that a client was used in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientUse {
    /// The tenant's id; nothing is remembered for other sites.
    pub owner_id: String,
    /// The client; nothing happens when it is gone.
    pub client_id: ClientId,
    /// When.
    pub at: Timestamp,
    /// The caller's address.
    pub from: String,
}

/// The joins leave out what was deleted since it was counted. `CROSS JOIN` makes SQLite begin with
/// the values.
const HEAD: &str = "INSERT INTO client_use (tenant_id, client_id, last_used_at, last_used_from) \
    SELECT t.id, c.id, v.column3, v.column4 FROM (VALUES ";
const TAIL: &str = ") AS v CROSS JOIN tenant t CROSS JOIN client c \
    WHERE t.id = v.column1 AND c.id = v.column2 \
    ON CONFLICT (tenant_id, client_id) DO UPDATE SET \
        last_used_at = excluded.last_used_at, last_used_from = excluded.last_used_from \
    WHERE client_use.last_used_at < excluded.last_used_at";

pub(super) async fn write(conn: &mut Conn, uses: &[ClientUse]) -> Result<()> {
    // One statement cannot write the same row twice.
    let mut latest: BTreeMap<_, &ClientUse> = BTreeMap::new();
    for one in uses {
        let slot = latest.entry((one.owner_id.as_str(), one.client_id.as_str())).or_insert(one);
        if slot.at < one.at {
            *slot = one;
        }
    }
    let latest: Vec<_> = latest.into_values().collect();
    for chunk in chunks(&latest) {
        let mut statement = Statement::repeated(HEAD, chunk.len(), 4, TAIL);
        for one in chunk {
            statement = statement.text(&one.owner_id).text(&one.client_id);
            statement = statement.time(one.at).text(&one.from);
        }
        conn.execute(statement).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::tests::plan;

    #[tokio::test]
    async fn uses_are_written_without_a_walk_through_all_clients() {
        let plan = plan(&format!("{HEAD}($1, $2, $3, $4), ($5, $6, $7, $8){TAIL}")).await;
        assert!(plan.contains("SEARCH c USING") && plan.contains("SEARCH t USING"), "{plan}");
    }
}
