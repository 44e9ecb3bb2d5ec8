//! `POST /oauth/token`, one file per grant.

pub mod assertion;
mod authorization_code;
mod client_credentials;
mod code_misuse;
mod impersonation;
mod input;
mod jwks_uri;
mod refresh_replay;
mod refresh_token;
