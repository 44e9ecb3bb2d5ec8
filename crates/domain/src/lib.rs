//! The pure heart of Countersign: words, rules and parsers of OAuth 2.0 and OpenID Connect.
//!
//! Invariant: nothing here performs I/O, reads a clock or draws randomness by itself. Time and
//! entropy come in as values, so that every rule can be tested with a frozen world.

pub mod api_error;
pub mod api_key;
pub mod audit;
pub mod basic_auth;
pub mod brand;
pub mod claims;
pub mod client;
pub mod colour;
pub mod crypto;
pub mod entropy;
pub mod filter;
pub mod fit;
pub mod grant;
pub mod ids;
pub mod jose;
pub mod letter;
pub mod list;
pub mod multipart;
pub mod oauth_error;
pub mod params;
pub mod patch;
pub mod period;
pub mod picture;
pub mod pkce;
pub mod redirect_uri;
pub mod said;
pub mod scope;
pub mod secret;
pub mod strict_json;
pub mod tenant;
pub mod time;
pub mod token_request;
pub mod user;
pub mod zone;
