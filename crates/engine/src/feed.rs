//! Following the change feed, so that other nodes' changes reach this node's caches.
//!
//! Invariant: a change that commits late with a lower number than one already seen is still
//! applied. Numbers are given when a row is written and become visible when its transaction
//! commits, so each poll reads again what it first saw less than [`CHANGE_OVERLAP`] ago; a transaction
//! cannot stay open that long (the store limits it).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::ids::TenantId;
use store::{CHANGE_OVERLAP, Change, RegionStore, StoreError};
use tokio::time::Instant;

use crate::context::Engine;

/// How long the feed may be out of reach before the caches are no longer believed.
const PATIENCE: Duration = Duration::from_secs(10);
/// Added to the look-back that the store proves to be enough.
const MARGIN: Duration = Duration::from_secs(5);
/// A jump of the clock between two polls, in seconds, after which the process was asleep: what it
/// missed may have been purged from the feed, so everything is forgotten.
const ASLEEP_SECONDS: i64 = 60;
/// Rows of one read.
const PAGE: u32 = 1000;

/// The position in one database's feed.
#[derive(Debug, Default)]
struct Position {
    /// Everything up to here was applied and can have no late-comers.
    settled: i64,
    /// Numbers applied since, and when they were first seen.
    seen: BTreeMap<i64, Instant>,
}

impl Position {
    fn after(last_seq: i64) -> Self {
        Self { settled: (last_seq - i64::from(PAGE)).max(0), seen: BTreeMap::new() }
    }

    /// Whether a row is new.
    fn take(&mut self, seq: i64, now: Instant) -> bool {
        if self.seen.contains_key(&seq) {
            return false;
        }
        self.seen.insert(seq, now);
        true
    }

    fn settle(&mut self, now: Instant) {
        while let Some(first) = self.seen.first_entry() {
            if now.duration_since(*first.get()) < CHANGE_OVERLAP + MARGIN {
                break;
            }
            self.settled = *first.key();
            first.remove();
        }
    }
}

/// Follows the feeds of all region databases until its task is dropped.
pub struct Feed {
    engine: Arc<Engine>,
    positions: BTreeMap<String, Position>,
    last_success: Instant,
}

impl Feed {
    /// Starts at the present end of every feed.
    ///
    /// # Errors
    /// The store's.
    pub async fn start(engine: Arc<Engine>) -> Result<Self, StoreError> {
        let mut positions = BTreeMap::new();
        for (code, region) in engine.store.regions() {
            let last = region.wide().change_last_seq().await?;
            positions.insert(code.to_string(), Position::after(last));
        }
        Ok(Self { engine, positions, last_success: Instant::now() })
    }

    /// Polls for ever.
    pub async fn run(mut self, every: Duration) {
        let mut last_poll = self.engine.now();
        loop {
            tokio::time::sleep(every).await;
            let now = self.engine.now();
            if now.as_second() - last_poll.as_second() > ASLEEP_SECONDS {
                self.engine.caches.forget_all();
            }
            last_poll = now;
            let polled = tokio::time::timeout(PATIENCE, self.poll()).await;
            match polled {
                Ok(Ok(())) => {
                    self.last_success = Instant::now();
                    self.engine.caches.set_trusted(true);
                }
                Ok(Err(error)) => tracing::warn!(%error, "the change feed cannot be read"),
                Err(_) => tracing::warn!("the change feed did not answer in time"),
            }
            if self.last_success.elapsed() >= PATIENCE {
                self.engine.caches.set_trusted(false);
            }
        }
    }

    /// Applies what is new in every region, once; one that fails does not keep the others back.
    ///
    /// # Errors
    /// The store's, of the last region that failed.
    pub async fn poll(&mut self) -> Result<(), StoreError> {
        let mut outcome = Ok(());
        for (code, region) in self.engine.store.regions() {
            let position = self.positions.entry(code.to_string()).or_default();
            if let Err(error) = follow(&self.engine, region, position).await {
                outcome = Err(error);
            }
        }
        outcome
    }
}

async fn follow(
    engine: &Engine,
    region: &RegionStore,
    position: &mut Position,
) -> Result<(), StoreError> {
    let mut after = position.settled;
    loop {
        let rows = region.wide().change_tail(after, PAGE).await?;
        let full = u32::try_from(rows.len()).is_ok_and(|count| count >= PAGE);
        for row in rows {
            after = row.seq;
            if position.take(row.seq, Instant::now()) {
                apply(engine, &row);
            }
        }
        if !full {
            break;
        }
    }
    position.settle(Instant::now());
    Ok(())
}

fn apply(engine: &Engine, change: &Change) {
    if let Ok(tenant) = TenantId::parse(&change.owner_id) {
        engine.caches.apply(change.kind, &tenant, &change.subject, engine.now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_numbers_are_still_new_and_old_ones_settle() {
        let now = Instant::now();
        let mut position = Position::after(0);
        assert!(position.take(5, now));
        assert!(!position.take(5, now));
        assert!(position.take(3, now), "a late lower number");
        position.settle(now);
        assert_eq!(position.settled, 0);
        position.settle(now + CHANGE_OVERLAP + MARGIN);
        assert_eq!(position.settled, 5);
        assert!(position.seen.is_empty());
    }
}
