//! Revoked keys.

use std::time::Duration;

use domain::ids::GrantId;

use crate::bed::*;

both! {
    async fn what_is_revoked_is_listed_until_it_expires(bed) {
        let mut tx = bed.wa().await;
        tx.token_revoke("grant:1", t(10), t0()).await.expect("revokes");
        tx.token_revoke("token:2", t(20), t0()).await.expect("revokes");
        // Again: the longer time counts.
        tx.token_revoke("grant:1", t(15), t(1)).await.expect("revokes");
        tx.token_revoke("token:2", t(5), t(1)).await.expect("revokes");
        let sorted = async |now| {
            let mut list = bed.ra().await.revoked_list(now).await.expect("reads");
            list.sort();
            list
        };
        let (grant, token) = (("grant:1".to_owned(), t(15)), ("token:2".to_owned(), t(20)));
        assert_eq!(sorted(t(1)).await, [grant, token.clone()]);
        assert_eq!(sorted(t(15)).await, [token]);
        assert!(sorted(t(20)).await.is_empty());
    }
}

both! {
    async fn a_revocation_finds_the_api_key_that_was_being_made(bed) {
        let (user, _) = bed.user_and_client().await;
        let key = api_key(&user.id, 1);
        let grant = key.grant_id.clone().expect("a grant");
        let mut making = bed.begin(&bed.a).await;
        making.api_key_create(&key, 9).await.expect("a key");
        assert!(making.grant_hold(&grant, t(1)).await.expect("holds"));
        let revoke = async {
            let mut tx = bed.begin(&bed.a).await;
            tx.token_revoke(grant.as_str(), t(100), t(2)).await.expect("revokes");
            let ended = tx.api_keys_revoke_of_grant(&grant, t(2)).await.expect("revokes");
            tx.commit().await.expect("commits");
            ended
        };
        let finish = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            making.commit().await.expect("commits");
        };
        let (ended, ()) = tokio::join!(revoke, finish);
        assert_eq!(ended, [key.id]);
    }
}

both! {
    async fn a_grant_that_is_being_revoked_is_not_held(bed) {
        let grant: GrantId = id("grant", 1);
        // Held before, by a key that is there: its row revokes nothing, and is held again.
        for _ in 0..2 {
            assert!(bed.wa().await.grant_hold(&grant, t(1)).await.expect("holds"));
        }
        assert!(bed.ra().await.revoked_list(t(1)).await.expect("reads").is_empty());
        let mut revoking = bed.begin(&bed.a).await;
        revoking.token_revoke(grant.as_str(), t(100), t(2)).await.expect("revokes");
        let hold = async {
            let mut tx = bed.begin(&bed.a).await;
            let held = tx.grant_hold(&grant, t(2)).await.expect("reads");
            tx.rollback().await.expect("rolls back");
            held
        };
        let finish = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            revoking.commit().await.expect("commits");
        };
        let (held, ()) = tokio::join!(hold, finish);
        assert!(!held);
        let listed = bed.ra().await.revoked_list(t(2)).await.expect("reads");
        assert_eq!(listed, [(grant.as_str().to_owned(), t(100))], "holding moves no time");
    }
}
