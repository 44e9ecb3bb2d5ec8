//! API keys.

use domain::api_key::{ApiKey, ApiKeyStatus};
use domain::ids::{ApiKeyId, TenantId, UserId};
use domain::list::{From, ListQuery, Sort};
use store::{ApiKeyUse, StoreError};

use crate::bed::*;

both! {
    async fn a_key_lives_and_ends(bed) {
        let (user, _) = bed.user_and_client().await;
        let mut tx = bed.wa().await;
        for n in [1, 2] {
            let key = api_key(&user.id, n);
            tx.api_key_create(&key, 5).await.expect("a key");
            assert_eq!(tx.api_key_get(&key.id).await.expect("reads").as_ref(), Some(&key));
        }
        let first = api_key(&user.id, 1);
        let again = tx.api_key_create(&first, 5).await;
        assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
        let stranger = ApiKey { id: id("api-key", 3), ..api_key(&id("user", 9), 3) };
        let nobody = tx.api_key_create(&stranger, 5).await;
        assert!(matches!(nobody, Err(StoreError::NotFound { what: "user" })), "{nobody:?}");

        assert!(tx.api_key_describe(&first.id, "New", t(50)).await.expect("describes"));
        assert!(tx.api_key_revoke(&first.id, t(60)).await.expect("revokes"));
        assert!(!tx.api_key_revoke(&first.id, t(70)).await.expect("is revoked"));
        let expected = ApiKey {
            description: "New".into(), updated_at: t(60), revoked_at: Some(t(60)), ..first.clone()
        };
        assert_eq!(expected.status(t(5000)), ApiKeyStatus::Revoked);
        assert_eq!(tx.api_key_get(&first.id).await.expect("reads"), Some(expected));
        let ended = tx.api_keys_revoke_for(&user.id, t(80)).await.expect("revokes");
        assert_eq!(ended, [id("api-key", 2)]);
        assert!(tx.api_key_delete(&first.id).await.expect("deletes"));
        assert!(!tx.api_key_delete(&first.id).await.expect("gone"));
        assert_eq!(tx.api_key_get(&first.id).await.expect("reads"), None);
    }
}

both! {
    async fn keys_end_with_the_grant_and_the_client_that_made_them(bed) {
        let (user, client) = bed.user_and_client().await;
        let mut tx = bed.wa().await;
        let nobody: UserId = id("user", 9);
        let through = |n| ApiKey { client_id: Some(client.id.clone()), ..api_key(&user.id, n) };
        for key in [
            through(1),
            through(2),
            // Acts as the user, by somebody else's token.
            ApiKey { granted_by: Some(nobody.clone()), ..through(3) },
            // Made by the user in person.
            ApiKey { grant_id: None, granted_by: None, ..api_key(&user.id, 4) },
        ] {
            tx.api_key_create(&key, 9).await.expect("a key");
            assert_eq!(tx.api_key_get(&key.id).await.expect("reads"), Some(key));
        }
        let mut grants = tx.api_key_grants(&user.id, &client.id).await.expect("reads");
        grants.sort();
        assert_eq!(grants, [id("grant", 1), id("grant", 2), id("grant", 3)]);
        let of_nobody = tx.api_key_grants(&nobody, &client.id).await.expect("reads");
        assert_eq!(of_nobody, [id("grant", 3)]);
        let grant = id("grant", 1);
        let ended = tx.api_keys_revoke_of_grant(&grant, t(80)).await.expect("revokes");
        assert_eq!(ended, [id("api-key", 1)]);
        assert!(tx.api_keys_revoke_of_grant(&grant, t(81)).await.expect("none left").is_empty());
        let other = id("client", 9);
        for (user, client) in [(&user.id, &other), (&id("user", 8), &client.id)] {
            let none = tx.api_keys_revoke_of_client(user, client, t(82)).await.expect("none");
            assert!(none.is_empty(), "{none:?}");
        }
        let ended = tx.api_keys_revoke_of_client(&nobody, &client.id, t(83)).await.expect("revokes");
        assert_eq!(ended, [id("api-key", 3)]);
        let ended = tx.api_keys_revoke_of_client(&user.id, &client.id, t(84)).await;
        assert_eq!(ended.expect("revokes"), [id("api-key", 2)]);
        let last = tx.api_key_get(&id("api-key", 4)).await.expect("reads").expect("a key");
        assert_eq!(last.revoked_at, None);
    }
}

both! {
    async fn keys_end_with_the_client_that_made_them_in_all_tenants(bed) {
        let (user, client) = bed.user_and_client().await;
        let foreign = crate::bed::user(&bed.b, 5);
        let mut tx = bed.begin(&bed.b).await;
        tx.user_create(&foreign, None).await.expect("a user");
        let published = ApiKey { client_id: Some(client.id.clone()), ..api_key(&foreign.id, 5) };
        let other = ApiKey { client_id: Some(id("client", 9)), ..api_key(&foreign.id, 6) };
        for key in [&published, &other] {
            tx.api_key_create(key, 9).await.expect("a key");
        }
        tx.commit().await.expect("commits");
        let mut tx = bed.begin(&bed.a).await;
        let own = ApiKey { client_id: Some(client.id.clone()), ..api_key(&user.id, 1) };
        let earlier = ApiKey { client_id: Some(client.id.clone()), ..api_key(&user.id, 2) };
        for key in [&own, &earlier, &api_key(&user.id, 3)] {
            tx.api_key_create(key, 9).await.expect("a key");
        }
        tx.api_key_revoke(&earlier.id, t(50)).await.expect("revokes");
        tx.commit().await.expect("commits");
        // Another tenant's attempt ends nothing.
        assert!(!bed.begin(&bed.b).await.client_delete(&client.id, t(60)).await.expect("none"));
        assert_eq!(bed.ra().await.api_key_get(&own.id).await.expect("reads"), Some(own.clone()));
        let mut tx = bed.begin(&bed.a).await;
        assert!(tx.client_delete(&client.id, t(70)).await.expect("deletes"));
        tx.commit().await.expect("commits");
        let ended = async |tenant: &TenantId, id: &ApiKeyId| {
            let mut read = bed.read(tenant).await;
            read.api_key_get(id).await.expect("reads").expect("a key").revoked_at
        };
        assert_eq!(ended(&bed.a, &own.id).await, Some(t(70)));
        assert_eq!(ended(&bed.a, &earlier.id).await, Some(t(50)), "once");
        assert_eq!(ended(&bed.a, &id("api-key", 3)).await, None, "no client made it");
        assert_eq!(ended(&bed.b, &published.id).await, Some(t(70)));
        assert_eq!(ended(&bed.b, &other.id).await, None, "another client's");
    }
}

both! {
    async fn only_active_keys_count_against_the_limit(bed) {
        let (user, _) = bed.user_and_client().await;
        let mut tx = bed.wa().await;
        for n in [1, 2] {
            tx.api_key_create(&api_key(&user.id, n), 2).await.expect("a key");
        }
        let full = tx.api_key_create(&api_key(&user.id, 3), 2).await;
        assert!(matches!(full, Err(StoreError::Limit { .. })), "{full:?}");
        tx.api_key_revoke(&id("api-key", 1), t(10)).await.expect("revokes");
        tx.api_key_create(&api_key(&user.id, 3), 2).await.expect("room again");
        // Both have expired by then.
        let late = ApiKey { created_at: t(2000), expires_at: t(3000), ..api_key(&user.id, 4) };
        tx.api_key_create(&late, 1).await.expect("room again");
    }
}

both! {
    async fn of_many_at_once_no_more_than_the_limit_are_made(bed) {
        let (user, _) = bed.user_and_client().await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..12 {
            let (bed, user) = (bed.clone(), user.id.clone());
            tasks.spawn(async move {
                let mut tx = bed.begin(&bed.a).await;
                let made = tx.api_key_create(&api_key(&user, n), 5).await.is_ok();
                made && tx.commit().await.is_ok()
            });
        }
        let made = tasks.join_all().await.into_iter().filter(|made| *made).count();
        assert_eq!(made, 5);
        assert_eq!(bed.count("api_key").await, 5);
    }
}

both! {
    async fn every_sort_and_its_pages_work(bed) {
        let (user, _) = bed.user_and_client().await;
        let mut tx = bed.wa().await;
        for n in 1..=7 {
            tx.api_key_create(&api_key(&user.id, n), 9).await.expect("a key");
        }
        tx.api_key_revoke(&id("api-key", 2), t(9)).await.expect("revokes");
        for by in ["created", "sub", "createdByUser", "description", "status"] {
            for descending in [false, true] {
                let sort = Sort { by, descending };
                let (mut from, mut seen) = (From::Start, Vec::new());
                loop {
                    let query = ListQuery { sort, limit: 3, from, ..everything(by) };
                    let page = tx.api_key_page(&query).await.expect("a page");
                    assert_eq!(page.total, Some(7));
                    seen.extend(page.data.into_iter().map(|key| key.id.to_string()));
                    match page.next {
                        Some(next) => from = next,
                        None => break,
                    }
                }
                assert_eq!(seen.len(), 7, "{by}");
                let mut distinct = seen.clone();
                distinct.sort();
                distinct.dedup();
                assert_eq!(distinct.len(), 7, "{by}");
                if by == "status" {
                    let revoked = if descending { &seen[0] } else { &seen[6] };
                    assert_eq!(*revoked, "api-key-2", "active, expired and revoked keys are apart");
                }
            }
        }
    }
}

both! {
    async fn a_use_is_remembered_and_never_moves_back(bed) {
        let (user, _) = bed.user_and_client().await;
        let key = api_key(&user.id, 1);
        bed.wa().await.api_key_create(&key, 5).await.expect("a key");
        let used = |at| ApiKeyUse { tenant_id: bed.a.clone(), id: key.id.clone(), at };
        let elsewhere = ApiKeyUse { tenant_id: bed.b.clone(), ..used(t(99)) };
        for one in [used(t(7)), used(t(3)), elsewhere] {
            bed.region().wide().api_keys_used(&[one]).await.expect("writes");
        }
        let found = bed.ra().await.api_key_get(&key.id).await.expect("reads").expect("there");
        assert_eq!(found.last_used_at, Some(t(7)));
    }
}

both! {
    async fn long_expired_keys_are_purged(bed) {
        let (user, _) = bed.user_and_client().await;
        bed.wa().await.api_key_create(&api_key(&user.id, 1), 5).await.expect("a key");
        let wide = bed.region().wide();
        wide.purge_expired(t(1001 + 90 * 86_400 - 1), 10).await.expect("purges");
        assert_eq!(bed.count("api_key").await, 1);
        wide.purge_expired(t(1001 + 90 * 86_400 + 1), 10).await.expect("purges");
        assert_eq!(bed.count("api_key").await, 0);
    }
}
