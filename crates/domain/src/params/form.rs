//! Decoding `application/x-www-form-urlencoded` strictly (RFC 6749 appendix B).
//!
//! Invariant: a text is decoded completely or refused. Lenient decoders keep a broken `%` escape or replace bytes
//! that are not UTF-8, so that two different requests look the same further in.

/// Why a text could not be decoded. Reads on after the name of the thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormDecodeError {
    #[error("has a `%` that is not followed by two hexadecimal digits")]
    Escape,
    #[error("is not UTF-8")]
    Utf8,
    #[error("has a NUL character")]
    Nul,
}

/// Decodes one name or value: `+` is a space, `%41` is `A`, everything else stands for itself.
///
/// # Errors
/// [`FormDecodeError`].
pub fn form_decode(text: &[u8]) -> Result<String, FormDecodeError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        bytes.push(match first {
            b'+' => b' ',
            b'%' => {
                let (digits, after) = rest.split_first_chunk().ok_or(FormDecodeError::Escape)?;
                rest = after;
                escaped(*digits).ok_or(FormDecodeError::Escape)?
            }
            other => other,
        });
    }
    let text = String::from_utf8(bytes).map_err(|_| FormDecodeError::Utf8)?;
    without_nul(text)
}

fn escaped([high, low]: [u8; 2]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

pub(super) fn without_nul(text: String) -> Result<String, FormDecodeError> {
    if text.contains('\0') {
        return Err(FormDecodeError::Nul);
    }
    Ok(text)
}
