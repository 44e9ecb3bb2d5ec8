//! Migrations, and what a database address may be.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;

use domain::ids::RegionCode;
use store::{
    Credential, CredentialUse, Engine, MigrationError, Store, StoreError, StoreOptions, UsageFlush,
};

use crate::bed::*;

#[tokio::test]
async fn both_engines_end_with_the_same_schema() {
    let Some(postgres) = Bed::postgres().await else { return };
    let sqlite = Bed::sqlite().await;
    assert_eq!(sqlite.region().database().engine(), Engine::Sqlite);
    assert_eq!(postgres.region().database().engine(), Engine::Postgres);
    for (one, two) in [
        (sqlite.store.directory().database(), postgres.store.directory().database()),
        (sqlite.region().database(), postgres.region().database()),
    ] {
        let (one, two) = (one.schema().await.expect("reads"), two.schema().await.expect("reads"));
        assert!(one.len() > 10, "{} tables", one.len());
        assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
        for (name, table) in &one {
            assert_eq!(table, &two[name], "{name}");
            assert!(!table.primary_key.is_empty(), "{name} has a primary key");
            for (column, (kind, _)) in &table.columns {
                assert!(["TEXT", "BIGINT"].contains(&kind.as_str()), "{name}.{column}: {kind}");
            }
        }
    }
    // The introspection sees what it should.
    let region = sqlite.region().database().schema().await.expect("reads");
    let users = &region["user_account"];
    assert_eq!(users.primary_key, ["tenant_id", "id"]);
    assert_eq!(users.uniques.len(), 3);
    assert!(users.columns["email"].1 && !users.columns["subject"].1, "nullability");
    let members = &region["group_member"].foreign_keys;
    let expected = "(tenant_id, user_id) -> user_account (tenant_id, id) on delete CASCADE";
    assert!(members.contains(expected), "{members:?}");
    assert!(region["session"].indexes.contains(&vec!["expires_at".to_owned()]));
    postgres.store.close().await;
    postgres.place.tidy().await;
}

async fn in_empty_places(test: impl AsyncFn(StoreOptions)) {
    let (place, options) = Place::sqlite();
    test(options).await;
    place.tidy().await;
    if let Some((place, options)) = Place::postgres().await {
        test(options).await;
        place.tidy().await;
    }
}

const ALL: [&str; 14] = [
    "directory: common_0001",
    "directory: directory_0002",
    "directory: common_0003",
    "directory: common_0004",
    "region eu: common_0001",
    "region eu: region_0002",
    "region eu: common_0003",
    "region eu: region_0003",
    "region eu: common_0004",
    "region eu: region_0005",
    "region eu: region_0006",
    "region eu: region_0007",
    "region eu: region_0008",
    "region eu: region_0009",
];

#[tokio::test]
async fn pending_then_applied_then_nothing() {
    in_empty_places(async |options| {
        let store = Store::open(options).await.expect("opens");
        assert_eq!(store.pending_migrations().await.expect("reads"), ALL);
        assert_eq!(store.migrate().await.expect("migrates").applied, ALL);
        assert!(store.pending_migrations().await.expect("reads").is_empty());
        assert!(store.migrate().await.expect("migrates").applied.is_empty());
        store.ping().await.expect("answers");
        store.close().await;
        assert!(store.ping().await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_together_migrate_once() {
    in_empty_places(async |options| {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let options = options.clone();
            tasks.spawn(async move {
                let store = Store::open(options).await.expect("opens");
                let applied = store.migrate().await.expect("migrates").applied;
                store.close().await;
                applied
            });
        }
        let mut applied: Vec<String> = tasks.join_all().await.into_iter().flatten().collect();
        applied.sort();
        let mut all = ALL;
        all.sort();
        assert_eq!(applied, all);
    })
    .await;
}

#[tokio::test]
async fn a_changed_text_and_a_newer_database_are_refused() {
    in_empty_places(async |options| {
        let store = Store::open(options.clone()).await.expect("opens");
        store.migrate().await.expect("migrates");
        let url = &options.region_urls[&eu()];
        let set = |text: &str| execute(url, text.to_owned());
        set("UPDATE schema_migration SET checksum = 'x' || checksum WHERE set_name = 'region'")
            .await;
        for error in [store.migrate().await.err(), store.pending_migrations().await.err()] {
            let changed = MigrationError::Changed { name: "region_0002".into() };
            assert!(matches!(&error, Some(StoreError::Migration(e)) if *e == changed), "{error:?}");
        }
        set("UPDATE schema_migration SET checksum = substr(checksum, 2) WHERE set_name = 'region'")
            .await;
        store.migrate().await.expect("as it was");
        set("INSERT INTO schema_migration (set_name, version, checksum) VALUES ('common', 7, '')")
            .await;
        for error in [store.migrate().await.err(), store.pending_migrations().await.err()] {
            let newer = MigrationError::Newer { name: "common_0007".into() };
            assert!(matches!(&error, Some(StoreError::Migration(e)) if *e == newer), "{error:?}");
        }
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing() {
    in_empty_places(async |options| {
        // In the way: a table that the region's migration makes late.
        let url = &options.region_urls[&eu()];
        let store = Store::open(options.clone()).await.expect("opens");
        execute(url, "CREATE TABLE refresh_token (x TEXT)".to_owned()).await;
        let error = store.migrate().await.expect_err("refused");
        assert!(
            matches!(&error, StoreError::Migration(MigrationError::Failed { name, .. })
                if name == "region_0002"),
            "{error:?}"
        );
        execute(url, "DROP TABLE refresh_token".to_owned()).await;
        let pending = store.pending_migrations().await.expect("reads");
        assert_eq!(pending, &ALL[4..]);
        store.migrate().await.expect("migrates");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_directory_and_a_region_may_share_a_database() {
    in_empty_places(async |mut options| {
        let shared = options.directory_url.clone();
        options.region_urls.insert(eu(), shared);
        let store = Store::open(options.clone()).await.expect("opens");
        let applied = store.migrate().await.expect("migrates").applied;
        assert_eq!(
            applied,
            [
                "directory: common_0001",
                "directory: directory_0002",
                "directory: common_0003",
                "directory: common_0004",
                "region eu: region_0002",
                "region eu: region_0003",
                "region eu: region_0005",
                "region eu: region_0006",
                "region eu: region_0007",
                "region eu: region_0008",
                "region eu: region_0009"
            ]
        );
        assert!(store.pending_migrations().await.expect("reads").is_empty());
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn two_regions_do_not_share_a_database() {
    in_empty_places(async |options| {
        let us = RegionCode::parse("us").expect("a code");
        let url = options.region_urls[&eu()].clone();
        let mut both = options.clone();
        both.region_urls.insert(us.clone(), url.clone());
        let error = Store::open(both).await.expect_err("refused");
        assert!(matches!(error, StoreError::Address(_)), "{error:?}");

        let store = Store::open(options.clone()).await.expect("opens");
        store.migrate().await.expect("migrates");
        let other = StoreOptions { region_urls: BTreeMap::from([(us, url)]), ..options };
        let other = Store::open(other).await.expect("opens");
        for error in [other.migrate().await.err(), other.pending_migrations().await.err()] {
            let expected =
                MigrationError::OtherRegion { configured: "us".into(), found: "eu".into() };
            assert!(
                matches!(&error, Some(StoreError::Migration(e)) if *e == expected),
                "{error:?}"
            );
        }
        store.close().await;
        other.close().await;
    })
    .await;
}

#[tokio::test]
async fn sqlite_files_are_their_owners_alone() {
    let (_place, options) = Place::sqlite();
    let store = Store::open(options.clone()).await.expect("opens");
    store.migrate().await.expect("migrates");
    let path = options.directory_url.strip_prefix("sqlite://").expect("a path").to_owned();
    let mode = |path: &str| std::fs::metadata(path).expect("is there").permissions().mode() & 0o777;
    for suffix in ["", "-wal", "-shm"] {
        assert_eq!(mode(&format!("{path}{suffix}")), 0o600, "{suffix}");
    }
    let directory = std::path::Path::new(&path).parent().expect("a directory");
    assert_eq!(mode(directory.to_str().expect("a text")), 0o700);
    store.close().await;
}

#[tokio::test]
async fn wrong_addresses_are_refused_without_showing_them() {
    for url in [
        "",
        "mysql://user:hunter2@localhost/db",
        "sqlite:hunter2.db",
        "sqlite::memory:",
        "sqlite:///tmp/hunter2.db?mode=memory",
        "postgres://user:hunter2@[::1/db",
        "postgres://user:hunter2@127.0.0.1:1/db",
        "sqlite:///proc/hunter2/x.db",
    ] {
        let options = StoreOptions {
            directory_url: url.into(),
            region_urls: BTreeMap::new(),
            max_connections: 1,
        };
        assert!(!format!("{options:?}").contains("hunter2"));
        let error = Store::open(options).await.err().unwrap_or_else(|| panic!("opened {url}"));
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(matches!(error, StoreError::Address(_) | StoreError::Unavailable(_)), "{shown}");
    }
}

both! {
    async fn what_was_used_before_is_known_after(bed) {
        let (user, client_1) = bed.user_and_client().await;
        let client_2 = client(&bed.a, 2);
        let mut tx = bed.begin(&bed.a).await;
        tx.client_create(&client_2).await.expect("a client");
        tx.client_create(&client(&bed.a, 3)).await.expect("a client");
        for n in [1, 2] {
            tx.client_secret_create(&client_1.id, &secret(&client_1.id, n), 5).await.expect("a secret");
        }
        tx.family_create(&family(&user.id, &client_2.id, 1), "token", t(60)).await.expect("a family");
        tx.commit().await.expect("commits");
        let used = |n, seconds| CredentialUse {
            credential: Credential::Secret(secret(&client_1.id, n).id),
            at: t(seconds),
            from: "192.0.2.1".into(),
        };
        let flush = UsageFlush { uses: vec![used(1, 9), used(2, 4)], ..UsageFlush::default() };
        bed.region().wide().usage_flush(&flush).await.expect("writes");
        // As it was before this version.
        for text in [
            "DROP TABLE client_use",
            "DROP TABLE user_preference",
            "DROP INDEX consent_of_client",
            "DROP INDEX refresh_family_of_client",
            "DELETE FROM schema_migration WHERE set_name = 'region' AND version = 5",
        ] {
            execute(bed.region_url(), text.to_owned()).await;
        }
        assert_eq!(bed.store.migrate().await.expect("migrates").applied, ["region eu: region_0005"]);
        let ids = [&client_1.id, &client_2.id, &client(&bed.a, 3).id];
        let found = bed.ra().await.client_overview(&ids, "", "failure.").await.expect("reads");
        assert_eq!(found.len(), 2);
        assert_eq!(found[&client_1.id].last_used_at, Some(t(9)));
        assert_eq!(found[&client_2.id].last_used_at, Some(t0()));
        assert_eq!(found[&client_1.id].last_used_from, None);
    }
}
