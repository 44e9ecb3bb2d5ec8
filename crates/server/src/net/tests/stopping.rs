//! Stopping without losing requests.

use super::*;

async fn report(server: Running) -> ShutdownReport {
    tokio::time::timeout(Duration::from_secs(15), server.ended).await.unwrap().unwrap()
}

#[tokio::test]
async fn requests_under_way_are_finished_and_nobody_new_is_let_in() {
    let mut server = Running::start(&quick());
    let mut busy = server.connect().await;
    busy.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut idle = server.connect().await;
    idle.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    answer(&mut idle, "hello").await;
    server.reached.notified().await;
    server.stop();
    assert_eq!(rest(&mut idle).await, "");
    assert!(TcpStream::connect(server.address).await.is_err());
    let reply = rest(&mut busy).await;
    assert!(reply.starts_with("HTTP/1.1 200 OK"), "{reply}");
    assert!(reply.contains("connection: close"), "{reply}");
    assert_eq!(
        report(server).await,
        ShutdownReport { open: 2, finished: 2, cut: 0, requests_cut: 0 }
    );
}

#[tokio::test]
async fn http2_requests_under_way_are_finished() {
    let mut server = Running::start(&quick());
    let client = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    let request = tokio::spawn(client.get(format!("http://{}/slow", server.address)).send());
    server.reached.notified().await;
    server.stop();
    assert_eq!(request.await.unwrap().unwrap().status(), 200);
    drop(client);
    assert_eq!(report(server).await.requests_cut, 0);
}

#[tokio::test]
async fn what_does_not_finish_is_cut_after_the_grace_period() {
    let config = config::Server { shutdown_grace_seconds: 1, ..quick() };
    let mut server = Running::start(&config);
    let mut stuck = server.connect().await;
    stuck.write_all(b"GET /for-ever HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    server.reached.notified().await;
    server.stop();
    assert_eq!(rest(&mut stuck).await, "");
    assert_eq!(
        report(server).await,
        ShutdownReport { open: 1, finished: 0, cut: 1, requests_cut: 1 }
    );
}

#[tokio::test]
async fn a_server_without_connections_stops_at_once() {
    let mut server = Running::start(&config::Server { shutdown_grace_seconds: 3600, ..quick() });
    server.stop();
    assert_eq!(report(server).await, ShutdownReport::default());
}
