//! The last day on which a client asked for a scope, and the last on which it used it.

use std::collections::BTreeMap;

use domain::ids::ClientId;

use super::chunks;
use crate::database::Conn;
use crate::error::Result;
use crate::statement::{Cells, Statement, each, sql};

/// What a client did with a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScopeWay {
    /// Asked for it by name.
    Requested,
    /// Presented a token where the scope was what opened the door.
    Used,
}

impl ScopeWay {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Used => "used",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Requested, Self::Used].into_iter().find(|way| way.as_str() == text)
    }
}

/// The last day of a scope and a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeDay {
    /// A tenant's id, or the owner text of another site.
    pub owner_id: String,
    /// The client.
    pub client_id: ClientId,
    /// The scope, as it is on the client's list.
    pub scope: String,
    /// What was done with it.
    pub way: ScopeWay,
    /// The day as `YYYY-MM-DD` in UTC.
    pub day: String,
}

pub(super) async fn write(conn: &mut Conn, days: &[ScopeDay]) -> Result<()> {
    // One statement cannot write the same row twice.
    let mut last: BTreeMap<_, &str> = BTreeMap::new();
    for one in days {
        let key = (one.owner_id.as_str(), one.client_id.as_str(), one.scope.as_str(), one.way);
        let day = last.entry(key).or_insert(&one.day);
        *day = one.day.as_str().max(day);
    }
    let last: Vec<_> = last.into_iter().collect();
    for chunk in chunks(&last) {
        let mut statement = Statement::repeated(
            "INSERT INTO client_scope_day (owner_id, client_id, scope, way, day) VALUES ",
            chunk.len(),
            5,
            " ON CONFLICT (owner_id, client_id, scope, way) DO UPDATE SET day = excluded.day \
              WHERE client_scope_day.day < excluded.day",
        );
        for ((owner_id, client_id, scope, way), day) in chunk {
            let row = statement.text(owner_id).text(client_id).text(scope);
            statement = row.text(way.as_str()).text(day);
        }
        conn.execute(statement).await?;
    }
    Ok(())
}

/// All that is known of a client's scopes: at most two rows for each that it ever had.
pub(crate) async fn list(
    conn: &mut Conn,
    owner_id: &str,
    client_id: &ClientId,
) -> Result<Vec<ScopeDay>> {
    let statement = sql("SELECT owner_id, client_id, scope, way, day FROM client_scope_day \
             WHERE owner_id = $1 AND client_id = $2 ORDER BY scope, way")
    .text(owner_id)
    .text(client_id);
    each(&conn.rows(statement).await?, from_row)
}

fn from_row(cells: Cells<'_>) -> Result<ScopeDay> {
    Ok(ScopeDay {
        owner_id: cells.string("owner_id")?,
        client_id: cells.parsed("client_id")?,
        scope: cells.string("scope")?,
        way: cells.named("way", ScopeWay::parse)?,
        day: cells.string("day")?,
    })
}
