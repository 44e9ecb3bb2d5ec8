//! Revoked keys.

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
