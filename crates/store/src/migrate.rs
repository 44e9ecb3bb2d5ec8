//! Brings a schema up to date.
//!
//! Migrations come in three sets: `common` (both kinds of database), `directory`, `region`. Each
//! migration is applied once to a database, under its set's name, so a directory and a region may
//! share one PostgreSQL schema. Everything that is missing is applied in one transaction that
//! holds a row lock, so two nodes that start together apply it once. The texts are remembered by
//! their SHA-256: a text that changed after it was applied is an error, not a surprise.

use std::sync::Arc;

use domain::crypto::sha256_base64url;
use domain::ids::RegionCode;

use crate::backend;
use crate::database::{Conn, Database};
use crate::error::{MigrationError, Result, StoreError};
use crate::installation;
use crate::statement::{Cells, Statement, sql};

/// What a database is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Directory,
    Region(RegionCode),
}

impl Kind {
    fn sets(&self) -> [&'static str; 2] {
        match self {
            Self::Directory => ["common", "directory"],
            Self::Region(_) => ["common", "region"],
        }
    }

    pub(crate) fn label(&self) -> String {
        match self {
            Self::Directory => "directory".to_owned(),
            Self::Region(code) => format!("region {code}"),
        }
    }
}

struct Migration {
    set: &'static str,
    version: i64,
    text: &'static str,
}

impl Migration {
    fn name(&self) -> String {
        name(self.set, self.version)
    }

    fn checksum(&self) -> String {
        sha256_base64url(self.text.as_bytes())
    }
}

fn name(set: &str, version: i64) -> String {
    format!("{set}_{version:04}")
}

/// Every migration, in the order in which they are applied.
const MIGRATIONS: &[Migration] = &[
    Migration { set: "common", version: 1, text: include_str!("../migrations/common_0001.sql") },
    Migration {
        set: "directory",
        version: 2,
        text: include_str!("../migrations/directory_0002.sql"),
    },
    Migration { set: "region", version: 2, text: include_str!("../migrations/region_0002.sql") },
    Migration { set: "common", version: 3, text: include_str!("../migrations/common_0003.sql") },
    Migration { set: "region", version: 3, text: include_str!("../migrations/region_0003.sql") },
    Migration { set: "common", version: 4, text: include_str!("../migrations/common_0004.sql") },
    Migration { set: "region", version: 5, text: include_str!("../migrations/region_0005.sql") },
    Migration { set: "region", version: 6, text: include_str!("../migrations/region_0006.sql") },
    Migration { set: "region", version: 7, text: include_str!("../migrations/region_0007.sql") },
    Migration { set: "region", version: 8, text: include_str!("../migrations/region_0008.sql") },
    Migration { set: "region", version: 9, text: include_str!("../migrations/region_0009.sql") },
];

/// What a call of [`crate::Store::migrate`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MigrationReport {
    /// The migrations that were applied, such as `region eu: region_0002`.
    pub applied: Vec<String>,
}

/// The name under which a region's database remembers whose it is.
const REGION_CODE: &str = "region_code";

/// The migrations that `database` still needs.
pub(crate) async fn pending(database: &Arc<Database>, kind: &Kind) -> Result<Vec<String>> {
    let mut conn = Conn::reading(database);
    if !backend::schema::has_table(&mut conn, "schema_migration").await? {
        return Ok(labelled(kind, &missing(kind, &[])?));
    }
    let applied = applied(&mut conn).await?;
    check_region(&mut conn, kind, &applied).await?;
    Ok(labelled(kind, &missing(kind, &applied)?))
}

/// Applies what `database` still needs.
pub(crate) async fn migrate(database: &Arc<Database>, kind: &Kind) -> Result<Vec<String>> {
    prepare(database).await?;
    let mut conn = Conn::transaction(database).await?;
    conn.lift_limit();
    if let Some(settings) = database.engine().migration_settings() {
        conn.script(sql(settings)).await?;
    }
    // The row lock: whoever comes second waits here, and then finds everything done.
    conn.execute(sql("UPDATE schema_migration SET checksum = '' WHERE set_name = 'lock'")).await?;
    let applied = applied(&mut conn).await?;
    let missing = missing(kind, &applied)?;
    for migration in &missing {
        apply(&mut conn, migration).await.map_err(|error| MigrationError::Failed {
            name: migration.name(),
            cause: error.to_string(),
        })?;
    }
    claim_region(&mut conn, kind).await?;
    conn.commit().await?;
    let applied = labelled(kind, &missing);
    for migration in &applied {
        tracing::info!(migration, "applied");
    }
    Ok(applied)
}

/// Makes the table that remembers what was applied. Two nodes may try at the same instant, and
/// PostgreSQL then fails one of them in spite of `IF NOT EXISTS`.
async fn prepare(database: &Arc<Database>) -> Result<()> {
    let mut attempts = 0;
    loop {
        let mut conn = Conn::autocommit(database);
        let made = async {
            conn.execute(sql("CREATE TABLE IF NOT EXISTS schema_migration (\
                    set_name TEXT NOT NULL, version BIGINT NOT NULL, checksum TEXT NOT NULL, \
                    PRIMARY KEY (set_name, version))"))
                .await?;
            conn.execute(sql("INSERT INTO schema_migration (set_name, version, checksum) \
                    VALUES ('lock', 0, '') ON CONFLICT DO NOTHING"))
                .await
        };
        match made.await {
            Ok(_) => return Ok(()),
            Err(error @ (StoreError::Address(_) | StoreError::Corrupt { .. })) => {
                return Err(error);
            }
            Err(error) if attempts == 10 => return Err(error),
            Err(_) => attempts += 1,
        }
        tokio::time::sleep(std::time::Duration::from_millis(50 * attempts)).await;
    }
}

struct Applied {
    set: String,
    version: i64,
    checksum: String,
}

async fn applied(conn: &mut Conn) -> Result<Vec<Applied>> {
    let rows = conn
        .rows(sql("SELECT set_name, version, checksum FROM schema_migration \
                WHERE set_name <> 'lock' ORDER BY set_name, version"))
        .await?;
    crate::statement::each(&rows, |cells: Cells<'_>| {
        Ok(Applied {
            set: cells.string("set_name")?,
            version: cells.int("version")?,
            checksum: cells.string("checksum")?,
        })
    })
}

/// What of the kind's sets is not applied; refuses changed texts and newer databases.
fn missing(kind: &Kind, applied: &[Applied]) -> Result<Vec<&'static Migration>> {
    let mine = || MIGRATIONS.iter().filter(|migration| kind.sets().contains(&migration.set));
    for row in applied.iter().filter(|row| kind.sets().contains(&row.set.as_str())) {
        let name = name(&row.set, row.version);
        match mine().find(|m| m.set == row.set && m.version == row.version) {
            None => return Err(MigrationError::Newer { name }.into()),
            Some(migration) if migration.checksum() != row.checksum => {
                return Err(MigrationError::Changed { name }.into());
            }
            Some(_) => {}
        }
    }
    let done =
        |m: &Migration| applied.iter().any(|row| row.set == m.set && row.version == m.version);
    Ok(mine().filter(|migration| !done(migration)).collect())
}

async fn apply(conn: &mut Conn, migration: &Migration) -> Result<()> {
    let engine = conn.database().engine();
    let text = migration.text.replace("{{sequence}}", engine.sequence_type());
    let text = text.replace("{{binary}}", engine.binary_collation());
    conn.script(Statement::written(text)).await?;
    conn.execute(
        sql("INSERT INTO schema_migration (set_name, version, checksum) VALUES ($1, $2, $3)")
            .text(migration.set)
            .int(migration.version)
            .text(migration.checksum()),
    )
    .await?;
    Ok(())
}

/// Two regions in one database would see each other's published clients, so a region's database
/// remembers its region.
async fn claim_region(conn: &mut Conn, kind: &Kind) -> Result<()> {
    let Kind::Region(code) = kind else { return Ok(()) };
    let found = installation::put_if_absent(conn, REGION_CODE, code.as_str()).await?;
    same_region(code, &found)
}

async fn check_region(conn: &mut Conn, kind: &Kind, applied: &[Applied]) -> Result<()> {
    let Kind::Region(code) = kind else { return Ok(()) };
    if !applied.iter().any(|row| row.set == "common") {
        return Ok(());
    }
    match installation::get(conn, REGION_CODE).await? {
        Some(found) => same_region(code, &found),
        None => Ok(()),
    }
}

fn same_region(code: &RegionCode, found: &str) -> Result<()> {
    if found == code.as_str() {
        return Ok(());
    }
    let (configured, found) = (code.to_string(), found.to_owned());
    Err(MigrationError::OtherRegion { configured, found }.into())
}

fn labelled(kind: &Kind, migrations: &[&Migration]) -> Vec<String> {
    migrations.iter().map(|migration| format!("{}: {}", kind.label(), migration.name())).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// How SQLite goes about a statement over a region's tables, one step a line.
    pub(crate) async fn plan(text: &str) -> String {
        let directory = tempfile::tempdir().expect("a directory");
        let url = format!("sqlite://{}/plan.db", directory.path().display());
        let database = Database::open(&url, 1, Arc::default()).await.expect("opens");
        let region = Kind::Region(RegionCode::parse("eu").expect("a code"));
        migrate(&database, &region).await.expect("migrates");
        let statement = Statement::written(format!("EXPLAIN QUERY PLAN {text}"));
        let statement = (0..9).fold(statement, |statement, _| statement.int(0));
        let rows = Conn::reading(&database).rows(statement).await.expect("explains");
        let steps = crate::statement::each(&rows, |cells| cells.string("detail"));
        steps.expect("texts").join("\n")
    }

    fn row(set: &str, version: i64, checksum: String) -> Applied {
        Applied { set: set.to_owned(), version, checksum }
    }

    #[test]
    fn each_kind_needs_its_two_sets() {
        let names = |kind: &Kind| {
            let missing = missing(kind, &[]).expect("nothing is applied");
            missing.iter().map(|m| m.name()).collect::<Vec<_>>()
        };
        let directory = ["common_0001", "directory_0002", "common_0003", "common_0004"];
        assert_eq!(names(&Kind::Directory), directory);
        let region = Kind::Region(RegionCode::parse("eu").expect("a code"));
        let regional = [
            "common_0001",
            "region_0002",
            "common_0003",
            "region_0003",
            "common_0004",
            "region_0005",
            "region_0006",
            "region_0007",
            "region_0008",
            "region_0009",
        ];
        assert_eq!(names(&region), regional);
    }

    #[test]
    fn a_changed_text_and_a_newer_database_are_refused() {
        let changed = [row("common", 1, "other".to_owned())];
        let error = missing(&Kind::Directory, &changed).err().expect("refused");
        assert!(error.to_string().contains("common_0001 was applied with another text"), "{error}");
        let newer = [row("directory", 99, String::new())];
        let error = missing(&Kind::Directory, &newer).err().expect("refused");
        assert!(error.to_string().contains("newer version"), "{error}");
        let other_kind = [row("region", 99, String::new())];
        assert!(missing(&Kind::Directory, &other_kind).is_ok());
    }

    #[test]
    fn migrations_use_only_portable_types() {
        for migration in MIGRATIONS {
            for line in migration.text.lines().filter(|line| !line.trim_start().starts_with("--")) {
                for word in
                    ["SERIAL", "BOOLEAN", "TIMESTAMP", "JSON", "BLOB", "VARCHAR", " INTEGER"]
                {
                    assert!(!line.to_uppercase().contains(word), "{}: {line}", migration.name());
                }
            }
        }
    }
}
