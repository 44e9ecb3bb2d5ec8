//! How a failing store reads at the protocol's edge.

use domain::oauth_error::OauthError;
use store::StoreError;

/// Turns a store's failure into the answer of a protocol endpoint.
pub trait OrUnavailable<T> {
    /// `temporarily_unavailable` for the caller, the reason for the log.
    ///
    /// # Errors
    /// The store's failure, as an [`OauthError`].
    fn or_unavailable(self) -> Result<T, OauthError>;
}

impl<T> OrUnavailable<T> for Result<T, StoreError> {
    fn or_unavailable(self) -> Result<T, OauthError> {
        self.map_err(|error| {
            OauthError::unavailable("The server cannot reach its data. Try again in a moment.")
                .with_private(format!("store: {error}"))
        })
    }
}
