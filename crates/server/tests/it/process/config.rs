//! `countersign config`, and that bad configuration stops everything.

use serde_json::Value;

use super::program::{Cli, run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_is_good_and_the_schema_is_json() {
    let example = run(&["config", "example"]).await.done();
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("example.toml");
    std::fs::write(&file, &example).expect("written");
    let said = Cli::of_config(&file).run("config check", &[]).await.done();
    assert!(said.contains("good"), "{said}");
    let schema = run(&["config", "schema"]).await.json();
    assert!(schema["properties"]["server"].is_object() || schema["$defs"].is_object());
    assert_eq!(run(&["config", "check"]).await.code, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_configuration_stops_every_command_and_names_file_and_line() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("bad.toml");
    let text = "[server]\nlisten = \"127.0.0.1:0\"\nlissten = 1\n\n[limits]\nclient_secrets = 0\n";
    std::fs::write(&file, text).expect("written");
    let cli = Cli::of_config(&file);
    let (third, sixth) = (format!("{}:3:", file.display()), format!("{}:6:", file.display()));
    for command in ["config check", "serve", "migrate", "admin organization list"] {
        let told = cli.run(command, &[]).await.refused();
        assert!(told.contains(&third) && told.contains("listen"), "{command}: {told}");
        assert!(told.contains(&sixth) && told.contains("client_secrets"), "{command}: {told}");
    }
    let doctor = cli.run("doctor", &["--json"]).await;
    assert_eq!(doctor.code, Some(1));
    let found: Value = serde_json::from_str(&doctor.out).expect("JSON");
    assert_eq!(found["healthy"], false);
    let findings = found["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), 2, "{found}");
    assert!(findings[0]["message"].as_str().expect("a text").starts_with(&third), "{found}");
    assert!(!findings[0]["remedy"].as_str().expect("a text").is_empty());
    assert_eq!(std::fs::read_dir(directory.path()).expect("read").count(), 1, "nothing was made");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_not_there_is_named() {
    let told = run(&["serve", "--config", "/nowhere/c.toml"]).await.refused();
    assert!(told.contains("/nowhere/c.toml") && told.contains("config example"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_in_a_bad_address_is_not_repeated() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("bad.toml");
    let text = "[database]\ndirectory = \"mysql://app:hunter2@db/x\"\n";
    std::fs::write(&file, text).expect("written");
    let told = Cli::of_config(&file).run("serve", &[]).await.refused();
    assert!(told.contains(":2:") && !told.contains("hunter2"), "{told}");
    let words = ["--data", "/nowhere", "--database", "postgres://app:hunter2@/"];
    let told = run(&[&["admin", "organization", "list"][..], &words].concat()).await.refused();
    assert!(told.contains("--database") && !told.contains("hunter2"), "{told}");
}
