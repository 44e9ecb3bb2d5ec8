//! The code that the console shows for a new client runs as it is shown.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::program::Node;
use super::web::{Visitor, client};
use crate::html::{self, Form};

/// An administrator at the demo's console.
struct Console {
    visitor: Visitor,
    issuer: String,
    said: Value,
}

impl Console {
    async fn open(said: Value) -> Self {
        let issuer = said["tenant_url"].as_str().expect("a URL").to_owned();
        let mut visitor = Visitor::new(client(), &issuer);
        let page = visitor.get(&format!("{issuer}/login")).await.text().await.expect("a page");
        let text = |pointer: &str| said.pointer(pointer).and_then(Value::as_str).expect("a text");
        let form = html::form_with(&page, "login-submit")
            .with("username", text("/admin/email"))
            .with("password", text("/admin/password"));
        assert_eq!(visitor.submit(&form).await.status(), 303);
        Self { visitor, issuer, said }
    }

    /// Makes a client and gives the page that tells its secret.
    async fn create(&mut self, app_type: &str, fill: impl FnOnce(Form) -> Form) -> String {
        let address = format!("{}/admin/clients/new?type={app_type}", self.issuer);
        let page = self.visitor.get(&address).await.text().await.expect("a page");
        let form =
            fill(html::form_with(&page, "client-submit").with("clientName", "From the page"));
        let answer = self.visitor.submit(&form).await;
        assert_eq!(answer.status(), 200);
        answer.text().await.expect("a page")
    }

    /// Somebody signs in at an address that a snippet printed; gives where the browser ends.
    async fn sign_in(&self, address: &str) -> String {
        let text =
            |pointer: &str| self.said.pointer(pointer).and_then(Value::as_str).expect("a text");
        let mut person = Visitor::new(client(), &self.issuer);
        person.authorize(address, text("/user/email"), text("/user/password")).await
    }
}

/// A snippet, exactly as the page shows it.
fn snippet(page: &str, stack: &str) -> String {
    let id = format!("snippet-{stack}");
    let tags = html::tags(page);
    let found = tags.into_iter().find(|tag| tag.get("id") == Some(&id));
    found.unwrap_or_else(|| panic!("no {id} in {page}")).text
}

/// A shell that runs a script and stops at the first thing that fails.
fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-eu", "-c", script]).env("no_proxy", "*");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_curl_snippet_of_a_machine_tells_who_it_is() {
    let directory = tempfile::tempdir().expect("a directory");
    let (node, said) = Node::demo(directory.path(), 0).await;
    let mut console = Console::open(said).await;
    let page = console
        .create("web", |form| {
            form.and("allowedGrantTypes", "client_credentials")
                .with("consentMethod", "trusted")
                .and("allowedScopes", "user_default")
        })
        .await;
    let script = snippet(&page, "curl");
    let run = tokio::task::spawn_blocking(move || shell(&script).output().expect("sh runs"));
    let ran = run.await.expect("ran");
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{out} {err}");
    let me: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"));
    let client_id = html::tags(&page)
        .into_iter()
        .find(|tag| tag.get("id") == Some("created-client-id"))
        .expect("an id")
        .text;
    assert!(me.to_string().contains(client_id.trim()), "its own bot user: {me}");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_curl_snippet_of_a_web_app_signs_somebody_in() {
    let directory = tempfile::tempdir().expect("a directory");
    let (node, said) = Node::demo(directory.path(), 0).await;
    let mut console = Console::open(said).await;
    for app_type in ["web", "native"] {
        // A quote, which a shell would take for its own.
        let page = console
            .create(app_type, |form| {
                form.with("redirectUris", "https://app.example/call'back?a=$HOME")
                    .and("allowedScopes", "openid")
                    .and("allowedScopes", "apps:read")
            })
            .await;
        let mut child = shell(&snippet(&page, "curl")).spawn().expect("sh starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut address = String::new();
        while !address.starts_with("http") {
            address.clear();
            assert!(lines.read_line(&mut address).expect("reads") > 0, "it ended");
        }
        let back = console.sign_in(address.trim()).await;
        assert!(back.starts_with("https://app.example/call'back?a=$HOME&"), "{back}");
        let mut stdin = child.stdin.take().expect("a pipe");
        writeln!(stdin, "{back}").expect("written");
        let mut rest = String::new();
        lines.read_to_string(&mut rest).expect("reads");
        assert!(child.wait().expect("ends").success(), "{rest}");
        let (_, tokens) = rest.split_once('{').expect("JSON");
        let tokens: Value = serde_json::from_str(&format!("{{{tokens}")).expect("JSON");
        assert!(tokens["access_token"].is_string() && tokens["id_token"].is_string(), "{tokens}");
    }
    node.stop().await;
}
