//! One database, and the one place that every statement passes through.
//!
//! Three rules live here. A transaction in which a statement failed cannot be committed
//! ([`StoreError::Aborted`]). A transaction older than [`TRANSACTION_LIMIT`] cannot be committed
//! either, so that the change feed may rely on no row appearing later than that. And a result is
//! always read to its end, because only then has the database said that the statement is durable.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use domain::audit::AuditSeal;
use futures_util::TryStreamExt;
use sqlx::any::{Any, AnyRow};
use sqlx::pool::PoolConnection;
use sqlx::{AnyConnection, AnyPool, Executor, Transaction};
use tokio::time::Instant;

use crate::backend::search::SearchPool;
use crate::backend::{self, Engine, Pools};
use crate::error::{Cause, Result, StoreError};
use crate::list::Composed;
use crate::statement::{Cells, Statement};

/// The longest that a write transaction may stay open before it is committed.
pub const TRANSACTION_LIMIT: Duration = Duration::from_secs(10);

/// How far back whoever tails the change feed must look again: what a transaction may take
/// ([`TRANSACTION_LIMIT`]) and what its `COMMIT` may take (PostgreSQL's `statement_timeout`).
pub const CHANGE_OVERLAP: Duration = Duration::from_secs(20);

/// The longest that a statement may take that looks at every row of a tenant: as PostgreSQL's
/// `statement_timeout`.
const SEARCH_LIMIT: Duration = Duration::from_secs(10);

/// One database: the directory or a region.
pub struct Database {
    pub(crate) engine: Engine,
    pub(crate) writer: AnyPool,
    pub(crate) reader: AnyPool,
    /// Where SQLite searches.
    search: Option<SearchPool>,
    statements: Arc<AtomicU64>,
    audit_seal: OnceLock<AuditSeal>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("engine", &self.engine).finish_non_exhaustive()
    }
}

impl Database {
    /// Connects; creates the file of a SQLite database that does not exist yet.
    pub(crate) async fn open(
        url: &str,
        max_connections: u32,
        statements: Arc<AtomicU64>,
    ) -> Result<Arc<Self>> {
        let engine = Engine::of(url)?;
        let Pools { writer, reader, search } =
            backend::connect(engine, url, max_connections).await?;
        let audit_seal = OnceLock::new();
        Ok(Arc::new(Self { engine, writer, reader, search, statements, audit_seal }))
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Lets events be appended here; the first seal stays.
    pub(crate) fn seal_audit(&self, seal: &AuditSeal) {
        self.audit_seal.get_or_init(|| seal.clone());
    }

    /// What links audit events.
    pub(crate) fn audit_seal(&self) -> Result<AuditSeal> {
        self.audit_seal.get().cloned().ok_or(StoreError::NoAuditSeal)
    }

    /// How many statements can read at once.
    pub fn readers(&self) -> u32 {
        self.reader.options().get_max_connections()
    }

    /// Asks the database for an answer.
    ///
    /// # Errors
    /// [`StoreError::Busy`] or [`StoreError::Unavailable`].
    pub async fn ping(self: &Arc<Self>) -> Result<()> {
        let row = Conn::reading(self).row(crate::statement::sql("SELECT 1 AS one")).await?;
        row.map(drop).ok_or(StoreError::Unavailable(Cause::new("no answer to a ping")))
    }

    fn count(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }

    fn failed(&self, error: sqlx::Error, pool: &AnyPool) -> StoreError {
        if matches!(error, sqlx::Error::PoolTimedOut) && pool.size() == 0 {
            return StoreError::Unavailable(Cause::new("no connection could be made"));
        }
        self.engine.classify(&error)
    }

    /// Begins in a task of its own. A request that is cancelled while `BEGIN` is on its way would
    /// otherwise put a connection with an open transaction back into the pool, and the next
    /// user's writes would silently be part of it.
    async fn begin(self: &Arc<Self>) -> Result<Transaction<'static, Any>> {
        self.count();
        let database = Arc::clone(self);
        let begun = tokio::spawn(async move {
            let begin = database.engine.begin_statement();
            database
                .writer
                .begin_with(begin)
                .await
                .map_err(|e| database.failed(e, &database.writer))
        });
        begun.await.map_err(|_| StoreError::Unavailable(Cause::new("the task was stopped")))?
    }

    pub(crate) async fn close(&self) {
        let all = async {
            if let Some(search) = &self.search {
                search.close().await;
            }
            self.reader.close().await;
            self.writer.close().await;
        };
        // A handle that somebody forgot must not keep the process from ending.
        drop(tokio::time::timeout(TRANSACTION_LIMIT, all).await);
    }
}

enum State {
    Free,
    Open(Transaction<'static, Any>, Instant),
}

/// The connection that one statement runs on.
enum Lease<'c> {
    Open(&'c mut AnyConnection),
    Taken(PoolConnection<Any>),
}

impl Lease<'_> {
    fn connection(&mut self) -> &mut AnyConnection {
        match self {
            Self::Open(connection) => connection,
            Self::Taken(connection) => connection,
        }
    }
}

/// Statements one after the other, with or without a transaction. It holds a connection only
/// while a statement runs or a transaction is open: a request that keeps a handle and asks for a
/// second one cannot wait for itself.
pub(crate) struct Conn {
    database: Arc<Database>,
    writes: bool,
    state: State,
    failed: bool,
    limit: Duration,
    search_limit: Duration,
}

impl Conn {
    /// A connection that only reads.
    pub(crate) fn reading(database: &Arc<Database>) -> Self {
        Self::new(database, false)
    }

    fn new(database: &Arc<Database>, writes: bool) -> Self {
        Self {
            database: Arc::clone(database),
            writes,
            state: State::Free,
            failed: false,
            limit: TRANSACTION_LIMIT,
            search_limit: SEARCH_LIMIT,
        }
    }

    /// Lets the open transaction take as long as it needs: for migrations, which write no feed.
    pub(crate) fn lift_limit(&mut self) {
        self.limit = Duration::MAX;
    }

    /// A connection whose statements each commit by themselves.
    pub(crate) fn autocommit(database: &Arc<Database>) -> Self {
        Self::new(database, true)
    }

    /// A connection with an open write transaction.
    pub(crate) async fn transaction(database: &Arc<Database>) -> Result<Self> {
        let mut conn = Self::autocommit(database);
        conn.open().await?;
        Ok(conn)
    }

    /// The database this is a connection to.
    pub(crate) fn database(&self) -> &Arc<Database> {
        &self.database
    }

    async fn open(&mut self) -> Result<()> {
        let transaction = self.database.begin().await?;
        self.state = State::Open(transaction, Instant::now());
        self.failed = false;
        Ok(())
    }

    async fn lease(&mut self) -> Result<Lease<'_>> {
        self.database.count();
        match &mut self.state {
            State::Open(transaction, _) => Ok(Lease::Open(transaction)),
            State::Free => {
                let database = &self.database;
                let pool = if self.writes { &database.writer } else { &database.reader };
                pool.acquire().await.map(Lease::Taken).map_err(|e| database.failed(e, pool))
            }
        }
    }

    fn is_open(&self) -> bool {
        matches!(self.state, State::Open(..))
    }

    fn fail(&mut self, error: &sqlx::Error) -> StoreError {
        self.failed = true;
        self.database.engine.classify(error)
    }

    fn may_run(&self, statement: &Statement) -> Result<()> {
        if self.failed && self.is_open() {
            return Err(StoreError::Aborted);
        }
        statement.invalid.map_or(Ok(()), |what| Err(StoreError::Invalid { what }))
    }

    /// Runs a statement that returns rows, and reads all of them.
    pub(crate) async fn rows(&mut self, statement: Statement) -> Result<Vec<AnyRow>> {
        self.may_run(&statement)?;
        let mut lease = self.lease().await?;
        // `fetch_all`, never `fetch_optional`: an `UPDATE … RETURNING` is durable only when the
        // database has said that it is complete, which comes after its rows.
        let query = sqlx::query_with(statement.text, statement.arguments);
        let done = lease.connection().fetch_all(query).await;
        drop(lease);
        done.map_err(|error| self.fail(&error))
    }

    /// Runs a statement that returns rows, and takes each as it comes: what is kept of many rows may
    /// be little. All rows are read, also after one that was not taken.
    pub(crate) async fn each_row(
        &mut self,
        statement: Statement,
        mut take: impl FnMut(Cells<'_>) -> Result<()>,
    ) -> Result<()> {
        self.may_run(&statement)?;
        let mut lease = self.lease().await?;
        let query = sqlx::query_with(statement.text, statement.arguments);
        let mut rows = lease.connection().fetch(query);
        let mut taken = Ok(());
        let done = loop {
            match rows.try_next().await {
                Ok(Some(row)) if taken.is_ok() => taken = take(Cells(&row)),
                Ok(Some(_)) => {}
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        drop(rows);
        drop(lease);
        done.map_err(|error| self.fail(&error))?;
        taken
    }

    /// Runs a statement that may look at every row of a tenant. It ends after [`SEARCH_LIMIT`].
    pub(crate) async fn search(&mut self, search: Composed) -> Result<Vec<AnyRow>> {
        let database = Arc::clone(&self.database);
        match &database.search {
            Some(pool) if !self.is_open() => {
                database.count();
                pool.rows(search, self.search_limit).await
            }
            _ => self.rows(search.statement()).await,
        }
    }

    /// Runs a statement that returns at most one row.
    pub(crate) async fn row(&mut self, statement: Statement) -> Result<Option<AnyRow>> {
        Ok(self.rows(statement).await?.into_iter().next())
    }

    /// Runs a statement and tells how many rows it changed.
    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<u64> {
        self.may_run(&statement)?;
        let mut lease = self.lease().await?;
        let query = sqlx::query_with(statement.text, statement.arguments);
        let done = lease.connection().execute(query).await;
        drop(lease);
        done.map(|done| done.rows_affected()).map_err(|error| self.fail(&error))
    }

    /// Runs a text of several statements without parameters.
    pub(crate) async fn script(&mut self, statement: Statement) -> Result<()> {
        self.may_run(&statement)?;
        let mut lease = self.lease().await?;
        let done = lease.connection().execute(sqlx::raw_sql(statement.text)).await;
        drop(lease);
        done.map(drop).map_err(|error| self.fail(&error))
    }

    /// What several statements that belong together run in: the open transaction, or, on an
    /// autocommit connection, one of their own. Dropped before [`Scope::commit`], its own
    /// transaction is rolled back, and an outer one can no longer be committed.
    pub(crate) async fn scope(&mut self) -> Result<Scope<'_>> {
        let own = !self.is_open();
        if own {
            self.open().await?;
        }
        Ok(Scope { conn: self, own, done: false })
    }

    /// Commits the open transaction; nothing to do on an autocommit connection.
    pub(crate) async fn commit(&mut self) -> Result<()> {
        let State::Open(transaction, since) = std::mem::replace(&mut self.state, State::Free)
        else {
            return Ok(());
        };
        self.database.count();
        // Dropping the transaction rolls it back.
        if self.failed {
            return Err(StoreError::Aborted);
        }
        if since.elapsed() > self.limit {
            return Err(StoreError::Busy);
        }
        transaction.commit().await.map_err(|error| self.database.engine.classify(&error))
    }

    /// Rolls the open transaction back.
    pub(crate) async fn rollback(&mut self) -> Result<()> {
        let State::Open(transaction, _) = std::mem::replace(&mut self.state, State::Free) else {
            return Ok(());
        };
        self.database.count();
        transaction.rollback().await.map_err(|error| self.database.engine.classify(&error))
    }
}

impl Drop for Conn {
    fn drop(&mut self) {
        if self.is_open() {
            self.database.count();
        }
    }
}

/// See [`Conn::scope`].
pub(crate) struct Scope<'c> {
    conn: &'c mut Conn,
    own: bool,
    done: bool,
}

impl Scope<'_> {
    /// Ends the statements that belong together; commits when the transaction is their own.
    pub(crate) async fn commit(mut self) -> Result<()> {
        self.done = true;
        if self.own { self.conn.commit().await } else { Ok(()) }
    }

    /// Ends without an error and without effect of its own transaction; an outer one goes on.
    pub(crate) async fn give_up(mut self) -> Result<()> {
        self.done = true;
        if self.own { self.conn.rollback().await } else { Ok(()) }
    }
}

impl std::ops::Deref for Scope<'_> {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        self.conn
    }
}

impl std::ops::DerefMut for Scope<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn
    }
}

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        if self.own {
            // Also when a commit was cancelled half-way: what is still open is rolled back.
            if self.conn.is_open() {
                self.conn.database.count();
            }
            self.conn.state = State::Free;
            self.conn.failed = false;
        } else if !self.done {
            self.conn.failed = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::Argument;
    use crate::statement::sql;

    async fn database(directory: &tempfile::TempDir) -> Arc<Database> {
        let url = format!("sqlite://{}/test.db", directory.path().display());
        Database::open(&url, 1, Arc::default()).await.expect("opens")
    }

    #[tokio::test]
    async fn sqlite_connections_have_the_settings_that_durability_needs() {
        let directory = tempfile::tempdir().expect("a directory");
        let database = database(&directory).await;
        let writer = Conn::autocommit(&database);
        let reader = Conn::reading(&database);
        for (mut conn, query_only) in [(writer, 0), (reader, 1)] {
            let mut setting = async |text| {
                let row = conn.row(sql(text)).await.expect("answers").expect("a row");
                sqlx::Row::get::<i64, _>(&row, 0)
            };
            assert_eq!(setting("PRAGMA synchronous").await, 2, "FULL");
            assert_eq!(setting("PRAGMA foreign_keys").await, 1);
            assert_eq!(setting("PRAGMA busy_timeout").await, 5000);
            assert_eq!(setting("PRAGMA query_only").await, query_only);
            let row = conn.row(sql("PRAGMA journal_mode")).await.expect("answers").expect("a row");
            assert_eq!(Cells(&row).text("journal_mode").expect("a text"), "wal");
        }
        let mut reader = Conn::reading(&database);
        let error = reader.execute(sql("CREATE TABLE t (x TEXT)")).await;
        assert!(matches!(error, Err(StoreError::Unavailable(_))), "{error:?}");
    }

    #[tokio::test]
    async fn a_transaction_that_is_open_for_too_long_cannot_be_committed() {
        let directory = tempfile::tempdir().expect("a directory");
        let database = database(&directory).await;
        let mut conn = Conn::transaction(&database).await.expect("begins");
        conn.execute(sql("CREATE TABLE t (x TEXT)")).await.expect("runs");
        conn.limit = Duration::ZERO;
        assert!(matches!(conn.commit().await, Err(StoreError::Busy)));
        let mut conn = Conn::autocommit(&database);
        conn.execute(sql("CREATE TABLE t (x TEXT)")).await.expect("the first left nothing");
        let error = conn.execute(sql("CREATE TABLE t (x TEXT)")).await.expect_err("is there");
        assert!(error.to_string().contains("table t already exists"), "{error}");
    }

    /// On PostgreSQL the session's `statement_timeout` does the same.
    #[tokio::test]
    async fn a_search_ends_when_it_takes_too_long() {
        let directory = tempfile::tempdir().expect("a directory");
        let database = database(&directory).await;
        let counting = |to: i64| Composed {
            text: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
                   SELECT COUNT(*) AS n FROM n"
                .to_owned(),
            arguments: vec![Argument::Int(to)],
        };
        let mut conn = Conn::reading(&database);
        conn.search_limit = Duration::from_millis(50);
        for _ in 0..3 {
            // An hour's work, and then a moment's on the same connection.
            let ended = conn.search(counting(1 << 40)).await;
            assert!(matches!(ended, Err(StoreError::Busy)), "{:?}", ended.map(|rows| rows.len()));
            let rows = conn.search(counting(10)).await.expect("counts");
            assert_eq!(Cells(&rows[0]).int("n").expect("a number"), 10);
        }
        let nul = Composed { text: "SELECT $1 AS x".to_owned(), arguments: vec![text("a\0b")] };
        assert!(matches!(conn.search(nul).await, Err(StoreError::Invalid { .. })));
        let write = Composed { text: "CREATE TABLE t (x TEXT)".to_owned(), arguments: Vec::new() };
        assert!(matches!(conn.search(write).await, Err(StoreError::Unavailable(_))));
    }

    fn text(text: &str) -> Argument {
        Argument::Text(text.to_owned())
    }

    #[tokio::test]
    async fn a_row_that_is_not_taken_leaves_the_connection_as_it_was() {
        let directory = tempfile::tempdir().expect("a directory");
        let database = database(&directory).await;
        let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999) \
                       SELECT i FROM n";
        let mut conn = Conn::transaction(&database).await.expect("begins");
        let mut seen = 0;
        let error = conn.each_row(sql(numbers), |cells| {
            seen += 1;
            let wrong = StoreError::Corrupt { what: "i" };
            if cells.int("i")? < 3 { Ok(()) } else { Err(wrong) }
        });
        let error = error.await;
        assert!(matches!(error, Err(StoreError::Corrupt { what: "i" })), "{error:?}");
        assert_eq!(seen, 3);
        conn.commit().await.expect("the statement itself was right");
    }

    #[tokio::test]
    async fn a_scope_that_is_dropped_leaves_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let database = database(&directory).await;
        let mut conn = Conn::autocommit(&database);
        let mut scope = conn.scope().await.expect("begins");
        scope.execute(sql("CREATE TABLE t (x TEXT)")).await.expect("runs");
        drop(scope);
        conn.execute(sql("CREATE TABLE t (x TEXT)")).await.expect("the first left nothing");

        let mut conn = Conn::transaction(&database).await.expect("begins");
        let scope = conn.scope().await.expect("goes on");
        drop(scope);
        assert!(matches!(conn.commit().await, Err(StoreError::Aborted)), "half of it is missing");
        let mut conn = Conn::transaction(&database).await.expect("begins");
        let scope = conn.scope().await.expect("goes on");
        scope.give_up().await.expect("ends");
        conn.commit().await.expect("commits");
    }
}
