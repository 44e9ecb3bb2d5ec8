//! All audit trails of one database, as they are stored, for checking them. It has a type of its
//! own, so that crossing owners can be searched for.
//!
//! Invariant: it reads whatever somebody has written there, sound or not: a cell that does not
//! hold what this program writes becomes a text that no event has.

use std::sync::Arc;

use domain::audit::{ChainHead, ChainRow, SEALED_TEXTS};

use super::REGISTER;
use crate::database::{Conn, Database};
use crate::error::{Result, StoreError};
use crate::statement::{Cells, each, only, sql};

/// No stored text has a NUL character.
const UNREADABLE: &str = "\0";

/// See the module.
#[derive(Debug, Clone)]
pub struct AuditTrails(Arc<Database>);

/// The events of an owner that no chain protects, because they are older than it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UnlinkedEvents {
    /// How many.
    pub count: i64,
    /// The number of the last.
    pub last_seq: Option<i64>,
    /// The number of the owner's first linked event.
    pub first_linked_seq: Option<i64>,
}

impl AuditTrails {
    /// The owner of the trail whose subjects are the owners of all others.
    pub const REGISTER: &str = REGISTER;

    pub(crate) fn new(database: &Arc<Database>) -> Self {
        Self(Arc::clone(database))
    }

    pub(crate) fn is_of(&self, database: &Arc<Database>) -> bool {
        Arc::ptr_eq(&self.0, database)
    }

    fn reading(&self) -> Conn {
        Conn::reading(&self.0)
    }

    /// The first owner of events or of a chain's end after one, in the database's order.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn next_owner(&self, after: &str) -> Result<Option<String>> {
        let statement = sql("SELECT MIN(owner_id) AS owner_id FROM ( \
                SELECT MIN(owner_id) AS owner_id FROM audit_event WHERE owner_id > $1 \
                UNION ALL \
                SELECT MIN(owner_id) AS owner_id FROM audit_chain WHERE owner_id > $1) AS owners")
        .text(after);
        let row = self.reading().row(statement).await?;
        Ok(only(row, |cells| cells.string_or_null("owner_id"))?.flatten())
    }

    /// The end of an owner's chain.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn head(&self, owner_id: &str) -> Result<Option<ChainHead>> {
        let statement = sql("SELECT CAST(link AS TEXT) AS link, hash, seal FROM audit_chain \
             WHERE owner_id = $1")
        .text(owner_id);
        let row = match self.reading().row(statement).await {
            Err(StoreError::Corrupt { .. }) => {
                let unreadable = || UNREADABLE.to_owned();
                return Ok(Some(ChainHead { link: 0, hash: unreadable(), seal: unreadable() }));
            }
            row => row?,
        };
        only(row, |cells| {
            Ok(ChainHead {
                link: number(cells, "link").unwrap_or(0),
                hash: readable(cells, "hash"),
                seal: readable(cells, "seal"),
            })
        })
    }

    /// Linked events of an owner in the order of links, at most `limit`, after the row of a link
    /// and a number.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rows(
        &self,
        owner_id: &str,
        after: (i64, i64),
        limit: u32,
    ) -> Result<Vec<ChainRow>> {
        let statement = sql("SELECT seq, CAST(link AS TEXT) AS link_text, hash, \
                id, CAST(at AS TEXT) AS at, actor_type, actor_id, event, subject, client_id, \
                address, trace_id, details \
             FROM audit_event \
             WHERE owner_id = $1 AND link >= $2 AND (link > $2 OR seq > $3) \
             ORDER BY link, seq LIMIT $4")
        .text(owner_id)
        .int(after.0)
        .int(after.1)
        .int(i64::from(limit));
        match self.reading().rows(statement).await {
            Err(StoreError::Corrupt { .. }) => self.rows_one_by_one(owner_id, after, limit).await,
            rows => each(&rows?, row_from_cells),
        }
    }

    /// The same when the driver cannot read a text of the page, because it is no UTF-8.
    async fn rows_one_by_one(
        &self,
        owner_id: &str,
        after: (i64, i64),
        limit: u32,
    ) -> Result<Vec<ChainRow>> {
        let statement = sql("SELECT seq FROM audit_event \
             WHERE owner_id = $1 AND link >= $2 AND (link > $2 OR seq > $3) \
             ORDER BY link, seq LIMIT $4")
        .text(owner_id)
        .int(after.0)
        .int(after.1)
        .int(i64::from(limit));
        let numbers = each(&self.reading().rows(statement).await?, |cells| cells.int("seq"))?;
        let mut rows = Vec::with_capacity(numbers.len());
        for seq in numbers {
            rows.extend(self.row(seq).await?);
        }
        Ok(rows)
    }

    async fn row(&self, seq: i64) -> Result<Option<ChainRow>> {
        let whole = sql("SELECT seq, CAST(link AS TEXT) AS link_text, hash, \
                id, CAST(at AS TEXT) AS at, actor_type, actor_id, event, subject, client_id, \
                address, trace_id, details \
             FROM audit_event WHERE seq = $1")
        .int(seq);
        match self.reading().row(whole).await {
            Err(StoreError::Corrupt { .. }) => {}
            row => return only(row?, row_from_cells),
        }
        let link = sql("SELECT link FROM audit_event WHERE seq = $1").int(seq);
        let link = match self.reading().row(link).await {
            Err(StoreError::Corrupt { .. }) => None,
            row => only(row?, |cells| Ok(cells.int("link").ok()))?.flatten(),
        };
        let texts = SEALED_TEXTS.map(|_| UNREADABLE.to_owned());
        Ok(Some(ChainRow { seq, link, hash: UNREADABLE.to_owned(), texts }))
    }

    /// The events of an owner that are in no chain.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unlinked(&self, owner_id: &str) -> Result<UnlinkedEvents> {
        let statement = sql("SELECT COUNT(*) AS unlinked, MAX(seq) AS last_seq, \
                (SELECT seq FROM audit_event WHERE owner_id = $1 AND link IS NOT NULL \
                    ORDER BY link LIMIT 1) AS first_linked_seq \
             FROM audit_event WHERE owner_id = $1 AND link IS NULL")
        .text(owner_id);
        let row = self.reading().row(statement).await?;
        let found = only(row, |cells| {
            Ok(UnlinkedEvents {
                count: cells.int("unlinked")?,
                last_seq: cells.int_or_null("last_seq")?,
                first_linked_seq: cells.int_or_null("first_linked_seq")?,
            })
        })?;
        Ok(found.unwrap_or_default())
    }
}

fn row_from_cells(cells: Cells<'_>) -> Result<ChainRow> {
    Ok(ChainRow {
        seq: cells.int("seq")?,
        link: number(cells, "link_text"),
        hash: readable(cells, "hash"),
        texts: SEALED_TEXTS.map(|column| readable(cells, column)),
    })
}

fn readable(cells: Cells<'_>, column: &'static str) -> String {
    cells.string(column).unwrap_or_else(|_| UNREADABLE.to_owned())
}

fn number(cells: Cells<'_>, column: &'static str) -> Option<i64> {
    cells.text(column).ok()?.parse().ok()
}
