//! Words of the formats, as single bytes.
//!
//! A fuzzer finds `{` by chance but not `"alg":"ES256"`: names are compared by hash or length first, so it gets no
//! hint on the way. Here each byte from 0x80 up stands for one fragment, so that one mutation writes, moves or drops a
//! whole member. Plain input is tried too, by the caller.

/// `data` with each byte from 0x80 up replaced by a fragment.
pub fn expand(data: &[u8], fragments: &[&str]) -> Vec<u8> {
    let mut text = Vec::new();
    for byte in data {
        match byte.checked_sub(0x80) {
            Some(number) => text.extend(fragments[usize::from(number) % fragments.len()].bytes()),
            None => text.push(*byte),
        }
    }
    text
}
