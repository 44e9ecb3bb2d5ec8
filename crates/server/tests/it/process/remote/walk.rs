//! From creating a machine client to `user me`, on a running server, and as the README shows it.

use std::path::Path;
use std::process::Command;

use super::Home;
use crate::process::program::{Cli, Node};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_client_made_by_the_operator_reads_who_it_is() {
    let directory = tempfile::tempdir().expect("a directory");
    let (node, said) = Node::demo(directory.path(), 0).await;
    let cli = Cli::of_data(directory.path());
    let words = ["--tenant", "demo", "--type", "web", "--name", "Robot", "--consent", "trusted"];
    let rights = ["--grant", "client_credentials", "--scope", "user_default"];
    let made = cli.json("admin client create", &[&words[..], &rights].concat()).await;
    let text = |name: &str| made[name].as_str().expect("a text").to_owned();
    let (id, secret) = (text("clientId"), text("clientSecret"));
    let home = Home::new();
    home.context("demo", said["tenant_url"].as_str().expect("a URL"), &id, &secret).await;
    let me = home.json("user me").await;
    assert_eq!((&me["name"], &me["subject"]), (&"Robot".into(), &id.as_str().into()));
    let tenant = home.run("tenant me --debug").await;
    assert!(tenant.out.contains("demo") && !tenant.err.contains(&secret), "{tenant:?}");
    let log = node.err.all().join("\n");
    assert!(!log.contains(&secret), "{log}");
    // Another name of the same machine, which no DNS knows: the second tenant knows no such client.
    let second = said["second_tenant_url"].as_str().expect("a URL");
    home.context("second", second, &id, &secret).await;
    let ran = home.run("user me --context second").await;
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.err.contains("trace id: ") && !ran.err.contains(&secret), "{ran:?}");
}

/// The demo with its machine client, whose bot user is an administrator.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_makes_changes_and_deletes_a_user() {
    let directory = tempfile::tempdir().expect("a directory");
    let (_node, said) = Node::demo(directory.path(), 0).await;
    let text = |pointer: &str| said.pointer(pointer).and_then(|it| it.as_str()).expect("a text");
    let home = Home::new();
    let (id, secret) = (text("/m2m/client_id"), text("/m2m/client_secret"));
    home.context("demo", text("/tenant_url"), id, secret).await;
    let create = ["user", "create", "--subject", "x|1", "--name", "Xi One", "-q"];
    let create = [&create[..], &["--email", "xi@demo.example", "--role", "TenantAdmin"]].concat();
    let user = home.words(&create).await.done().trim().to_owned();
    let taken = home.words(&create).await;
    assert_eq!(taken.code, Some(6), "{taken:?}");
    assert!(taken.err.contains("USERS-4") && taken.err.contains("trace id: "), "{taken:?}");
    let rename = ["user", "patch", &user, "--set-name", "Xi Two", "--set-status", "disabled"];
    home.words(&rename).await.done();
    let read = home.json(&format!("user get {user}")).await;
    assert_eq!((&read["name"], &read["status"]), (&"Xi Two".into(), &"disabled".into()));
    let listed = home.words(&["user", "ls", "-q", "--filter", "name co \"two\""]).await.done();
    assert_eq!(listed.trim(), user);
    let before: usize = home.run("user count -q").await.done().trim().parse().expect("a number");
    assert_eq!(
        home.run("user ls --all -q --sort -name").await.done().lines().count(),
        before as usize
    );
    home.run(&format!("user rm {user} --yes")).await.done();
    assert_eq!(home.run(&format!("user get {user}")).await.code, Some(5));
    let events = home.json("audit ls --limit 3").await;
    let event = events["data"].as_array().expect("events").iter();
    let mut deleted = event.filter(|event| event["eventType"] == "user.deleted");
    let deleted = deleted.next().expect("the deletion")["id"].as_str().expect("an id");
    let told = home.run(&format!("audit get {deleted}")).await.done();
    assert!(told.contains(&user) && told.contains(id), "{told}");
    let wrong = home.run("user ls --sort nix").await;
    assert_eq!(wrong.code, Some(1), "{wrong:?}");
    assert!(wrong.err.contains("[sort]"), "{wrong:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_key_stands_for_its_user_until_it_is_revoked() {
    let directory = tempfile::tempdir().expect("a directory");
    let (_node, said) = Node::demo(directory.path(), 0).await;
    let text = |pointer: &str| said.pointer(pointer).and_then(|it| it.as_str()).expect("a text");
    let (home, server) = (Home::new(), text("/tenant_url"));
    home.context("demo", server, text("/m2m/client_id"), text("/m2m/client_secret")).await;
    let file = home.nothing("key");
    let out = ["--secret-out", file.to_str().expect("UTF-8")];
    let create = ["api-key", "create", "--description", "CI", "--expiry", "P1D", "-q"];
    home.words(&[&create[..], &out].concat()).await.done();
    let key = std::fs::read_to_string(&file).expect("read").trim().to_owned();
    let listed = home.run("api-key ls").await.done();
    assert!(listed.contains("active") && !listed.contains(&key), "{listed}");
    let own = [("COUNTERSIGN_SERVER", server), ("COUNTERSIGN_API_KEY", key.as_str())];
    let me = home.run_with(&own, &["user", "me", "-q"]).await.done();
    assert_eq!(me, home.run("user me -q").await.done());
    let create = ["context", "create", "key", "--server", server, "--api-key-file"];
    home.words(&[&create[..], &[out[1]]].concat()).await.done();
    assert_eq!(home.run("user me -q --context key").await.done(), me);
    let id = home.run("api-key ls -q").await.done().trim().to_owned();
    home.run(&format!("api-key revoke {id} --yes")).await.done();
    let ran = home.run_with(&own, &["user", "me"]).await;
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(!ran.err.contains(&key), "{ran:?}");
}

/// Each command reads the client first, and changes it then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_administrators_who_patch_at_once_lose_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let (_node, said) = Node::demo(directory.path(), 0).await;
    let text = |pointer: &str| said.pointer(pointer).and_then(|it| it.as_str()).expect("a text");
    let home = Home::new();
    home.context("demo", text("/tenant_url"), text("/m2m/client_id"), text("/m2m/client_secret"))
        .await;
    let create = "oauth-client create --name X --app-type web --redirect-uri https://x.example/1 \
        --scope user_default --scope users:read --scope offline_access --auth-method client_secret -q";
    let create: Vec<&str> = create.split_whitespace().collect();
    let file = home.nothing("secret");
    let out = ["--secret-out", file.to_str().expect("UTF-8")];
    let id = home.words(&[&create[..], &out].concat()).await.done().trim().to_owned();
    let patch = |flags: &str| {
        let words = format!("oauth-client patch {id} {flags}");
        let home = &home;
        async move { home.run(&words).await.done() }
    };
    for (round, gone) in [(0, "users:read"), (1, "offline_access")] {
        let (one, two) =
            (format!("https://one.example/{round}"), format!("https://two.example/{round}"));
        tokio::join!(
            patch(&format!("--add-redirect-uri {one}")),
            patch(&format!("--add-redirect-uri {two} --remove-scope {gone}")),
            patch("--add-scope user_default --add-scope identity.email:read"),
        );
        let read = home.json(&format!("oauth-client get {id}")).await;
        let has = |list: &str, value: &str| {
            read[list].as_array().expect("a list").iter().filter(|one| **one == value).count()
        };
        assert_eq!((has("redirectUris", &one), has("redirectUris", &two)), (1, 1), "{read}");
        assert_eq!(
            (has("allowedScopes", gone), has("allowedScopes", "identity.email:read")),
            (0, 1),
            "{read}"
        );
    }
}

/// The fenced blocks of a section of the README: what is typed, and what comes out.
fn blocks(section: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let text = std::fs::read_to_string(path).expect("a readme");
    let (_, after) = text.split_once(&format!("## {section}\n")).expect("the section");
    let section = after.split("\n## ").next().expect("its text");
    let fenced = section.split("```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').expect("a language").1.to_owned()).collect()
}

/// Whether a line is as it was shown, where `…` stands for anything.
fn fits(line: &str, shown: &str) -> bool {
    match shown.split_once('…') {
        None => line == shown,
        Some((start, end)) => line.starts_with(start) && line.ends_with(end),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_walk_through_of_the_readme_works_as_it_is_written() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("countersign-demo");
    let (_node, said) = Node::demo(&data, 0).await;
    let text = |pointer: &str| said.pointer(pointer).and_then(|it| it.as_str()).expect("a text");
    let server = text("/tenant_url");
    let blocks = blocks("Administer it from the command line");
    let [typed, shown] = &blocks[..] else { panic!("two blocks: {blocks:?}") };
    let programs = Path::new(env!("CARGO_BIN_EXE_countersign")).parent().expect("a folder");
    let ran = Command::new("/bin/sh")
        .env_clear()
        .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", programs.display()))
        .env("HOME", directory.path())
        .env("CLIENT_ID", text("/m2m/client_id"))
        .env("CLIENT_SECRET", text("/m2m/client_secret"))
        .current_dir(directory.path())
        .args(["-e", "-c", &typed.replace("http://localhost:8080", server)])
        .output()
        .expect("a shell");
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{out}{err}");
    let shown = shown.replace("http://localhost:8080", server);
    assert_eq!(out.lines().count(), shown.lines().count(), "{out}");
    for (line, shown) in out.lines().zip(shown.lines()) {
        assert!(fits(line, shown), "`{line}` is not `{shown}`");
    }
    let secret = std::fs::read_to_string(directory.path().join("robot.secret")).expect("read");
    for secret in [secret.trim(), text("/m2m/client_secret")] {
        assert!(!out.contains(secret) && !err.contains(secret), "{out}{err}");
    }
}
