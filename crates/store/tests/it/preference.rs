//! How people like their pages.

use serde_json::json;
use store::StoreError;

use crate::bed::*;

both! {
    async fn a_preference_is_its_users_own_and_goes_with_them(bed) {
        let (first, _) = bed.user_and_client().await;
        let second = user(&bed.a, 2);
        bed.wa().await.user_create(&second, None).await.expect("a user");
        let (old, new) = (json!({ "columns": ["name"] }), json!({ "columns": ["type", "name"] }));
        let mut tx = bed.wa().await;
        for value in [&old, &new] {
            tx.preference_put(&first.id, "clients", value, t0()).await.expect("puts");
        }
        tx.preference_put(&first.id, "users", &old, t0()).await.expect("puts");
        assert_eq!(tx.preference_get(&first.id, "clients").await.expect("reads"), Some(new));
        assert_eq!(tx.preference_get(&first.id, "users").await.expect("reads"), Some(old.clone()));
        assert_eq!(tx.preference_get(&second.id, "clients").await.expect("reads"), None);
        let nobody = tx.preference_put(&id("nobody", 1), "clients", &old, t0()).await;
        assert!(matches!(nobody, Err(StoreError::NotFound { .. })), "{nobody:?}");
        assert!(bed.wa().await.user_delete(&first.id).await.expect("deletes"));
        assert_eq!(bed.count("user_preference").await, 0);
    }
}
