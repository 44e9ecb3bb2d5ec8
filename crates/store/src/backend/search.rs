//! Searches of a SQLite database: statements that may look at every row of a tenant.
//!
//! Invariant: a search ends after its time, as PostgreSQL's sessions end every statement
//! (`statement_timeout`), so that nobody holds a connection and a processor for longer, whatever they
//! ask. SQLite has no such setting: its progress handler asks how late it is. The connections are
//! the driver's own, since those of sqlx's `Any` driver take no handler, and only read.

use std::time::Duration;

use sqlx::any::AnyRow;
use sqlx::pool::PoolOptions;
use sqlx::sqlite::{Sqlite, SqliteConnectOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Pool};
use tokio::time::Instant;

use super::{Engine, SQLITE_READER_SETTINGS, SQLITE_READERS, SQLITE_SETTINGS, WAIT, with_settings};
use crate::error::{Result, StoreError};
use crate::list::{Argument, Composed};

/// Steps of SQLite's machine between two looks at the clock: less than a millisecond.
const STEPS: i32 = 4096;

/// Connections that search.
pub(crate) struct SearchPool(Pool<Sqlite>);

impl SearchPool {
    /// As many as there are readers: who may search when is not decided here.
    pub(super) fn open(file: SqliteConnectOptions) -> Self {
        let options = PoolOptions::new()
            .max_connections(SQLITE_READERS)
            .acquire_timeout(WAIT)
            .test_before_acquire(false)
            .max_lifetime(None)
            .idle_timeout(Duration::from_secs(300));
        let options = with_settings(options, &[SQLITE_SETTINGS, SQLITE_READER_SETTINGS], &[]);
        Self(options.connect_lazy_with(file.disable_statement_logging()))
    }

    /// All rows of a search.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when it takes longer than `limit`.
    pub(crate) async fn rows(&self, search: Composed, limit: Duration) -> Result<Vec<AnyRow>> {
        let is_bad = |argument: &Argument| match argument {
            Argument::Text(text) => text.contains('\0'),
            Argument::Int(_) => false,
        };
        if search.arguments.iter().any(is_bad) {
            return Err(StoreError::Invalid { what: "text with a NUL character" });
        }
        self.fetch(search, limit).await.map_err(|error| Engine::Sqlite.classify(&error))
    }

    async fn fetch(&self, search: Composed, limit: Duration) -> sqlx::Result<Vec<AnyRow>> {
        let mut connection = self.0.acquire().await?;
        let end = Instant::now() + limit;
        // It replaces the handler of the search before.
        connection.lock_handle().await?.set_progress_handler(STEPS, move || Instant::now() < end);
        let mut query = sqlx::query::<Sqlite>(AssertSqlSafe(search.text));
        for argument in search.arguments {
            query = match argument {
                Argument::Text(text) => query.bind(text),
                Argument::Int(number) => query.bind(number),
            };
        }
        let rows = query.fetch_all(&mut *connection).await?;
        rows.iter().map(AnyRow::try_from).collect()
    }

    pub(crate) async fn close(&self) {
        self.0.close().await;
    }
}
