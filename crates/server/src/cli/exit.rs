//! How a command ends: the exit codes, and a refusal that carries one.
//!
//! Invariant: a script can tell from the code alone whether to try again (7, 8), to correct itself
//! (2, 5, 6) or to call a person (3, 4).

use std::fmt;
use std::process::ExitCode;

/// What commands over HTTP read from the environment, and what the exit codes mean.
pub(super) const AFTER_HELP: &str = "\
Environment of the commands over HTTP, in place of a context:
  COUNTERSIGN_SERVER              the tenant's address, such as https://acme.eu.example.com
  COUNTERSIGN_CLIENT_ID           the client
  COUNTERSIGN_CLIENT_SECRET       its secret, or
  COUNTERSIGN_CLIENT_SECRET_FILE  a file whose first line it is
  COUNTERSIGN_API_KEY             an API key, in place of a client
  COUNTERSIGN_CA_FILE             the only authorities that may vouch for the server, in PEM
  COUNTERSIGN_HOME                the folder of the contexts (~/.config/countersign)

Exit codes:
  0  done
  1  failed: the reason is on standard error
  2  wrong usage
  3  not authenticated: the server does not take the credentials (401)
  4  forbidden: the scope or the role does not suffice (403)
  5  not found (404)
  6  conflict: taken, in use, or changed meanwhile (409, 412)
  7  the server cannot be reached, or has failed (5xx)
  8  rate limited, still after waiting (429)";

/// Why a command over HTTP did not do what it was asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    Failed = 1,
    Usage = 2,
    NotAuthenticated = 3,
    Forbidden = 4,
    NotFound = 5,
    Conflict = 6,
    Unreachable = 7,
    RateLimited = 8,
}

impl Exit {
    /// What an HTTP status that is no success means.
    pub fn of_status(status: u16) -> Self {
        match status {
            401 => Self::NotAuthenticated,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            409 | 412 => Self::Conflict,
            429 => Self::RateLimited,
            500.. => Self::Unreachable,
            _ => Self::Failed,
        }
    }
}

/// A refusal, in words and as an exit code.
#[derive(Debug)]
pub(super) struct Refusal {
    pub exit: Exit,
    pub told: String,
    /// Whether a server may have refused a patch because it does not know an operation or path.
    pub of_operation: bool,
}

impl Refusal {
    pub fn new(exit: Exit, told: impl Into<String>) -> Self {
        Self { exit, told: told.into(), of_operation: false }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told)
    }
}

impl std::error::Error for Refusal {}

/// The exit code of an error: a refusal's own, 1 otherwise.
pub(super) fn code(error: &anyhow::Error) -> ExitCode {
    let exit = error.downcast_ref::<Refusal>().map_or(Exit::Failed, |refusal| refusal.exit);
    ExitCode::from(exit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_and_context_keeps_it() {
        for exit in [
            Exit::Failed,
            Exit::Usage,
            Exit::NotAuthenticated,
            Exit::Forbidden,
            Exit::NotFound,
            Exit::Conflict,
            Exit::Unreachable,
            Exit::RateLimited,
        ] {
            assert!(AFTER_HELP.contains(&format!("\n  {}  ", exit as u8)), "{exit:?}");
        }
        let refused = anyhow::Error::new(Refusal::new(Exit::NotFound, "no")).context("outer");
        assert_eq!(code(&refused), ExitCode::from(5));
        assert_eq!(code(&anyhow::anyhow!("no")), ExitCode::from(1));
        let statuses = [(400, 1), (401, 3), (403, 4), (404, 5), (409, 6), (412, 6), (429, 8)];
        for (status, code) in statuses.into_iter().chain([(500, 7), (502, 7), (503, 7), (302, 1)]) {
            assert_eq!(Exit::of_status(status) as u8, code, "{status}");
        }
    }
}
