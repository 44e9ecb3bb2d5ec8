//! Housekeeping deletes what is past its time, and nothing else.

use domain::time::plus_seconds;
use store::{ChangeKind, ClientFailure, ScopeDay, ScopeWay, UsageDelta, UsageFlush};

use crate::bed::*;

const DAY: i64 = 86_400;

both! {
    async fn only_the_expired_goes(bed) {
        let (user, client) = bed.user_and_client().await;
        let mut tx = bed.begin(&bed.a).await;
        for (n, expires) in [(1, t(10)), (2, t(11))] {
            let mut session = session(&user.id, n);
            session.expires_at = expires;
            tx.session_create(&session, &format!("cookie-{n}")).await.expect("a session");
            tx.family_create(&family(&user.id, &client.id, n), &format!("token-{n}"), expires).await
                .expect("a family");
            tx.token_revoke(&format!("grant:{n}"), expires, t0()).await.expect("revokes");
            tx.assertion_spend(&client.id, &format!("jti-{n}"), expires).await.expect("spends");
        }
        tx.commit().await.expect("commits");
        let wide = bed.region().wide();
        assert_eq!(wide.purge_expired(t(10), 100).await.expect("purges"), 0);
        // Session, family with its token, revocation, assertion; a cascade is not counted, but
        // the token's own row is.
        assert_eq!(wide.purge_expired(t(11), 100).await.expect("purges"), 5);
        let mut tx = bed.wa().await;
        assert!(tx.session_find("cookie-1").await.expect("reads").is_none());
        assert!(tx.session_find("cookie-2").await.expect("reads").is_some());
        assert!(tx.refresh_token_find("token-1").await.expect("reads").is_none());
        assert!(tx.refresh_token_find("token-2").await.expect("reads").is_some());
        assert_eq!(tx.revoked_list(t0()).await.expect("reads").len(), 1);
        assert!(!tx.assertion_spend(&client.id, "jti-2", t(11)).await.expect("kept"));
        assert!(tx.assertion_spend(&client.id, "jti-1", t(11)).await.expect("forgotten"));
        for table in ["refresh_family", "refresh_token", "session"] {
            assert_eq!(bed.count(table).await, 1, "{table}");
        }
    }
}

both! {
    async fn codes_stay_a_day_and_changes_an_hour(bed) {
        let (user, client) = bed.user_and_client().await;
        let mut tx = bed.begin(&bed.a).await;
        for n in 1..=2 {
            let mut code = code(&user.id, &client.id, n);
            code.created_at = t(i64::from(n));
            tx.code_create(&format!("code-{n}"), &code).await.expect("a code");
            tx.change_append(ChangeKind::User, "u", t(i64::from(n))).await.expect("appends");
        }
        tx.code_spend("code-1", t(3)).await.expect("spends");
        tx.commit().await.expect("commits");
        let wide = bed.region().wide();
        assert_eq!(wide.purge_expired(t(3601), 100).await.expect("purges"), 0);
        assert_eq!(wide.purge_expired(t(3602), 100).await.expect("purges"), 1);
        assert_eq!(wide.purge_expired(plus_seconds(t(2), DAY), 100).await.expect("purges"), 2);
        assert_eq!(bed.count("authorization_code").await, 1);
        assert_eq!(bed.count("change").await, 0);
        // Numbers are never given twice, even when the last rows are gone.
        bed.wa().await.change_append(ChangeKind::User, "u", t(9)).await.expect("appends");
        assert_eq!(wide.change_last_seq().await.expect("reads"), 3);
    }
}

both! {
    async fn refusals_stay_a_month_and_counts_more_than_a_year(bed) {
        let failure = |n| ClientFailure {
            owner_id: bed.a.to_string(),
            client_id: id("client", 1),
            at: t(n),
            reason: "wrong_secret".into(),
            address: "192.0.2.1".into(),
            trace_id: String::new(),
        };
        let delta = |day: &str| UsageDelta {
            owner_id: bed.a.to_string(),
            client_id: id("client", 1),
            day: day.into(),
            kind: "token.client_credentials".into(),
            count: 1,
        };
        let scope = |day: &str, scope: &str| ScopeDay {
            owner_id: bed.a.to_string(),
            client_id: id("client", 1),
            scope: scope.into(),
            way: ScopeWay::Used,
            day: day.into(),
        };
        let (old, new) = ("2027-01-15", "2027-01-16");
        let flush = UsageFlush {
            counts: vec![delta(old), delta(new)],
            failures: vec![failure(1), failure(2)],
            scopes: vec![scope(old, "openid"), scope(new, "email")],
            ..UsageFlush::default()
        };
        let wide = bed.region().wide();
        wide.usage_flush(&flush).await.expect("writes");
        let after = |days: i64, seconds| plus_seconds(t(seconds), days * DAY);
        assert_eq!(wide.purge_expired(after(30, 1), 100).await.expect("purges"), 0);
        assert_eq!(wide.purge_expired(after(30, 2), 100).await.expect("purges"), 1);
        assert_eq!(wide.purge_expired(after(400, 0), 100).await.expect("purges"), 1);
        assert_eq!(wide.purge_expired(after(401, 0), 100).await.expect("purges"), 2);
        for (table, rows) in [("usage_counter", 1), ("client_scope_day", 1), ("client_failure", 0)] {
            assert_eq!(bed.count(table).await, rows, "{table}");
        }
        // The directory has the same tables, for the clients of organizations.
        let directory = bed.store.directory();
        directory.usage_flush(&flush).await.expect("writes");
        assert_eq!(directory.purge_expired(after(402, 0), 1).await.expect("purges"), 3);
        assert_eq!(directory.purge_expired(after(402, 0), 9).await.expect("purges"), 3);
    }
}

both! {
    async fn a_batch_is_a_batch(bed) {
        let mut tx = bed.begin(&bed.a).await;
        for n in 0..25 {
            tx.token_revoke(&format!("key-{n}"), t(1), t0()).await.expect("revokes");
        }
        tx.commit().await.expect("commits");
        let wide = bed.region().wide();
        for expected in [10, 10, 5, 0] {
            assert_eq!(wide.purge_expired(t(2), 10).await.expect("purges"), expected);
        }
    }
}

both! {
    async fn a_family_that_slides_keeps_its_last_token_only(bed) {
        let (user, client) = bed.user_and_client().await;
        let mut tx = bed.wa().await;
        tx.family_create(&family(&user.id, &client.id, 1), "one", t(10)).await.expect("a family");
        assert!(tx.refresh_token_spend("one", "two", t(9), t(19)).await.expect("spends"));
        assert_eq!(bed.region().wide().purge_expired(t(15), 10).await.expect("purges"), 1);
        assert!(tx.refresh_token_find("one").await.expect("reads").is_none());
        assert!(tx.refresh_token_find("two").await.expect("reads").is_some());
    }
}

both! {
    async fn the_directory_purges_its_changes(bed) {
        let directory = bed.store.directory();
        for n in [1, 2] {
            directory.change_append("o", ChangeKind::Tenant, "t", t(n)).await.expect("appends");
        }
        assert_eq!(directory.purge_expired(t(3602), 10).await.expect("purges"), 1);
    }
}
