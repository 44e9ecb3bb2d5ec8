//! What can go wrong between the engine and a database.
//!
//! Invariant: neither `Display` nor `Debug` of an error shows a stored or a looked-up value
//! (design, "What must never happen", 5). That is why the driver's own error is never kept: its
//! `Debug` quotes the conflicting key. A [`Cause`] keeps the code and, only for kinds of failure
//! whose text cannot hold a row's value, the text.

use std::fmt;

/// The result of every method of this crate.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why a database operation did not happen.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What the operation needs is not there, or is not this tenant's.
    #[error("there is no such {what}")]
    NotFound {
        /// The noun that is missing.
        what: &'static str,
    },
    /// A unique value is taken.
    #[error("another one already has this {what}")]
    Conflict {
        /// The unique value: `email`, `subject`, `hostname`, `hint`, `name`, `id`, …
        what: &'static str,
    },
    /// A fixed or licensed number is reached.
    #[error("the limit of {what} is reached")]
    Limit {
        /// What there may be no more of.
        what: &'static str,
    },
    /// The value cannot be stored: a NUL character in a text, or a row of another tenant.
    #[error("this {what} cannot be stored")]
    Invalid {
        /// What is wrong with it.
        what: &'static str,
    },
    /// A lock, a connection or a statement took too long, or two transactions collided. Trying
    /// again later is right.
    #[error("the database is busy")]
    Busy,
    /// An earlier statement of this transaction failed, so it cannot be committed. PostgreSQL
    /// would answer `COMMIT` with a silent rollback; SQLite would commit half of it.
    #[error("the transaction was given up after an earlier error")]
    Aborted,
    /// The database cannot be reached, or refuses to work.
    #[error("the database is not available: {0}")]
    Unavailable(Cause),
    /// A stored value is not what this program writes.
    #[error("the database holds an unreadable {what}")]
    Corrupt {
        /// The column.
        what: &'static str,
    },
    /// Nobody gave this store the key that links audit events; see [`crate::Store::seal_audit`].
    #[error("the audit trail cannot be written without the master key")]
    NoAuditSeal,
    /// The schema is not what this program needs.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// A database address in the configuration is wrong; the address itself may hold a password.
    #[error("a database address is wrong: {0}")]
    Address(&'static str),
}

/// Why the schema could not be brought up to date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MigrationError {
    /// The text of a migration differs from the one that was applied.
    #[error(
        "migration {name} was applied with another text: restore the program that applied it, or its file"
    )]
    Changed {
        /// The migration.
        name: String,
    },
    /// The database has migrations that this program does not know.
    #[error(
        "the database has migration {name}, which this program does not know: it was written by a newer version"
    )]
    Newer {
        /// The first unknown migration.
        name: String,
    },
    /// A migration failed and was rolled back.
    #[error("migration {name} failed: {cause}")]
    Failed {
        /// The migration.
        name: String,
        /// Why.
        cause: String,
    },
    /// The database belongs to another region; two regions never share one.
    #[error("the database configured for region {configured} belongs to region {found}")]
    OtherRegion {
        /// The region in the configuration.
        configured: String,
        /// The region whose database it is.
        found: String,
    },
}

/// The kind and code of a driver's failure, without any value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    what: &'static str,
    code: Option<String>,
    text: Option<String>,
}

impl Cause {
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what, code: None, text: None }
    }

    pub(crate) fn with_code(mut self, code: Option<String>) -> Self {
        self.code = code;
        self
    }

    pub(crate) fn with_text(mut self, text: String) -> Self {
        self.text = Some(text);
        self
    }

    /// The SQLSTATE or the SQLite result code.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)?;
        if let Some(code) = &self.code {
            write!(f, " (code {code})")?;
        }
        if let Some(text) = &self.text {
            write!(f, ": {text}")?;
        }
        Ok(())
    }
}
