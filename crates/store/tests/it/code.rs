//! Authorization codes: spent once.

use domain::grant::CodeSpend;
use store::StoreError;

use crate::bed::*;

both! {
    async fn a_code_is_spent_once_and_then_replayed(bed) {
        let (user, client) = bed.user_and_client().await;
        let code = code(&user.id, &client.id, 1);
        bed.wa().await.code_create("hash", &code).await.expect("a code");
        let mut tx = bed.wa().await;
        assert_eq!(tx.code_spend("other", t(1)).await.expect("asks"), CodeSpend::Unknown);
        assert_eq!(tx.code_spend("hash", t(1)).await.expect("asks"), CodeSpend::Spent(code.clone()));
        for _ in 0..2 {
            let again = tx.code_spend("hash", t(2)).await.expect("asks");
            assert_eq!(again, CodeSpend::Replayed(code.clone()));
        }
        let error = tx.code_create("hash", &code).await;
        assert!(matches!(error, Err(StoreError::Conflict { what: "code" })), "{error:?}");
    }
}

both! {
    async fn spending_takes_one_statement(bed) {
        let (user, client) = bed.user_and_client().await;
        bed.wa().await.code_create("hash", &code(&user.id, &client.id, 1)).await.expect("a code");
        let mut tx = bed.wa().await;
        let before = bed.store.statements();
        tx.code_spend("hash", t(1)).await.expect("spends");
        tx.commit().await.expect("nothing to do");
        assert_eq!(bed.store.statements() - before, 1);
    }
}

both! {
    async fn of_many_who_spend_one_wins(bed) {
        let (user, client) = bed.user_and_client().await;
        for (round, many) in [2, 2, 2, 16, 16, 16].into_iter().enumerate() {
            let hash = format!("hash-{round}");
            bed.wa().await.code_create(&hash, &code(&user.id, &client.id, 1)).await.expect("a code");
            let mut tasks = tokio::task::JoinSet::new();
            for n in 0..many {
                let (bed, hash) = (bed.clone(), hash.clone());
                tasks.spawn(async move {
                    if n % 2 == 0 {
                        return bed.wa().await.code_spend(&hash, t(1)).await.expect("asks");
                    }
                    let mut tx = bed.begin(&bed.a).await;
                    let spend = tx.code_spend(&hash, t(1)).await.expect("asks");
                    tx.commit().await.expect("commits");
                    spend
                });
            }
            let spends = tasks.join_all().await;
            let spent = spends.iter().filter(|s| matches!(s, CodeSpend::Spent(_))).count();
            let replayed = spends.iter().filter(|s| matches!(s, CodeSpend::Replayed(_))).count();
            assert_eq!((spent, replayed), (1, many - 1));
        }
    }
}

both! {
    async fn a_code_needs_a_visible_client_and_a_user(bed) {
        let (user, client) = bed.user_and_client().await;
        let hidden = crate::bed::client(&bed.b, 2);
        bed.auto(&bed.b).await.client_create(&hidden).await.expect("a client");
        let mut tx = bed.wa().await;
        for (user, client) in [(&user.id, &hidden.id), (&id("nobody", 1), &client.id)] {
            let error = tx.code_create("hash", &code(user, client, 1)).await;
            assert!(matches!(error, Err(StoreError::NotFound { .. })), "{error:?}");
        }
    }
}

both! {
    async fn codes_from_before_a_revocation_are_spent(bed) {
        let (user, client) = bed.user_and_client().await;
        let other = crate::bed::client(&bed.a, 2);
        let mut tx = bed.wa().await;
        tx.client_create(&other).await.expect("a client");
        for (hash, client) in [("one", &client.id), ("two", &client.id), ("three", &other.id)] {
            tx.code_create(hash, &code(&user.id, client, 1)).await.expect("a code");
        }
        let spent = tx.codes_revoke_for(&user.id, Some(&client.id), t(1)).await.expect("revokes");
        assert_eq!(spent, 2);
        assert!(matches!(tx.code_spend("one", t(2)).await, Ok(CodeSpend::Replayed(_))));
        assert_eq!(tx.codes_revoke_for(&user.id, None, t(1)).await.expect("revokes"), 1);
        assert!(matches!(tx.code_spend("three", t(2)).await, Ok(CodeSpend::Replayed(_))));
    }
}
