//! What a tenant looks like to those who sign in: the colour and the logo that it chose.

use serde::{Deserialize, Serialize};

use crate::colour::Rgb;
use crate::picture::Format;

/// Largest logo, in bytes.
pub const LOGO_BYTES_MAX: usize = 32 * 1024;

/// Longest side of a logo, in pixels.
pub const LOGO_SIDE_MAX: u32 = 2048;

/// The brand of a tenant: everything but the logo's bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Brand {
    /// The accent as it was chosen; pages use what [`crate::colour::Ground::accent`] makes of it.
    pub accent: Option<Rgb>,
    /// The logo.
    pub logo: Option<Logo>,
}

/// A logo, told by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Logo {
    /// SHA-256 of the bytes, base64url: who has it has the right bytes for ever.
    pub digest: String,
    /// Its kind.
    pub format: Format,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}
