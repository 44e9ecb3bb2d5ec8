//! Clients, groups and roles over the command line, from making to removal, on a running server.

use serde_json::json;
use tempfile::TempDir;

use super::Home;
use crate::process::program::Node;

/// A demo server, and a context of its machine client, whose bot user is an administrator.
async fn demo() -> (TempDir, Node, Home) {
    let directory = tempfile::tempdir().expect("a directory");
    let (node, said) = Node::demo(directory.path(), 0).await;
    let text = |pointer: &str| said.pointer(pointer).and_then(|it| it.as_str()).expect("a text");
    let home = Home::new();
    let (id, secret) = (text("/m2m/client_id"), text("/m2m/client_secret"));
    home.context("demo", text("/tenant_url"), id, secret).await;
    (directory, node, home)
}

/// A refusal is told with its code, its place and the trace id, and by the exit code.
async fn refused(home: &Home, words: &[&str], code: i32, parts: &[&str]) {
    let ran = home.words(words).await;
    assert_eq!(ran.code, Some(code), "{words:?}: {ran:?}");
    assert!(ran.err.contains("trace id: "), "{words:?}: {ran:?}");
    for part in parts {
        assert!(ran.err.contains(part), "{words:?}: no {part} in {ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_from_making_to_removal() {
    let (_directory, _node, home) = demo().await;
    let file = home.nothing("first");
    let out = ["--secret-out", file.to_str().expect("UTF-8")];
    let create = ["oauth-client", "create", "--name", "Nightly export", "--app-type", "web", "-q"];
    let id = home.words(&[&create[..], &out].concat()).await.done().trim().to_owned();
    let first = std::fs::read_to_string(&file).expect("read").trim().to_owned();
    let get = format!("oauth-client get {id}");
    assert_eq!(home.json(&get).await["clientName"], "Nightly export");
    let rename = ["oauth-client", "patch", &id, "--set-name", "Renamed"];
    home.words(&rename).await.done();
    let filter = ["oauth-client", "ls", "--filter", "clientName eq \"RENAMED\"", "--json"];
    let listed = home.words(&filter).await.json();
    assert_eq!(listed["data"][0]["clientId"], json!(id));
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(1));
    let second = home.run(&format!("oauth-client secret create {id} -q")).await.done();
    let hints = home.run(&format!("oauth-client secret ls {id} -q")).await.done();
    assert!(hints.contains(&first[59..]) && hints.contains(&second.trim()[59..]), "{hints}");
    home.run(&format!("oauth-client secret rm {id} {} --yes", &first[59..])).await.done();
    let last = ["oauth-client", "secret", "rm", &id, &second.trim()[59..], "--yes"];
    refused(&home, &last, 6, &["OAUTH-CLIENTS-4", "force"]).await;
    home.run(&format!("oauth-client consent {id} trusted")).await.done();
    assert_eq!(home.json(&get).await["connectionConfig"]["consentMethod"], "trusted");
    home.run(&format!("oauth-client publish {id}")).await.done();
    let read = home.json(&get).await;
    assert_eq!(read["connectionConfig"]["consentMethod"], "required");
    assert!(read["publishedAt"].is_string(), "{read}");
    refused(&home, &["oauth-client", "consent", &id, "trusted"], 1, &["OAUTH-CLIENTS-1"]).await;
    home.run(&format!("oauth-client rm {id} --yes")).await.done();
    refused(&home, &["oauth-client", "get", &id], 5, &["OAUTH-CLIENTS-7"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_and_roles_from_making_to_removal() {
    let (_directory, _node, home) = demo().await;
    for (noun, code) in [("group", "GROUPS"), ("role", "ROLES")] {
        let create = [noun, "create", "--name", "Analysts", "-q"];
        let id = home.words(&create).await.done().trim().to_owned();
        refused(&home, &create, 6, &[&format!("{code}-4")]).await;
        home.words(&[noun, "patch", &id, "--set-name", "Readers"]).await.done();
        assert_eq!(home.json(&format!("{noun} get {id}")).await["name"], "Readers");
        let filter = [noun, "ls", "--filter", "name eq \"readers\"", "--json"];
        let listed = home.words(&filter).await.json();
        assert_eq!(listed["data"][0]["id"], json!(id), "{listed}");
        let wrong = [noun, "ls", "--filter", "colour eq \"red\""];
        refused(&home, &wrong, 1, &["[filter]"]).await;
        home.run(&format!("{noun} rm {id} --yes")).await.done();
        refused(&home, &[noun, "get", &id], 5, &[&format!("{code}-7")]).await;
    }
}
