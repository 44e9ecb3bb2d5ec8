//! What nodes count in memory and flush every few seconds, so that a machine token costs no write
//! (design, Tokens): counters, last uses of clients and credentials, refusals, and the days of scopes.
//!
//! Invariant: a flush is one transaction; it is written as a whole or can be tried again as a
//! whole. Rows are written in the order of their keys, so that nodes rarely stand in each other's
//! way; when they do, one of them tries again.

mod client_use;
mod count;
mod failure;
mod last_use;
mod scope_day;

use crate::database::Conn;
use crate::error::Result;

pub use client_use::ClientUse;
pub use count::{UsageCount, UsageDelta};
pub use failure::ClientFailure;
pub use last_use::{ApiKeyUse, Credential, CredentialUse};
pub use scope_day::{ScopeDay, ScopeWay};

pub(crate) use count::since;
pub(crate) use failure::newest;
pub(crate) use last_use::write_api_keys;
pub(crate) use scope_day::list as scope_days;

/// The most rows that one statement carries.
const CHUNK: usize = 64;

/// What a node counted since its last flush.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsageFlush {
    /// What to add to counters.
    pub counts: Vec<UsageDelta>,
    /// When credentials last worked; never moves a time back.
    pub uses: Vec<CredentialUse>,
    /// When clients were last used; never moves a time back.
    pub clients: Vec<ClientUse>,
    /// Refusals. Of each client and reason the newest few are kept.
    pub failures: Vec<ClientFailure>,
    /// The days on which scopes were asked for or used; never moves a day back.
    pub scopes: Vec<ScopeDay>,
}

pub(crate) async fn flush(conn: &mut Conn, flush: &UsageFlush) -> Result<()> {
    let mut scope = conn.scope().await?;
    count::add(&mut scope, &flush.counts).await?;
    last_use::write(&mut scope, &flush.uses).await?;
    // After the credentials, in the order in which PostgreSQL deletes what hangs on a client:
    // a flush and a deletion that meet do not wait for each other in a circle.
    client_use::write(&mut scope, &flush.clients).await?;
    failure::append(&mut scope, &flush.failures).await?;
    scope_day::write(&mut scope, &flush.scopes).await?;
    scope.commit().await
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_powers_of_two_and_lose_nothing() {
        let items: Vec<u32> = (0..203).collect();
        let lengths: Vec<usize> = chunks(&items).map(<[u32]>::len).collect();
        assert_eq!(lengths, [64, 64, 64, 8, 2, 1]);
        assert_eq!(chunks(&items).flatten().copied().collect::<Vec<_>>(), items);
        assert_eq!(chunks::<u32>(&[]).count(), 0);
    }
}
