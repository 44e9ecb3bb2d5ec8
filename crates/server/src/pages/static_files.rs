//! The stylesheets, the scripts and the pictures, inside the binary.
//!
//! Their hashes are computed while compiling. A page links to `/static/<name>?v=<hash>`, so a file may be cached for
//! ever and a new release is seen at once. FNV-1a is enough: it tells our own releases apart and guards nothing.

/// One embedded file, ready to be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StaticFile {
    pub name: &'static str,
    pub bytes: &'static [u8],
    pub content_type: &'static str,
    /// A strong entity tag, with its quotes (RFC 9110, 8.8.3).
    pub etag: &'static str,
}

impl StaticFile {
    /// The content hash, as it stands in URLs.
    #[must_use]
    pub fn version(&self) -> &'static str {
        self.etag.trim_matches('"')
    }
}

macro_rules! embed {
    ($name:literal, $content_type:literal) => {
        embed!($name, $name, $content_type)
    };
    ($name:literal, $file:literal, $content_type:literal) => {{
        const BYTES: &[u8] = include_bytes!(concat!("../../static/", $file));
        const ETAG: [u8; 18] = quoted_hex(fnv1a(BYTES));
        const TEXT: &str = ascii(&ETAG);
        StaticFile { name: $name, bytes: BYTES, content_type: $content_type, etag: TEXT }
    }};
}

static FILES: [StaticFile; 12] = [
    embed!("app.css", "text/css; charset=utf-8"),
    embed!("console.css", "text/css; charset=utf-8"),
    embed!("docs.css", "text/css; charset=utf-8"),
    embed!("client-form.js", "text/javascript; charset=utf-8"),
    embed!("columns.js", "text/javascript; charset=utf-8"),
    embed!("console.js", "text/javascript; charset=utf-8"),
    embed!("looks.js", "text/javascript; charset=utf-8"),
    embed!("times.js", "text/javascript; charset=utf-8"),
    // Checked by hand: see the README beside it.
    embed!("htmx.js", "vendor/htmx.js", "text/javascript; charset=utf-8"),
    embed!("form-post.js", "text/javascript; charset=utf-8"),
    embed!("logo.svg", "image/svg+xml"),
    embed!("favicon.svg", "image/svg+xml"),
];

/// The file of this name; names never contain a path.
#[must_use]
pub fn static_file(name: &str) -> Option<StaticFile> {
    FILES.iter().find(|file| file.name == name).copied()
}

/// The versioned URL of a static file, for templates: `/static/app.css?v=0123456789abcdef`.
#[must_use]
pub fn asset(name: &str) -> String {
    match static_file(name) {
        Some(file) => format!("/static/{name}?v={}", file.version()),
        None => format!("/static/{name}"),
    }
}

/// The entity tag of a text that is made once and served many times.
#[must_use]
pub fn entity_tag(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&quoted_hex(fnv1a(bytes))).into_owned()
}

const fn fnv1a(bytes: &[u8]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        i += 1;
    }
    hash
}

const fn quoted_hex(hash: u64) -> [u8; 18] {
    let digits = b"0123456789abcdef";
    let mut out = [b'"'; 18];
    let mut i = 0;
    while i < 16 {
        out[i + 1] = digits[((hash >> (60 - 4 * i)) & 15) as usize];
        i += 1;
    }
    out
}

const fn ascii(bytes: &'static [u8]) -> &'static str {
    match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "\"\"",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_fnv_1a() {
        // Vectors of the FNV reference (draft-eastlake-fnv).
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
        assert_eq!(&quoted_hex(0x0123_4567_89ab_cdef), b"\"0123456789abcdef\"");
    }

    #[test]
    fn files_are_found_by_name_only() {
        let css = static_file("app.css").unwrap();
        assert_eq!(css.etag.len(), 18);
        assert_eq!(asset("app.css"), format!("/static/app.css?v={}", css.version()));
        for name in ["", ".", "../app.css", "/app.css", "App.css", "app.css?v=1"] {
            assert_eq!(static_file(name), None, "{name:?}");
        }
    }

    #[test]
    fn files_ask_for_nothing_from_elsewhere() {
        for file in FILES.iter().filter(|file| file.name != "htmx.js") {
            let text =
                core::str::from_utf8(file.bytes).unwrap().replace("http://www.w3.org/2000/svg", "");
            for forbidden in
                ["http://", "https://", "@import", "url(", "<script", "<style", "style="]
            {
                assert!(!text.contains(forbidden), "{} contains {forbidden}", file.name);
            }
        }
    }
}
