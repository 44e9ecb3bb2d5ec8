//! An orderly end: nothing new is accepted, and what is under way is finished.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::installation::{Databases, HOST, Installation};
use super::program::{DEADLINE, eventually};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_under_way_is_finished() {
    let place = Installation::plain(Databases::Sqlite).await;
    let (id, secret, _) = place.machine_client().await;
    let (mut node, _) = place.serve().await;
    let mut stream = TcpStream::connect(node.address).await.expect("a connection");
    let (first, second) = ("grant_type=client_", "credentials");
    let head = format!(
        "POST /oauth/token HTTP/1.1\r\nhost: {HOST}\r\nauthorization: Basic {}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{first}",
        STANDARD.encode(format!("{id}:{secret}")),
        first.len() + second.len()
    );
    // A request before it on the same connection shows that the connection is in hands.
    let hello = format!("GET /healthz HTTP/1.1\r\nhost: {HOST}\r\n\r\n");
    stream.write_all(hello.as_bytes()).await.expect("written");
    let mut some = [0; 1024];
    let read = timeout(DEADLINE, stream.read(&mut some)).await.expect("in time").expect("read");
    assert!(some[..read].starts_with(b"HTTP/1.1 200"));
    stream.write_all(head.as_bytes()).await.expect("written");
    stream.flush().await.expect("flushed");
    // The server has to have read the head before it is told to stop; a second connection that is
    // answered afterwards shows that it has had the time.
    let other = super::web::Site::new(node.address, HOST);
    for _ in 0..3 {
        other.get("/readyz").send().await.expect("an answer");
    }
    node.terminate();
    eventually("the log says that it stops", || {
        node.err.find(|line| line.contains("finishing the requests under way").then_some(()))
    })
    .await;
    let refused = eventually("new connections are refused", || {
        std::net::TcpStream::connect(node.address).err()
    });
    assert_eq!(refused.await.kind(), std::io::ErrorKind::ConnectionRefused);
    node.still_runs();
    stream.write_all(second.as_bytes()).await.expect("the connection is still there");
    let mut answer = String::new();
    let end = timeout(DEADLINE, stream.read_to_string(&mut answer)).await.expect("in time");
    end.expect("an orderly end");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("access_token"), "{answer}");
    let status = node.ended().await;
    assert!(status.success(), "{status}");
    let report = node.err.find(|line| line.contains("\"stopped\"").then(|| line.clone()));
    let report: serde_json::Value = serde_json::from_str(&report.expect("a report")).expect("JSON");
    assert_eq!(report["requests_cut"], 0, "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_does_not_end_is_cut_after_the_grace_period() {
    let server = "external_scheme = \"http\"\nshutdown_grace_seconds = 1\n";
    let place = Installation::made(Databases::Sqlite, server).await;
    let (mut node, _) = place.serve().await;
    let mut stream = TcpStream::connect(node.address).await.expect("a connection");
    let head = format!("POST /oauth/token HTTP/1.1\r\nhost: {HOST}\r\ncontent-length: 9\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("written");
    node.terminate();
    let status = node.ended().await;
    assert!(status.success(), "{status}");
}

/// What was counted in memory is written at the end: the last use of a secret is shown afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counts_are_written_at_the_end() {
    let place = Installation::plain(Databases::Sqlite).await;
    let (id, secret, _) = place.machine_client().await;
    let (node, site) = place.serve().await;
    assert_eq!(site.token(&id, &secret).await.0, 200);
    node.stop().await;
    let listed = place.cli.json("admin client list", &["--tenant", "app"]).await;
    let used = &listed["data"][0]["clientSecrets"][0]["lastUsedAt"];
    assert!(used.is_string(), "{listed}");
}

/// The same of an API key, and the next start knows it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_use_of_an_api_key_is_known_after_a_restart() {
    let place = Installation::plain(Databases::Sqlite).await;
    let (id, secret, _) = place.machine_client().await;
    let (node, site) = place.serve().await;
    let token = site.token(&id, &secret).await.1;
    let token = token["access_token"].as_str().expect("a token");
    let new = serde_json::json!({ "description": "Export" });
    let made = site.post("/api/v1/api-keys").bearer_auth(token).json(&new).send().await;
    let made: serde_json::Value = made.expect("an answer").json().await.expect("JSON");
    let (key, id) = (made["token"].as_str(), made["id"].as_str().expect("an id"));
    assert_eq!(site.me(key.expect("a key")).await, 200);
    node.stop().await;
    let (node, site) = place.serve().await;
    let read = site.get(&format!("/api/v1/api-keys/{id}")).bearer_auth(token).send().await;
    let read: serde_json::Value = read.expect("an answer").json().await.expect("JSON");
    assert!(read["lastUsed"].is_string(), "{read}");
    node.stop().await;
}
