//! Pictures that people upload: which kind, how large, and whether they are whole.
//!
//! The kind is told by the first bytes, never by a name or a declared type. SVG is none of the
//! kinds: it is a document, which can carry script and ask other hosts. Nothing is decoded here;
//! the header says how large the decoded picture is, so that no small file becomes a huge one in
//! somebody's browser.
//!
//! Invariant: bytes that are no picture of these kinds are refused, never guessed at, and nothing
//! stands behind a picture's end, where another document could begin. Every walk over the bytes
//! is bounded by their length.

mod jpeg;
mod png;
mod webp;

use serde::{Deserialize, Serialize};

use crate::said;
use crate::said::Said;

/// A kind of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// PNG (ISO/IEC 15948).
    Png,
    /// JPEG (ITU-T T.81).
    Jpeg,
    /// WebP (RFC 9649).
    Webp,
}

impl Format {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }
}

/// What a picture's header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// Its kind.
    pub format: Format,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// Why bytes are no picture for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.said())]
pub enum PictureError {
    /// Another kind of file.
    Unknown,
    /// Begins as a picture and goes on as something else, or ends too early or too late.
    Broken,
    /// Moves.
    Animated,
}

impl PictureError {
    /// What is wrong and what would be right, in the reader's language.
    pub fn said(self) -> Said {
        match self {
            Self::Unknown => said!(
                "picture-unknown",
                "is a PNG, JPEG or WebP picture; SVG is not taken, because it can carry script"
            ),
            Self::Broken => said!(
                "picture-broken",
                "is damaged, cut off, or has something behind its end: export the picture again"
            ),
            Self::Animated => said!("picture-animated", "is an animation: use a still picture"),
        }
    }
}

/// What the bytes are.
///
/// # Errors
/// [`PictureError`].
pub fn inspect(bytes: &[u8]) -> Result<Picture, PictureError> {
    let (format, size) = if bytes.starts_with(png::SIGNATURE) {
        (Format::Png, png::size(bytes)?)
    } else if bytes.starts_with(jpeg::SIGNATURE) {
        (Format::Jpeg, jpeg::size(bytes)?)
    } else if webp::is_one(bytes) {
        (Format::Webp, webp::size(bytes)?)
    } else {
        return Err(PictureError::Unknown);
    };
    let (width, height) = size;
    if width == 0 || height == 0 {
        return Err(PictureError::Broken);
    }
    Ok(Picture { format, width, height })
}

/// Takes bytes from the front of what is left.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], PictureError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(PictureError::Broken)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], PictureError> {
        self.take(N)?.try_into().map_err(|_| PictureError::Broken)
    }

    fn byte(&mut self) -> Result<u8, PictureError> {
        Ok(self.array::<1>()?[0])
    }

    fn big_u16(&mut self) -> Result<u16, PictureError> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    fn big_u32(&mut self) -> Result<u32, PictureError> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    fn little_u16(&mut self) -> Result<u16, PictureError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    fn little_u32(&mut self) -> Result<u32, PictureError> {
        Ok(u32::from_le_bytes(self.array()?))
    }
}

/// A length from a file as one of this machine's.
fn length(stored: u32) -> Result<usize, PictureError> {
    usize::try_from(stored).map_err(|_| PictureError::Broken)
}

#[cfg(test)]
mod tests;
