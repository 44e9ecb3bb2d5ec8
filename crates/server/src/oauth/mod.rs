//! The protocol endpoints of a tenant: one file per address.

pub mod authorize;
pub mod consent;
pub mod introspect;
pub mod login;
pub mod logout;
pub mod revoke;
pub mod token;
pub mod userinfo;
pub mod well_known;
