//! A server that answers what it was told to, and remembers what it was asked.
//!
//! Its token endpoint gives `token-1`, `token-2`, …; everything else is answered from a list, in
//! its order.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// An answer; `{origin}` in it stands for the stub's own origin.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Answer {
    pub fn new(status: u16, body: &Value) -> Self {
        Self::text(status, &body.to_string())
    }

    pub fn text(status: u16, body: &str) -> Self {
        Self { status, headers: Vec::new(), body: body.to_owned() }
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// A refusal in the contract's shape.
    pub fn error(status: u16, detail: &str) -> Self {
        let body = json!({
            "errors": [{ "code": "STUB-1", "title": "Refused", "detail": detail,
                "source": { "pointer": "/clientName" } }],
            "traceId": "0123456789abcdef0123456789abcdef",
        });
        Self::new(status, &body)
    }
}

/// A request.
#[derive(Debug, Clone)]
pub struct Seen {
    /// `GET /path?query`.
    pub line: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("visible ASCII"))
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

pub struct Stub {
    pub origin: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Stub {
    pub async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let answers: Arc<Mutex<VecDeque<Answer>>> =
            Arc::new(Mutex::new(answers.into_iter().collect()));
        let (kept, own) = (Arc::clone(&seen), origin.clone());
        let app = Router::new().fallback(move |request: Request| {
            let (kept, own, answers) = (Arc::clone(&kept), own.clone(), Arc::clone(&answers));
            async move {
                let (head, body) = request.into_parts();
                let body = to_bytes(body, 1 << 20).await.expect("a body");
                let line = format!("{} {}", head.method, head.uri);
                let body = String::from_utf8(body.to_vec()).expect("UTF-8");
                let seen = Seen { line, headers: head.headers, body };
                let tokens = {
                    let mut kept = kept.lock().expect("no panic");
                    kept.push(seen.clone());
                    kept.iter().filter(|one| one.line == TOKEN).count()
                };
                if seen.line == TOKEN {
                    let token = format!("token-{tokens}");
                    return render(&Answer::new(200, &json!({ "access_token": token })), &own);
                }
                let next = answers.lock().expect("no panic").pop_front();
                render(&next.unwrap_or_else(|| Answer::error(500, "asked too often")), &own)
            }
        });
        let task = tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
        Self { origin, seen, task }
    }

    /// All that was asked so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no panic").clone()
    }

    /// What was asked, without the requests for tokens.
    pub fn asked(&self) -> Vec<Seen> {
        self.seen().into_iter().filter(|one| one.line != TOKEN).collect()
    }

    /// The first lines of what was asked.
    pub fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|one| one.line).collect()
    }
}

pub const TOKEN: &str = "POST /oauth/token";

fn render(answer: &Answer, origin: &str) -> Response<Body> {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(*name, value.replace("{origin}", origin));
    }
    response.body(Body::from(answer.body.replace("{origin}", origin))).expect("an answer")
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.task.abort();
    }
}
