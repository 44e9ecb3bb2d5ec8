//! Sessions.

use domain::grant::Session;
use store::StoreError;

use crate::bed::*;

both! {
    async fn a_session_lives_and_ends(bed) {
        let (user, _) = bed.user_and_client().await;
        let mut tx = bed.wa().await;
        let first = session(&user.id, 1);
        tx.session_create(&first, "cookie-1").await.expect("a session");
        assert_eq!(tx.session_find("cookie-1").await.expect("reads").as_ref(), Some(&first));
        assert_eq!(tx.session_find("cookie-2").await.expect("reads"), None);

        assert!(tx.session_touch(&first.id, t(50)).await.expect("touches"));
        let seen = Session { last_seen_at: t(50), ..first.clone() };
        assert_eq!(tx.session_find("cookie-1").await.expect("reads"), Some(seen));

        assert!(
            tx.session_reauthenticate(&first.id, "cookie-2", t(60), t(9000)).await.expect("renews")
        );
        assert_eq!(tx.session_find("cookie-1").await.expect("reads"), None, "the old cookie");
        let renewed =
            Session { last_seen_at: t(60), auth_time: t(60), expires_at: t(9000), ..first.clone() };
        assert_eq!(tx.session_find("cookie-2").await.expect("reads"), Some(renewed));

        assert!(tx.session_delete(&first.id).await.expect("ends"));
        assert!(!tx.session_delete(&first.id).await.expect("gone"));
        assert!(!tx.session_touch(&first.id, t(70)).await.expect("gone"));
        assert_eq!(tx.session_find("cookie-2").await.expect("reads"), None);
    }
}

both! {
    async fn sessions_of_a_user_end_together(bed) {
        let (user, _) = bed.user_and_client().await;
        let other = crate::bed::user(&bed.a, 2);
        let mut tx = bed.wa().await;
        tx.user_create(&other, None).await.expect("a user");
        for n in 1..=4 {
            let owner = if n == 4 { &other.id } else { &user.id };
            tx.session_create(&session(owner, n), &format!("cookie-{n}")).await.expect("a session");
        }
        let ids = |list: Vec<Session>| list.into_iter().map(|s| s.id).collect::<Vec<_>>();
        let listed = ids(tx.session_list(&user.id).await.expect("reads"));
        assert_eq!(listed, [id("session", 3), id("session", 2), id("session", 1)]);
        let keep = id("session", 2);
        assert_eq!(tx.session_delete_others(&user.id, &keep).await.expect("ends"), 2);
        assert_eq!(ids(tx.session_list(&user.id).await.expect("reads")), [keep]);
        assert_eq!(tx.session_delete_all(&user.id).await.expect("ends"), 1);
        assert_eq!(tx.session_list(&other.id).await.expect("reads").len(), 1);
    }
}

both! {
    async fn a_session_needs_its_user_and_a_new_cookie(bed) {
        let (user, _) = bed.user_and_client().await;
        let mut tx = bed.wa().await;
        let error = tx.session_create(&session(&id("nobody", 1), 1), "cookie").await;
        assert!(matches!(error, Err(StoreError::NotFound { .. })), "{error:?}");
        tx.session_create(&session(&user.id, 1), "cookie").await.expect("a session");
        let error = tx.session_create(&session(&user.id, 2), "cookie").await;
        assert!(matches!(error, Err(StoreError::Conflict { what: "cookie_hash" })), "{error:?}");
    }
}
