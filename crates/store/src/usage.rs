//! Counters and last uses, which nodes add up in memory and flush every few seconds, so that a
//! machine token costs no write (design, Tokens).
//!
//! Invariant: a flush is one transaction; it is written as a whole or can be tried again as a
//! whole. Rows are written in the order of their keys, so that two nodes cannot deadlock.

use std::collections::BTreeMap;

use domain::ids::ClientId;
use domain::time::Timestamp;

use crate::database::Conn;
use crate::error::Result;
use crate::statement::{Statement, each, sql};

/// The most rows that one statement carries.
const CHUNK: usize = 64;

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

/// Slices of at most [`CHUNK`] items whose lengths are powers of two: at most seven different
/// statement texts, so that each stays prepared.
fn chunks<T>(mut items: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = (0..=CHUNK.ilog2()).rev().map(|n| 1 << n).find(|n| *n <= items.len())?;
        let (chunk, rest) = items.split_at(length);
        items = rest;
        Some(chunk)
    })
}

pub(crate) async fn add(conn: &mut Conn, deltas: &[UsageDelta]) -> Result<()> {
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
    if sums.is_empty() {
        return Ok(());
    }
    let mut scope = conn.scope().await?;
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
        scope.execute(statement).await?;
    }
    scope.commit().await
}

pub(crate) async fn list(
    conn: &mut Conn,
    owner_id: &str,
    client_id: &ClientId,
) -> Result<Vec<UsageCount>> {
    let statement = sql("SELECT day, kind, count FROM usage_counter \
             WHERE owner_id = $1 AND client_id = $2 ORDER BY day DESC, kind LIMIT 1000")
    .text(owner_id)
    .text(client_id);
    each(&conn.rows(statement).await?, |cells| {
        Ok(UsageCount {
            day: cells.string("day")?,
            kind: cells.string("kind")?,
            count: cells.int("count")?,
        })
    })
}

const SECRETS_HEAD: &str = "UPDATE client_secret SET last_used_at = v.column2 FROM (VALUES ";
const SECRETS_TAIL: &str = ") AS v WHERE client_secret.id = v.column1 \
    AND COALESCE(client_secret.last_used_at, 0) < v.column2";

pub(crate) async fn secret_last_used(
    conn: &mut Conn,
    uses: &[(impl AsRef<str>, Timestamp)],
) -> Result<()> {
    let mut latest: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for (id, at) in uses {
        let slot = latest.entry(id.as_ref()).or_insert(*at);
        *slot = (*slot).max(*at);
    }
    let latest: Vec<_> = latest.into_iter().collect();
    for chunk in chunks(&latest) {
        let mut statement = Statement::repeated(SECRETS_HEAD, chunk.len(), 2, SECRETS_TAIL);
        for (id, at) in chunk {
            statement = statement.text(id).time(*at);
        }
        conn.execute(statement).await?;
    }
    Ok(())
}

const KEYS_HEAD: &str = "UPDATE client_key SET last_used_at = v.column3 FROM (VALUES ";
const KEYS_TAIL: &str = ") AS v WHERE client_key.client_id = v.column1 \
    AND client_key.kid = v.column2 AND COALESCE(client_key.last_used_at, 0) < v.column3";

pub(crate) async fn key_last_used(
    conn: &mut Conn,
    uses: &[(ClientId, impl AsRef<str>, Timestamp)],
) -> Result<()> {
    let mut latest: BTreeMap<(&str, &str), Timestamp> = BTreeMap::new();
    for (client_id, kid, at) in uses {
        let slot = latest.entry((client_id.as_str(), kid.as_ref())).or_insert(*at);
        *slot = (*slot).max(*at);
    }
    let latest: Vec<_> = latest.into_iter().collect();
    for chunk in chunks(&latest) {
        let mut statement = Statement::repeated(KEYS_HEAD, chunk.len(), 3, KEYS_TAIL);
        for ((client_id, kid), at) in chunk {
            statement = statement.text(client_id).text(kid).time(*at);
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
    async fn last_uses_are_written_without_a_walk_through_all_secrets() {
        let two = "($1, $2), ($3, $4)";
        let secrets = format!("{SECRETS_HEAD}{two}{SECRETS_TAIL}");
        let three = "($1, $2, $3), ($4, $5, $6)";
        let keys = format!("{KEYS_HEAD}{three}{KEYS_TAIL}");
        for (text, table) in [(secrets, "client_secret"), (keys, "client_key")] {
            let plan = plan(&text).await;
            assert!(plan.contains(&format!("SEARCH {table} USING INDEX")), "{plan}");
        }
    }

    #[test]
    fn chunks_are_powers_of_two_and_lose_nothing() {
        let items: Vec<u32> = (0..203).collect();
        let lengths: Vec<usize> = chunks(&items).map(<[u32]>::len).collect();
        assert_eq!(lengths, [64, 64, 64, 8, 2, 1]);
        assert_eq!(chunks(&items).flatten().copied().collect::<Vec<_>>(), items);
        assert_eq!(chunks::<u32>(&[]).count(), 0);
    }
}
