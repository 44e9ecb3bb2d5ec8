//! PNG: a signature, then chunks of length, name, data and checksum.

use super::{PictureError, Reader, length};

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The size that the header gives. The header comes first, `IEND` last and nothing after it; an
/// `acTL` makes it an animation.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), PictureError> {
    let mut reader = Reader(bytes);
    reader.take(SIGNATURE.len())?;
    if reader.big_u32()? != 13 || reader.take(4)? != b"IHDR" {
        return Err(PictureError::Broken);
    }
    let size = (reader.big_u32()?, reader.big_u32()?);
    // Depth, colour type, compression, filter, interlace; the checksum.
    reader.take(5 + 4)?;
    let mut has_pixels = false;
    loop {
        let count = length(reader.big_u32()?)?;
        let name = reader.take(4)?;
        reader.take(count)?;
        reader.take(4)?;
        match name {
            b"acTL" => return Err(PictureError::Animated),
            b"IDAT" => has_pixels = true,
            b"IEND" if has_pixels && reader.0.is_empty() => return Ok(size),
            b"IEND" => return Err(PictureError::Broken),
            _ => {}
        }
    }
}
