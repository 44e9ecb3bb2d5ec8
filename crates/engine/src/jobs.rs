//! Housekeeping: flushing counters, purging what has expired.

use std::sync::Arc;
use std::time::Duration;

use domain::time::Timestamp;
use store::{RegionWide, StoreError, UsageDelta};

use crate::context::Engine;
use crate::usage::{Credential, Flushed};

const FLUSH_EVERY: Duration = Duration::from_secs(5);
const PURGE_EVERY: Duration = Duration::from_secs(60);
/// Rows that one purge deletes at most, so that it never holds the writer for long.
const PURGE_BATCH: u32 = 1000;

/// Flushes the counters, and purges, until its task is dropped.
pub async fn run(engine: Arc<Engine>) {
    let mut since_purge = Duration::ZERO;
    loop {
        tokio::time::sleep(FLUSH_EVERY).await;
        since_purge += FLUSH_EVERY;
        if let Err(error) = flush(&engine).await {
            tracing::warn!(%error, "usage counters could not be written");
        }
        if since_purge >= PURGE_EVERY {
            since_purge = Duration::ZERO;
            engine.throttle.forget_idle();
            if let Err(error) = purge(&engine).await {
                tracing::warn!(%error, "expired rows could not be purged");
            }
        }
    }
}

/// Writes the sums of all regions; called once more before the server stops.
///
/// # Errors
/// The store's; the sums in hand are lost then, which costs counts and nothing else.
pub async fn flush(engine: &Engine) -> Result<(), StoreError> {
    let flushed = engine.usage.drain();
    if flushed.is_empty() {
        return Ok(());
    }
    let day = day(engine.now());
    let mut outcome = Ok(());
    for (code, region) in engine.store.regions() {
        let here: Vec<&Flushed> = flushed.iter().filter(|one| one.region == *code).collect();
        if let Err(error) = flush_region(&region.wide(), &here, &day).await {
            outcome = Err(error);
        }
    }
    outcome
}

async fn flush_region(
    region: &RegionWide,
    flushed: &[&Flushed],
    day: &str,
) -> Result<(), StoreError> {
    let (mut secrets, mut keys) = (Vec::new(), Vec::new());
    for one in flushed {
        for (credential, at) in &one.used {
            match credential {
                Credential::Secret(id) => secrets.push((id.to_string(), *at)),
                Credential::Key(kid) => keys.push((one.client_id.clone(), kid.clone(), *at)),
            }
        }
    }
    let deltas: Vec<UsageDelta> = flushed.iter().flat_map(|one| deltas(one, day)).collect();
    region.usage_add(&deltas).await?;
    region.secret_last_used(&secrets).await?;
    region.key_last_used(&keys).await
}

fn day(now: Timestamp) -> String {
    now.to_string().chars().take(10).collect()
}

fn deltas(one: &Flushed, day: &str) -> Vec<UsageDelta> {
    let delta = |(counter, count): &(crate::usage::Counter, u64)| UsageDelta {
        owner_id: one.tenant_id.to_string(),
        client_id: one.client_id.clone(),
        day: day.to_owned(),
        kind: counter.as_str().to_owned(),
        count: i64::try_from(*count).unwrap_or(i64::MAX),
    };
    one.counts.iter().map(delta).collect()
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
