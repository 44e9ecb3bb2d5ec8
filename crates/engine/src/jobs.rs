//! Housekeeping: flushing counters, purging what has expired.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::ids::RegionCode;
use domain::time::{Timestamp, day_of, plus_seconds};
use store::{
    ClientFailure, ClientUse, CredentialUse, ScopeDay, Store, StoreError, UsageDelta, UsageFlush,
};

use crate::context::Engine;
use crate::usage::{Drained, Usage, UsageKey};

const FLUSH_EVERY: Duration = Duration::from_secs(5);
const PURGE_EVERY: Duration = Duration::from_secs(60);
/// Clients of one transaction, so that a flush never holds the writer for long.
const FLUSH_BATCH: usize = 256;
/// Rows that one purge deletes at most, so that it never holds the writer for long.
const PURGE_BATCH: u32 = 1000;

/// Flushes the counters, and purges, until its task is dropped.
pub async fn run(engine: Arc<Engine>) {
    let mut since_purge = Duration::ZERO;
    loop {
        tokio::time::sleep(FLUSH_EVERY).await;
        since_purge += FLUSH_EVERY;
        flush_to_the_end(&engine).await;
        if since_purge >= PURGE_EVERY {
            since_purge = Duration::ZERO;
            engine.throttle.forget_idle();
            engine.rate_limits.forget_idle();
            if let Err(error) = purge(&engine).await {
                tracing::warn!(%error, "expired rows could not be purged");
            }
        }
    }
}

/// Flushes in a task of its own: what is on its way into the database gets there when [`run`] is
/// dropped meanwhile.
async fn flush_to_the_end(engine: &Arc<Engine>) {
    let engine = Arc::clone(engine);
    let flushing = tokio::spawn(async move {
        if let Err(error) = flush(&engine).await {
            tracing::warn!(%error, "usage counters could not be written yet");
        }
    });
    drop(flushing.await);
}

/// Writes the sums of all regions; called once more before the server stops. A flush that is under
/// way is waited for.
///
/// # Errors
/// The store's. What could not be written is kept for the next time; when the database fell silent
/// in the middle of a commit, it may then be counted twice.
pub async fn flush(engine: &Engine) -> Result<(), StoreError> {
    let _turn = engine.usage.flushing.lock().await;
    let mut waiting = engine.usage.drain();
    let mut outcome = engine.api_key_uses.flush(engine).await;
    while !waiting.is_empty() {
        let batch = waiting.split_off(waiting.len().saturating_sub(FLUSH_BATCH));
        let day = day_of(engine.now());
        if let Err(error) = flush_batch(&engine.store, &engine.usage, &day, batch).await {
            outcome = Err(error);
        }
    }
    outcome
}

/// Writes the sums of one client, so that the database tells all that this node knows of it. In a
/// task of its own: the request that asks may go away, and the sums are then neither here nor there.
///
/// # Errors
/// The store's; what could not be written is kept.
pub(crate) async fn flush_client(engine: &Engine, key: UsageKey) -> Result<(), StoreError> {
    let (store, usage) = (engine.store.clone(), Arc::clone(&engine.usage));
    let day = day_of(engine.now());
    let flushing = tokio::spawn(async move {
        let _turn = usage.flushing.lock().await;
        match usage.drain_one(&key) {
            Some(drained) => flush_batch(&store, &usage, &day, vec![(key, drained)]).await,
            None => Ok(()),
        }
    });
    flushing.await.unwrap_or(Err(StoreError::Busy))
}

async fn flush_batch(
    store: &Store,
    usage: &Usage,
    day: &str,
    batch: Vec<(UsageKey, Drained)>,
) -> Result<(), StoreError> {
    let mut regions: BTreeMap<RegionCode, Vec<(UsageKey, Drained)>> = BTreeMap::new();
    for one in batch {
        regions.entry(one.0.region.clone()).or_default().push(one);
    }
    let mut outcome = Ok(());
    for (code, batch) in regions {
        // A region that this node does not have: nothing can have been counted in it.
        let Some(region) = store.region(&code) else { continue };
        if let Err(error) = region.wide().usage_flush(&rows(&batch, day)).await {
            for (key, drained) in batch {
                usage.give_back(key, drained);
            }
            outcome = Err(error);
        }
    }
    outcome
}

/// The rows of drained sums. Counts get the day on which they are written: around midnight those of
/// the last seconds count for the new day.
fn rows(batch: &[(UsageKey, Drained)], day: &str) -> UsageFlush {
    let mut flush = UsageFlush::default();
    for (UsageKey { owner_id, client_id, .. }, drained) in batch {
        let (owner_id, client_id) = (|| owner_id.clone(), || client_id.clone());
        flush.counts.extend(drained.counts.iter().map(|(counter, count)| UsageDelta {
            owner_id: owner_id(),
            client_id: client_id(),
            day: day.to_owned(),
            kind: counter.kind(),
            count: i64::try_from(*count).unwrap_or(i64::MAX),
        }));
        flush.uses.extend(drained.used.iter().map(|(credential, (at, from))| CredentialUse {
            credential: credential.clone().of(&client_id()),
            at: *at,
            from: from.to_string(),
        }));
        flush.clients.extend(drained.client_used.map(|(at, from)| ClientUse {
            owner_id: owner_id(),
            client_id: client_id(),
            at,
            from: from.to_string(),
        }));
        flush.failures.extend(drained.failures.iter().map(|failure| ClientFailure {
            owner_id: owner_id(),
            client_id: client_id(),
            at: failure.at,
            reason: failure.reason.word().to_owned(),
            address: failure.address.to_string(),
            trace_id: failure.trace_id.as_str().to_owned(),
        }));
        flush.scopes.extend(drained.scopes.iter().map(|mark| ScopeDay {
            owner_id: owner_id(),
            client_id: client_id(),
            scope: mark.scope.to_string(),
            way: mark.way,
            day: day_of(plus_seconds(Timestamp::UNIX_EPOCH, mark.day * 86_400)),
        }));
    }
    flush
}

/// Deletes what has expired, in batches.
///
/// # Errors
/// The store's.
pub async fn purge(engine: &Engine) -> Result<(), StoreError> {
    let mut outcome = Ok(());
    for (_, region) in engine.store.regions() {
        loop {
            match region.wide().purge_expired(engine.now(), PURGE_BATCH).await {
                Ok(0) => break,
                Ok(_) => tokio::task::yield_now().await,
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
        }
    }
    while engine.store.directory().purge_expired(engine.now(), PURGE_BATCH).await? > 0 {
        tokio::task::yield_now().await;
    }
    outcome
}
