//! WebP: a RIFF container of chunks, one of which has the pixels (RFC 9649 section 2).

use super::{PictureError, Reader, length};

/// The flag of an animation in the extended header.
const ANIMATION: u8 = 0b0000_0010;

/// `RIFF`, a size, `WEBP`.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP")
}

/// The size of the one picture, and of its canvas if it has one, which must be the same. Of chunks
/// that are neither, those of an animation are refused.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), PictureError> {
    let mut reader = Reader(bytes);
    reader.take(4)?;
    // The size counts what comes after it; an odd one has a byte of padding.
    let inside = length(reader.little_u32()?)?;
    if ![inside, inside.saturating_add(inside % 2)].contains(&reader.0.len()) {
        return Err(PictureError::Broken);
    }
    reader.take(4)?;
    let (mut canvas, mut pixels) = (None, None);
    while !reader.0.is_empty() {
        let name = reader.take(4)?;
        let count = length(reader.little_u32()?)?;
        let mut chunk = Reader(reader.take(count)?);
        if count % 2 == 1 && !reader.0.is_empty() {
            reader.take(1)?;
        }
        let before = match name {
            b"VP8X" => canvas.replace(extended(&mut chunk)?),
            b"VP8 " => pixels.replace(lossy(&mut chunk)?),
            b"VP8L" => pixels.replace(lossless(&mut chunk)?),
            b"ANIM" | b"ANMF" => return Err(PictureError::Animated),
            _ => None,
        };
        if before.is_some() {
            return Err(PictureError::Broken);
        }
    }
    pixels.filter(|size| canvas.is_none_or(|canvas| canvas == *size)).ok_or(PictureError::Broken)
}

/// A key frame's header (RFC 6386 section 9.1): the upper two bits of each size scale it.
fn lossy(chunk: &mut Reader<'_>) -> Result<(u32, u32), PictureError> {
    let is_key_frame = chunk.take(3)?[0] & 1 == 0;
    if !is_key_frame || chunk.take(3)? != [0x9d, 0x01, 0x2a] {
        return Err(PictureError::Broken);
    }
    let mut side = || Ok(u32::from(chunk.little_u16()? & 0x3fff));
    Ok((side()?, side()?))
}

/// Two sizes of 14 bits, each less one (RFC 9649 section 3.4).
fn lossless(chunk: &mut Reader<'_>) -> Result<(u32, u32), PictureError> {
    if chunk.byte()? != 0x2f {
        return Err(PictureError::Broken);
    }
    let bits = chunk.little_u32()?;
    Ok(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
}

/// The canvas: flags, three reserved bytes, two sizes of 24 bits, each less one.
fn extended(chunk: &mut Reader<'_>) -> Result<(u32, u32), PictureError> {
    if chunk.byte()? & ANIMATION != 0 {
        return Err(PictureError::Animated);
    }
    chunk.take(3)?;
    let mut side = || {
        let [low, middle, high] = chunk.array()?;
        Ok(u32::from_le_bytes([low, middle, high, 0]) + 1)
    };
    Ok((side()?, side()?))
}
