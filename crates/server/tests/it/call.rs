//! One request to the router, and its answer.
//!
//! Every answer is held to what must be true of all of them: no 500, the security headers, a body
//! of the type that the header says, no inline script or style in a page.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;
use url::form_urlencoded;

use crate::html;

/// A request under construction.
#[derive(Clone)]
pub struct Call {
    router: Router,
    https: bool,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
    peer: Option<std::net::SocketAddr>,
}

/// `name=value&…`, encoded.
pub fn encode(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The value of a Basic header.
pub fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

impl Call {
    pub fn new(router: &Router, https: bool, method: &str, host: &str, path: &str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().expect("a host"));
        Self {
            router: router.clone(),
            https,
            method: method.parse().expect("a method"),
            path: path.to_owned(),
            headers,
            body: Vec::new(),
            peer: None,
        }
    }

    /// Adds a header, beside one of the same name.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let name: HeaderName = name.parse().expect("a header's name");
        self.headers.append(name, HeaderValue::from_bytes(value.as_ref()).expect("a value"));
        self
    }

    pub fn without_header(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    pub fn basic(self, id: &str, secret: &str) -> Self {
        let value = basic(id, secret);
        self.header("authorization", value)
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    pub fn form(self, pairs: &[(&str, &str)]) -> Self {
        self.body("application/x-www-form-urlencoded", encode(pairs))
    }

    pub fn json(self, value: &Value) -> Self {
        self.body("application/json", value.to_string())
    }

    pub fn body(mut self, content_type: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.headers.remove(header::CONTENT_TYPE);
        if !content_type.is_empty() {
            self.headers.insert(header::CONTENT_TYPE, content_type.parse().expect("a type"));
        }
        self.body = bytes.as_ref().to_vec();
        self
    }

    /// From another address than usual.
    pub fn from(mut self, address: &str) -> Self {
        self.peer = Some(std::net::SocketAddr::new(address.parse().expect("an address"), 1234));
        self
    }

    /// Sends it, and holds the answer to what must be true of all.
    pub async fn send(self) -> Answer {
        let https = self.https;
        let answer = self.send_raw().await;
        answer.check(https);
        answer
    }

    /// Sends it to an address that answers as bare as it can.
    pub async fn send_raw(self) -> Answer {
        let what = format!("{} {}", self.method, self.path);
        let mut request = Request::new(Body::from(self.body));
        *request.method_mut() = self.method;
        *request.uri_mut() = self.path.parse().expect("a path");
        *request.headers_mut() = self.headers;
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(countersign::net::PeerAddress(peer));
        }
        let response = self.router.oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes().to_vec();
        Answer { what, status: parts.status.as_u16(), headers: parts.headers, bytes }
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    what: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?;
        assert!(values.next().is_none(), "{}: {name} twice", self.what);
        Some(value.to_str().expect("visible ASCII"))
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("UTF-8")
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        let said = self.header("content-type");
        assert_eq!(said, Some("application/json"), "{}: {}", self.what, self.text());
        serde_json::from_slice(&self.bytes).expect("JSON")
    }

    /// Demands a status, and shows the body otherwise.
    #[track_caller]
    pub fn expect(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text());
        self
    }

    /// A member of a JSON answer, as text.
    #[track_caller]
    pub fn member(&self, name: &str) -> String {
        let json = self.json();
        let value = json.get(name).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("{}: no text {name} in {json}", self.what)).to_owned()
    }

    #[track_caller]
    pub fn access_token(&self) -> String {
        self.expect(200).member("access_token")
    }

    /// Demands an error in the shape that both worlds read (RFC 6749 section 5.2, contract 4.2),
    /// and gives its description.
    #[track_caller]
    pub fn expect_error(&self, status: u16, error: &str) -> String {
        self.expect(status);
        let json = self.json();
        assert_eq!(json["error"], error, "{}: {json}", self.what);
        self.check_error(&json);
        assert_eq!(self.header("cache-control"), Some("no-store"), "{}", self.what);
        json["error_description"].as_str().expect("a description").to_owned()
    }

    /// The contract's shape, with or without the RFC's members.
    #[track_caller]
    fn check_error(&self, json: &Value) {
        let errors = json["errors"].as_array().expect("errors");
        assert_eq!(errors.len(), 1, "{json}");
        for member in ["code", "title", "detail"] {
            assert!(errors[0][member].as_str().is_some_and(|text| !text.is_empty()), "{json}");
        }
        let status = match &errors[0]["status"] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        assert_eq!(status, self.status.to_string(), "{json}");
        let trace_id = json["traceId"].as_str().expect("a trace id");
        assert!(trace_id.len() == 32 && trace_id.bytes().all(|b| b.is_ascii_hexdigit()), "{json}");
        if let Some(description) = json["error_description"].as_str() {
            let legal = |c: char| matches!(c, ' '..='!' | '#'..='[' | ']'..='~');
            assert!(description.chars().all(legal), "RFC 6749 section 5.2: {description:?}");
            assert_eq!(errors[0]["detail"], description);
        }
    }

    /// Where a redirect leads.
    #[track_caller]
    pub fn location(&self) -> &str {
        let redirect = matches!(self.status, 301..=303);
        assert!(redirect, "{}: {} {}", self.what, self.status, self.text());
        self.header("location").expect("a location")
    }

    /// Demands that nothing is redirected and an error page is shown; gives its text.
    #[track_caller]
    pub fn error_page(&self, status: u16) -> &str {
        self.expect(status);
        assert!(self.header("location").is_none(), "{}: redirects", self.what);
        assert!(self.text().contains("id=\"oauth-error\""), "{}: {}", self.what, self.text());
        self.text()
    }

    pub fn is_html(&self) -> bool {
        self.header("content-type").is_some_and(|kind| kind.starts_with("text/html"))
    }

    /// What must be true of every answer.
    #[track_caller]
    fn check(&self, https: bool) {
        let what = &self.what;
        assert!(self.status < 500 || self.status == 503, "{what}: {}", self.text());
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"), "{what}");
        assert_eq!(self.header("x-frame-options"), Some("DENY"), "{what}");
        assert!(self.header("referrer-policy").is_some(), "{what}");
        assert_eq!(self.header("strict-transport-security").is_some(), https, "{what}");
        let policy = self.header("content-security-policy").unwrap_or_default();
        for part in ["default-src 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{what}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{what}: {policy}");
        if self.is_html() {
            for part in ["form-action 'self'", "base-uri 'none'", "style-src 'self'"] {
                assert!(policy.contains(part), "{what}: {policy}");
            }
            assert_eq!(self.header("cache-control"), Some("no-store"), "{what}");
            html::check_nothing_inline(self.text());
        }
        if self.header("content-type") == Some("application/json") {
            let json = self.json();
            if self.status >= 400 {
                self.check_error(&json);
            }
        }
    }
}
