//! The rules for a redirect URI, one function each.
//!
//! They work on the text as written. The `url` crate only confirms the host: it repairs much that browsers repair
//! (`https:/host`, `0x7f.1`, tabs), and a rule that sees the repaired form can be walked around with the other.

use url::Url;

use super::{MAX_URI, RedirectUriError, UriPolicy};

/// Schemes that run code, read local data, or lead to other programs than the app that registers them; and the two
/// that have rules of their own. RFC 8252 section 7.1 wants an app's scheme to be its own domain name reversed.
const FORBIDDEN_SCHEMES: [&str; 35] = [
    "about",
    "blob",
    "chrome",
    "chrome-extension",
    "content",
    "data",
    "feed",
    "file",
    "filesystem",
    "ftp",
    "ftps",
    "gopher",
    "imap",
    "intent",
    "jar",
    "javascript",
    "ldap",
    "ldaps",
    "livescript",
    "mailto",
    "mocha",
    "moz-extension",
    "nfs",
    "resource",
    "sftp",
    "smb",
    "sms",
    "ssh",
    "tel",
    "telnet",
    "urn",
    "vbscript",
    "view-source",
    "ws",
    "wss",
];

/// Length and alphabet: the characters of RFC 3986, without those that no redirect URI may have.
pub(super) fn characters(text: &str) -> Result<(), RedirectUriError> {
    if text.is_empty() {
        return Err(RedirectUriError::Empty);
    }
    if text.len() > MAX_URI {
        return Err(RedirectUriError::TooLong);
    }
    for byte in text.bytes() {
        match byte {
            b'*' => return Err(RedirectUriError::Wildcard),
            b'#' => return Err(RedirectUriError::Fragment),
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => {
                return Err(RedirectUriError::Character);
            }
            0x21..=0x7e => {}
            _ => return Err(RedirectUriError::Character),
        }
    }
    escapes(text)
}

fn escapes(text: &str) -> Result<(), RedirectUriError> {
    let is_escape = |rest: &str| {
        let digits = rest.as_bytes().first_chunk::<2>();
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    if text.split('%').skip(1).all(is_escape) { Ok(()) } else { Err(RedirectUriError::Escape) }
}

/// Splits off the scheme (RFC 3986 section 3.1), which must be in lower case.
pub(super) fn scheme(text: &str) -> Result<(&str, &str), RedirectUriError> {
    let (scheme, rest) = text.split_once(':').ok_or(RedirectUriError::NoScheme)?;
    let first_is_letter = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    if !first_is_letter || !scheme.bytes().all(legal) {
        return Err(RedirectUriError::NoScheme);
    }
    if FORBIDDEN_SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) {
        return Err(RedirectUriError::ForbiddenScheme);
    }
    if scheme.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(RedirectUriError::SchemeCase);
    }
    Ok((scheme, rest))
}

/// What stands between `//` and the path or query.
pub(super) fn authority(rest: &str) -> Option<&str> {
    let rest = rest.strip_prefix("//")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    Some(&rest[..end])
}

/// Splits a host from its port, which keeps its colon. The colons of `[::1]` belong to the host.
pub(super) fn host_and_port(authority: &str) -> (&str, &str) {
    let host_end = match authority.find(']') {
        Some(bracket) => bracket + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    authority.split_at(host_end)
}

/// No port at all, or a colon and a number from 1 to 65535.
pub(super) fn port_is_valid(port: &str) -> bool {
    match port.strip_prefix(':') {
        None => port.is_empty(),
        Some(digits) => {
            let plain =
                digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
            plain && digits.parse::<u16>().is_ok()
        }
    }
}

/// A host name or address that a browser reads as it is written, in any case of letters. URLs may have `;`, `,` or `'`
/// in a host; those would end a directive of a content security policy, so they are no host here.
pub(super) fn host_is_plain(host: &str) -> bool {
    let legal = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'[' | b':' | b']')
    };
    let read_as_written =
        |url: Url| url.host_str().is_some_and(|read| read.eq_ignore_ascii_case(host));
    host.bytes().all(legal) && Url::parse(&format!("https://{host}/")).is_ok_and(read_as_written)
}

pub(super) fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

fn checked_host(rest: &str) -> Result<&str, RedirectUriError> {
    let authority = authority(rest).ok_or(RedirectUriError::Host)?;
    if authority.contains('@') {
        return Err(RedirectUriError::UserInfo);
    }
    let (host, port) = host_and_port(authority);
    if !host_is_plain(host) || !port_is_valid(port) {
        return Err(RedirectUriError::Host);
    }
    Ok(host)
}

/// `https:` and any host.
pub(super) fn web_host(rest: &str) -> Result<(), RedirectUriError> {
    checked_host(rest).map(|_| ())
}

/// `http:` and this machine.
pub(super) fn loopback_host(rest: &str) -> Result<(), RedirectUriError> {
    if is_loopback(checked_host(rest)?) { Ok(()) } else { Err(RedirectUriError::PlainHttp) }
}

/// An application's own scheme, with or without an authority part (RFC 8252 section 7.1).
pub(super) fn app_scheme(
    scheme: &str,
    rest: &str,
    policy: UriPolicy,
) -> Result<(), RedirectUriError> {
    if policy != UriPolicy::Native {
        return Err(RedirectUriError::SchemeNotForApp);
    }
    // `localhost:3000/cb` is somebody who forgot the scheme.
    if !rest.starts_with('/') || is_loopback(scheme) {
        return Err(RedirectUriError::SchemeShape);
    }
    if authority(rest).is_some_and(|authority| authority.contains('@')) {
        return Err(RedirectUriError::UserInfo);
    }
    Ok(())
}
