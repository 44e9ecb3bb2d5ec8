//! Facts about a database that are written once, such as the check of the master key.
//!
//! Invariant: what two nodes write at the same time, only one of them wrote; both learn its value.

use std::sync::Arc;

use crate::database::{Conn, Database};
use crate::error::{Result, StoreError};
use crate::statement::{Cells, only, sql};

pub(crate) async fn get(conn: &mut Conn, name: &str) -> Result<Option<String>> {
    let statement = sql("SELECT value FROM installation WHERE name = $1").text(name);
    only(conn.row(statement).await?, |cells: Cells<'_>| cells.string("value"))
}

pub(crate) async fn put_if_absent(conn: &mut Conn, name: &str, value: &str) -> Result<String> {
    conn.execute(
        sql("INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .text(name)
            .text(value),
    )
    .await?;
    get(conn, name).await?.ok_or(StoreError::NotFound { what: "installation" })
}

impl Database {
    /// The fact of this name.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn installation_get(self: &Arc<Self>, name: &str) -> Result<Option<String>> {
        get(&mut Conn::reading(self), name).await
    }

    /// Writes a fact unless there is one of this name; returns the one that is there now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn installation_put_if_absent(
        self: &Arc<Self>,
        name: &str,
        value: &str,
    ) -> Result<String> {
        put_if_absent(&mut Conn::autocommit(self), name, value).await
    }
}
