//! Peers that want to tie the server up.

use super::*;
use std::time::Instant;

#[expect(
    clippy::disallowed_methods,
    reason = "a test of deadlines on real sockets measures real time"
)]
fn now() -> Instant {
    Instant::now()
}

#[tokio::test]
async fn slow_headers_are_cut() {
    let server = Running::start(&quick());
    let start = now();
    let mut silent = server.connect().await;
    let mut trickling = server.connect().await;
    let (mut reader, mut writer) = trickling.split();
    let trickle = async {
        loop {
            if writer.write_all(b"G").await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let mut nothing = Vec::new();
    tokio::select! {
        _ = reader.read_to_end(&mut nothing) => {}
        () = trickle => {}
    }
    assert_eq!(rest(&mut silent).await, "");
    assert!((900..8000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
}

#[tokio::test]
async fn idle_connections_are_closed_later() {
    let server = Running::start(&quick());
    let mut stream = server.connect().await;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    answer(&mut stream, "hello").await;
    let start = now();
    assert_eq!(rest(&mut stream).await, "");
    assert!((1900..8000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
}

#[tokio::test]
async fn idle_http2_connections_are_closed_too() {
    let server = Running::start(&quick());
    let client = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    client.get(format!("http://{}/", server.address)).send().await.unwrap();
    let mut stopping = server;
    tokio::time::sleep(Duration::from_secs(3)).await;
    stopping.stop();
    assert_eq!(stopping.ended.await.unwrap().open, 0);
}

#[tokio::test]
async fn clients_that_never_read_are_cut() {
    let mut config = quick();
    config.limits.request_timeout_seconds = 1;
    let server = Running::start(&config);
    let mut stream = server.connect().await;
    let requests = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n".repeat(1000);
    let flood = async { while stream.write_all(&requests).await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(20), flood).await.expect("the connection was kept");
}

#[tokio::test]
async fn header_bombs_get_431_and_harm_nobody() {
    let server = Running::start(&quick());
    let long = format!("GET / HTTP/1.1\r\nhost: x\r\nx-bomb: {}\r\n\r\n", "a".repeat(20_000));
    let endless = format!("GET / HTTP/1.1\r\nhost: x\r\nx-bomb: {}", "a".repeat(200_000));
    let many: String = (0..150).map(|index| format!("x-{index}: 1\r\n")).collect();
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{many}\r\n");
    for bomb in [long, endless, many] {
        let reply = exchange(&mut server.connect().await, bomb.as_bytes()).await;
        // A peer that still writes while it is refused may lose the answer with the reset.
        assert!(
            reply.starts_with("HTTP/1.1 431 ") || (reply.is_empty() && bomb.len() > 100_000),
            "{reply}"
        );
    }
    let mut next = server.connect().await;
    next.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    answer(&mut next, "hello").await;
}

#[tokio::test]
async fn header_bombs_over_http2_are_refused() {
    let server = Running::start(&quick());
    let client = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    let url = format!("http://{}/", server.address);
    let reply = client.get(&url).header("x-bomb", "a".repeat(20_000)).send().await;
    assert!(reply.is_err() || reply.unwrap().status() == 431);
    assert_eq!(client.get(&url).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn slow_bodies_are_cut_with_an_answer() {
    let server = Running::start(&quick());
    let start = now();
    let request = b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc";
    let reply = exchange(&mut server.connect().await, request).await;
    assert!(reply.starts_with("HTTP/1.1 408 "), "{reply}");
    assert!((900..8000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
}

#[tokio::test]
async fn big_bodies_are_refused_before_they_are_read() {
    let server = Running::start(&quick());
    let declared = b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1001\r\n\r\n";
    assert!(exchange(&mut server.connect().await, declared).await.starts_with("HTTP/1.1 413 "));
    let chunks = format!(
        "POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3e9\r\n{}\r\n",
        "a".repeat(1001)
    );
    assert!(
        exchange(&mut server.connect().await, chunks.as_bytes()).await.starts_with("HTTP/1.1 413 ")
    );
}

#[tokio::test]
async fn a_handler_that_is_stuck_is_answered_for() {
    let server = Running::start(&quick());
    let mut stream = server.connect().await;
    stream.write_all(b"GET /stuck HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    assert!(answer(&mut stream, "\r\n\r\n").await.starts_with("HTTP/1.1 503 "));
}

#[tokio::test]
async fn connections_above_the_limit_wait_for_a_place() {
    let mut config = quick();
    config.limits.max_connections = 2;
    let server = Running::start(&config);
    let (first, _second) = (server.connect().await, server.connect().await);
    let mut third = server.connect().await;
    third.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let early = tokio::time::timeout(Duration::from_millis(300), third.read_u8()).await;
    assert!(early.is_err(), "answered above the limit");
    drop(first);
    answer(&mut third, "hello").await;
}

#[tokio::test]
async fn what_is_not_http_is_refused() {
    let server = Running::start(&quick());
    let reply = exchange(
        &mut server.connect().await,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n",
    )
    .await;
    assert!(reply.starts_with("HTTP/1.1 400 "), "{reply}");
    let half = exchange(&mut server.connect().await, b"PRI * HTTP/2.0\r\n").await;
    assert!(!half.contains("200"), "{half}");
}
