//! What a request for scopes gets (RFC 6749 section 3.3; contract section 4.2).
//!
//! Invariant: the answer never goes beyond the allow-list, whatever is asked for, and `offline_access` must be asked
//! for by name.

use super::catalogue::Catalogue;
use super::set::ScopeSet;

/// The scope that gives a refresh token (OIDC Core section 11). Never granted without being named.
pub const OFFLINE_ACCESS: &str = "offline_access";

/// Why a scope was not granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The catalogue has no such scope.
    Unknown,
    /// The client's allow-list neither holds it nor includes it.
    NotAllowed,
}

/// A scope that was asked for and not granted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the scope {name} {}", match why {
    Refusal::Unknown => "does not exist",
    Refusal::NotAllowed => "is not allowed for this client",
})]
pub struct RefusedScope {
    /// The scope, as asked for.
    pub name: String,
    /// What is wrong with it.
    pub why: Refusal,
}

/// Decides what a request for `requested` gets from a client that may have `allowed`.
///
/// An empty request gets all of `allowed` except [`OFFLINE_ACCESS`]. A named scope is granted, under the name asked
/// for, when `allowed` holds it or a scope that includes it; `openid` is no exception.
///
/// # Errors
/// Every scope that was refused, in the order asked for.
pub fn resolve(
    requested: &ScopeSet,
    allowed: &ScopeSet,
    catalogue: &Catalogue,
) -> Result<ScopeSet, Vec<RefusedScope>> {
    if requested.is_empty() {
        let implicit = |name: &&str| *name != OFFLINE_ACCESS && catalogue.get(name).is_some();
        return Ok(ScopeSet::join(allowed.iter().filter(implicit)));
    }
    let refusal = |name: &str| {
        if catalogue.get(name).is_none() {
            Some(Refusal::Unknown)
        } else if !catalogue.implies(allowed, name) {
            Some(Refusal::NotAllowed)
        } else {
            None
        }
    };
    let refused: Vec<RefusedScope> = requested
        .iter()
        .filter_map(|name| refusal(name).map(|why| RefusedScope { name: name.to_owned(), why }))
        .collect();
    if refused.is_empty() { Ok(requested.clone()) } else { Err(refused) }
}
