//! What a database knows of time: when its newest event was, and what its own clock says. A
//! machine whose clock is behind either gives out tokens that others find expired or not yet good.

use std::sync::Arc;

use domain::time::Timestamp;

use crate::database::{Conn, Database};
use crate::error::Result;
use crate::statement::{Cells, only, sql};

impl Database {
    /// When the newest audit event or change was written; `None` before the first one.
    ///
    /// # Errors
    /// When the database does not answer, or is not migrated.
    pub async fn newest_event_at(self: &Arc<Self>) -> Result<Option<Timestamp>> {
        let mut conn = Conn::reading(self);
        let event = sql("SELECT at FROM audit_event ORDER BY seq DESC LIMIT 1");
        let event = only(conn.row(event).await?, |cells: Cells<'_>| cells.time("at"))?;
        let change = sql("SELECT at FROM change ORDER BY seq DESC LIMIT 1");
        let change = only(conn.row(change).await?, |cells: Cells<'_>| cells.time("at"))?;
        Ok(event.max(change))
    }

    /// What the clock of the database's own machine says; `None` when that is ours.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn clock(self: &Arc<Self>) -> Result<Option<Timestamp>> {
        let Some(text) = self.engine().clock_statement() else { return Ok(None) };
        let row = Conn::reading(self).row(sql(text)).await?;
        only(row, |cells: Cells<'_>| cells.time("now"))
    }
}
