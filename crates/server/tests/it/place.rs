//! Where the databases of one test are, and looking into them behind the store's back.
//!
//! SQLite always runs. PostgreSQL runs when `COUNTERSIGN_TEST_POSTGRES` holds an address; each test
//! has a schema of its own there. `COUNTERSIGN_TEST_REQUIRE_POSTGRES=1` makes a missing address a
//! failure, so that a build server cannot skip half of the tests unseen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};

use domain::ids::RegionCode;
use sqlx::{Column, Connection, Row};
use store::{Store, StoreOptions};

/// Where the databases of one test are.
pub enum Place {
    /// Files: a directory and a region.
    Directory { _kept: tempfile::TempDir },
    /// A schema for both.
    Schema { url: String, name: String },
}

impl Place {
    pub fn sqlite() -> (Self, StoreOptions) {
        let directory = tempfile::tempdir().expect("a directory");
        let url = |name: &str| format!("sqlite://{}/data/{name}.db", directory.path().display());
        let options = StoreOptions {
            directory_url: url("directory"),
            region_urls: BTreeMap::from([(eu(), url("region-eu"))]),
            max_connections: 8,
        };
        (Self::Directory { _kept: directory }, options)
    }

    /// `None` when there is no PostgreSQL to test with.
    pub async fn postgres() -> Option<(Self, StoreOptions)> {
        let required = setting("COUNTERSIGN_TEST_REQUIRE_POSTGRES").is_some_and(|v| v == "1");
        let Some(url) = setting("COUNTERSIGN_TEST_POSTGRES") else {
            assert!(!required, "COUNTERSIGN_TEST_POSTGRES is not set, and PostgreSQL is required");
            return None;
        };
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("server_test_{}_{n}", std::process::id());
        // What a test that was killed left behind under the same process id goes first.
        execute(&url, format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}")).await;
        let mark = if url.contains('?') { '&' } else { '?' };
        let within = format!("{url}{mark}options=-c%20search_path%3D{name}");
        let options = StoreOptions {
            directory_url: within.clone(),
            region_urls: BTreeMap::from([(eu(), within)]),
            max_connections: 8,
        };
        Some((Self::Schema { url, name }, options))
    }

    pub async fn tidy(&self) {
        if let Self::Schema { url, name } = self {
            execute(url, format!("DROP SCHEMA {name} CASCADE")).await;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "tests have no configuration")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

pub fn eu() -> RegionCode {
    RegionCode::parse("eu").expect("a code")
}

async fn raw(url: &str) -> sqlx::AnyConnection {
    sqlx::any::install_default_drivers();
    sqlx::AnyConnection::connect(url).await.expect("a connection")
}

/// Runs SQL behind the store's back.
pub async fn execute(url: &str, text: String) {
    let mut connection = raw(url).await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut connection).await.expect("runs");
    connection.close().await.expect("closes");
}

/// Every row of all databases, as `table: column=value, …`.
pub async fn rows(store: &Store, options: &StoreOptions) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let directory = (store.directory().database(), &options.directory_url);
    let region = store.region(&eu()).expect("the region");
    let region = (region.database(), &options.region_urls[&eu()]);
    for (database, url) in [directory, region] {
        let schema = database.schema().await.expect("a schema");
        dump(url, schema.keys(), &mut all).await;
    }
    all
}

async fn dump(url: &str, tables: impl Iterator<Item = &String>, all: &mut BTreeSet<String>) {
    let mut connection = raw(url).await;
    for table in tables {
        let text = sqlx::AssertSqlSafe(format!("SELECT * FROM \"{table}\""));
        let rows = sqlx::query(text).fetch_all(&mut connection).await.expect("rows");
        for row in rows {
            let cells: Vec<String> = (0..row.len()).map(|n| cell(&row, n)).collect();
            all.insert(format!("{table}: {}", cells.join(", ")));
        }
    }
    connection.close().await.expect("closes");
}

fn cell(row: &sqlx::any::AnyRow, n: usize) -> String {
    let name = row.column(n).name().to_owned();
    if let Ok(text) = row.try_get::<Option<String>, _>(n) {
        return format!("{name}={}", text.as_deref().unwrap_or("NULL"));
    }
    format!("{name}={:?}", row.get::<Option<i64>, _>(n))
}
