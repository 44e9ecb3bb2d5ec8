//! `countersign doctor`: quiet about what is well, and all at once about what is not.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use super::installation::{Databases, Installation};
use super::program::{Cli, Node, Ran};
use crate::place::execute;

fn chmod(path: &Path, mode: u32) {
    let permissions = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(path, permissions).expect("permissions");
}

async fn examine(cli: &Cli) -> (Ran, Vec<(String, String)>) {
    let ran = cli.run("doctor", &["--json"]).await;
    let found: Value = serde_json::from_str(&ran.out).expect("JSON");
    let findings = found["findings"].as_array().expect("findings");
    let wrong: Vec<(String, String)> = findings
        .iter()
        .filter(|one| one["status"] == "wrong")
        .map(|one| {
            let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
            assert!(!text("remedy").is_empty(), "each says what to do: {one}");
            (text("check"), text("message"))
        })
        .collect();
    assert_eq!(found["healthy"], wrong.is_empty());
    assert_eq!(ran.code, Some(i32::from(!wrong.is_empty())), "{ran:?}");
    (ran, wrong)
}

#[track_caller]
fn named(wrong: &[(String, String)], check: &str, told: &str) {
    let found = wrong.iter().any(|(by, message)| by == check && message.contains(told));
    assert!(found, "{check}: {told} in {wrong:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_healthy_demo_is_healthy_running_or_not() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("demo");
    let (node, _) = Node::demo(&data, 0).await;
    let cli = Cli::of_data(&data);
    assert_eq!(examine(&cli).await.1, []);
    node.stop().await;
    let files = || -> BTreeSet<_> {
        let entries = std::fs::read_dir(&data).expect("read");
        entries.map(|entry| entry.expect("an entry").file_name()).collect()
    };
    let before = files();
    assert_eq!(examine(&cli).await.1, []);
    assert_eq!(files(), before, "it leaves no files behind");
    let names = ["directory.db", "master.key", "region-eu.db"].map(std::ffi::OsString::from);
    assert_eq!(before, BTreeSet::from(names), "a server that was stopped leaves no WAL");
    let told = cli.run("doctor", &[]).await;
    assert!(told.err.contains("Nothing is wrong."), "{}", told.err);
    assert!(told.out.contains("2 in the directory"), "{}", told.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_is_wrong_is_named_at_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = directory.path().join("demo");
    Node::demo(&data, 0).await.0.stop().await;
    let cli = Cli::of_data(&data);
    std::fs::write(data.join("master.key"), "ab".repeat(32)).expect("written");
    chmod(&data.join("master.key"), 0o644);
    chmod(&data.join("directory.db"), 0o640);
    chmod(&data, 0o777);
    std::fs::remove_file(data.join("region-eu.db")).expect("removed");
    let (ran, wrong) = examine(&cli).await;
    named(&wrong, "data directory", "others can change");
    named(&wrong, "database files", "directory.db (mode 640)");
    named(&wrong, "database files", "the region eu database");
    named(&wrong, "master key", "others can read");
    named(&wrong, "master key", "is not the key that the directory database was made with");
    assert_eq!(wrong.len(), 5, "{wrong:#?}");
    assert!(!ran.out.contains("abab"), "the key is not shown");
    assert!(!data.join("region-eu.db").exists(), "the missing database was not made");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_key_and_a_damaged_database_are_named() {
    let place = Installation::plain(Databases::Sqlite).await;
    let data = place.data();
    let key = data.join("master.key");
    let kept = std::fs::read(&key).expect("the key");
    std::fs::remove_file(&key).expect("removed");
    let (_, wrong) = examine(&place.cli).await;
    named(&wrong, "master key", "is missing, but the databases were made with one");
    assert!(!key.exists(), "the doctor makes no key");
    std::fs::write(&key, kept).expect("written");
    chmod(&key, 0o600);
    std::fs::write(data.join("region-eu.db"), "this is no database, whatever its name says")
        .unwrap();
    let (_, wrong) = examine(&place.cli).await;
    named(&wrong, "database", "the region eu database");
    assert_eq!(wrong.len(), 1, "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_installation_lacks_its_migrations() {
    let place = Installation::configured(Databases::Sqlite, "");
    std::fs::create_dir(place.data()).expect("made");
    chmod(&place.data(), 0o700);
    for name in ["directory.db", "region-eu.db"] {
        std::fs::write(place.data().join(name), "").expect("written");
        chmod(&place.data().join(name), 0o600);
    }
    let (_, wrong) = examine(&place.cli).await;
    named(&wrong, "migrations", "the directory database lacks");
    named(&wrong, "migrations", "the region eu database lacks");
}

async fn at_odds(databases: Databases) {
    let place = Installation::plain(databases).await;
    place.machine_client().await;
    let directory = place.database_url("directory.db");
    let region = place.database_url("region-eu.db");
    let far = i64::MAX / 1_000_000;
    let text = format!("UPDATE change SET at = {far}");
    execute(&region, text).await;
    execute(&directory, "UPDATE hostname SET hostname = 'other.example.test'".into()).await;
    let (_, wrong) = examine(&place.cli).await;
    named(&wrong, "clock", "has an event of");
    named(&wrong, "tenants", "`app.eu.example.test` of tenant app leads nowhere");
    execute(&directory, "DELETE FROM hostname".into()).await;
    execute(&directory, "DELETE FROM tenant_location".into()).await;
    let (_, wrong) = examine(&place.cli).await;
    named(&wrong, "tenants", "of region eu is not in the directory");
    place.tidy().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_behind_and_tenants_astray_are_named_on_sqlite() {
    at_odds(Databases::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_behind_and_tenants_astray_are_named_on_postgres() {
    if let Some(databases) = Databases::postgres().await {
        at_odds(databases).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn regions_that_disagree_are_named() {
    let place = Installation::plain(Databases::Sqlite).await;
    let text = std::fs::read_to_string(&place.config).expect("read");
    let other = text.replace("eu = \"sqlite", "us = \"sqlite").replace("region-eu", "region-us");
    std::fs::write(&place.config, other).expect("written");
    place.cli.run("migrate", &[]).await.done();
    let (ran, wrong) = examine(&place.cli).await;
    named(&wrong, "tenants", "region eu with 1 tenants has no database here");
    assert!(ran.out.contains("region us has a database, but the directory has no such region"));
    // A region's database under another region's name.
    std::fs::write(&place.config, text.replace("eu = \"sqlite", "us = \"sqlite")).unwrap();
    let (_, wrong) = examine(&place.cli).await;
    named(&wrong, "migrations", "belongs to region eu");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_cannot_be_listened_on_is_named() {
    let place = Installation::plain(Databases::Sqlite).await;
    let text = std::fs::read_to_string(&place.config).expect("read");
    std::fs::write(&place.config, text.replace("127.0.0.1:0", "192.0.2.7:8080")).expect("written");
    let (_, wrong) = examine(&place.cli).await;
    named(&wrong, "listener", "192.0.2.7:8080 (server.listen) cannot be listened on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_server_that_is_away_is_named_without_its_password() {
    let place = Installation::configured(Databases::Sqlite, "");
    let text = std::fs::read_to_string(&place.config).expect("read");
    let away =
        "[database]\ndirectory = \"postgres://app:hunter2@127.0.0.1:1/x\"\n[database.regions]";
    std::fs::write(&place.config, text.replace("[database.regions]", away)).expect("written");
    let (ran, wrong) = examine(&place.cli).await;
    named(&wrong, "database", "the directory database postgres://app:***@127.0.0.1:1/x");
    assert!(!ran.out.contains("hunter2"), "{}", ran.out);
}
