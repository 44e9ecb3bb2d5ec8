//! How long and how many the fields of a client may be (contract, section 1).
//!
//! The rules check by these numbers and the API's description tells them, so that the two cannot
//! differ. How many redirect URLs and origins a client has is the operator's to say: see
//! [`crate::settings::Limits`].

use domain::client::GrantType;

/// Longest name, in characters.
pub const NAME_MAX: usize = 512;
/// Longest link, in characters.
pub const LINK_MAX: usize = 2048;
/// Longest reason for which a client is switched off, in characters.
pub const DISABLE_TAG_MAX: usize = 100;
/// Longest label of a secret, in characters.
pub const LABEL_MAX: usize = 100;
/// Most public keys of one client.
pub const KEYS_MAX: usize = 10;
/// What each public key says of itself.
pub const KEY_MEMBERS: [&str; 4] = ["kty", "use", "alg", "kid"];
/// The grants that are listed with a client; the code flow needs only redirect URLs.
pub const MACHINE_GRANTS: [GrantType; 2] =
    [GrantType::ClientCredentials, GrantType::UserImpersonation];
