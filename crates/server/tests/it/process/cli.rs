//! The command line: what it prints, what it refuses, and that it works beside a running server.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::installation::{Databases, Installation};
use super::program::{Cli, Node, run, run_in};
use super::web::{Site, kid};

/// Within two seconds caches know of a change (design, "What must never happen", 4); a command
/// takes its own time.
const CACHES: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_list_is_json_with_data_and_a_table_without() {
    let place = Installation::plain(Databases::Sqlite).await;
    let (client_id, ..) = place.machine_client().await;
    place.user("una@example.test").await;
    let in_tenant = ["--tenant", "app"];
    for (command, words, key) in [
        ("admin organization list", &[][..], "id"),
        ("admin subscription list", &[], "licenceNumber"),
        ("admin subscription list", &["--organization", "Acme"], "tenantLimit"),
        ("admin region list", &[], "code"),
        ("admin tenant list", &[], "hostnames"),
        ("admin user list", &in_tenant, "assignedRoles"),
        ("admin client list", &in_tenant, "clientId"),
    ] {
        let listed = place.cli.json(command, words).await;
        assert_eq!(listed["data"].as_array().expect("data").len(), 1, "{command}: {listed}");
        assert!(!listed["data"][0][key].is_null(), "{command}: {listed}");
        assert_eq!(listed["next"], Value::Null);
        let table = place.cli.run(command, words).await.done();
        assert_eq!(table.lines().count(), 2, "{command}: one header and one row: {table}");
    }
    let table = place.cli.run("admin client list", &in_tenant).await.done();
    assert!(table.contains(&client_id) && table.contains("trusted"), "{table}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_lists_come_in_pages() {
    let place = Installation::configured(Databases::Sqlite, "");
    place.cli.run("migrate", &[]).await.done();
    for name in ["One", "Two", "Three"] {
        place.cli.json("admin organization create", &["--name", name]).await;
    }
    let mut names = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let mut words = vec!["--limit", "2"];
        words.extend(after.iter().flat_map(|id| ["--after", id.as_str()]));
        let page = place.cli.json("admin organization list", &words).await;
        let rows = page["data"].as_array().expect("data");
        assert!(rows.len() <= 2);
        names.extend(rows.iter().map(|row| row["name"].as_str().expect("a name").to_owned()));
        match page["next"].as_str() {
            Some(id) => after = Some(id.to_owned()),
            None => break,
        }
    }
    names.sort();
    assert_eq!(names, ["One", "Three", "Two"]);
}

/// A password in an argument is seen by every user of the machine.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demos_database_is_named_by_the_environment_or_an_argument() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("demo").display().to_string();
    let file = |name: &str| directory.path().join(name);
    let address = |name: &str| format!("sqlite://{}", file(name).display());
    let migrate = ["migrate", "--data", &data];
    let set = address("set.db");
    let set = [("COUNTERSIGN_DEMO_DATABASE", set.as_str())];
    run_in(&set, &migrate).await.done();
    assert!(file("set.db").exists());
    let said = address("said.db");
    let said = [&migrate[..], &["--database", &said]].concat();
    run_in(&set, &said).await.done();
    assert!(file("said.db").exists());
    let wrong = [("COUNTERSIGN_DEMO_DATABASE", "mysql://user:hunter2@db.example/x")];
    let told = run_in(&wrong, &migrate).await.refused();
    assert!(told.contains("COUNTERSIGN_DEMO_DATABASE") && !told.contains("hunter2"), "{told}");
    // What is no demo has its own.
    let other = run_in(&wrong, &["migrate", "--config", "/nowhere.toml"]).await.refused();
    assert!(other.contains("/nowhere.toml") && !other.contains("DEMO_DATABASE"), "{other}");
}

/// The harness of `cargo xtask test` relies on these flags.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_is_made_with_all_that_it_may_have() {
    let place = Installation::plain(Databases::Sqlite).await;
    let file = |name: &str, text: &str| {
        let path = place.directory.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let jwk = json!({
        "kty": "EC", "crv": "P-256", "kid": "k1", "use": "sig", "alg": "ES256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    });
    let one = file("key.json", &jwk.to_string());
    let mut other = jwk.clone();
    other["kid"] = json!("k2");
    let set = file("keys.json", &json!({ "keys": [other] }).to_string());
    let secret = "0123456789abcdef0123456789abcdef";
    let secret_file = file("secret", secret);
    let identity = ["--tenant", "app", "--type", "web", "--name", "Full", "--id", "my-client"];
    let places = [
        "--redirect-uri",
        "https://app.example/callback",
        "--redirect-uri",
        "http://localhost:3000/callback",
        "--post-logout-redirect-uri",
        "https://app.example/",
        "--origin",
        "https://app.example",
    ];
    let rights = [
        "--grant",
        "client_credentials",
        "--grant",
        "urn:qlik:oauth:user-impersonation",
        "--scope",
        "openid profile user_default",
        "--consent",
        "trusted",
        "--no-pkce",
        "--id-token-alg",
        "ES256",
    ];
    let credentials = [
        "--auth-method",
        "private_key_jwt",
        "--auth-method",
        "client_secret",
        "--public-key-file",
        &one,
        "--public-key-file",
        &set,
        "--secret-file",
        &secret_file,
    ];
    let words = [&identity[..], &places, &rights, &credentials].concat();
    let made = place.cli.json("admin client create", &words).await;
    assert_eq!(made["clientId"], "my-client");
    assert!(made.get("clientSecret").is_none(), "a secret from a file is not repeated: {made}");
    assert!(!made.to_string().contains(secret));
    let listed = place.cli.json("admin client list", &["--tenant", "app"]).await;
    let client = &listed["data"][0];
    assert_eq!(client["allowedAuthMethods"], json!(["private_key_jwt", "client_secret"]));
    assert_eq!(client["publicKeys"].as_array().map(Vec::len), Some(2));
    assert_eq!(client["idTokenSignedResponseAlg"], "ES256");
    assert_eq!(client["requirePkce"], false);
    assert_eq!(client["connectionConfig"]["consentMethod"], "trusted");
    assert_eq!(client["clientSecrets"][0]["hint"], "bcdef");
    let (_node, site) = place.serve().await;
    assert_eq!(site.token("my-client", secret).await.0, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_name_the_flag_and_what_would_be_right() {
    let place = Installation::plain(Databases::Sqlite).await;
    let weak = place.directory.path().join("weak");
    std::fs::write(&weak, "hunter2\n").expect("written");
    let weak = weak.display().to_string();
    let machine = ["--grant", "client_credentials"];
    let web = ["--tenant", "app", "--type", "web", "--name", "N"];
    for (more, told) in [
        (&["--redirect-uri", "http://app.example/cb"][..], "--redirect-uri: `http://app"),
        (&[], "--redirect-uri: has at least one address"),
        (&["--scope", "nix", machine[0], machine[1]], "--scope: there is no scope `nix`"),
        (&["--auth-method", "private_key_jwt", machine[0], machine[1]], "--public-key-file: go"),
        (&["--secret-file", &weak, machine[0], machine[1]], "--secret-file: has 32 to 256"),
        (&["--public-key-file", "/nowhere", machine[0], machine[1]], "--public-key-file: /nowh"),
        (&["--id-token-alg", "ES384", machine[0], machine[1]], "--id-token-alg: is RS256, ES2"),
        (&["--consent", "maybe"], "`maybe` is not one of: required, trusted"),
        (&["--grant", "password"], "`password` is not one of: authorization_code"),
    ] {
        let refused =
            place.cli.run("admin client create", &[&web[..], more].concat()).await.refused();
        assert!(refused.contains(told), "{more:?}: {refused}");
        assert!(!refused.contains("hunter2"), "{refused}");
    }
    let tenant = ["--name", "T", "--subscription", "L-1", "--region"];
    for (command, words, told) in [
        (
            "admin tenant create",
            [&tenant[..], &["us"]].concat(),
            "--region: there is no region `us`",
        ),
        (
            "admin tenant create",
            [&tenant[..], &["eu", "--hostname", "app.eu.example.test"]].concat(),
            "this hostname is taken",
        ),
        (
            "admin tenant create",
            [&tenant[..], &["eu", "--hostname", "hub.example.test"]].concat(),
            "--hostname: `hub.example.test` is a name of the installation's own",
        ),
        (
            "admin tenant create",
            [&tenant[..], &["eu", "--hostname", "A_B"]].concat(),
            "--hostname: `a_b` is not a host name",
        ),
        ("admin region create", vec!["--code", "us", "--name", "US"], "--code: has no database"),
        (
            "admin subscription create",
            vec!["--organization", "x", "--licence", "y"],
            "admin organization list",
        ),
        ("admin user list", vec!["--tenant", "nobody"], "--tenant nobody: there is no such tenant"),
        (
            "admin user create",
            vec!["--tenant", "app", "--name", "U", "--no-password", "--role", "King"],
            "--role: there is no role `King`",
        ),
        ("admin user create", vec!["--tenant", "app", "--name", "U"], "--password-file"),
        ("admin client delete", vec!["--tenant", "app", "nix"], "there is no such client"),
        ("admin client list", vec![], "--tenant <TENANT>"),
    ] {
        let refused = place.cli.run(command, &words).await.refused();
        assert!(refused.contains(told), "{command} {words:?}: {refused}");
    }
    // What was refused has left nothing behind.
    assert_eq!(place.cli.json("doctor", &[]).await["healthy"], true);
    assert_eq!(place.cli.json("admin client list", &["--tenant", "app"]).await["data"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_subscription_and_a_second_tenant_leave_the_region_clean() {
    let place = Installation::plain(Databases::Sqlite).await;
    let words = ["--subscription", "L-1", "--region", "eu", "--name"];
    place.cli.json("admin tenant create", &[&words[..], &["two"]].concat()).await;
    let told =
        place.cli.run("admin tenant create", &[&words[..], &["three"]].concat()).await.refused();
    assert!(told.contains("limit of tenants of the subscription"), "{told}");
    let checked = place.cli.json("doctor", &[]).await;
    let findings = checked["findings"].as_array().expect("findings");
    assert!(findings.iter().all(|one| one["status"] != "wrong"), "{checked}");
    assert!(!checked.to_string().contains("three"), "no half-made tenant: {checked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passwords_come_from_files_and_pipes_and_never_from_arguments() {
    let place = Installation::plain(Databases::Sqlite).await;
    let words = ["--tenant", "app", "--name", "U", "--email", "u@example.test"];
    let refused =
        place.cli.run("admin user create", &[&words[..], &["--password", "x"]].concat()).await;
    assert!(refused.refused().contains("unexpected argument '--password'"));
    let file = place.directory.path().join("password");
    std::fs::write(&file, "a password in a file\n").expect("written");
    let file = file.display().to_string();
    let from_file = [&words[..], &["--password-file", &file]].concat();
    assert_eq!(place.cli.json("admin user create", &from_file).await["email"], "u@example.test");
    let taken = place.cli.run("admin user create", &from_file).await;
    assert!(taken.refused().contains("this email is taken"));
    place.user("v@example.test").await;
    let short = ["--tenant", "app", "--name", "W", "--password-stdin"];
    let told = place.cli.run_with_input("admin user create", &short, "short\n").await.refused();
    assert!(told.contains("at least 8 characters") && !told.contains("short"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mistyped_directory_does_not_become_an_installation() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("typo");
    let told = Cli::of_data(&data).run("admin client list", &["--tenant", "demo"]).await.refused();
    assert!(told.contains("there is no demo in"), "{told}");
    assert!(!data.exists());
    let place = Installation::configured(Databases::Sqlite, "");
    let told = place.cli.run("admin organization list", &[]).await.refused();
    assert!(told.contains("countersign migrate --config"), "{told}");
    assert!(!place.data().exists());
}

/// One process serves, another administers, both on the same SQLite files.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_works_beside_a_running_server() {
    let directory = tempfile::tempdir().expect("a directory");
    let (mut node, said) = Node::demo(directory.path(), 0).await;
    let cli = Cli::of_data(directory.path());
    let site = Site::of_url(node.address, said["tenant_url"].as_str().expect("a URL"));
    let words = ["--tenant", "demo", "--type", "web", "--name", "Beside", "--consent", "trusted"];
    let grant = ["--grant", "client_credentials", "--scope", "user_default"];
    let made = cli.json("admin client create", &[&words[..], &grant].concat()).await;
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let (id, secret) = (text(&made["clientId"]), text(&made["clientSecret"]));
    let at = ["--tenant", "demo", id.as_str()];
    assert_eq!(becomes(&site, &id, &secret, 200).await["token_type"], "Bearer");
    cli.json("admin client disable", &[&at[..], &["--reason", "a test"]].concat()).await;
    becomes(&site, &id, &secret, 401).await;
    assert_eq!(cli.json("admin client enable", &at).await.get("disableTag"), None);
    becomes(&site, &id, &secret, 200).await;
    let second =
        cli.json("admin client secret create", &[&at[..], &["--label", "new"]].concat()).await;
    becomes(&site, &id, &text(&second["clientSecret"]), 200).await;
    let hint = &secret[secret.len() - 5..];
    cli.json("admin client secret remove", &[&at[..], &[hint]].concat()).await;
    becomes(&site, &id, &secret, 401).await;
    becomes(&site, &id, &text(&second["clientSecret"]), 200).await;
    let told = cli.run("admin client delete", &at).await.refused();
    assert!(told.contains("--yes"), "{told}");
    cli.json("admin client delete", &[&at[..], &["--yes"]].concat()).await;
    becomes(&site, &id, &text(&second["clientSecret"]), 401).await;
    node.still_runs();
}

/// Asks until the token endpoint answers so; caches may take their time.
async fn becomes(site: &Site, id: &str, secret: &str, wanted: u16) -> Value {
    let start = Instant::now();
    loop {
        let (status, body) = site.token(id, secret).await;
        if status == wanted {
            return body;
        }
        assert!(start.elapsed() < CACHES, "still {status} instead of {wanted}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_rotate_with_overlap_and_a_leaked_one_is_dropped_at_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let (node, said) = Node::demo(directory.path(), 0).await;
    let cli = Cli::of_data(directory.path());
    let site = Site::of_url(node.address, said["tenant_url"].as_str().expect("a URL"));
    let text = |pointer: &str| said.pointer(pointer).and_then(Value::as_str).expect("a text");
    let (id, secret) = (text("/m2m/client_id"), text("/m2m/client_secret"));
    let token = async || {
        let (_, body) = site.token(id, secret).await;
        body["access_token"].as_str().expect("a token").to_owned()
    };
    let of_demo = |rotated: &Value| -> String {
        let rows = rotated["data"].as_array().expect("data").iter();
        let mut fitting = rows.filter(|row| row["alg"] == "ES256" && row["tenantName"] == "demo");
        fitting.next().expect("a key")["kid"].as_str().expect("a kid").to_owned()
    };
    let old = token().await;
    // The new key is published first, and signs later.
    let rotated = cli.json("admin keys rotate", &["--all-tenants"]).await;
    assert!(rotated.to_string().contains("\"second\""), "{rotated}");
    let next = of_demo(&rotated);
    let start = Instant::now();
    loop {
        let keys = site.get("/.well-known/jwks.json").send().await.expect("an answer");
        if keys.text().await.expect("JSON").contains(&next) {
            break;
        }
        assert!(start.elapsed() < CACHES, "the new key is not published");
    }
    assert_eq!(kid(&token().await), kid(&old));
    assert_eq!(site.me(&old).await, 200);
    // A key that leaked: neither it nor the one before it counts any more.
    let newest = of_demo(&cli.json("admin keys rotate", &["--tenant", "demo", "--now"]).await);
    let start = Instant::now();
    while site.me(&old).await != 401 || kid(&token().await) != newest {
        assert!(start.elapsed() < CACHES, "the old key still counts");
    }
    assert_eq!(site.me(&token().await).await, 200);
    let keys = site.get("/.well-known/jwks.json").send().await.expect("an answer");
    let keys = keys.text().await.expect("JSON");
    assert!(!keys.contains(&next) && !keys.contains(&kid(&old)), "{keys}");
    let told = cli.run("admin keys rotate", &[]).await.refused();
    assert!(told.contains("--tenant") && told.contains("--all-tenants"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_secret_is_shown_once_with_a_note() {
    let directory = tempfile::tempdir().expect("a directory");
    let (_node, said) = Node::demo(directory.path(), 0).await;
    let cli = Cli::of_data(directory.path());
    let id = said["m2m"]["client_id"].as_str().expect("an id");
    let ran = cli.run("admin client secret create", &["--tenant", "demo", id]).await;
    assert!(ran.err.contains("never shown again"), "{}", ran.err);
    let out = ran.done();
    let line = out.lines().find(|line| line.starts_with("Client secret")).expect("the secret");
    let secret = line.split_whitespace().last().expect("the secret");
    assert_eq!(secret.len(), 64);
    let listed = cli.run("admin client list", &["--tenant", "demo", "--json"]).await.done();
    assert!(!listed.contains(secret) && listed.contains(&secret[59..]), "{listed}");
    for _ in 0..3 {
        cli.json("admin client secret create", &["--tenant", "demo", id]).await;
    }
    let sixth = cli.run("admin client secret create", &["--tenant", "demo", id]).await.refused();
    assert!(sixth.contains("The max number of client secrets is 5"), "{sixth}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn help_is_there_for_every_command() {
    for words in [
        &["--help"][..],
        &["admin", "client", "create", "--help"],
        &["admin", "client", "secret", "remove", "--help"],
        &["admin", "user", "create", "--help"],
        &["admin", "keys", "rotate", "--help"],
        &["doctor", "--help"],
    ] {
        assert!(run(words).await.done().contains("Usage: countersign"), "{words:?}");
    }
}
