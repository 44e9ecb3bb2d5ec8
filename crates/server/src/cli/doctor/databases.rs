//! The databases: reachable, migrated, made with this key, not from the future, and in agreement
//! with each other.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use domain::crypto::Keyring;
use domain::ids::RegionCode;
use domain::time::{SignedDuration, Timestamp};
use engine::admin::installation::{KeyState, key_states};
use engine::admin::survey::{Mismatch, Survey, survey};
use store::{Store, StoreOptions};

use super::Report;
use crate::config::{Config, DatabaseUrl};
use crate::installation;

/// Host names that are looked up and compared with the certificate.
const HOSTNAMES: usize = 100;
/// How far clocks may be apart before tokens of one machine are refused by another.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(5);

/// Examines all databases; gives what the directory says of tenants.
pub(super) async fn examine(config: &Config, report: &mut Report) -> Survey {
    program_clock(report);
    let reachable = reachable(config, report).await;
    let regions: BTreeSet<RegionCode> = config
        .database
        .regions
        .keys()
        .filter(|code| reachable.contains(&format!("region {code}")))
        .filter_map(|code| RegionCode::parse(code).ok())
        .collect();
    if !reachable.contains("directory") {
        report.note("tenants", "without the directory, tenants and keys could not be examined");
        return Survey::default();
    }
    let Some(store) = open(config, &regions).await else { return Survey::default() };
    let healthy = migrated(&store, report).await;
    keys(config, &store, &healthy, report).await;
    clocks(&store, &healthy, report).await;
    store.close().await;
    if !healthy.contains("directory") {
        return Survey::default();
    }
    let regions = regions.into_iter().filter(|code| healthy.contains(&format!("region {code}")));
    tenants(config, &regions.collect(), report).await
}

/// The databases that answer, by their names. Each is asked by itself.
async fn reachable(config: &Config, report: &mut Report) -> BTreeSet<String> {
    const CHECK: &str = "database";
    let mut reachable = BTreeSet::new();
    for (name, url) in installation::databases(config) {
        // A missing file was told of; opening would make an empty one.
        if installation::sqlite_file(&url).is_some_and(|file| !file.exists()) {
            continue;
        }
        match ping(&url, config.database.max_connections).await {
            Ok(()) => {
                report.good(CHECK, format!("the {name} database answers"));
                reachable.insert(name);
            }
            Err(error) => report.wrong(
                CHECK,
                format!("the {name} database {url} does not answer: {error}"),
                "start the database, or correct its address under [database]",
            ),
        }
    }
    reachable
}

async fn ping(url: &DatabaseUrl, max_connections: u32) -> anyhow::Result<()> {
    let options = StoreOptions {
        directory_url: installation::store_url(url)?,
        region_urls: BTreeMap::new(),
        max_connections,
    };
    let store = Store::open(options).await?;
    let answer = store.ping().await;
    store.close().await;
    Ok(answer?)
}

/// The store with some of the regions; each was reached a moment ago.
async fn open(config: &Config, regions: &BTreeSet<RegionCode>) -> Option<Store> {
    let url = |code: &RegionCode| {
        let url = config.region_url(code.as_str())?;
        Some((code.clone(), installation::store_url(&url).ok()?))
    };
    let options = StoreOptions {
        directory_url: installation::store_url(&config.directory_url()).ok()?,
        region_urls: regions.iter().filter_map(url).collect(),
        max_connections: config.database.max_connections,
    };
    Store::open(options).await.ok()
}

/// The databases that are up to date, by their names.
async fn migrated(store: &Store, report: &mut Report) -> BTreeSet<String> {
    const CHECK: &str = "migrations";
    let mut healthy = BTreeSet::new();
    for (name, pending) in store.pending_migrations_each().await {
        match pending {
            Ok(pending) if pending.is_empty() => {
                report.good(CHECK, format!("the {name} database is up to date"));
                healthy.insert(name);
            }
            Ok(pending) => report.wrong(
                CHECK,
                format!("the {name} database lacks {} migrations", pending.len()),
                "run `countersign migrate`",
            ),
            Err(error) => report.wrong(
                CHECK,
                format!("the {name} database: {error}"),
                "use the program and the configuration that belong to this database",
            ),
        }
    }
    healthy
}

async fn keys(config: &Config, store: &Store, healthy: &BTreeSet<String>, report: &mut Report) {
    const CHECK: &str = "master key";
    let file = config.master_key_file();
    let shown = file.display();
    let present = file.exists();
    // A file that holds no key was told of.
    let key = installation::parse_master_key_file(&file).ok();
    if present && key.is_none() {
        return;
    }
    let keyring = key.map(|key| Keyring::new(&key));
    let mut claimed = false;
    for (name, state) in key_states(store, keyring.as_ref()).await {
        if !healthy.contains(&name) {
            continue;
        }
        match state {
            Ok(KeyState::Ours) => report.good(CHECK, format!("it is that of the {name} database")),
            Ok(KeyState::Unclaimed) => {
                report.note(CHECK, format!("no server has started on the {name} database yet"));
            }
            Ok(KeyState::Other) if present => report.wrong(
                CHECK,
                format!("{shown} is not the key that the {name} database was made with"),
                "put the right key file back, or point to another database",
            ),
            Ok(KeyState::Other) => claimed = true,
            Err(error) => report.wrong(CHECK, format!("{name}: {error}"), "see the database"),
        }
    }
    if claimed {
        let message =
            format!("the master key file {shown} is missing, but the databases were made with one");
        report.wrong(CHECK, message, "put the key file back: without it the data is lost");
    }
}

/// A clock before the program was built is not set at all.
fn program_clock(report: &mut Report) {
    let built = std::env::current_exe().and_then(|file| file.metadata()?.modified());
    let Some(built) = built.ok().and_then(timestamp) else { return };
    let now = report.now;
    if now < built {
        let message = format!("it is {now} here, but this program was built or installed {built}");
        report.wrong("clock", message, "set this machine's clock, and keep it right with NTP");
    }
}

fn timestamp(time: SystemTime) -> Option<Timestamp> {
    Timestamp::try_from(time).ok()
}

async fn clocks(store: &Store, healthy: &BTreeSet<String>, report: &mut Report) {
    const CHECK: &str = "clock";
    const REMEDY: &str = "set the clocks of all machines, and keep them right with NTP";
    for (name, database) in store.databases() {
        if !healthy.contains(&name) {
            continue;
        }
        let now = report.now;
        match database.newest_event_at().await {
            Ok(Some(newest)) if newest > now.saturating_add(CLOCK_TOLERANCE).unwrap_or(now) => {
                let message =
                    format!("it is {now} here, but the {name} database has an event of {newest}");
                report.wrong(CHECK, message, REMEDY);
            }
            Ok(_) => {}
            Err(error) => report.wrong(CHECK, format!("{name}: {error}"), "see the database"),
        }
        if let Ok(Some(theirs)) = database.clock().await {
            // Time went by since the report began.
            let apart = theirs.duration_since(now).abs();
            if apart > CLOCK_TOLERANCE {
                let message = format!(
                    "the clock of the {name} database is {} s away from this machine's",
                    apart.as_secs()
                );
                report.wrong(CHECK, message, REMEDY);
            }
        }
    }
    if !report.is_wrong(CHECK) {
        report.good(CHECK, format!("it is {}", report.now));
    }
}

async fn tenants(config: &Config, regions: &BTreeSet<RegionCode>, report: &mut Report) -> Survey {
    const CHECK: &str = "tenants";
    let Some(store) = open(config, regions).await else { return Survey::default() };
    let surveyed = survey(&store, &config.server.base_domain, HOSTNAMES).await;
    store.close().await;
    let found = match surveyed {
        Ok(found) => found,
        Err(error) => {
            report.wrong(CHECK, format!("they could not be examined: {error}"), "see the database");
            return Survey::default();
        }
    };
    // Several nodes may share the regions among them; a SQLite installation is one node.
    let alone = config.directory_url().is_sqlite();
    for mismatch in &found.mismatches {
        let harmless = match mismatch {
            // Configured but out of order, which was told of.
            Mismatch::RegionNotServed { code, .. }
                if config.database.regions.contains_key(code.as_str()) =>
            {
                continue;
            }
            Mismatch::RegionNotServed { .. } => !alone,
            other => other.is_harmless(),
        };
        if harmless {
            let remedy = mismatch.remedy().to_owned();
            report.add(super::Status::Note, CHECK, mismatch.to_string(), remedy);
        } else {
            report.wrong(CHECK, mismatch.to_string(), mismatch.remedy());
        }
    }
    if !report.is_wrong(CHECK) {
        let message = format!("{} in the directory, and the regions agree", found.tenants);
        report.good(CHECK, message);
    }
    found
}
