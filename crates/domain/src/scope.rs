//! Scopes: their names, sets of them, and the catalogue of what they mean (RFC 6749 section 3.3).
//!
//! - [`ScopeName`]: one scope token.
//! - [`ScopeSet`]: what a client may have, asked for, or was given.
//! - [`Catalogue`]: every scope there is, who may hold it, and which scope includes which.
//! - [`resolve`]: what a request gets.
//!
//! Invariant: a scope is granted only when the client's allow-list holds it or a scope that includes it, and the
//! catalogue knows it. Asking for nothing never gives `offline_access`.

mod catalogue;
mod entry;
mod name;
mod resolve;
mod set;

pub use catalogue::{Catalogue, CatalogueError};
pub use entry::{Group, ScopeEntry, is_powerful};
pub use name::{InvalidScopeName, ScopeName};
pub use resolve::{OFFLINE_ACCESS, Refusal, RefusedScope, resolve};
pub use set::{ScopeSet, ScopeSetError};
