//! `/oauth/*`.

pub mod authorize;
mod introspect;
mod logout;
mod revoke;
pub mod token;
mod userinfo;
