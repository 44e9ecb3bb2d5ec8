//! Counters and last uses.

use std::sync::Arc;

use domain::ids::ClientId;
use store::{UsageCount, UsageDelta};

use crate::bed::*;

fn delta(bed: &Bed, client: u32, day: &str, count: i64) -> UsageDelta {
    UsageDelta {
        owner_id: bed.a.to_string(),
        client_id: id("client", client),
        day: day.into(),
        kind: "client_credentials".into(),
        count,
    }
}

both! {
    async fn counters_add_up(bed) {
        let wide = bed.region().wide();
        wide.usage_add(&[]).await.expect("nothing to add");
        let first = [
            delta(&bed, 1, "2027-01-15", 2),
            delta(&bed, 1, "2027-01-16", 3),
            // The same counter twice in one flush.
            delta(&bed, 1, "2027-01-15", 5),
            delta(&bed, 2, "2027-01-15", 1),
        ];
        wide.usage_add(&first).await.expect("adds");
        wide.usage_add(&[delta(&bed, 1, "2027-01-15", 10)]).await.expect("adds");
        let count = |day: &str, count| UsageCount {
            day: day.into(),
            kind: "client_credentials".into(),
            count,
        };
        let list = bed.ra().await.usage_list(&id("client", 1)).await.expect("reads");
        assert_eq!(list, [count("2027-01-16", 3), count("2027-01-15", 17)]);
        let other = bed.read(&bed.b).await.usage_list(&id("client", 1)).await.expect("reads");
        assert!(other.is_empty());
    }
}

both! {
    async fn many_nodes_add_to_the_same_counters(bed) {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..8_u32 {
            let bed = bed.clone();
            tasks.spawn(async move {
                // In another order on every node.
                let deltas: Vec<_> = (0..100)
                    .map(|i| delta(&bed, (i * 7 + n * 13) % 100, "2027-01-15", 1))
                    .collect();
                bed.region().wide().usage_add(&deltas).await
            });
        }
        for result in tasks.join_all().await {
            result.expect("adds");
        }
        for client in 0..100 {
            let list = bed.ra().await.usage_list(&id("client", client)).await.expect("reads");
            assert_eq!(list[0].count, 8, "client {client}");
        }
    }
}

both! {
    async fn last_uses_only_move_forward(bed) {
        let (_, client) = bed.user_and_client().await;
        let mut tx = bed.begin(&bed.a).await;
        for n in 1..=3 {
            tx.client_secret_create(&client.id, &secret(&client.id, n)).await.expect("a secret");
            tx.client_key_create(&client.id, &client_key(n), "user-1").await.expect("a key");
        }
        tx.commit().await.expect("commits");
        let wide = bed.region().wide();
        let secret_id = |n: u32| -> Arc<str> { secret(&client.id, n).id };
        let key = |n: u32, at| -> (ClientId, String, _) { (client.id.clone(), format!("key-{n}"), at) };
        wide.secret_last_used(&[(secret_id(1), t(50)), (secret_id(2), t(60)), (secret_id(1), t(40))])
            .await
            .expect("flushes");
        wide.key_last_used(&[key(1, t(50)), key(2, t(60)), key(1, t(40))]).await.expect("flushes");
        wide.secret_last_used(&[(secret_id(1), t(45)), ("unknown".into(), t(45))]).await
            .expect("flushes");
        wide.key_last_used(&[key(1, t(45)), key(9, t(45))]).await.expect("flushes");
        let stored = bed.ra().await.client_get(&client.id).await.expect("reads").expect("there");
        let secrets: Vec<_> = stored.secrets.iter().map(|secret| secret.last_used_at).collect();
        let keys: Vec<_> = stored.keys.iter().map(|key| key.last_used_at).collect();
        assert_eq!(secrets, [Some(t(50)), Some(t(60)), None]);
        assert_eq!(keys, secrets);
    }
}
