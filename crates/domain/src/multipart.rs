//! Forms with files in them: `multipart/form-data` (RFC 7578), as browsers send it.
//!
//! Invariant: a body is read to its last delimiter or not at all. Each byte is looked at once for
//! each of the two marks, and the number of parts is bounded.

/// Most parts of a form.
const PARTS_MAX: usize = 32;

/// Longest boundary (RFC 2046 section 5.1.1).
const BOUNDARY_MAX: usize = 70;

/// A field or a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// The name of its field.
    pub name: &'a str,
    /// Whether it came with the name of a file, even an empty one.
    pub is_file: bool,
    /// What it holds.
    pub bytes: &'a [u8],
}

/// A body is no whole `multipart/form-data`, or has too many parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is no whole multipart/form-data of at most 32 parts")]
pub struct NoMultipart;

/// The boundary that a `Content-Type` gives; `None` for another type, or without one.
pub fn boundary(content_type: &str) -> Option<&str> {
    let mut pieces = content_type.split(';').map(str::trim);
    if !pieces.next()?.eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let named = pieces.filter_map(|piece| piece.split_once('='));
    let (_, value) = named.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("boundary"))?;
    let value = value.trim_matches('"');
    (1..=BOUNDARY_MAX).contains(&value.len()).then_some(value)
}

/// The parts between the boundaries.
///
/// # Errors
/// [`NoMultipart`].
pub fn parts<'a>(body: &'a [u8], boundary: &str) -> Result<Vec<Part<'a>>, NoMultipart> {
    let delimiter = format!("\r\n--{boundary}");
    // The first one has no line before it.
    let mut rest = body.strip_prefix(&delimiter.as_bytes()[2..]).ok_or(NoMultipart)?;
    let mut parts = Vec::new();
    while !matches!(rest, b"--" | b"--\r\n") {
        let (head, after) = rest
            .strip_prefix(b"\r\n")
            .filter(|_| parts.len() < PARTS_MAX)
            .and_then(|line| split(line, b"\r\n\r\n"))
            .ok_or(NoMultipart)?;
        let (bytes, next) = split(after, delimiter.as_bytes()).ok_or(NoMultipart)?;
        parts.push(part(head, bytes).ok_or(NoMultipart)?);
        rest = next;
    }
    Ok(parts)
}

/// What stands before a mark, and behind it.
fn split<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = bytes.windows(mark.len()).position(|window| window == mark)?;
    Some((&bytes[..at], &bytes[at + mark.len()..]))
}

fn part<'a>(head: &'a [u8], bytes: &'a [u8]) -> Option<Part<'a>> {
    let head = str::from_utf8(head).ok()?;
    let lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let (_, disposition) =
        lines.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("content-disposition"))?;
    let (kind, parameters) = disposition.split_once(';')?;
    let name = parameter(parameters, "name").filter(|_| kind.trim() == "form-data")?;
    Some(Part { name, is_file: parameter(parameters, "filename").is_some(), bytes })
}

/// A parameter in quotes, within which browsers write `%22` for a quote.
fn parameter<'a>(mut rest: &'a str, wanted: &str) -> Option<&'a str> {
    loop {
        let (name, after) = rest.split_once("=\"")?;
        let (value, more) = after.split_once('"')?;
        if name.trim_matches([';', ' ']).eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELD: &str = "\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\ntoken\r\n--x";
    const FILE: &str = "\r\ncontent-disposition: form-data; filename=\"a; name=b.png\"; \
                        name=\"logo\"\r\nContent-Type: text/html\r\n\r\n\r\n-\r\n--\r\n--x";

    fn form(pieces: &[&str]) -> String {
        format!("--x{}--\r\n", pieces.concat())
    }

    #[test]
    fn fields_and_files_are_told_apart() {
        let body = form(&[FIELD, FILE]);
        let field = Part { name: "csrf", is_file: false, bytes: b"token" };
        let file = Part { name: "logo", is_file: true, bytes: b"\r\n-\r\n--" };
        assert_eq!(parts(body.as_bytes(), "x"), Ok(vec![field, file]));
        assert_eq!(parts(b"--x--", "x"), Ok(Vec::new()));
        // A browser sends this when nobody chose a file.
        let none =
            form(&[&FILE.replace("a; name=b.png", "").replace("\r\n-\r\n--\r\n--x", "\r\n--x")]);
        let file = Part { name: "logo", is_file: true, bytes: b"" };
        assert_eq!(parts(none.as_bytes(), "x"), Ok(vec![file]));
    }

    #[test]
    fn what_is_no_whole_form_is_refused() {
        let good = form(&[FIELD, FILE]);
        for end in 0..good.len() - 2 {
            assert_eq!(parts(&good.as_bytes()[..end], "x"), Err(NoMultipart), "{end}");
        }
        for bad in [
            good.clone() + "more",
            format!("before{good}"),
            good.replace("form-data", "attachment"),
            good.replace("name=\"csrf\"", "name=csrf"),
            good.replace("name=\"csrf\"", "name=\"csrf"),
            good.replace("content-disposition", "content-type"),
            good.replace("\r\n", "\n"),
            form(&[FIELD; PARTS_MAX + 1]),
        ] {
            assert_eq!(parts(bad.as_bytes(), "x"), Err(NoMultipart), "{bad}");
        }
        assert!(parts(form(&[FIELD; PARTS_MAX]).as_bytes(), "x").is_ok());
        assert_eq!(parts(good.as_bytes(), "y"), Err(NoMultipart));
    }

    #[test]
    fn a_boundary_is_found_in_the_type_of_forms_only() {
        assert_eq!(boundary("multipart/form-data; boundary=----WebKit1"), Some("----WebKit1"));
        assert_eq!(boundary("Multipart/Form-Data;charset=x;Boundary=\"a b\""), Some("a b"));
        let long = format!("multipart/form-data; boundary={}", "x".repeat(BOUNDARY_MAX + 1));
        for other in [
            "",
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/mixed; boundary=x",
            "application/x-www-form-urlencoded",
            &long,
        ] {
            assert_eq!(boundary(other), None, "{other}");
        }
    }

    proptest::proptest! {
        /// What is sent is what is read, whatever it is.
        #[test]
        fn any_bytes_survive(file in proptest::collection::vec(0u8.., 0..200)) {
            let head = b"--limit\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n";
            let body = [head.as_slice(), &file, b"\r\n--limit--\r\n"].concat();
            let part = Part { name: "f", is_file: true, bytes: &file };
            proptest::prop_assert_eq!(parts(&body, "limit"), Ok(vec![part]));
        }

        /// Whatever is sent: an answer, and no panic.
        #[test]
        fn any_bytes_have_an_answer(pieces in proptest::collection::vec(0..8usize, 0..30)) {
            let words: [&[u8]; 8] = [
                b"--x", b"\r\n", b"--", b"Content-Disposition: form-data;", b" name=\"a\"",
                b" filename=\"", b"\xff", b"a",
            ];
            let body: Vec<u8> = pieces.iter().flat_map(|piece| words[*piece]).copied().collect();
            let _ = parts(&body, "x");
        }
    }
}
