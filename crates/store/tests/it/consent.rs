//! Consents.

use domain::grant::{AuthorizedApp, Consent};
use store::StoreError;

use crate::bed::*;

both! {
    async fn a_consent_grows_and_is_taken_back(bed) {
        let (user, client) = bed.user_and_client().await;
        let mut tx = bed.wa().await;
        assert_eq!(tx.consent_find(&user.id, &client.id).await.expect("reads"), None);
        for (scope, now) in [("openid", 1), ("email openid", 2), ("email", 3)] {
            tx.consent_put(&user.id, &client.id, &scopes(scope), t(now)).await.expect("consents");
        }
        let expected = Consent {
            client_id: client.id.clone(),
            scope: scopes("email openid"),
            granted_at: t(1),
            updated_at: t(3),
        };
        let stored = tx.consent_find(&user.id, &client.id).await.expect("reads");
        assert_eq!(stored.as_ref(), Some(&expected));
        let apps = tx.authorized_apps(&user.id).await.expect("reads");
        assert_eq!(apps, [AuthorizedApp { consent: expected, client_name: "Client 1".into(), last_used_at: None }]);
        assert!(tx.consent_delete(&user.id, &client.id).await.expect("deletes"));
        assert!(!tx.consent_delete(&user.id, &client.id).await.expect("gone"));
        assert!(tx.authorized_apps(&user.id).await.expect("reads").is_empty());
    }
}

both! {
    async fn a_consent_needs_a_visible_client_and_a_user(bed) {
        let (user, client) = bed.user_and_client().await;
        let hidden = crate::bed::client(&bed.b, 2);
        bed.auto(&bed.b).await.client_create(&hidden).await.expect("a client");
        let mut tx = bed.wa().await;
        for (user, client) in
            [(&user.id, &hidden.id), (&user.id, &id("nobody", 1)), (&id("nobody", 1), &client.id)]
        {
            let error = tx.consent_put(user, client, &scopes("openid"), t0()).await;
            assert!(matches!(error, Err(StoreError::NotFound { .. })), "{error:?}");
        }
        assert_eq!(bed.count("consent").await, 0);
    }
}

both! {
    async fn two_windows_that_consent_at_once_both_count(bed) {
        let (user, client) = bed.user_and_client().await;
        for round in 0..5 {
            let mut tasks = tokio::task::JoinSet::new();
            for n in 0..8 {
                let (bed, user, client) = (bed.clone(), user.id.clone(), client.id.clone());
                tasks.spawn(async move {
                    let scope = scopes(&format!("scope{n}"));
                    bed.wa().await.consent_put(&user, &client, &scope, t(n)).await
                });
            }
            for result in tasks.join_all().await {
                result.expect("consents");
            }
            let stored = bed.ra().await.consent_find(&user.id, &client.id).await.expect("reads");
            assert_eq!(stored.expect("a consent").scope.len(), 8, "round {round}");
            bed.wa().await.consent_delete(&user.id, &client.id).await.expect("deletes");
        }
    }
}
