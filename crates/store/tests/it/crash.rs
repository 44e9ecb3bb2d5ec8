//! An acknowledged write survives; an unacknowledged one is there as a whole or not at all.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use domain::audit::Actor;
use store::{Store, StoreOptions};

use crate::audit::event;
use crate::bed::*;

both! {
    async fn committed_rows_survive_a_store_that_is_not_closed(bed) {
        let store = Store::open(bed.options.clone()).await.expect("opens");
        let region = store.region(&eu()).expect("there").clone();
        let mut tx = region.autocommit(&bed.a).await.expect("writes");
        tx.user_create(&user(&bed.a, 1), None).await.expect("acknowledged");
        let mut open = region.begin(&bed.a).await.expect("begins");
        open.user_create(&user(&bed.a, 2), None).await.expect("not committed");
        drop((open, tx, region, store));
        let reopened = Store::open(bed.options.clone()).await.expect("opens");
        let mut read = reopened.region(&eu()).expect("there").read(&bed.a).await.expect("reads");
        assert!(read.user_get(&user(&bed.a, 1).id).await.expect("reads").is_some());
        assert!(read.user_get(&user(&bed.a, 2).id).await.expect("reads").is_none());
        drop(read);
        reopened.close().await;
    }
}

const URL: &str = "STORE_TEST_CRASH_URL";

/// Not a test of its own: what the killed process runs. It writes users two by two, and says so
/// when a pair is committed.
#[tokio::test]
async fn child() {
    let Some(url) = environment(URL) else { return };
    let options = StoreOptions {
        directory_url: format!("{url}.directory"),
        region_urls: BTreeMap::from([(eu(), url)]),
        max_connections: 1,
    };
    let store = Store::open(options).await.expect("opens");
    store.seal_audit(&audit_seal());
    store.migrate().await.expect("migrates");
    let made = tenant("tenant-a");
    let region = store.region(&eu()).expect("there");
    let mut tx = region.begin(&made.id).await.expect("begins");
    tx.tenant_create(&made, &[]).await.expect("a tenant");
    tx.commit().await.expect("commits");
    for n in 0.. {
        let mut tx = region.begin(&made.id).await.expect("begins");
        tx.user_create(&user(&made.id, n), None).await.expect("a user");
        tx.audit_append(&event(n, Actor::System)).await.expect("an event");
        tx.commit().await.expect("commits");
        let mut out = std::io::stdout().lock();
        writeln!(out, "acknowledged {n}").expect("writes");
        out.flush().expect("writes");
    }
}

#[tokio::test]
async fn acknowledged_writes_survive_kill_9() {
    let directory = tempfile::tempdir().expect("a directory");
    let url = format!("sqlite://{}/region.db", directory.path().display());
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "crash::child", "--nocapture", "--test-threads=1"])
        .env(URL, &url)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let mut lines = BufReader::new(child.stdout.take().expect("an output")).lines();
    let number = |line: &str| line.rsplit_once("acknowledged ")?.1.trim().parse::<u32>().ok();
    let mut last = 0;
    while last < 50 {
        let line = lines.next().expect("the child goes on").expect("a line");
        last = number(&line).unwrap_or(last);
    }
    child.kill().expect("SIGKILL");
    child.wait().expect("ends");
    // What it still said before it died was acknowledged, too.
    for line in lines.map_while(Result::ok) {
        last = number(&line).unwrap_or(last);
    }
    let options = StoreOptions {
        directory_url: format!("{url}.directory"),
        region_urls: BTreeMap::from([(eu(), url)]),
        max_connections: 1,
    };
    let store = Store::open(options).await.expect("opens after a crash");
    assert!(store.pending_migrations().await.expect("reads").is_empty());
    let tenant = tenant("tenant-a").id;
    let mut read = store.region(&eu()).expect("there").read(&tenant).await.expect("reads");
    for n in 0..=last {
        let found = read.user_get(&user(&tenant, n).id).await.expect("reads");
        assert!(found.is_some(), "user {n} of {last} was acknowledged");
    }
    let users = read.user_list(u32::MAX, None).await.expect("reads").len();
    let events = read.audit_page(&everything("eventTime")).await.expect("reads").total;
    assert_eq!(i64::try_from(users).ok(), events, "each pair is there as a whole or not at all");
}
