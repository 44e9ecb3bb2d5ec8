//! Clients that are made, each durable before it is answered, against what the disk syncs.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::bench::million::drive::{self, Seen};
use crate::bench::million::ground::Ground;
use crate::bench::million::outcome::{Outcome, Target};

const CONNECTIONS: usize = 16;
/// Tenants that the new clients are spread over; the largest is none of them.
const TENANTS: usize = 64;
/// As much as a commit of SQLite's log writes at least.
const BLOCK: [u8; 4096] = [7; 4096];
const SYNC_TIME: Duration = Duration::from_secs(2);
const PER_S: f64 = 300.0;

/// Creates for a while over many connections.
pub fn measure(ground: &Ground, time: Duration, outcome: &mut Outcome) -> Result<()> {
    let syncs = syncs_per_s(&ground.folder)?;
    let requests = requests(ground)?;
    let seen = create(ground, &requests, time)?;
    println!(
        "creations: {:.0}/s, p99 {:.1} ms; the disk syncs {syncs:.0}/s",
        seen.per_s(),
        seen.percentile_ms(0.99)
    );
    outcome.number(
        "clients created per second, 16 connections",
        seen.per_s(),
        Target::AtLeast(PER_S),
    );
    outcome.number("p50 of a creation, ms", seen.percentile_ms(0.5), Target::None);
    outcome.number("p99 of a creation, ms", seen.percentile_ms(0.99), Target::None);
    outcome.number("appends and syncs per second of the same disk", syncs, Target::None);
    outcome.number("creations for each of these", seen.per_s() / syncs, Target::None);
    Ok(())
}

fn requests(ground: &Ground) -> Result<Vec<Vec<u8>>> {
    let body = json!({
        "appType": "web",
        "clientName": "Made under load",
        "allowedGrantTypes": ["client_credentials"],
        "allowedScopes": ["user_default"],
        "connectionConfig": { "consentMethod": "trusted" },
    });
    let body = body.to_string();
    let machines = ground.machines.iter().skip(1).take(TENANTS);
    machines
        .map(|machine| {
            let bearer = format!("Bearer {}", ground.token(machine)?);
            let headers =
                [("authorization", bearer.as_str()), ("content-type", "application/json")];
            Ok(drive::post(&machine.host, "/api/v1/oauth-clients", &headers, &body))
        })
        .collect()
}

fn create(ground: &Ground, requests: &[Vec<u8>], time: Duration) -> Result<Seen> {
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    drive::drive(ground.port, CONNECTIONS, 201, |_| {
        || {
            let at = next.fetch_add(1, Ordering::Relaxed) % requests.len();
            (start.elapsed() < time).then(|| requests[at].as_slice())
        }
    })
}

/// How often a second a file can grow by a block that then survives a power loss.
fn syncs_per_s(folder: &Path) -> Result<f64> {
    let path = folder.join("syncs");
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    let start = Instant::now();
    let mut syncs = 0_u32;
    while start.elapsed() < SYNC_TIME {
        file.write_all(&BLOCK)?;
        file.sync_data()?;
        syncs += 1;
    }
    let per_s = f64::from(syncs) / start.elapsed().as_secs_f64();
    std::fs::remove_file(path)?;
    Ok(per_s)
}
