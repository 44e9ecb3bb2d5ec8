//! Administration, one file per noun, used by the command line and (in time) by REST and console.
//!
//! Invariant: each function checks, validates, changes, audits and appends to the change feed in
//! one transaction.

pub mod activity;
pub mod api_key;
pub mod audit;
pub mod brand;
pub mod client;
pub mod directory;
pub mod group;
pub mod installation;
mod keeper;
pub mod listing;
pub mod oauth_token;
pub mod once;
pub mod preference;
pub mod role;
pub mod role_giving;
pub mod signing_key;
pub mod survey;
pub mod tenant;
pub mod tenant_lifetimes;
pub mod tenant_patch;
pub mod user;
pub mod wording;

use domain::oauth_error::OauthError;
use domain::patch::{Patch, PatchError};
use domain::said;
use domain::said::Said;
use store::StoreError;

use crate::authority::Denied;

/// Why an administrative change was not made.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// A value is not acceptable.
    #[error("{field}: {message}")]
    Invalid {
        /// The field, by its name on the wire.
        field: &'static str,
        /// Which of its values, counted from 0, when it has several.
        index: Option<usize>,
        /// What is wrong and what would be right.
        message: Said,
    },
    /// An operation of a patch is not acceptable.
    #[error("{0}")]
    Patch(#[from] PatchError),
    /// A parameter of a list is not acceptable.
    #[error("{name}: {message}")]
    Parameter {
        /// The parameter, by its name on the wire.
        name: &'static str,
        /// What is wrong and what would be right.
        message: Said,
    },
    /// The caller may not do this.
    #[error("{}", .0.said())]
    Denied(Denied),
    /// The caller may do this kind of thing, but not to this or with this.
    #[error("{0}")]
    Forbidden(Said),
    /// There are as many as there may be.
    #[error("{0}")]
    Limit(Said),
    /// There is no such thing.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// It is taken, or would break a limit.
    #[error("{0}")]
    Conflict(Said),
    /// It is not any more what the caller saw when the change was decided on.
    #[error("somebody changed this meanwhile: read it again")]
    Stale,
    /// The same form was carried out before.
    #[error("this was sent before, and was carried out then")]
    Repeated,
    /// The caller, who is to be asked first, would lose administration: all of it, or a part.
    #[error("this takes your own right to administer away")]
    OwnLoss {
        /// Whether nothing of it would be left.
        is_all: bool,
    },
    /// Too much of this kind is under way.
    #[error("{0}")]
    Busy(Said),
    /// The server cannot do it now.
    #[error("{0}")]
    Unavailable(String),
}

impl AdminError {
    pub(crate) fn invalid(field: &'static str, message: impl Into<Said>) -> Self {
        Self::Invalid { field, index: None, message: message.into() }
    }

    /// One of several values of a field is not acceptable.
    pub(crate) fn invalid_at(field: &'static str, index: usize, message: impl Into<Said>) -> Self {
        Self::Invalid { field, index: Some(index), message: message.into() }
    }

    /// The same as an error of the patch that brought the value in, if one of its operations did.
    pub fn of_patch(self, patch: &Patch) -> Self {
        match self {
            Self::Invalid { field, index, message } => {
                match patch.blame((field, index), message.clone()) {
                    Some(error) => Self::Patch(error),
                    None => Self::Invalid { field, index, message },
                }
            }
            other => other,
        }
    }

    /// The same as an error of the operation of a patch that brought the value.
    pub(crate) fn at_operation(self, index: usize) -> Self {
        match self {
            Self::Invalid { field, message, .. } => {
                PatchError::at(index, "value", message).about(field).into()
            }
            other => other,
        }
    }

    pub(crate) fn parameter(name: &'static str, message: impl Into<Said>) -> Self {
        Self::Parameter { name, message: message.into() }
    }
}

impl From<Denied> for AdminError {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

/// What a caller cannot help: the store or a key is away.
impl From<OauthError> for AdminError {
    fn from(error: OauthError) -> Self {
        Self::Unavailable(error.private().unwrap_or(error.description()).to_owned())
    }
}

impl From<StoreError> for AdminError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { what } => {
                Self::Conflict(said!("taken", "this {what} is taken: choose another one", what))
            }
            StoreError::Limit { .. } => Self::Limit(error.to_string().into()),
            StoreError::NotFound { what } => Self::NotFound(what),
            other => Self::Unavailable(other.to_string()),
        }
    }
}
