//! The benchmark's yardstick: how fast could any such server on this machine be?
//!
//! A token answer cannot be quicker than reading the request and writing the answer over HTTP
//! (`limit echo`: axum, nothing else) plus one ES256 signature (`limit sign`: aws-lc-rs).
#![expect(clippy::print_stdout, reason = "its result is a line on stdout")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::routing::{get, post};

/// The same allocator as the server's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The size of a JWT's signing input, about.
const SIGNED_BYTES: usize = 500;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["echo", address, answer_bytes] => echo(address, answer_bytes.parse()?),
        ["sign", seconds] => sign(Duration::from_secs(seconds.parse()?)),
        _ => Err("usage: limit echo ADDRESS ANSWER_BYTES | limit sign SECONDS".into()),
    }
}

/// Reads the whole form and answers JSON of a fixed size.
fn echo(address: &str, answer_bytes: usize) -> Result<(), Failure> {
    let answer = Bytes::from(format!(
        "{{\"access_token\":\"{}\"}}",
        "x".repeat(answer_bytes.saturating_sub(19))
    ));
    let token = post(move |body: Bytes| {
        let answer = answer.clone();
        async move {
            black_box(body);
            (
                StatusCode::OK,
                [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")],
                answer,
            )
        }
    });
    let router =
        Router::new().route("/oauth/token", token).route("/healthz", get(|| async { "ok" }));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await?;
        println!("{}", listener.local_addr()?);
        axum::serve(
            axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true))),
            router,
        )
        .await
    })?;
    Ok(())
}

/// Prints signatures per second of one thread.
fn sign(time: Duration) -> Result<(), Failure> {
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
    let random = SystemRandom::new();
    let message = [7_u8; SIGNED_BYTES];
    let start = Instant::now();
    let mut signatures = 0_u32;
    while start.elapsed() < time {
        for _ in 0..50 {
            black_box(key.sign(&random, black_box(&message))?);
        }
        signatures += 50;
    }
    println!("{:.0}", f64::from(signatures) / start.elapsed().as_secs_f64());
    Ok(())
}
