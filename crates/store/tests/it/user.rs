//! Users: people and bots, their roles and groups, and signing in.

use domain::user::{GroupRef, RoleRef, User, UserStatus};
use store::{Role, StoreError};

use crate::bed::*;
use crate::tenant::group;

fn role_ref(role: &Role) -> RoleRef {
    RoleRef { id: role.id.clone(), name: role.name.clone(), kind: role.kind, level: role.level }
}

both! {
    async fn a_user_is_found_in_every_way(bed) {
        let (user, _) = bed.user_and_client().await;
        let mut read = bed.ra().await;
        assert_eq!(read.user_get(&user.id).await.expect("reads").as_ref(), Some(&user));
        assert_eq!(read.user_find_by_subject("subject-1").await.expect("reads").as_ref(), Some(&user));
        assert_eq!(read.user_find_by_subject("SUBJECT-1").await.expect("reads"), None);
        for email in ["User1@Example.com", "user1@example.com", "USER1@EXAMPLE.COM"] {
            assert_eq!(read.user_find_by_email(email).await.expect("reads").as_ref(), Some(&user));
        }
        assert_eq!(read.user_find_by_email("nobody@example.com").await.expect("reads"), None);
        assert_eq!(read.user_get(&id("nobody", 1)).await.expect("reads"), None);
    }
}

both! {
    async fn roles_come_directly_and_through_active_groups(bed) {
        let (mut user, _) = bed.user_and_client().await;
        let mut tx = bed.begin(&bed.a).await;
        for n in 1..=4 {
            tx.role_create(&role(n)).await.expect("a role");
        }
        let mut asleep = group(3);
        asleep.status = "disabled".into();
        for group in [group(1), group(2), asleep] {
            tx.group_create(&group).await.expect("a group");
            tx.group_member_add(&group.id, &user.id).await.expect("a member");
        }
        assert!(tx.user_role_add(&user.id, &role(1).id).await.expect("adds"));
        assert!(!tx.user_role_add(&user.id, &role(1).id).await.expect("has"));
        // Role 1 twice more, role 2 through both groups, role 3 once, role 4 not at all.
        for (g, r) in [(1, 1), (1, 2), (2, 2), (2, 3), (3, 4)] {
            tx.group_role_add(&group(g).id, &role(r).id).await.expect("a group's role");
        }
        tx.commit().await.expect("commits");

        user.roles = (1..=3).map(|n| role_ref(&role(n))).collect();
        user.groups = (1..=2)
            .map(|n| GroupRef { id: group(n).id, name: group(n).name })
            .collect();
        let before = bed.store.statements();
        let stored = bed.ra().await.user_get(&user.id).await.expect("reads");
        assert_eq!(bed.store.statements() - before, 1, "one statement reads a user");
        assert_eq!(stored.as_ref(), Some(&user));
        assert!(stored.expect("a user").has_role("Role 3"));
        let listed = bed.ra().await.user_list(10, None).await.expect("reads");
        assert_eq!(listed, [user]);
    }
}

both! {
    async fn a_user_is_made_with_roles_and_groups(bed) {
        let mut tx = bed.begin(&bed.a).await;
        tx.role_create(&role(1)).await.expect("a role");
        tx.group_create(&group(1)).await.expect("a group");
        let mut made = user(&bed.a, 1);
        made.roles = vec![role_ref(&role(1))];
        made.groups = vec![GroupRef { id: group(1).id, name: group(1).name }];
        tx.user_create(&made, None).await.expect("a user");
        tx.commit().await.expect("commits");
        assert_eq!(bed.ra().await.user_get(&made.id).await.expect("reads"), Some(made));

        let mut wrong = user(&bed.a, 2);
        wrong.roles = vec![role_ref(&role(2))];
        let error = bed.wa().await.user_create(&wrong, None).await;
        assert!(matches!(error, Err(StoreError::NotFound { .. })), "{error:?}");
        assert_eq!(bed.ra().await.user_get(&wrong.id).await.expect("reads"), None);
    }
}

both! {
    async fn conflicts_name_what_is_taken(bed) {
        bed.user_and_client().await;
        let taken = |change: fn(&mut User)| {
            let mut other = user(&bed.a, 2);
            change(&mut other);
            other
        };
        for (other, expected) in [
            (taken(|user| user.email = Some("USER1@example.COM".into())), "email"),
            (taken(|user| user.subject = "subject-1".into()), "subject"),
            (taken(|user| user.id = id("tenant-a-user", 1)), "id"),
        ] {
            let error = bed.wa().await.user_create(&other, None).await.expect_err("refused");
            assert!(matches!(error, StoreError::Conflict { what } if what == expected), "{error}");
            // The error shows no value, in any form.
            let shown = format!("{error} {error:?}").to_lowercase();
            assert!(!shown.contains("user1") && !shown.contains("subject-1"), "{shown}");
        }
        // Two people without an address are no conflict.
        for n in [3, 4] {
            let mut other = user(&bed.a, n);
            other.email = None;
            bed.wa().await.user_create(&other, None).await.expect("a user");
        }
    }
}

both! {
    async fn signing_in_by_email_or_subject(bed) {
        let (first, client) = bed.user_and_client().await;
        // The second person's subject is the first one's address.
        let mut second = user(&bed.a, 2);
        second.subject = "user1@example.com".into();
        second.email = None;
        bed.wa().await.user_create(&second, Some("hash-2")).await.expect("a user");
        bed.wa().await.bot_user_create_if_absent(&bot(&bed.a, 3, &client.id)).await.expect("a bot");

        let mut read = bed.ra().await;
        for login in ["subject-1", "user1@example.com", "USER1@EXAMPLE.COM"] {
            let (found, hash) =
                read.user_for_sign_in(login).await.expect("reads").expect("a person");
            assert_eq!((found.id, hash.as_deref()), (first.id.clone(), Some("hash-1")), "{login}");
        }
        for login in ["SUBJECT-1", "nobody", "", &format!("bot-{}", client.id)] {
            assert_eq!(read.user_for_sign_in(login).await.expect("reads"), None, "{login}");
        }
        let error = read.user_for_sign_in("a\0b").await;
        assert!(matches!(error, Err(StoreError::Invalid { .. })), "{error:?}");
    }
}

both! {
    async fn users_are_listed_page_by_page(bed) {
        for n in 1..=5 {
            bed.wa().await.user_create(&user(&bed.a, n), None).await.expect("a user");
        }
        let ids = |users: Vec<User>| users.into_iter().map(|user| user.id).collect::<Vec<_>>();
        let first = ids(bed.ra().await.user_list(2, None).await.expect("reads"));
        assert_eq!(first, [user(&bed.a, 1).id, user(&bed.a, 2).id]);
        let rest = ids(bed.ra().await.user_list(9, first.last()).await.expect("reads"));
        assert_eq!(rest, [user(&bed.a, 3).id, user(&bed.a, 4).id, user(&bed.a, 5).id]);
    }
}

both! {
    async fn status_and_password_change(bed) {
        let (user, client) = bed.user_and_client().await;
        let mut tx = bed.wa().await;
        assert!(tx.user_update_status(&user.id, UserStatus::Disabled, t(9)).await.expect("sets"));
        let stored = tx.user_get(&user.id).await.expect("reads").expect("a user");
        assert_eq!((stored.status, stored.updated_at), (UserStatus::Disabled, t(9)));
        assert_eq!(stored.tokens_valid_from, t(10));
        // A node whose clock is behind does not bring tokens back.
        assert!(tx.user_update_status(&user.id, UserStatus::Active, t(8)).await.expect("sets"));
        let stored = tx.user_get(&user.id).await.expect("reads").expect("a user");
        assert_eq!((stored.status, stored.tokens_valid_from), (UserStatus::Active, t(10)));
        assert!(tx.user_set_password(&user.id, "hash-9", t(10)).await.expect("sets"));
        let (_, hash) = tx.user_for_sign_in("subject-1").await.expect("reads").expect("a user");
        assert_eq!(hash.as_deref(), Some("hash-9"));
        let bot = bot(&bed.a, 3, &client.id);
        tx.bot_user_create_if_absent(&bot).await.expect("a bot");
        assert!(!tx.user_set_password(&bot.id, "hash", t(10)).await.expect("refuses"));
        let nobody = id("nobody", 1);
        assert!(!tx.user_update_status(&nobody, UserStatus::Active, t(9)).await.expect("none"));
    }
}

both! {
    async fn a_client_has_one_bot_user_however_many_make_it(bed) {
        let (_, client) = bed.user_and_client().await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 10..26 {
            let (bed, client) = (bed.clone(), client.id.clone());
            tasks.spawn(async move {
                let mut tx = bed.wa().await;
                tx.bot_user_create_if_absent(&bot(&bed.a, n, &client)).await.expect("made or there")
            });
        }
        let made = tasks.join_all().await.into_iter().filter(|made| *made).count();
        assert_eq!(made, 1);
        let found = bed.ra().await.bot_user_find(&client.id).await.expect("reads").expect("a bot");
        assert_eq!(found.kind, domain::user::UserKind::Bot(client.id.clone()));
        assert_eq!(bed.ra().await.bot_user_find(&id("other", 1)).await.expect("reads"), None);

        // Another client's bot of the same subject is a conflict, not "there already".
        let mut other = bot(&bed.a, 40, &id("other", 1));
        other.subject = found.subject;
        let error = bed.wa().await.bot_user_create_if_absent(&other).await;
        assert!(matches!(error, Err(StoreError::Conflict { what: "subject" })), "{error:?}");
        let error = bed.wa().await.bot_user_create_if_absent(&user(&bed.a, 41)).await;
        assert!(matches!(error, Err(StoreError::Invalid { .. })), "{error:?}");
    }
}
