//! Contexts: where they are kept, who can read them, and which one is used.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::stub::{Answer, Stub, TOKEN};
use super::{Home, SECRET};
use crate::process::program::run_in;

fn mode(path: &std::path::Path) -> u32 {
    fs::metadata(path).expect("there").permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_is_stored_for_nobody_else() {
    let home = Home::of("https://acme.example").await;
    assert_eq!((mode(&home.folder()), mode(&home.file())), (0o700, 0o600));
    assert!(fs::read_to_string(home.file()).expect("read").contains(SECRET));
    fs::set_permissions(home.file(), fs::Permissions::from_mode(0o644)).expect("chmod");
    for command in ["user me", "context list", "context delete main", "context show"] {
        let ran = home.run(command).await;
        assert_eq!(ran.code, Some(1), "{command}: {ran:?}");
        assert!(ran.err.contains("run `chmod 600") && !ran.err.contains(SECRET), "{ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contexts_are_made_used_shown_and_forgotten() {
    let home = Home::of("https://one.example").await;
    home.context("other", "https://two.example:8443", "client-2", "a long secret of client two")
        .await;
    assert_eq!(home.run("context ls -q").await.done(), "main\nother\n");
    assert_eq!(home.json("context show").await["server"], "https://one.example");
    // Of a short secret nothing is shown.
    home.context("short", "https://three.example", "client-3", "hunter2").await;
    assert_eq!(home.json("context show short").await["secretHint"], serde_json::Value::Null);
    home.run("context rm short").await.done();
    home.run("context use other").await.done();
    let shown = home.json("context show").await;
    assert_eq!(shown["name"], "other");
    assert_eq!((&shown["current"], &shown["clientId"]), (&true.into(), &"client-2".into()));
    assert_eq!(shown["secretHint"], "t two");
    home.run("context delete other").await.done();
    assert!(!fs::read_to_string(home.file()).expect("read").contains("client two"));
    let ran = home.run("context show").await;
    assert!(ran.err.contains("no context is current"), "{ran:?}");
    let ran = home.run("user me").await;
    assert!(ran.err.contains("countersign context create"), "{ran:?}");
    for command in ["context use nix", "context delete nix", "user me --context nix"] {
        let ran = home.run(command).await;
        assert!(ran.err.contains("there is no context `nix`"), "{command}: {ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_a_context_is_refused_before_a_secret_is_asked_for() {
    let home = Home::of("https://acme.example").await;
    let before = fs::read_to_string(home.file()).expect("read");
    let long = "x".repeat(65);
    for (name, server, told) in [
        ("main", "https://acme.example", "say --replace"),
        ("a b", "https://acme.example", "1 to 64 letters"),
        (long.as_str(), "https://acme.example", "1 to 64 letters"),
        ("new", "http://acme.example", "--insecure-http"),
        ("new", "acme.example", "write https://HOST"),
        ("new", "https://acme.example/api/v1", "only scheme, host and port"),
        ("new", "https://user:word@acme.example", "only scheme, host and port"),
        ("new", "https://acme.example", "no terminal to ask at: use --secret-file"),
    ] {
        let words = ["context", "create", name, "--server", server, "--client-id", "c"];
        let ran = home.words(&words).await;
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.err.contains(told), "{name} {server}: {ran:?}");
    }
    let empty = home.beside("empty", "\n");
    for (flag, value, told) in [
        ("--secret-env", "NOT_SET", "NOT_SET is not set"),
        ("--secret-file", "/nowhere", "--secret-file"),
        ("--secret-file", empty.as_str(), "holds no secret"),
    ] {
        let words = ["context", "create", "new", "--server", "https://a.example"];
        let ran = home.words(&[&words[..], &["--client-id", "c", flag, value]].concat()).await;
        assert!(ran.err.contains(told), "{flag} {value}: {ran:?}");
    }
    assert_eq!(fs::read_to_string(home.file()).expect("read"), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_named_context_comes_before_the_environment_and_that_before_the_current_one() {
    let me = |name: &str| Answer::new(200, &serde_json::json!({ "id": name }));
    let (named, set, current) = tokio::join!(
        Stub::start([me("named")]),
        Stub::start([me("set"), me("file"), me("key")]),
        Stub::start([me("current")]),
    );
    let home = Home::of(&current.origin).await;
    home.context("named", &named.origin, "c", SECRET).await;
    let server = ("COUNTERSIGN_SERVER", set.origin.as_str());
    let id = ("COUNTERSIGN_CLIENT_ID", "from-environment");
    let secret = ("COUNTERSIGN_CLIENT_SECRET", SECRET);
    let me = ["user", "me", "-q"];
    assert_eq!(home.words(&me).await.done(), "current\n");
    assert_eq!(home.run_with(&[server, id, secret], &me).await.done(), "set\n");
    let by_name = [&me[..], &["--context", "named"]].concat();
    assert_eq!(home.run_with(&[server, id, secret], &by_name).await.done(), "named\n");
    let file = home.beside("secret", &format!("{SECRET}\n"));
    let file = ("COUNTERSIGN_CLIENT_SECRET_FILE", file.as_str());
    // No context and no home are needed.
    assert_eq!(run_in(&[server, id, file], &me).await.done(), "file\n");
    assert_eq!(run_in(&[server, ("COUNTERSIGN_API_KEY", SECRET)], &me).await.done(), "key\n");
    assert!(set.seen()[0].body.contains("client_id=from-environment"));
    assert_eq!(set.lines().iter().filter(|line| *line == TOKEN).count(), 2);
    for incomplete in [
        &[server][..],
        &[server, id],
        &[server, secret],
        &[server, id, secret, ("COUNTERSIGN_API_KEY", "k")],
        &[("COUNTERSIGN_SERVER", "http://acme.example"), id, secret],
    ] {
        let ran = home.run_with(incomplete, &me).await;
        assert_eq!(ran.code, Some(1), "{incomplete:?}: {ran:?}");
        assert!(ran.err.contains("COUNTERSIGN_SERVER") && !ran.err.contains(SECRET), "{ran:?}");
    }
    let ran = run_in(&[], &me).await;
    assert!(ran.err.contains("set COUNTERSIGN_HOME"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_folder_follows_the_environment() {
    let home = Home::new();
    let base = home.nothing("").display().to_string();
    let base = base.trim_end_matches('/');
    let words = ["context", "create", "x", "--server", "https://a.example", "--client-id", "c"];
    let words = [&words[..], &["--secret-env", "FROM"]].concat();
    for (variable, file) in [
        ("COUNTERSIGN_HOME", "contexts.toml"),
        ("XDG_CONFIG_HOME", "countersign/contexts.toml"),
        ("HOME", ".config/countersign/contexts.toml"),
    ] {
        run_in(&[(variable, base), ("FROM", SECRET)], &words).await.done();
        assert_eq!(mode(&home.nothing(file)), 0o600, "{variable}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_commands_at_once_lose_nothing() {
    let home = Home::new();
    let make = |n: usize| {
        let home = &home;
        async move { home.context(&format!("c{n}"), "https://a.example", "c", SECRET).await }
    };
    futures_util::future::join_all((0..8).map(make)).await;
    assert_eq!(home.run("context list -q").await.done().lines().count(), 8);
}
