//! JSON on its way in: from a file, or standard input.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};
use serde_json::Value;

/// A file of more bytes than this is something else.
const MAX_BYTES: u64 = 262_144;

/// The value in a file; `-` is standard input.
///
/// # Errors
/// When it cannot be read, is too long, or no JSON.
pub(super) fn read(file: &Path) -> anyhow::Result<Value> {
    let shown = file.display();
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(MAX_BYTES + 1).read_to_string(&mut text)
    } else {
        File::open(file).and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text))
    };
    let length = read.with_context(|| format!("{shown} cannot be read"))?;
    if u64::try_from(length).unwrap_or(u64::MAX) > MAX_BYTES {
        bail!("{shown} has more than {MAX_BYTES} bytes, which is more than such a file has");
    }
    serde_json::from_str(&text).with_context(|| format!("{shown} holds no JSON"))
}

/// The keys of a JWK or JWK Set (RFC 7517); whether each is acceptable is decided with the rest.
///
/// # Errors
/// When the file holds no JSON.
pub(super) fn keys(file: &Path) -> anyhow::Result<Vec<Value>> {
    let value = read(file)?;
    match value.get("keys") {
        Some(Value::Array(keys)) => Ok(keys.clone()),
        _ => Ok(vec![value]),
    }
}
