//! Users: people and bots, their roles and groups, and signing in.

use std::sync::Arc;

use domain::ids::GroupId;
use domain::list::{From, ListQuery, Page};
use domain::user::{EVERYONE, GroupStatus, User, UserStatus};
use store::StoreError;

use crate::bed::*;
use crate::group::group;

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
        let (mut user, client) = bed.user_and_client().await;
        let bot = bot(&bed.a, 2, &client.id);
        let mut tx = bed.begin(&bed.a).await;
        for n in 1..=5 {
            tx.role_create(&role(n)).await.expect("a role");
        }
        let mut asleep = group(3, &[4]);
        asleep.status = GroupStatus::Disabled;
        for group in [group(1, &[1, 2]), group(2, &[2, 3]), asleep.clone()] {
            tx.group_create(&group).await.expect("a group");
        }
        tx.bot_user_create_if_absent(&bot).await.expect("a bot");
        user.roles = vec![role(1).as_member()];
        user.groups = vec![group(1, &[1, 2]).as_member(), group(2, &[2, 3]).as_member()];
        tx.user_roles_put(&user).await.expect("roles");
        let mut in_all = user.clone();
        in_all.groups.push(asleep.as_member());
        tx.user_groups_put(&in_all).await.expect("groups");
        tx.commit().await.expect("commits");

        let before = bed.store.statements();
        let stored = bed.ra().await.user_get(&user.id).await.expect("reads");
        assert_eq!(bed.store.statements() - before, 1, "one statement reads a user");
        assert_eq!(stored.as_ref(), Some(&user));
        let listed = bed.ra().await.user_list(10, None).await.expect("reads");
        assert_eq!(listed, [user.clone(), bot.clone()]);

        // What everybody gets counts for people, and not for bots.
        let everyone = GroupId::parse(EVERYONE).expect("an id");
        let mut everyone = bed.ra().await.group_get(&everyone).await.expect("reads").expect("there");
        everyone.roles = vec![role(5).as_member()];
        assert!(bed.wa().await.group_update(&everyone).await.expect("updates"));
        user.groups.push(everyone.as_member());
        let stored = bed.ra().await.user_get(&user.id).await.expect("reads");
        assert_eq!(stored.as_ref(), Some(&user));
        assert_eq!(bed.ra().await.user_get(&bot.id).await.expect("reads"), Some(bot.clone()));
        // Nobody is a member, so putting the same groups again changes nothing.
        bed.wa().await.user_groups_put(&user).await.expect("groups");
        assert_eq!(bed.count("group_member").await, 2);
        everyone.status = GroupStatus::Disabled;
        assert!(bed.wa().await.group_update(&everyone).await.expect("updates"));
        user.groups.pop();
        assert_eq!(bed.ra().await.user_get(&user.id).await.expect("reads"), Some(user));
    }
}

both! {
    async fn a_user_is_made_with_roles_and_groups(bed) {
        let mut tx = bed.begin(&bed.a).await;
        tx.role_create(&role(1)).await.expect("a role");
        tx.group_create(&group(1, &[])).await.expect("a group");
        let mut made = user(&bed.a, 1);
        made.roles = vec![role(1).as_member()];
        made.groups = vec![group(1, &[]).as_member()];
        made.invite_expires_at = Some(t(99));
        tx.user_create(&made, None).await.expect("a user");
        tx.commit().await.expect("commits");
        assert_eq!(bed.ra().await.user_get(&made.id).await.expect("reads"), Some(made));

        let mut wrong = user(&bed.a, 2);
        wrong.roles = vec![role(2).as_member()];
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

both! {
    async fn a_user_changes_and_goes_with_all_that_hangs_on_it(bed) {
        let (mut user, client) = bed.user_and_client().await;
        let mut tx = bed.begin(&bed.a).await;
        tx.role_create(&role(1)).await.expect("a role");
        tx.group_create(&group(1, &[1])).await.expect("a group");
        user.name = "Ümit".into();
        user.claims.insert("zoneinfo".into(), "Europe/Zurich".into());
        user.invite_expires_at = Some(t(50));
        user.updated_at = t(7);
        user.roles = vec![role(1).as_member()];
        user.groups = vec![group(1, &[1]).as_member()];
        assert!(tx.user_update(&user).await.expect("updates"));
        tx.user_roles_put(&user).await.expect("roles");
        tx.user_groups_put(&user).await.expect("groups");
        tx.session_create(&session(&user.id, 1), "cookie").await.expect("a session");
        tx.consent_put(&user.id, &client.id, &scopes("openid"), t0()).await.expect("a consent");
        tx.code_create("code", &code(&user.id, &client.id, 1)).await.expect("a code");
        tx.family_create(&family(&user.id, &client.id, 1), "token", t(100)).await.expect("a family");
        tx.commit().await.expect("commits");
        assert_eq!(bed.ra().await.user_get(&user.id).await.expect("reads"), Some(user.clone()));
        let all = everything("name");
        let page = bed.ra().await.user_page(&all).await.expect("a page");
        assert_eq!(page.data, [user.clone()]);
        assert_eq!(bed.ra().await.user_count(None).await.expect("counts"), 1);

        assert!(bed.wa().await.user_delete(&user.id).await.expect("deletes"));
        assert!(!bed.wa().await.user_delete(&user.id).await.expect("is gone"));
        for table in [
            "user_account", "user_role", "group_member", "session", "consent",
            "authorization_code", "refresh_family", "refresh_token",
        ] {
            assert_eq!(bed.count(table).await, 0, "{table}");
        }
    }
}

both! {
    async fn only_an_active_person_administers_a_tenant(bed) {
        let (mut user, client) = bed.user_and_client().await;
        let admin = bed.ra().await.role_find_by_name("TenantAdmin").await.expect("reads");
        let admin = admin.expect("a default role").as_member();
        let administered = async || bed.ra().await.is_administered().await.expect("reads");
        assert!(!administered().await);
        let mut bot = bot(&bed.a, 2, &client.id);
        bot.roles = vec![admin.clone()];
        bed.wa().await.bot_user_create_if_absent(&bot).await.expect("a bot");
        // A custom role of the same name cannot be: names are unique. A disabled group gives nothing.
        let mut chiefs = group(1, &[]);
        chiefs.roles = vec![admin.clone()];
        chiefs.status = GroupStatus::Disabled;
        bed.wa().await.group_create(&chiefs).await.expect("a group");
        user.groups = vec![chiefs.as_member()];
        bed.wa().await.user_groups_put(&user).await.expect("groups");
        assert!(!administered().await);
        chiefs.status = GroupStatus::Active;
        bed.wa().await.group_update(&chiefs).await.expect("updates");
        assert!(administered().await);
        bed.wa().await.user_update_status(&user.id, UserStatus::Disabled, t(1)).await.expect("off");
        assert!(!administered().await);
        bed.wa().await.user_update_status(&user.id, UserStatus::Active, t(2)).await.expect("on");
        user.groups.clear();
        user.roles = vec![admin];
        bed.wa().await.user_groups_put(&user).await.expect("groups");
        assert!(!administered().await);
        bed.wa().await.user_roles_put(&user).await.expect("roles");
        assert!(administered().await);
        // Who has no password cannot sign in: neither by the role nor through a group is it somebody.
        user.roles.clear();
        bed.wa().await.user_roles_put(&user).await.expect("roles");
        let mut silent = self::user(&bed.a, 3);
        silent.roles = bot.roles.clone();
        silent.groups = vec![chiefs.as_member()];
        bed.wa().await.user_create(&silent, None).await.expect("a user");
        assert!(!administered().await);
        bed.wa().await.user_set_password(&silent.id, "hash", t(3)).await.expect("sets");
        assert!(administered().await);
        silent.roles.clear();
        bed.wa().await.user_roles_put(&silent).await.expect("roles");
        assert!(administered().await, "through the group");
        assert!(!bed.read(&bed.b).await.is_administered().await.expect("reads"), "another tenant");
    }
}

both! {
    async fn a_password_holds_while_it_is_the_users(bed) {
        let user = user(&bed.a, 1);
        let mut tx = bed.wa().await;
        tx.user_create(&user, Some("first")).await.expect("a user");
        assert!(tx.user_hold(&user.id, "first").await.expect("holds"));
        assert!(!tx.user_hold(&user.id, "second").await.expect("another"));
        tx.user_update_status(&user.id, UserStatus::Disabled, t(1)).await.expect("off");
        assert!(!tx.user_hold(&user.id, "first").await.expect("is off"));
        tx.user_update_status(&user.id, UserStatus::Active, t(2)).await.expect("on");
        let mut replacing = bed.begin(&bed.a).await;
        replacing.user_set_password(&user.id, "second", t(3)).await.expect("sets");
        let hold = async {
            let mut tx = bed.begin(&bed.a).await;
            let held = tx.user_hold(&user.id, "first").await.expect("reads");
            tx.rollback().await.expect("rolls back");
            held
        };
        let finish = async {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            replacing.commit().await.expect("commits");
        };
        let (held, ()) = tokio::join!(hold, finish);
        assert!(!held, "who asks meanwhile waits, and learns of the new one");
        assert!(bed.wa().await.user_hold(&user.id, "second").await.expect("holds"));
    }
}

/// Makes many roles, groups that give all of them, and people who are in all groups, behind the
/// store's back: what limits refuse.
async fn crowd(bed: &Bed, people: u32, groups: u32, roles: u32) {
    let numbers = |n: u32| {
        format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n}) INSERT INTO"
        )
    };
    let tenant = &bed.a;
    let scopes = (0..200).map(|n| format!("scope.{n}")).collect::<Vec<_>>().join(" ");
    for text in [
        format!(
            "{} role (tenant_id, id, name, kind, level, description, assigned_scopes, created_at, \
                updated_at, name_key, created_by, updated_by) \
             SELECT '{tenant}', 'role-' || i, 'Role ' || i, 'custom', 'user', '', '{scopes}', 0, 0, \
                'role ' || i, '', '' FROM n",
            numbers(roles)
        ),
        format!(
            "{} user_group (tenant_id, id, name, description, provider, status, created_at, \
                updated_at, name_key, created_by, updated_by) \
             SELECT '{tenant}', 'group-' || i, 'Group ' || i, '', 'custom', 'active', 0, 0, \
                'group ' || i, '', '' FROM n",
            numbers(groups)
        ),
        format!(
            "{} user_account (tenant_id, id, subject, name, email_verified, status, claims, \
                created_at, updated_at, name_key, subject_key) \
             SELECT '{tenant}', 'user-' || i, 's' || i, 'N', 0, 'active', '{{}}', 0, 0, 'n', 's' || i \
             FROM n",
            numbers(people)
        ),
        format!(
            "INSERT INTO group_role SELECT '{tenant}', g.id, r.id FROM user_group g, role r \
             WHERE g.tenant_id = '{tenant}' AND g.provider = 'custom' \
                AND r.tenant_id = '{tenant}' AND r.kind = 'custom'"
        ),
        format!(
            "INSERT INTO group_member SELECT '{tenant}', g.id, u.id FROM user_group g, user_account u \
             WHERE g.tenant_id = '{tenant}' AND g.provider = 'custom' AND u.tenant_id = '{tenant}'"
        ),
    ] {
        execute(bed.region_url(), text).await;
    }
}

both! {
    /// Users times groups times roles would be two million rows here, with 2 kB of scopes each.
    async fn a_page_does_not_grow_with_users_times_groups_times_roles(bed) {
        crowd(&bed, 100, 200, 100).await;
        let page = bed.ra().await.user_page(&everything("id")).await.expect("reads");
        assert_eq!((page.data.len(), page.total), (1, Some(100)), "the first, whatever it has");
        assert!(page.next.is_some());
        let user = &page.data[0];
        assert_eq!((user.groups.len(), user.all_roles().count()), (200, 20_000));
        assert_eq!(user.role_scopes().len(), 200);
        // Each role is in memory once.
        let (one, other) = (&user.groups[0].roles[7], &user.groups[199].roles[7]);
        assert!(Arc::ptr_eq(one, other));
        assert_eq!(bed.ra().await.user_get(&user.id).await.expect("reads").as_ref(), Some(user));
        let groups = bed.ra().await.group_page(&everything("id"), false).await.expect("reads");
        assert_eq!((groups.data.len(), groups.data[99].roles.len()), (100, 100));
        assert!(Arc::ptr_eq(&groups.data[0].roles[7], &groups.data[99].roles[7]));
        assert_eq!(bed.ra().await.group_roles_most(3).await.expect("counts"), 300);
    }
}

both! {
    async fn shortened_pages_hold_everybody_once_in_both_directions(bed) {
        // 250 people with 600 roles each: 16 on a page.
        crowd(&bed, 250, 20, 30).await;
        let page = async |from| {
            let query = ListQuery { from, ..everything("id") };
            bed.ra().await.user_page(&query).await.expect("reads")
        };
        let ids = |page: &Page<User>| page.data.iter().map(|user| user.id.clone()).collect::<Vec<_>>();
        let (mut forth, mut back, mut from) = (Vec::new(), Vec::new(), From::Start);
        let mut last;
        loop {
            let found = page(from).await;
            assert!(found.data.len() == 16 || found.next.is_none(), "{}", found.data.len());
            forth.extend(ids(&found));
            last = found.prev;
            match found.next {
                Some(next) => from = next,
                None => break,
            }
        }
        assert_eq!(forth.len(), 250);
        let mut whole = forth.clone();
        whole.sort();
        whole.dedup();
        assert_eq!(whole, forth, "in order, and each once");
        while let Some(before) = last {
            let found = page(before).await;
            assert!(found.next.is_some() && found.data.len() <= 16);
            back.splice(0..0, ids(&found));
            last = found.prev;
        }
        assert_eq!(back, forth[..240], "all but the last page");
    }
}
