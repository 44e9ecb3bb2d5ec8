//! Counters per client, day and kind.

use std::collections::BTreeMap;

use domain::ids::ClientId;

use super::chunks;
use crate::database::Conn;
use crate::error::Result;
use crate::statement::{Statement, each, sql};

/// What to add to one counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageDelta {
    /// A tenant's id, or the owner text of another site.
    pub owner_id: String,
    /// The client that was used.
    pub client_id: ClientId,
    /// The day as `YYYY-MM-DD` in UTC.
    pub day: String,
    /// What was counted, such as a grant type.
    pub kind: String,
    /// How much to add.
    pub count: i64,
}

/// One counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageCount {
    /// The day as `YYYY-MM-DD` in UTC.
    pub day: String,
    /// What was counted.
    pub kind: String,
    /// How often.
    pub count: i64,
}

pub(super) async fn add(conn: &mut Conn, deltas: &[UsageDelta]) -> Result<()> {
    // One statement cannot add to the same row twice.
    let mut sums: BTreeMap<(&str, &str, &str, &str), i64> = BTreeMap::new();
    for delta in deltas {
        let key = (
            delta.owner_id.as_str(),
            delta.client_id.as_str(),
            delta.day.as_str(),
            delta.kind.as_str(),
        );
        let sum = sums.entry(key).or_default();
        *sum = sum.saturating_add(delta.count);
    }
    let sums: Vec<_> = sums.into_iter().collect();
    for chunk in chunks(&sums) {
        let mut statement = Statement::repeated(
            "INSERT INTO usage_counter (owner_id, client_id, day, kind, count) VALUES ",
            chunk.len(),
            5,
            " ON CONFLICT (owner_id, client_id, day, kind) \
              DO UPDATE SET count = usage_counter.count + excluded.count",
        );
        for ((owner_id, client_id, day, kind), count) in chunk {
            statement = statement.text(owner_id).text(client_id).text(day).text(kind).int(*count);
        }
        conn.execute(statement).await?;
    }
    Ok(())
}

/// The counters of a client since a day, newest first; `limit` bounds them.
pub(crate) async fn since(
    conn: &mut Conn,
    owner_id: &str,
    client_id: &ClientId,
    first_day: &str,
    limit: u32,
) -> Result<Vec<UsageCount>> {
    let statement = sql("SELECT day, kind, count FROM usage_counter \
             WHERE owner_id = $1 AND client_id = $2 AND day >= $3 \
             ORDER BY day DESC, kind LIMIT $4")
    .text(owner_id)
    .text(client_id)
    .text(first_day)
    .int(i64::from(limit));
    each(&conn.rows(statement).await?, |cells| {
        Ok(UsageCount {
            day: cells.string("day")?,
            kind: cells.string("kind")?,
            count: cells.int("count")?,
        })
    })
}
