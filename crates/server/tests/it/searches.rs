//! Lists that look at every row of a large tenant are in nobody else's way.

use std::time::Duration;

use tokio::task::JoinSet;

use crate::call::Answer;
use crate::world::{Tenant, World};

/// What the engine lets a user have under way.
const OF_A_USER: usize = engine::search::OF_A_USER;

/// Makes a tenant large behind the store's back.
async fn crowd(world: &World, tenant: &Tenant) {
    let (id, long) = (&tenant.id, "of a department with a long name ".repeat(6));
    world
        .sql(format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000) \
             INSERT INTO user_account (tenant_id, id, subject, name, email_verified, status, \
                claims, created_at, updated_at, name_key, subject_key) \
             SELECT '{id}', 'crowd-' || i, 'crowd-' || i, '{long}' || i, 0, 'active', '{{}}', \
                1, 1, '{long}' || i, 'crowd-' || i FROM n"
        ))
        .await;
}

/// A filter that looks inside every name ten times, and finds nothing.
fn slow() -> String {
    let tests: Vec<String> = (0..10).map(|n| format!("name co \"nobody {n}\"")).collect();
    let query = crate::call::encode(&[("filter", &tests.join(" or ")), ("totalResults", "true")]);
    format!("/api/v1/users?{query}")
}

/// Asks so often at once that some are turned away; gives those that are still under way.
async fn storm(world: &World, token: &str) -> JoinSet<Answer> {
    let mut all = JoinSet::new();
    for _ in 0..OF_A_USER + 4 {
        all.spawn(world.get(&world.a, &slow()).bearer(token).send());
    }
    for _ in 0..4 {
        turned_away(&all.join_next().await.expect("one").expect("no panic"), "USERS");
    }
    all
}

fn turned_away(answer: &Answer, noun: &str) {
    let told = answer.expect(429).json();
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(told["errors"][0]["code"], format!("{noun}-12"));
    let detail = told["errors"][0]["detail"].as_str().expect("a text");
    assert!(detail.contains("8 lists with a filter or a total"), "{detail}");
}

both! {
    async fn a_user_who_searches_all_the_time_keeps_nobody_out(world) {
        let (a, b) = (&world.a, &world.b);
        crowd(&world, a).await;
        let alice = world.tokens(a, &a.web, "user_default").await;
        let machine = world.machine_token(a).await;
        let stranger = world.machine_token(b).await;
        let under_way = storm(&world, alice.access()).await;
        let get = async |tenant: &Tenant, token: &str, path: &str| {
            world.get(tenant, path).bearer(token).send().await
        };
        // Whatever else she asks that may look at every row waits until hers are done.
        let mut refused = JoinSet::new();
        for (path, noun) in [
            ("users?filter=name%20eq%20%22x%22", "USERS"),
            ("users?totalResults=true", "USERS"),
            ("users/actions/count", "USERS"),
            ("groups?filter=name%20pr", "GROUPS"),
            ("roles?totalResults=true", "ROLES"),
            ("oauth-clients?filter=clientName%20co%20%22x%22", "OAUTH-CLIENTS"),
            ("api-keys", "API-KEYS"),
            ("oauth-tokens", "OAUTH-TOKENS"),
        ] {
            let call = world.get(a, &format!("/api/v1/{path}")).bearer(alice.access()).send();
            refused.spawn(async move { (call.await, noun) });
        }
        let posted = world.post(a, "/api/v1/users/actions/filter").bearer(alice.access());
        let posted = posted.json(&serde_json::json!({ "filter": "name eq \"x\"" })).send();
        refused.spawn(async move { (posted.await, "USERS") });
        for (answer, noun) in refused.join_all().await {
            turned_away(&answer, noun);
        }
        // What costs little goes on, hers and others'; and so do others' searches.
        for path in ["users?limit=2", "groups", "roles", "oauth-clients", "users/me"] {
            let answer = get(a, alice.access(), &format!("/api/v1/{path}")).await;
            assert!(matches!(answer.status, 200 | 301), "{path}: {}", answer.text());
        }
        get(b, &stranger, &slow()).await.expect(200);
        assert!(!under_way.is_empty());
        get(a, &machine, "/api/v1/users?filter=subject%20eq%20%22crowd-7%22").await.expect(200);
        for answer in under_way.join_all().await {
            assert_eq!(answer.expect(200).json()["totalResults"], 0);
        }
        get(a, alice.access(), "/api/v1/users?totalResults=true").await.expect(200);
    }

    async fn going_away_does_not_make_room_for_more(world) {
        let a = &world.a;
        crowd(&world, a).await;
        let alice = world.tokens(a, &a.web, "user_default").await;
        let running = tokio::spawn(world.get(a, &slow()).bearer(alice.access()).send());
        tokio::time::sleep(Duration::from_millis(20)).await;
        running.abort();
        let statements = world.engine().store().statements();
        drop(storm(&world, alice.access()).await);
        // All are gone, and those whose turn had not come ask the database nothing.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let asked = world.engine().store().statements() - statements;
        assert!(asked <= 4, "{asked} statements");
    }

    async fn a_filter_looks_inside_texts_ten_times_at_most(world) {
        let a = &world.a;
        let machine = world.machine_token(a).await;
        for (list, name) in [("users", "email"), ("oauth-clients", "clientName"), ("audits", "actorId")] {
            let tests = vec![format!("{name} co \"x\""); 11].join(" or ");
            let query = crate::call::encode(&[("filter", &tests)]);
            let refused = world.get(a, &format!("/api/v1/{list}?{query}")).bearer(&machine).send().await;
            let told = refused.expect(400).json();
            assert_eq!(told["errors"][0]["source"]["parameter"], "filter");
            let detail = told["errors"][0]["detail"].as_str().expect("a text");
            assert!(detail.contains("at most 10 comparisons with co, sw and ew"), "{detail}");
        }
    }
}
