//! `countersign audit verify`: what was done to the audit trail behind the server's back is found.

use super::installation::{Databases, Installation};
use crate::place::execute;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_event_and_a_missing_one_are_found() {
    let place = Installation::plain(Databases::Sqlite).await;
    place.machine_client().await;
    place.user("una@example.test").await;
    let intact = place.cli.json("audit verify", &[]).await;
    assert_eq!((&intact["intact"], &intact["findings"]), (&true.into(), &serde_json::json!([])));
    assert!(intact["checked"].as_i64().expect("a number") >= 4, "{intact}");
    let told = place.cli.run("audit verify", &[]).await.done();
    assert!(told.contains("are as they were written"), "{told}");
    let all = place.cli.json("audit verify", &["--all"]).await;
    let trails = all["findings"].as_array().expect("every trail");
    assert_eq!(all["trails"], trails.len());
    assert!(trails.iter().any(|trail| trail["ownerId"] == "region:eu" && trail["checked"] == 1));
    let kept = place.directory.path().join("kept.json");
    std::fs::write(&kept, all.to_string()).expect("written");
    let since = ["--since", kept.to_str().expect("a path")];
    place.cli.run("audit verify", &since).await.done();
    let region = place.database_url("region-eu.db");
    let change =
        "UPDATE audit_event SET at = at + 1 WHERE seq = (SELECT MIN(seq) FROM audit_event)";
    execute(&region, change.to_owned()).await;
    let ran = place.cli.run("audit verify", &[]).await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("is not as it was written"), "{ran:?}");
    assert!(ran.err.contains("behind the server's back"), "{ran:?}");
    execute(&region, "DELETE FROM audit_event".to_owned()).await;
    let ran = place.cli.run("audit verify", &["--json"]).await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    let found: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(found["intact"], false, "{found}");
    assert!(!found["findings"].as_array().expect("findings").is_empty(), "{found}");
    // All trails of the region are gone, and the register with them: only who kept an earlier
    // report knows.
    execute(&region, "DELETE FROM audit_event; DELETE FROM audit_chain".to_owned()).await;
    place.cli.run("audit verify", &[]).await.done();
    let ran = place.cli.run("audit verify", &since).await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("the whole trail is missing"), "{ran:?}");
    std::fs::write(&kept, "{}").expect("written");
    let told = place.cli.run("audit verify", &since).await.refused();
    assert!(told.contains("kept.json is not what"), "{told}");
}
