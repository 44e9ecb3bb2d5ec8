//! Peers that misbehave cost their own connection and nothing else.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::installation::{Databases, HOST, Installation};
use super::program::{DEADLINE, Node};
use super::web::Site;

/// What the configured second may become on a busy machine.
const CUT_WITHIN: Duration = Duration::from_secs(8);

struct Running {
    node: Node,
    site: Site,
    client: (String, String),
    _place: Installation,
}

async fn running(limits: &str) -> Running {
    let server = format!("external_scheme = \"http\"\n[server.limits]\n{limits}");
    let place = Installation::made(Databases::Sqlite, &server).await;
    let (id, secret, _) = place.machine_client().await;
    let (node, site) = place.serve().await;
    Running { node, site, client: (id, secret), _place: place }
}

impl Running {
    /// The process lives, and answers others.
    async fn is_well(&mut self) {
        self.node.still_runs();
        assert_eq!(self.site.token(&self.client.0, &self.client.1).await.0, 200);
    }
}

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.expect("a connection")
}

/// All that comes until the server closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset ends a connection as well as a close.
    let _ = timeout(DEADLINE, stream.read_to_end(&mut bytes)).await.expect("an end");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn header_bombs_get_431_and_the_process_lives() {
    let mut running = running("").await;
    let large = format!("x-bomb: {}\r\n", "a".repeat(70_000));
    let many: String = (0..500).map(|n| format!("x-{n}: 1\r\n")).collect();
    for bomb in [large, many] {
        let mut stream = connect(running.node.address).await;
        let request = format!("GET /healthz HTTP/1.1\r\nhost: {HOST}\r\n{bomb}\r\n");
        // The server may close before it has read everything.
        let _ = stream.write_all(request.as_bytes()).await;
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer:.100}");
    }
    let mut stream = connect(running.node.address).await;
    let line = format!("GET /{} HTTP/1.1\r\nhost: {HOST}\r\n\r\n", "a".repeat(70_000));
    let _ = stream.write_all(line.as_bytes()).await;
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer:.100}");
    running.is_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_headers_are_cut_off_however_they_drip() {
    let mut running = running("header_timeout_seconds = 1\n").await;
    let mut silent = connect(running.node.address).await;
    let mut dripping = connect(running.node.address).await;
    dripping.write_all(b"GET /healthz HTTP/1.1\r\nhost: ").await.expect("written");
    let start = Instant::now();
    let drip = async {
        loop {
            let mut byte = [0];
            if dripping.write_all(b"a").await.is_err() {
                return;
            }
            // Something to read is the end, or the beginning of a refusal.
            if timeout(Duration::from_millis(100), dripping.read(&mut byte)).await.is_ok() {
                return;
            }
        }
    };
    timeout(CUT_WITHIN, drip).await.expect("a byte now and then buys no time");
    assert!(start.elapsed() >= Duration::from_millis(900), "not before its time");
    running.is_well().await;
    // A connection without a first request may wait as long as one between requests.
    silent.write_all(b"GET /healthz HTTP/1.1\r\n").await.expect("written");
    timeout(CUT_WITHIN, rest(&mut silent)).await.expect("cut");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_bodies_are_cut_off_with_an_answer() {
    let mut running = running("body_timeout_seconds = 1\n").await;
    let mut stream = connect(running.node.address).await;
    let head = format!(
        "POST /oauth/token HTTP/1.1\r\nhost: {HOST}\r\ncontent-length: 1000\r\n\
         content-type: application/x-www-form-urlencoded\r\n\r\ngrant_type="
    );
    stream.write_all(head.as_bytes()).await.expect("written");
    let start = Instant::now();
    let drip = async {
        loop {
            let mut some = [0; 4096];
            if stream.write_all(b"a").await.is_err() {
                return String::new();
            }
            if let Ok(read) = timeout(Duration::from_millis(100), stream.read(&mut some)).await {
                return String::from_utf8_lossy(&some[..read.unwrap_or(0)]).into_owned();
            }
        }
    };
    let answer = timeout(CUT_WITHIN, drip).await.expect("a byte now and then buys no time");
    assert!(start.elapsed() >= Duration::from_millis(900), "not before its time");
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("OAUTH-24"), "{answer}");
    running.is_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_connection_is_closed_in_the_end() {
    let mut running = running("keep_alive_seconds = 1\n").await;
    let mut stream = connect(running.node.address).await;
    let request = format!("GET /healthz HTTP/1.1\r\nhost: {HOST}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("written");
    let answer = timeout(CUT_WITHIN, rest(&mut stream)).await.expect("closed");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    running.is_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pipelined_requests_are_answered_in_order() {
    let mut running = running("").await;
    let mut stream = connect(running.node.address).await;
    let request = |path: &str, more: &str| {
        format!("GET {path} HTTP/1.1\r\nhost: {HOST}\r\naccept: application/json\r\n{more}\r\n")
    };
    let body = "grant_type=x";
    let post = format!(
        "POST /oauth/token HTTP/1.1\r\nhost: {HOST}\r\ncontent-length: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\n\r\n{body}",
        body.len()
    );
    let all = [
        request("/healthz", ""),
        post,
        request("/.well-known/jwks.json", ""),
        request("/nothing", "connection: close\r\n"),
    ];
    stream.write_all(all.concat().as_bytes()).await.expect("written");
    let answers = rest(&mut stream).await;
    let statuses: Vec<&str> = answers
        .match_indices("HTTP/1.1 ")
        .map(|(at, start)| &answers[at + start.len()..at + start.len() + 3])
        .collect();
    assert_eq!(statuses, ["200", "400", "200", "404"], "{answers}");
    running.is_well().await;
}

/// What one server reads as the next request, another must not read as a body (RFC 9112 11.2).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ambiguous_lengths_are_refused_or_closed() {
    let mut running = running("").await;
    let smuggled = format!("GET /healthz HTTP/1.1\r\nhost: {HOST}\r\n\r\n");
    for lengths in [
        "content-length: 3\r\ncontent-length: 4\r\n",
        "content-length: +3\r\n",
        "transfer-encoding: chunked, identity\r\n",
        "transfer-encoding: xchunked\r\n",
    ] {
        let mut stream = connect(running.node.address).await;
        let head = format!("POST /oauth/token HTTP/1.1\r\nhost: {HOST}\r\n{lengths}\r\n");
        let request = format!("{head}0\r\n\r\n{smuggled}");
        let _ = stream.write_all(request.as_bytes()).await;
        let answer = timeout(CUT_WITHIN, rest(&mut stream)).await.expect("an end");
        assert!(!answer.contains("HTTP/1.1 200 "), "{lengths}: {answer}");
    }
    running.is_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_connections_than_allowed_wait_their_turn() {
    let mut running = running("max_connections = 2\nkeep_alive_seconds = 2\n").await;
    let mut held = Vec::new();
    for _ in 0..6 {
        held.push(connect(running.node.address).await);
    }
    // Those that say nothing are closed, and then others come in.
    timeout(DEADLINE, running.is_well()).await.expect("in the end it is this one's turn");
    sleep(Duration::ZERO).await;
    drop(held);
}
