//! Refusals of clients.
//!
//! Invariant: however often a client is refused, it has at most ten rows of each reason. They are
//! kept apart by reason, so that a flood of one kind does not wash away the others.

use std::collections::BTreeSet;

use domain::ids::ClientId;
use domain::time::Timestamp;

use super::chunks;
use crate::database::Conn;
use crate::error::Result;
use crate::statement::{Cells, Statement, each, sql};

/// One refusal. No field of it is the caller's to choose, except the trace id: 32 hex digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientFailure {
    /// A tenant's id, or the owner text of another site.
    pub owner_id: String,
    /// The client.
    pub client_id: ClientId,
    /// When.
    pub at: Timestamp,
    /// Why, as a stable word.
    pub reason: String,
    /// The caller's address.
    pub address: String,
    /// The trace id of the request.
    pub trace_id: String,
}

/// Deletes what has ten newer rows of the same client and reason.
const TRIM_HEAD: &str = "DELETE FROM client_failure WHERE seq IN (\
    SELECT f.seq FROM (VALUES ";
const TRIM_TAIL: &str = ") AS v CROSS JOIN client_failure f \
    WHERE f.owner_id = v.column1 AND f.client_id = v.column2 AND f.reason = v.column3 \
        AND (SELECT COUNT(*) FROM client_failure n WHERE n.owner_id = f.owner_id \
            AND n.client_id = f.client_id AND n.reason = f.reason AND n.seq > f.seq) >= 10)";

pub(super) async fn append(conn: &mut Conn, failures: &[ClientFailure]) -> Result<()> {
    for chunk in chunks(failures) {
        let mut statement = Statement::repeated(
            "INSERT INTO client_failure (owner_id, client_id, at, reason, address, trace_id) \
             VALUES ",
            chunk.len(),
            6,
            "",
        );
        for one in chunk {
            statement = statement
                .text(&one.owner_id)
                .text(&one.client_id)
                .time(one.at)
                .text(&one.reason)
                .text(&one.address)
                .text(&one.trace_id);
        }
        conn.execute(statement).await?;
    }
    let touched: BTreeSet<_> = failures
        .iter()
        .map(|one| (one.owner_id.as_str(), one.client_id.as_str(), one.reason.as_str()))
        .collect();
    let touched: Vec<_> = touched.into_iter().collect();
    for chunk in chunks(&touched) {
        let mut statement = Statement::repeated(TRIM_HEAD, chunk.len(), 3, TRIM_TAIL);
        for (owner_id, client_id, reason) in chunk {
            statement = statement.text(owner_id).text(client_id).text(reason);
        }
        conn.execute(statement).await?;
    }
    Ok(())
}

const NEWEST: &str = "SELECT owner_id, client_id, at, reason, address, trace_id \
    FROM client_failure WHERE owner_id = $1 AND client_id = $2 ORDER BY at DESC, seq DESC LIMIT $3";

/// The newest refusals of a client, newest first.
pub(crate) async fn newest(
    conn: &mut Conn,
    owner_id: &str,
    client_id: &ClientId,
    limit: u32,
) -> Result<Vec<ClientFailure>> {
    let statement = sql(NEWEST).text(owner_id).text(client_id).int(i64::from(limit));
    each(&conn.rows(statement).await?, from_row)
}

fn from_row(cells: Cells<'_>) -> Result<ClientFailure> {
    Ok(ClientFailure {
        owner_id: cells.string("owner_id")?,
        client_id: cells.parsed("client_id")?,
        at: cells.time("at")?,
        reason: cells.string("reason")?,
        address: cells.string("address")?,
        trace_id: cells.string("trace_id")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::tests::plan;

    #[tokio::test]
    async fn refusals_are_found_and_trimmed_without_a_walk_through_all() {
        let trim = format!("{TRIM_HEAD}($1, $2, $3), ($4, $5, $6){TRIM_TAIL}");
        for text in [trim.as_str(), NEWEST] {
            let plan = plan(text).await;
            assert!(!plan.contains("SCAN f") && !plan.contains("SCAN client_failure"), "{plan}");
            assert!(!plan.contains("SCAN n"), "{plan}");
        }
    }
}
