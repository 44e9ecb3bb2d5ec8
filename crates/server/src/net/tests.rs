//! The server from the outside: real sockets, real TLS, and peers that behave badly.

mod abuse;
mod stopping;
mod tls;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use super::*;
use crate::config;

/// A server that is running.
struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    ended: JoinHandle<ShutdownReport>,
    /// Told when a slow handler begins.
    reached: Arc<Notify>,
}

impl Running {
    fn start(config: &config::Server) -> Self {
        let server = Server::bind(config).unwrap();
        let (stop, stopped) = oneshot::channel();
        let address = server.local_addr();
        let reached = Arc::new(Notify::new());
        let router = router(Arc::clone(&reached));
        let ended = tokio::spawn(server.serve(router, async { stopped.await.unwrap_or(()) }));
        Self { address, stop: Some(stop), ended, reached }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }
}

/// A configuration that listens on a free port and is impatient.
fn quick() -> config::Server {
    let limits = config::RequestLimits {
        header_timeout_seconds: 1,
        body_timeout_seconds: 1,
        request_timeout_seconds: 5,
        keep_alive_seconds: 2,
        max_header_bytes: 8192,
        ..Default::default()
    };
    config::Server {
        listen: "127.0.0.1:0".parse().unwrap(),
        shutdown_grace_seconds: 5,
        limits,
        ..Default::default()
    }
}

fn router(reached: Arc<Notify>) -> Router {
    let slow = Arc::clone(&reached);
    let slow = async move || {
        slow.notify_one();
        tokio::time::sleep(Duration::from_millis(700)).await;
    };
    let for_ever = async move || {
        reached.notify_one();
        std::future::pending::<()>().await;
    };
    let failed = |failure: Failure| match failure {
        Failure::TimedOut(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Failure::Panicked(_) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "{\"error\":\"server_error\"}").into_response()
        }
    };
    Router::new()
        .route("/", get(async || "hello"))
        .route(
            "/peer",
            get(async |request: Request| {
                format!("{:?}", request.extensions().get::<PeerAddress>())
            }),
        )
        .route("/version", get(async |request: Request| format!("{:?}", request.version())))
        .route("/echo", post(echo))
        .route("/slow", get(slow))
        .route("/stuck", get(std::future::pending::<()>))
        .route("/panic", get(async || -> () { panic!("a handler's mistake") }))
        .layer(shield_layer(Duration::from_secs(3), failed))
        .route("/for-ever", get(for_ever))
}

async fn echo(request: Request) -> Response {
    match read_body(request.into_body(), 1000).await {
        Ok(bytes) => bytes.into_response(),
        Err(BodyError::TooLarge { .. }) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(BodyError::TooSlow) => StatusCode::REQUEST_TIMEOUT.into_response(),
        Err(BodyError::Broken) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Sends bytes and reads all that comes until the server closes; fails when it does not within 10
/// seconds.
async fn exchange(stream: &mut TcpStream, request: &[u8]) -> String {
    // The server may close while we still write: what it said before counts.
    let _ = stream.write_all(request).await;
    rest(stream).await
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let _ = tokio::time::timeout(Duration::from_secs(10), read)
        .await
        .expect("the server did not close");
    String::from_utf8_lossy(&answer).into_owned()
}

/// Reads one answer whose body is `body`.
async fn answer(stream: &mut TcpStream, body: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 1024];
    while !text.contains("\r\n\r\n") || !text.ends_with(body) {
        let count = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut buffer))
            .await
            .unwrap()
            .unwrap();
        assert!(count > 0, "closed after {text:?}");
        text.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
    }
    text
}

#[tokio::test]
async fn requests_are_answered_and_connections_kept() {
    let server = Running::start(&quick());
    let mut stream = server.connect().await;
    let peer = stream.local_addr().unwrap();
    for _ in 0..3 {
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        assert!(answer(&mut stream, "hello").await.starts_with("HTTP/1.1 200 OK\r\n"));
    }
    stream.write_all(b"GET /peer HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    answer(&mut stream, &format!("Some(PeerAddress({peer}))")).await;
    stream
        .write_all(b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nabcde")
        .await
        .unwrap();
    answer(&mut stream, "abcde").await;
}

#[tokio::test]
async fn http2_is_spoken_without_tls_to_who_begins_with_it() {
    let server = Running::start(&quick());
    let client = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    let answer = client.get(format!("http://{}/version", server.address)).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "HTTP/2.0");
}

#[tokio::test]
async fn a_panic_is_answered_and_harms_nobody_else() {
    let server = Running::start(&quick());
    let mut stream = server.connect().await;
    stream.write_all(b"GET /panic HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    assert!(answer(&mut stream, "{\"error\":\"server_error\"}").await.starts_with("HTTP/1.1 500 "));
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    answer(&mut stream, "hello").await;
}

#[tokio::test]
async fn an_address_in_use_is_an_error_that_says_so() {
    let server = Running::start(&quick());
    let config = config::Server { listen: server.address, ..quick() };
    let error = Server::bind(&config).err().unwrap().to_string();
    assert!(
        error.starts_with(&format!("cannot listen on {}: Address already in use", server.address)),
        "{error}"
    );
}
