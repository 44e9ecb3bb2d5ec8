//! `countersign demo`: one command gives a server, and its printed line a token.

use std::os::unix::fs::PermissionsExt;

use super::program::{Node, eventually, run};
use super::web::{Site, client};

/// The words of the printed `curl` line.
async fn curl_line(node: &Node) -> Vec<String> {
    let line = eventually("a curl line", || {
        node.err.find(|line| line.trim().starts_with("curl ").then(|| line.trim().to_owned()))
    });
    line.await.split(' ').map(str::to_owned).collect()
}

fn after<'w>(words: &'w [String], flag: &str) -> &'w str {
    let at = words.iter().position(|word| word == flag).expect("the flag");
    &words[at + 1]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_prints_one_line_and_a_restart_prints_the_same() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("demo");
    let (node, said) = Node::demo(&data, 0).await;
    for pointer in [
        "/tenant_url",
        "/organization_url",
        "/hub_url",
        "/second_tenant_url",
        "/admin/email",
        "/admin/password",
        "/user/email",
        "/user/password",
        "/user/id",
        "/user/subject",
        "/m2m/client_id",
        "/m2m/client_secret",
        "/web/client_id",
        "/web/client_secret",
        "/web/redirect_uri",
        "/spa/client_id",
        "/spa/redirect_uri",
        "/native/client_id",
        "/native/redirect_uri",
    ] {
        let value = said.pointer(pointer).and_then(|value| value.as_str());
        assert!(value.is_some_and(|text| !text.is_empty()), "{pointer} in {said}");
    }
    let mode = |file: &str| {
        let metadata = std::fs::metadata(data.join(file)).expect("a file");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode("master.key"), 0o600);
    assert_eq!(mode("region-eu.db"), 0o600);
    assert_eq!(mode("."), 0o700);
    let port = node.address.port();
    node.stop().await;
    let (node, again) = Node::demo(&data, port).await;
    assert_eq!(again, said);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_printed_curl_line_returns_a_token() {
    let directory = tempfile::tempdir().expect("a directory");
    let (node, said) = Node::demo(directory.path(), 0).await;
    let words = curl_line(&node).await;
    let (client_id, secret) = after(&words, "-u").split_once(':').expect("a pair");
    let (name, value) = after(&words, "-d").split_once('=').expect("a pair");
    let url = words.last().expect("a URL");
    let request = client().post(url).basic_auth(client_id, Some(secret)).form(&[(name, value)]);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let token: serde_json::Value = answer.json().await.expect("JSON");
    let token = token["access_token"].as_str().expect("a token");
    let site = Site::of_url(node.address, said["tenant_url"].as_str().expect("a URL"));
    assert_eq!(site.me(token).await, 200);
    // The same token is nothing to the second tenant.
    let other = said["second_tenant_url"].as_str().expect("a URL");
    assert_eq!(Site::of_url(node.address, other).me(token).await, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_listens_on_loopback_only() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("demo").display().to_string();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let told = run(&["demo", "--listen", address, "--data", &data]).await.refused();
        assert!(told.contains("loopback"), "{told}");
    }
    assert!(!directory.path().join("demo").exists(), "nothing was made");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_in_use_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().display().to_string();
    let told = run(&["demo", "--listen", &address, "--data", &data]).await.refused();
    assert!(told.contains(&address) && told.contains("another address"), "{told}");
}
