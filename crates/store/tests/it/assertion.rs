//! Client assertions: each `jti` once; and marks of forms.

use crate::bed::*;

both! {
    async fn a_jti_is_good_for_one_use(bed) {
        let (one, two) = (id("client", 1), id("client", 2));
        let mut tx = bed.wa().await;
        assert!(tx.assertion_spend(&one, "jti", t(60)).await.expect("asks"));
        assert!(!tx.assertion_spend(&one, "jti", t(60)).await.expect("asks"));
        assert!(tx.assertion_spend(&two, "jti", t(60)).await.expect("another client's"));
        // Texts of any length and content, NUL included, are kept as hashes of one size.
        let long = "x\0".repeat(5000);
        assert!(tx.assertion_spend(&one, &long, t(60)).await.expect("asks"));
        assert!(!tx.assertion_spend(&one, &long, t(60)).await.expect("asks"));
    }
}

both! {
    async fn of_many_who_spend_one_wins(bed) {
        for (round, many) in [2, 2, 16, 16].into_iter().enumerate() {
            let mut tasks = tokio::task::JoinSet::new();
            for _ in 0..many {
                let bed = bed.clone();
                tasks.spawn(async move {
                    let jti = format!("jti-{round}");
                    let mut tx = bed.wa().await;
                    tx.assertion_spend(&id("client", 1), &jti, t(60)).await.expect("asks")
                });
            }
            assert_eq!(tasks.join_all().await.into_iter().filter(|won| *won).count(), 1);
        }
    }
}

both! {
    async fn a_mark_is_spent_once_by_its_user_and_freed_by_a_rollback(bed) {
        let (one, two) = (id("user", 1), id("user", 2));
        let mut tx = bed.begin(&bed.a).await;
        assert!(tx.mark_spend(&one, "mark", t(60)).await.expect("asks"));
        assert!(!tx.mark_spend(&one, "mark", t(60)).await.expect("asks"));
        drop(tx);
        let mut tx = bed.wa().await;
        assert!(tx.mark_spend(&one, "mark", t(60)).await.expect("what was given up spends nothing"));
        assert!(tx.mark_spend(&two, "mark", t(60)).await.expect("another user's"));
        assert!(!tx.mark_spend(&one, "mark", t(60)).await.expect("asks"));
    }
}
