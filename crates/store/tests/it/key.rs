//! Signing keys.

use domain::jose::Alg;
use store::StoredSigningKey;

use crate::bed::*;

pub fn signing_key(kid: &str, alg: Alg, generation: i64) -> StoredSigningKey {
    StoredSigningKey {
        kid: kid.into(),
        alg,
        generation,
        sealed: "sealed text".into(),
        created_at: t0(),
        activates_at: t(5),
        retires_at: None,
    }
}

both! {
    async fn keys_are_made_once_and_retire(bed) {
        let mut tx = bed.wa().await;
        let first = signing_key("kid-1", Alg::ES256, 1);
        assert!(tx.signing_key_create_if_absent(&first).await.expect("makes"));
        let late = signing_key("kid-2", Alg::ES256, 1);
        assert!(!tx.signing_key_create_if_absent(&late).await.expect("is there"));
        let second = signing_key("kid-3", Alg::ES256, 2);
        let other = signing_key("kid-4", Alg::RS256, 1);
        for key in [&second, &other] {
            assert!(tx.signing_key_create_if_absent(key).await.expect("makes"));
        }
        assert!(tx.signing_key_retire("kid-1", t(99)).await.expect("retires"));
        assert!(!tx.signing_key_retire("kid-2", t(99)).await.expect("none"));
        let retired = StoredSigningKey { retires_at: Some(t(99)), ..first };
        assert_eq!(tx.signing_key_list().await.expect("reads"), [retired, second, other]);
        assert!(!format!("{:?}", signing_key("k", Alg::ES256, 1)).contains("sealed text"));
    }
}

both! {
    async fn only_a_retired_key_is_deleted(bed) {
        let mut tx = bed.wa().await;
        for (kid, generation) in [("kid-1", 1), ("kid-2", 2)] {
            let key = signing_key(kid, Alg::ES256, generation);
            assert!(tx.signing_key_create_if_absent(&key).await.expect("makes"));
        }
        assert!(tx.signing_key_retire("kid-1", t(99)).await.expect("retires"));
        for (kid, now) in [("kid-1", 98), ("kid-2", 999), ("kid-3", 999)] {
            assert!(!tx.signing_key_delete_retired(kid, t(now)).await.expect("stays"), "{kid}");
        }
        assert!(tx.signing_key_delete_retired("kid-1", t(99)).await.expect("deletes"));
        let left = tx.signing_key_list().await.expect("reads");
        assert_eq!(left.iter().map(|key| &*key.kid).collect::<Vec<_>>(), ["kid-2"]);
    }
}

both! {
    async fn of_many_nodes_that_make_a_key_one_does(bed) {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..16 {
            let bed = bed.clone();
            tasks.spawn(async move {
                let key = signing_key(&format!("kid-{n}"), Alg::ES256, 1);
                bed.wa().await.signing_key_create_if_absent(&key).await.expect("makes or is there")
            });
        }
        assert_eq!(tasks.join_all().await.into_iter().filter(|made| *made).count(), 1);
        assert_eq!(bed.ra().await.signing_key_list().await.expect("reads").len(), 1);
    }
}
