//! JPEG: markers, most of them with a segment; a frame's header has the size, scans the pixels.

use super::{PictureError, Reader};

/// Start of image, and the first byte of the marker that must follow.
pub(super) const SIGNATURE: &[u8] = &[0xff, 0xd8, 0xff];

/// Scans of a picture: programs write ten at most. A small file can ask for thousands, and each
/// makes a browser go over the whole picture.
const SCANS_MAX: usize = 40;

/// The size of the one frame (T.81, B.2.2), whose scans are walked to the end of the image.
pub(super) fn size(bytes: &[u8]) -> Result<(u32, u32), PictureError> {
    let mut reader = Reader(bytes);
    reader.take(2)?;
    let (mut size, mut scans) = (None, 0);
    loop {
        match marker(&mut reader)? {
            // Frames of every process; 0xc4, 0xc8 and 0xcc are tables and an extension.
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                if size.replace(frame(segment(&mut reader)?)?).is_some() {
                    return Err(PictureError::Broken);
                }
            }
            0xda => {
                scans += 1;
                segment(&mut reader)?;
                skip_pixels(&mut reader)?;
            }
            0xd9 => break,
            // TEM has no segment.
            0x01 => {}
            // A second start, a restart outside of a scan, or no marker.
            0x00 | 0xd0..=0xd8 => return Err(PictureError::Broken),
            _ => {
                segment(&mut reader)?;
            }
        }
    }
    let whole = (1..=SCANS_MAX).contains(&scans) && reader.0.is_empty();
    size.filter(|_| whole).ok_or(PictureError::Broken)
}

fn frame(mut header: Reader<'_>) -> Result<(u32, u32), PictureError> {
    // The precision.
    header.take(1)?;
    let height = u32::from(header.big_u16()?);
    Ok((u32::from(header.big_u16()?), height))
}

/// What a marker's segment holds; its length counts itself.
fn segment<'a>(reader: &mut Reader<'a>) -> Result<Reader<'a>, PictureError> {
    let count = usize::from(reader.big_u16()?).checked_sub(2).ok_or(PictureError::Broken)?;
    Ok(Reader(reader.take(count)?))
}

/// The next marker; any number of 0xff may fill the place before it.
fn marker(reader: &mut Reader<'_>) -> Result<u8, PictureError> {
    if reader.byte()? != 0xff {
        return Err(PictureError::Broken);
    }
    loop {
        match reader.byte()? {
            0xff => {}
            marker => return Ok(marker),
        }
    }
}

/// Up to the marker behind a scan's coded bytes, in which a zero follows each 0xff that is none,
/// and restarts stand (T.81, B.1.1.5).
fn skip_pixels(reader: &mut Reader<'_>) -> Result<(), PictureError> {
    loop {
        let at = reader.0.iter().position(|byte| *byte == 0xff).ok_or(PictureError::Broken)?;
        match reader.0.get(at + 1) {
            Some(0x00 | 0xd0..=0xd7) => reader.take(at + 2)?,
            Some(0xff) => reader.take(at + 1)?,
            Some(_) => return reader.take(at).map(|_| ()),
            None => return Err(PictureError::Broken),
        };
    }
}
