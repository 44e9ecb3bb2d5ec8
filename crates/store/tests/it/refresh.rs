//! Refresh token families.

use domain::grant::RefreshToken;
use domain::ids::GrantId;
use store::StoreError;

use crate::bed::*;

both! {
    async fn a_token_rotates(bed) {
        let (user, client) = bed.user_and_client().await;
        let family = family(&user.id, &client.id, 1);
        let mut tx = bed.wa().await;
        tx.family_create(&family, "one", t(100)).await.expect("a family");
        let fresh = RefreshToken {
            family: family.clone(),
            expires_at: t(100),
            spent_at: None,
            successor_spent_at: None,
        };
        assert_eq!(tx.refresh_token_find("one").await.expect("reads"), Some(fresh.clone()));
        assert_eq!(tx.refresh_token_find("two").await.expect("reads"), None);

        assert!(tx.refresh_token_spend("one", "two", t(10), t(110)).await.expect("spends"));
        assert!(!tx.refresh_token_spend("one", "other", t(11), t(111)).await.expect("spent"));
        let spent = RefreshToken { spent_at: Some(t(10)), ..fresh.clone() };
        assert_eq!(tx.refresh_token_find("one").await.expect("reads"), Some(spent.clone()));
        let second = RefreshToken { expires_at: t(110), ..fresh };
        assert_eq!(tx.refresh_token_find("two").await.expect("reads"), Some(second));

        assert!(tx.refresh_token_spend("two", "three", t(20), t(120)).await.expect("spends"));
        let found = tx.refresh_token_find("one").await.expect("reads").expect("there");
        assert_eq!(found.successor_spent_at, Some(t(20)));
        assert!(!tx.refresh_token_spend("unknown", "x", t(20), t(120)).await.expect("unknown"));
    }
}

both! {
    async fn a_lost_spend_changes_nothing(bed) {
        let (user, client) = bed.user_and_client().await;
        let mut tx = bed.wa().await;
        tx.family_create(&family(&user.id, &client.id, 1), "one", t(100)).await.expect("a family");
        let rows = bed.rows().await;
        assert!(!tx.refresh_token_spend("one", "two", t(100), t(200)).await.expect("expired"));
        assert_eq!(bed.rows().await, rows);
        assert!(tx.family_revoke(&id("grant", 1), t(5)).await.expect("revokes"));
        let rows = bed.rows().await;
        assert!(!tx.refresh_token_spend("one", "two", t(6), t(200)).await.expect("revoked"));
        assert_eq!(bed.rows().await, rows);
        // A successor whose hash exists is an error, and the token stays unspent.
        tx.family_create(&family(&user.id, &client.id, 2), "three", t(100)).await.expect("a family");
        let rows = bed.rows().await;
        let error = tx.refresh_token_spend("three", "one", t(6), t(200)).await;
        assert!(matches!(error, Err(StoreError::Conflict { what: "token" })), "{error:?}");
        assert_eq!(bed.rows().await, rows);
    }
}

both! {
    async fn of_many_who_spend_one_wins(bed) {
        let (user, client) = bed.user_and_client().await;
        for (round, many) in [(1, 2), (2, 2), (3, 16), (4, 16)] {
            let token = format!("token-{round}");
            let family = family(&user.id, &client.id, round);
            bed.wa().await.family_create(&family, &token, t(100)).await.expect("a family");
            let mut tasks = tokio::task::JoinSet::new();
            for n in 0..many {
                let (bed, token) = (bed.clone(), token.clone());
                tasks.spawn(async move {
                    let successor = format!("{token}-{n}");
                    let mut tx = if n % 2 == 0 { bed.wa().await } else { bed.begin(&bed.a).await };
                    let won = tx.refresh_token_spend(&token, &successor, t(1), t(200)).await;
                    tx.commit().await.expect("commits");
                    won.expect("asks")
                });
            }
            let won = tasks.join_all().await.into_iter().filter(|won| *won).count();
            assert_eq!(won, 1, "round {round}");
            let tokens = bed.count("refresh_token").await;
            assert_eq!(tokens, i64::from(round) * 2, "one successor each");
        }
    }
}

both! {
    async fn a_rotation_and_a_revocation_that_meet_leave_no_live_token(bed) {
        let (user, client) = bed.user_and_client().await;
        for n in 0..8 {
            let token = format!("token-{n}");
            let family = family(&user.id, &client.id, n);
            bed.wa().await.family_create(&family, &token, t(100)).await.expect("a family");
            let (one, two) = (bed.clone(), bed.clone());
            let successor = format!("{token}-next");
            let spend = tokio::spawn(async move {
                one.wa().await.refresh_token_spend(&token, &successor, t(1), t(200)).await
            });
            let grant = family.grant_id.clone();
            let revoke =
                tokio::spawn(async move { two.wa().await.family_revoke(&grant, t(1)).await });
            let spent = spend.await.expect("runs").expect("asks");
            assert!(revoke.await.expect("runs").expect("revokes"));
            let next = format!("token-{n}-next");
            let found = bed.ra().await.refresh_token_find(&next).await.expect("reads");
            assert_eq!(found.is_some(), spent);
            assert!(found.is_none_or(|token| token.family.revoked_at.is_some()));
            let mut tx = bed.wa().await;
            assert!(!tx.refresh_token_spend(&next, "x", t(2), t(200)).await.expect("revoked"));
        }
    }
}

both! {
    async fn families_are_revoked_by_user_and_client(bed) {
        let (user, client) = bed.user_and_client().await;
        let other = crate::bed::client(&bed.a, 2);
        let mut tx = bed.wa().await;
        tx.client_create(&other).await.expect("a client");
        for (n, client) in [(1, &client.id), (2, &client.id), (3, &other.id)] {
            let family = family(&user.id, client, n);
            tx.family_create(&family, &format!("token-{n}"), t(100)).await.expect("a family");
        }
        // A spent code's grant counts while tokens from it may live; an unspent one's does not.
        for (hash, n) in [("code-1", 1), ("code-2", 2)] {
            tx.code_create(hash, &code(&user.id, &client.id, n)).await.expect("a code");
        }
        tx.code_spend("code-1", t(5)).await.expect("spends");
        let sorted = |mut grants: Vec<GrantId>| {
            grants.sort();
            grants.iter().map(|grant| grant.to_string()).collect::<Vec<_>>()
        };
        let grants = tx.grants_of(&user.id, &client.id, t(5)).await.expect("reads");
        assert_eq!(sorted(grants), ["code-grant-1", "grant-1", "grant-2"]);
        let grants = tx.grants_of(&user.id, &client.id, t(6)).await.expect("reads");
        assert_eq!(sorted(grants), ["grant-1", "grant-2"]);

        assert!(tx.family_revoke(&id("grant", 1), t(7)).await.expect("revokes"));
        assert!(!tx.family_revoke(&id("grant", 1), t(8)).await.expect("was revoked"));
        let found = tx.refresh_token_find("token-1").await.expect("reads").expect("there");
        assert_eq!(found.family.revoked_at, Some(t(7)));
        let revoked = tx.families_revoke_for(&user.id, Some(&client.id), t(9)).await;
        assert_eq!(sorted(revoked.expect("revokes")), ["grant-2"]);
        let revoked = tx.families_revoke_for(&user.id, None, t(9)).await;
        assert_eq!(sorted(revoked.expect("revokes")), ["grant-3"]);
        assert!(tx.grants_of(&user.id, &client.id, t(6)).await.expect("reads").is_empty());
        // Nor does the code's any more once its tokens are dead.
        tx.token_revoke("code-grant-1", t(100), t(9)).await.expect("revokes");
        assert!(tx.grants_of(&user.id, &client.id, t(5)).await.expect("reads").is_empty());
    }
}

both! {
    async fn a_family_needs_a_visible_client_and_a_user(bed) {
        let (user, client) = bed.user_and_client().await;
        let hidden = crate::bed::client(&bed.b, 2);
        bed.auto(&bed.b).await.client_create(&hidden).await.expect("a client");
        let mut tx = bed.wa().await;
        for (user, client) in [(&user.id, &hidden.id), (&id("nobody", 1), &client.id)] {
            let error = tx.family_create(&family(user, client, 1), "token", t(100)).await;
            assert!(matches!(error, Err(StoreError::NotFound { .. })), "{error:?}");
        }
        tx.family_create(&family(&user.id, &client.id, 1), "token", t(100)).await.expect("begins");
        // The second family's token exists, so the second family does not.
        let error = tx.family_create(&family(&user.id, &client.id, 2), "token", t(100)).await;
        assert!(matches!(error, Err(StoreError::Conflict { what: "token" })), "{error:?}");
        assert_eq!(bed.count("refresh_family").await, 1);
    }
}
