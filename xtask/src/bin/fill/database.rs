//! One connection to a database that is being filled.

use anyhow::{Context as _, Result, bail};
use sqlx::{AnyConnection, AssertSqlSafe, Column as _, Connection as _, Executor as _, Row as _};

/// A crash while filling costs the filling, so nothing is synced until the end; and the cache holds
/// the whole database, because scattered ids touch all of every index.
const SQLITE_SETTINGS: &str = "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; \
    PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4000000";
/// As the product finds it.
const SQLITE_END: &str = "PRAGMA journal_mode = WAL";
/// What autovacuum does a minute later.
const POSTGRES_END: &str = "VACUUM ANALYZE";

pub struct Database {
    connection: AnyConnection,
    is_sqlite: bool,
}

impl Database {
    pub async fn open(url: &str) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let connection = AnyConnection::connect(url).await.context("the database to fill")?;
        let mut database = Self { connection, is_sqlite: url.starts_with("sqlite:") };
        if database.is_sqlite {
            database.connection.execute(sqlx::raw_sql(SQLITE_SETTINGS)).await?;
        }
        Ok(database)
    }

    /// Runs one statement, which is a transaction of its own.
    pub async fn run(&mut self, statement: String) -> Result<()> {
        self.connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await?;
        Ok(())
    }

    /// The columns of a table, which has a row at least: the template's.
    pub async fn columns(&mut self, table: &str) -> Result<Vec<String>> {
        let statement = AssertSqlSafe(format!("SELECT * FROM {table} LIMIT 1"));
        let row = sqlx::query(statement)
            .fetch_optional(&mut self.connection)
            .await
            .with_context(|| format!("the table {table}"))?
            .with_context(|| format!("the template has no row in {table}"))?;
        Ok(row.columns().iter().map(|column| column.name().to_owned()).collect())
    }

    /// Fails unless a table has exactly so many rows.
    pub async fn check(&mut self, table: &str, wanted: i64) -> Result<()> {
        let statement = AssertSqlSafe(format!("SELECT COUNT(*) AS n FROM {table}"));
        let row = sqlx::query(statement).fetch_one(&mut self.connection).await?;
        let found: i64 = row.try_get("n")?;
        if found != wanted {
            bail!("{table} has {found} rows where {wanted} are due");
        }
        Ok(())
    }

    pub async fn close(mut self) -> Result<()> {
        let end = if self.is_sqlite { SQLITE_END } else { POSTGRES_END };
        self.connection.execute(sqlx::raw_sql(end)).await?;
        self.connection.close().await.context("the database that was filled")
    }
}
