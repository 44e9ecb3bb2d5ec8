//! What nodes flush: counters, last uses, refusals, the days of scopes.

use store::{
    ClientFailure, Credential, CredentialUse, ScopeDay, ScopeWay, StoreError, UsageCount,
    UsageDelta, UsageFlush,
};

use crate::bed::*;

const ALL: u32 = 9999;

fn delta(bed: &Bed, client: u32, day: &str, count: i64) -> UsageDelta {
    UsageDelta {
        owner_id: bed.a.to_string(),
        client_id: id("client", client),
        day: day.into(),
        kind: "client_credentials".into(),
        count,
    }
}

fn counts(counts: Vec<UsageDelta>) -> UsageFlush {
    UsageFlush { counts, ..UsageFlush::default() }
}

fn failure(bed: &Bed, reason: &str, n: i64) -> ClientFailure {
    ClientFailure {
        owner_id: bed.a.to_string(),
        client_id: id("client", 1),
        at: t(n),
        reason: reason.into(),
        address: "192.0.2.1".into(),
        trace_id: format!("{n:032}"),
    }
}

fn failures(failures: Vec<ClientFailure>) -> UsageFlush {
    UsageFlush { failures, ..UsageFlush::default() }
}

fn scope_day(bed: &Bed, scope: &str, way: ScopeWay, day: &str) -> ScopeDay {
    ScopeDay {
        owner_id: bed.a.to_string(),
        client_id: id("client", 1),
        scope: scope.into(),
        way,
        day: day.into(),
    }
}

both! {
    async fn counters_add_up(bed) {
        let wide = bed.region().wide();
        wide.usage_flush(&UsageFlush::default()).await.expect("nothing to write");
        let first = vec![
            delta(&bed, 1, "2027-01-15", 2),
            delta(&bed, 1, "2027-01-16", 3),
            // The same counter twice in one flush.
            delta(&bed, 1, "2027-01-15", 5),
            delta(&bed, 2, "2027-01-15", 1),
        ];
        wide.usage_flush(&counts(first)).await.expect("adds");
        let more = delta(&bed, 1, "2027-01-15", 10);
        wide.usage_flush(&counts(vec![more])).await.expect("adds");
        let count = |day: &str, count| UsageCount {
            day: day.into(),
            kind: "client_credentials".into(),
            count,
        };
        let client = id("client", 1);
        let mut read = bed.ra().await;
        let all = [count("2027-01-16", 3), count("2027-01-15", 17)];
        assert_eq!(read.usage_list(&client, "2027-01-15", ALL).await.expect("reads"), all);
        assert_eq!(read.usage_list(&client, "2027-01-16", ALL).await.expect("reads"), all[..1]);
        assert_eq!(read.usage_list(&client, "2027-01-01", 1).await.expect("reads"), all[..1]);
        let mut other = bed.read(&bed.b).await;
        assert!(other.usage_list(&client, "", ALL).await.expect("reads").is_empty());
    }
}

both! {
    async fn many_nodes_add_to_the_same_counters(bed) {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..8_u32 {
            let bed = bed.clone();
            tasks.spawn(async move {
                // In another order on every node.
                let deltas = (0..100).map(|i| delta(&bed, (i * 7 + n * 13) % 100, "2027-01-15", 1));
                bed.region().wide().usage_flush(&counts(deltas.collect())).await
            });
        }
        for result in tasks.join_all().await {
            result.expect("adds");
        }
        for client in 0..100 {
            let list = bed.ra().await.usage_list(&id("client", client), "", ALL).await;
            assert_eq!(list.expect("reads")[0].count, 8, "client {client}");
        }
    }
}

both! {
    async fn a_flush_is_written_as_a_whole_or_not_at_all(bed) {
        let broken = UsageFlush {
            counts: vec![delta(&bed, 1, "2027-01-15", 1)],
            failures: vec![failure(&bed, "a\0b", 1)],
            ..UsageFlush::default()
        };
        bed.region().wide().usage_flush(&broken).await.expect_err("a NUL character");
        assert_eq!(bed.count("usage_counter").await, 0);
    }
}

both! {
    async fn last_uses_only_move_forward(bed) {
        let (_, client) = bed.user_and_client().await;
        let mut tx = bed.begin(&bed.a).await;
        for n in 1..=3 {
            tx.client_secret_create(&client.id, &secret(&client.id, n), 5).await.expect("a secret");
            tx.client_key_create(&client.id, &client_key(n), "user-1").await.expect("a key");
        }
        tx.commit().await.expect("commits");
        let wide = bed.region().wide();
        // Of each number a secret and a key.
        let uses = |uses: &[(u32, i64)]| {
            let both = uses.iter().flat_map(|&(n, at)| {
                let secret = Credential::Secret(secret(&client.id, n).id);
                let key = Credential::Key(client.id.clone(), format!("key-{n}"));
                let from = format!("192.0.2.{at}");
                [secret, key].map(|credential| CredentialUse { credential, at: t(at), from: from.clone() })
            });
            UsageFlush { uses: both.collect(), ..UsageFlush::default() }
        };
        wide.usage_flush(&uses(&[(1, 50), (2, 60), (1, 40)])).await.expect("flushes");
        // Late news of another node, and of credentials that are gone.
        wide.usage_flush(&uses(&[(1, 45), (9, 45)])).await.expect("flushes");
        let stored = bed.ra().await.client_get(&client.id).await.expect("reads").expect("there");
        let times: Vec<_> = stored.secrets.iter().map(|secret| secret.last_used_at).collect();
        assert_eq!(times, [Some(t(50)), Some(t(60)), None]);
        let secrets = bed.ra().await.secret_activity(&client.id).await.expect("reads");
        let keys = bed.ra().await.key_activity(&client.id).await.expect("reads");
        let expected = [(Some(t(50)), Some("192.0.2.50")), (Some(t(60)), Some("192.0.2.60")), (None, None)];
        for (n, (at, from)) in expected.into_iter().enumerate() {
            let (secret, key) = (&secrets[n], &keys[n]);
            assert_eq!((secret.last_used_at, secret.last_used_from.as_deref()), (at, from));
            assert_eq!((key.last_used_at, key.last_used_from.as_deref()), (at, from));
            assert_eq!(key.created_by, "user-1");
        }
        assert_eq!((secrets[1].hint.as_str(), secrets[1].expires_at), ("hint2", Some(t(1000))));
    }
}

both! {
    async fn the_newest_refusals_of_each_reason_stay(bed) {
        let wide = bed.region().wide();
        wide.usage_flush(&failures(vec![failure(&bed, "rare", 0)])).await.expect("writes");
        for round in 0..5 {
            let flood = (0..20).map(|n| failure(&bed, "flood", 1 + round * 20 + n)).collect();
            wide.usage_flush(&failures(flood)).await.expect("writes");
        }
        let mut of_another = failure(&bed, "flood", 50);
        of_another.owner_id = bed.b.to_string();
        wide.usage_flush(&failures(vec![of_another.clone()])).await.expect("writes");
        let newest = bed.ra().await.failure_list(&id("client", 1), ALL).await.expect("reads");
        let mut expected: Vec<_> = (91..=100).rev().map(|n| failure(&bed, "flood", n)).collect();
        expected.push(failure(&bed, "rare", 0));
        assert_eq!(newest, expected);
        let few = bed.ra().await.failure_list(&id("client", 1), 3).await.expect("reads");
        assert_eq!(few, expected[..3]);
        let other = bed.read(&bed.b).await.failure_list(&id("client", 1), ALL).await;
        assert_eq!(other.expect("reads"), [of_another]);
        assert!(bed.ra().await.failure_list(&id("client", 2), ALL).await.expect("reads").is_empty());
    }
}

both! {
    async fn nodes_that_write_refusals_at_once_keep_the_bound(bed) {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..8 {
            let bed = bed.clone();
            tasks.spawn(async move {
                let flood = (0..10).map(|i| failure(&bed, "flood", n * 10 + i)).collect();
                bed.region().wide().usage_flush(&failures(flood)).await
            });
        }
        for result in tasks.join_all().await {
            result.expect("writes");
        }
        // What others had not committed yet is trimmed by whoever writes next.
        bed.region().wide().usage_flush(&failures(vec![failure(&bed, "flood", 99)])).await
            .expect("writes");
        assert_eq!(bed.count("client_failure").await, 10);
    }
}

both! {
    async fn days_of_scopes_only_move_forward(bed) {
        use ScopeWay::{Requested, Used};
        let wide = bed.region().wide();
        let flush = |scopes| UsageFlush { scopes, ..UsageFlush::default() };
        let day = |scope: &str, way, day: &str| scope_day(&bed, scope, way, day);
        let first = vec![
            day("openid", Used, "2027-01-15"),
            day("openid", Used, "2027-01-14"),
            day("openid", Requested, "2027-01-15"),
            day("email", Used, "2027-01-15"),
        ];
        wide.usage_flush(&flush(first)).await.expect("writes");
        let second =
            vec![day("openid", Used, "2027-01-10"), day("email", Used, "2027-02-01")];
        wide.usage_flush(&flush(second)).await.expect("writes");
        let list = bed.ra().await.scope_day_list(&id("client", 1)).await.expect("reads");
        let expected = [
            day("email", Used, "2027-02-01"),
            day("openid", Requested, "2027-01-15"),
            day("openid", Used, "2027-01-15"),
        ];
        assert_eq!(list, expected);
    }
}

both! {
    async fn last_uses_of_clients_only_move_forward_and_go_with_them(bed) {
        let (_, client) = bed.user_and_client().await;
        let wide = bed.region().wide();
        let flush = |clients| UsageFlush { clients, ..UsageFlush::default() };
        let at = |seconds| client_use(&bed.a, &client.id, t(seconds));
        let mut elsewhere = at(90);
        elsewhere.owner_id = "region:eu".into();
        let gone = client_use(&bed.a, &id("client", 99), t(90));
        wide.usage_flush(&flush(vec![at(5), at(7), at(6), elsewhere, gone])).await.expect("writes");
        wide.usage_flush(&flush(vec![at(3)])).await.expect("writes");
        let mut read = bed.ra().await;
        let found = read.client_overview(&[&client.id], "", "failure.").await.expect("reads");
        let one = &found[&client.id];
        assert_eq!(one.last_used_at, Some(t(7)));
        assert_eq!(one.last_used_from.as_deref(), Some("192.0.2.7"));
        assert_eq!((bed.count("client_use").await, one.days.len()), (1, 0));
        assert!(bed.wa().await.client_delete(&client.id, t(99)).await.expect("deletes"));
        assert_eq!(bed.count("client_use").await, 0);
    }
}

both! {
    async fn uses_and_deletions_at_once_do_not_wait_for_each_other(bed) {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 1..=12 {
            let client = client(&bed.a, n);
            let mut tx = bed.begin(&bed.a).await;
            tx.client_create(&client).await.expect("a client");
            tx.client_secret_create(&client.id, &secret(&client.id, n), 5).await.expect("a secret");
            tx.commit().await.expect("commits");
            let used = |seconds| UsageFlush {
                clients: vec![client_use(&bed.a, &client.id, t(seconds))],
                uses: vec![CredentialUse {
                    credential: Credential::Secret(secret(&client.id, n).id),
                    at: t(seconds),
                    from: "192.0.2.1".into(),
                }],
                ..UsageFlush::default()
            };
            let wide = bed.region().wide();
            wide.usage_flush(&used(1)).await.expect("writes");
            let again = used(2);
            tasks.spawn(async move { wide.usage_flush(&again).await.map(|()| true) });
            let bed = bed.clone();
            tasks.spawn(async move { bed.wa().await.client_delete(&client.id, t(99)).await });
        }
        for result in tasks.join_all().await {
            match result {
                Ok(done) => assert!(done),
                // PostgreSQL: the client went while its use was written; the flush tries again.
                Err(error) => assert!(matches!(error, StoreError::NotFound { .. }), "{error:?}"),
            }
        }
        assert_eq!(bed.count("client_use").await, 0);
    }
}
