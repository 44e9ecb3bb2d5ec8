//! `/oauth/*`.

mod authorize;
mod introspect;
mod logout;
mod revoke;
mod token;
mod userinfo;
