//! What Countersign does: grants, authorization, sign-in, administration.
//!
//! Invariant: no HTTP and no SQL here. A handler parses, calls one function of this crate and
//! renders; this crate asks the store, and takes time and randomness as values.

pub mod access_token;
pub mod account;
pub mod admin;
pub mod api_key;
pub mod authority;
pub mod authorize;
mod bot_user;
pub mod brand;
pub mod browser;
pub mod caches;
pub mod client_auth;
pub mod context;
pub mod cors;
pub mod discovery;
pub mod error;
pub mod feed;
pub mod grants;
pub mod held_form;
pub(crate) mod id_token;
pub mod introspect;
pub mod jobs;
pub mod keys;
pub mod logout;
pub mod password;
pub mod rate_limit;
pub mod revoke;
pub mod search;
pub mod session;
pub mod settings;
pub mod site;
pub mod throttle;
pub mod token;
pub mod trace;
pub mod usage;
pub mod userinfo;
pub mod users;

pub use context::{Ctx, Engine};
pub use settings::Settings;
pub use trace::TraceId;
