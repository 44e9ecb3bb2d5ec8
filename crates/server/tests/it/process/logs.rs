//! The log: JSON, with the trace id of the answer, and nothing that must not be known.

use serde_json::{Value, json};

use super::installation::{Databases, HOST, Installation, PASSWORD};
use super::program::{Node, eventually};
use super::web::{Site, Visitor};

/// The log line of a trace id.
async fn line_of(node: &Node, trace_id: &str) -> Value {
    eventually(&format!("a line with {trace_id}"), || {
        node.err.find(|line| {
            let line: Value = serde_json::from_str(line).expect("every line is JSON");
            (line["trace_id"] == trace_id && line["message"] == "request").then_some(line)
        })
    })
    .await
}

fn trace_id(body: &Value) -> &str {
    let id = body["traceId"].as_str().expect("a trace id");
    assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answers_trace_id_finds_its_line() {
    let place = Installation::plain(Databases::Sqlite).await;
    let (id, ..) = place.machine_client().await;
    let (node, site) = place.serve().await;
    let (status, body) = site.token(&id, "not the secret").await;
    assert_eq!(status, 401);
    let line = line_of(&node, trace_id(&body)).await;
    assert_eq!((&line["status"], &line["path"]), (&json!(401), &json!("/oauth/token")));
    // The caller's own trace goes on in ours (W3C Trace Context).
    let given = "4bf92f3577b34da6a3ce929d0e0e4736";
    let request = site.post("/oauth/token").form(&[("grant_type", "nothing")]);
    let request = request.header("traceparent", format!("00-{given}-00f067aa0ba902b7-01"));
    let body: Value = request.send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(trace_id(&body), given);
    assert_eq!(line_of(&node, given).await["status"], 400);
    // Other errors have one, too.
    let missing = site.get("/nothing").send().await.expect("an answer");
    let body: Value = missing.json().await.expect("JSON");
    assert_eq!(line_of(&node, trace_id(&body)).await["status"], 404);
    let stranger = Site::new(node.address, "nobody.example.test");
    let body: Value =
        stranger.get("/").send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(line_of(&node, trace_id(&body)).await["status"], 404);
}

/// Everything that must stay secret goes through the server once, and then is looked for in the
/// log and in the database files.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_reaches_the_log_or_the_files() {
    let place = Installation::plain(Databases::Sqlite).await;
    verbose(&place);
    let (id, secret, _) = place.machine_client().await;
    let email = "una@example.test";
    place.user(email).await;
    let uri = "http://localhost:3000/callback";
    let words = ["--tenant", "app", "--type", "native", "--name", "App", "--redirect-uri", uri];
    let scope = ["--scope", "openid email offline_access"];
    let app = place.cli.json("admin client create", &[&words[..], &scope].concat()).await;
    let app = app["clientId"].as_str().expect("an id").to_owned();
    let (node, site) = place.serve().await;
    let mut secrets = vec![secret.clone(), PASSWORD.to_owned()];
    let (_, token) = site.token(&id, &secret).await;
    secrets.push(token["access_token"].as_str().expect("a token").to_owned());
    // Wrong ones tell as much as right ones: people mistype the right one.
    let wrong = format!("{}x", &secret[..60]);
    assert_eq!(site.token(&id, &wrong).await.0, 401);
    secrets.push(wrong);
    secrets.extend(code_flow(&node, &app, uri, email).await);
    let bad = site.get("/api/v1/users/me?access_token=in-the-query-string").send().await;
    assert_eq!(bad.expect("an answer").status(), 401);
    secrets.push("in-the-query-string".to_owned());
    node.terminate();
    let mut node = node;
    assert!(node.ended().await.success());
    let log = node.err.all().join("\n");
    assert!(log.contains("/oauth/token"), "requests are logged: {log}");
    for secret in &secrets {
        assert!(!log.contains(secret.as_str()), "{secret} is in the log");
    }
    for file in std::fs::read_dir(place.data()).expect("the files") {
        let path = file.expect("a file").path();
        let bytes = std::fs::read(&path).expect("read");
        for secret in &secrets {
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{secret} is in {}", path.display());
        }
    }
}

/// Our own modules say all that they ever say.
fn verbose(place: &Installation) {
    let text = std::fs::read_to_string(&place.config).expect("read");
    let level = "requests = \"all\"\nlevel = \"info,countersign=trace,engine=trace,store=trace\"";
    std::fs::write(&place.config, text.replace("requests = \"all\"", level)).expect("written");
}

/// Signs in and exchanges a code; gives everything secret that went by.
async fn code_flow(node: &Node, app: &str, uri: &str, email: &str) -> Vec<String> {
    let client = super::web::builder().resolve(HOST, node.address).build().expect("a client");
    // The origin of our own forms is the issuer, which has the default port.
    let origin = format!("http://{HOST}");
    let through = format!("http://{HOST}:{}", node.address.port());
    let verifier = "0123456789-0123456789-0123456789-0123456789";
    let challenge = domain::crypto::sha256_base64url(verifier.as_bytes());
    let query = [
        ("response_type", "code"),
        ("client_id", app),
        ("redirect_uri", uri),
        ("scope", "openid email offline_access"),
        ("state", "a-state"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let url = url::Url::parse_with_params(&format!("{through}/oauth/authorize"), query);
    let mut visitor = Visitor::through(client.clone(), &origin, &through);
    let back = visitor.authorize(url.expect("a URL").as_str(), email, PASSWORD).await;
    let back = url::Url::parse(&back).expect("a URL");
    let code = back.query_pairs().find(|(name, _)| name == "code").expect("a code").1.into_owned();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", app),
        ("code", &code),
        ("redirect_uri", uri),
        ("code_verifier", verifier),
    ];
    let answer = client.post(format!("{through}/oauth/token")).form(&form).send().await;
    let tokens: Value = answer.expect("an answer").json().await.expect("JSON");
    let text = |name: &str| tokens[name].as_str().unwrap_or_else(|| panic!("{tokens}")).to_owned();
    let mut secrets = vec![code, verifier.to_owned(), text("access_token"), text("refresh_token")];
    secrets.push(text("id_token"));
    secrets.extend(visitor.cookie_values());
    secrets
}
