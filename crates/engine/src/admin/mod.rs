//! Administration, one file per noun, used by the command line and (in time) by REST and console.
//!
//! Invariant: each function checks, validates, changes, audits and appends to the change feed in
//! one transaction.

pub mod client;
mod client_rules;
pub mod directory;
pub mod installation;
pub mod survey;
pub mod tenant;
pub mod user;

use store::StoreError;

/// Why an administrative change was not made.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// A value is not acceptable.
    #[error("{field}: {message}")]
    Invalid {
        /// The field, by its name on the wire.
        field: &'static str,
        /// What is wrong and what would be right.
        message: String,
    },
    /// There is no such thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// It is taken, or would break a limit.
    #[error("{0}")]
    Conflict(String),
    /// The server cannot do it now.
    #[error("{0}")]
    Unavailable(String),
}

impl AdminError {
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }
}

impl From<StoreError> for AdminError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { what } => {
                Self::Conflict(format!("this {what} is taken: choose another one"))
            }
            StoreError::Limit { .. } => Self::Conflict(error.to_string()),
            StoreError::NotFound { what } => Self::NotFound(what),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

/// A name that people read: 1 to `max` characters, no control characters, trimmed.
pub(crate) fn name(field: &'static str, text: &str, max: usize) -> Result<String, AdminError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > max || text.chars().any(char::is_control) {
        return Err(AdminError::invalid(
            field,
            format!("has 1 to {max} characters and no control characters"),
        ));
    }
    Ok(text.to_owned())
}
