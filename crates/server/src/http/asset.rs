//! Bytes that browsers may keep, told by their content.
//!
//! Invariant: bytes are immutable only under an address that names their content (`?v=`). While
//! nodes of two releases, or of two states of a tenant, answer side by side, none has its bytes
//! kept for ever under the other's address.

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

/// `Cache-Control` for an address that names the content.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// `Cache-Control` for an address that names no content, or another.
const BRIEFLY: &str = "public, max-age=60";

/// Bytes with what tells them.
#[derive(Debug)]
pub struct Asset<'a, B> {
    /// The bytes.
    pub body: B,
    /// Their media type.
    pub content_type: &'a str,
    /// What tells them from all others: letters, digits, `-` and `_`.
    pub version: &'a str,
}

/// Whether the browser has these bytes already (RFC 9110 section 13.1.2).
pub fn is_known(headers: &HeaderMap, version: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|tag| tag.to_str().ok());
    // A proxy that compressed the bytes may have made the tag a weak one.
    known.is_some_and(|tag| tag.trim_start_matches("W/").trim_matches('"') == version)
}

/// The bytes, or that they are the same; `query` is the address's own.
pub fn answer<B: Into<Body>>(
    headers: &HeaderMap,
    query: Option<&str>,
    asset: Asset<'_, B>,
) -> Response {
    let fresh = is_known(headers, asset.version);
    let mut response = Response::new(if fresh { Body::empty() } else { asset.body.into() });
    if fresh {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let named = query.and_then(|query| query.strip_prefix("v=")) == Some(asset.version);
    let cache_control = if named { FOREVER } else { BRIEFLY };
    let etag = format!("\"{}\"", asset.version);
    for (name, value) in [
        (header::CONTENT_TYPE, asset.content_type),
        (header::ETAG, &etag),
        (header::CACHE_CONTROL, cache_control),
    ] {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(tag: Option<&str>, query: Option<&str>) -> Response {
        let mut headers = HeaderMap::new();
        if let Some(tag) = tag {
            headers.insert(header::IF_NONE_MATCH, tag.parse().expect("a header"));
        }
        answer(&headers, query, Asset { body: "x", content_type: "text/css", version: "abc" })
    }

    #[test]
    fn only_the_address_of_the_content_is_immutable() {
        let kept = |query| ask(None, query).headers()[header::CACHE_CONTROL].clone();
        assert_eq!(kept(Some("v=abc")), FOREVER);
        for query in [None, Some(""), Some("v="), Some("v=ab"), Some("v=abcd"), Some("x=1&v=abc")] {
            assert_eq!(kept(query), BRIEFLY, "{query:?}");
        }
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        for tag in [None, Some("\"other\""), Some("\"\""), Some("\"abcd\"")] {
            assert_eq!(ask(tag, None).status(), StatusCode::OK, "{tag:?}");
        }
        assert_eq!(ask(Some("W/\"abc\""), None).status(), StatusCode::NOT_MODIFIED);
        let known = ask(Some("\"abc\""), Some("v=abc"));
        assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(known.headers()[header::ETAG], "\"abc\"");
        assert_eq!(known.headers()[header::CACHE_CONTROL], FOREVER);
    }
}
