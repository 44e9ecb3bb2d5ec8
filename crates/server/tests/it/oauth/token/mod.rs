//! `POST /oauth/token`, one file per grant.

mod activity;
pub mod assertion;
mod authorization_code;
mod bot_users;
mod client_credentials;
mod code_misuse;
mod impersonation;
mod input;
mod jwks_uri;
mod refresh_replay;
mod refresh_token;
mod refusals;
