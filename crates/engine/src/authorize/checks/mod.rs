//! The checks of an authorization request, one file each; their order is in
//! [`super`], where a missing one is visible.

mod claims;
mod client;
mod id_token_hint;
mod max_age;
mod pkce;
mod prompt;
mod redirect_uri;
mod request_object;
mod response_mode;
mod response_type;
mod scope;
mod state;

pub(super) use claims::{asked, claims, claims_text};
pub(super) use client::{client, grant};
pub(super) use id_token_hint::id_token_hint;
pub(super) use max_age::max_age;
pub(super) use pkce::pkce;
pub use prompt::Prompt;
pub(super) use prompt::prompt;
pub(super) use redirect_uri::redirect_uri;
pub(super) use request_object::request_object;
pub(super) use response_mode::response_mode;
pub(super) use response_type::response_type;
pub(super) use scope::scope;
pub(super) use state::{login_hint, nonce, state, ui_locales};
