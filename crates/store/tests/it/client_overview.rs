//! What is told of many clients at once, and who uses one.

use domain::client::{ConnectionConfig, ConsentMethod};
use domain::ids::ClientId;
use domain::list::{From, ListQuery};
use store::{ClientHold, UsageDelta, UsageFlush};

use crate::bed::*;

fn tokens(bed: &Bed, client: &ClientId, (day, kind): (&str, &str), count: i64) -> UsageDelta {
    let (day, kind) = (day.into(), kind.into());
    UsageDelta { owner_id: bed.a.to_string(), client_id: client.clone(), day, kind, count }
}

both! {
    async fn a_page_of_clients_is_told_by_one_statement(bed) {
        let ids: Vec<ClientId> = (1..=5).map(|n| client(&bed.a, n).id).collect();
        for n in 1..=5 {
            bed.wa().await.client_create(&client(&bed.a, n)).await.expect("a client");
        }
        let mut of_another = tokens(&bed, &ids[0], ("2027-01-15", "client_credentials"), 1000);
        of_another.owner_id = bed.b.to_string();
        let flush = UsageFlush {
            counts: vec![
                tokens(&bed, &ids[0], ("2027-01-14", "client_credentials"), 7),
                tokens(&bed, &ids[0], ("2027-01-15", "client_credentials"), 2),
                tokens(&bed, &ids[0], ("2027-01-15", "refresh_token"), 3),
                tokens(&bed, &ids[0], ("2027-01-15", "failure.wrong_secret"), 100),
                tokens(&bed, &ids[0], ("2026-01-01", "client_credentials"), 100),
                tokens(&bed, &ids[1], ("2027-01-15", "failure.wrong_secret"), 9),
                tokens(&bed, &ids[3], ("2027-01-01", "refresh_token"), 1),
                of_another,
            ],
            clients: vec![
                client_use(&bed.a, &ids[0], t(5)),
                client_use(&bed.b, &ids[0], t(9)),
                client_use(&bed.a, &ids[2], t(6)),
            ],
            ..UsageFlush::default()
        };
        bed.region().wide().usage_flush(&flush).await.expect("writes");
        let mut read = bed.ra().await;
        let before = bed.store.statements();
        let all: Vec<&ClientId> = ids.iter().collect();
        let found = read.client_overview(&all, "2026-12-20", "failure.").await.expect("reads");
        assert_eq!(bed.store.statements() - before, 1);
        let day = |day: &str, count| (day.to_owned(), count);
        let first = &found[&ids[0]];
        assert_eq!(first.last_used_at, Some(t(5)));
        assert_eq!(first.days, [day("2027-01-14", 7), day("2027-01-15", 5)]);
        assert_eq!((found[&ids[2]].last_used_at, found[&ids[2]].days.len()), (Some(t(6)), 0));
        assert_eq!(found[&ids[3]].days, [day("2027-01-01", 1)]);
        assert_eq!(found.len(), 3, "neither refusals nor nothing");
        let none = read.client_overview(&[], "", "failure.").await.expect("reads");
        assert!(none.is_empty());
    }
}

both! {
    async fn what_hangs_on_a_client_is_counted(bed) {
        let (user_1, client_1) = bed.user_and_client().await;
        let (user_2, client_2) = (user(&bed.a, 2), client(&bed.a, 2));
        let bot = bot(&bed.a, 3, &client_1.id);
        let mut tx = bed.begin(&bed.a).await;
        tx.user_create(&user_2, None).await.expect("a user");
        tx.client_create(&client_2).await.expect("a client");
        tx.bot_user_create_if_absent(&bot).await.expect("a bot");
        tx.consent_put(&user_1.id, &client_1.id, &scopes("openid"), t0()).await.expect("consents");
        for (n, user, expires) in [(1, &user_1, 60), (2, &user_2, 60), (3, &user_2, 5), (4, &user_2, 60)] {
            let family = family(&user.id, &client_1.id, n);
            tx.family_create(&family, &format!("token-{n}"), t(expires)).await.expect("a family");
        }
        tx.family_revoke(&id("grant", 4), t0()).await.expect("revokes");
        for n in [1, 2] {
            tx.api_key_create(&api_key(&bot.id, n), 9).await.expect("a key");
        }
        tx.api_key_revoke(&id("api-key", 2), t0()).await.expect("revokes");
        tx.commit().await.expect("commits");
        let both = [&client_1.id, &client_2.id];
        let found = bed.ra().await.client_consequences(&both, t(10)).await.expect("reads");
        let expected = ClientHold { consents: 1, users: 2, families: 2, api_keys: 1 };
        assert_eq!(found[&client_1.id], expected);
        assert_eq!(found[&client_2.id], ClientHold::default());
        let later = bed.ra().await.client_consequences(&both, t(61)).await.expect("reads");
        assert_eq!((later[&client_1.id].users, later[&client_1.id].families), (1, 0));
    }
}

both! {
    async fn the_owner_learns_how_many_tenants_let_a_client_in_and_no_more(bed) {
        let mut published = client(&bed.a, 1);
        published.published_at = Some(t0());
        bed.wa().await.client_create(&published).await.expect("a client");
        bed.wa().await.client_create(&client(&bed.a, 2)).await.expect("a client");
        let config = |approved| ConnectionConfig { consent_method: ConsentMethod::Required, approved };
        let count = async || {
            let ids = [&published.id, &client(&bed.a, 2).id];
            let found = bed.region().wide().client_connections(&ids, &bed.a).await.expect("reads");
            assert!(found.len() <= 1, "{found:?}");
            found.get(&published.id).copied()
        };
        bed.wa().await.connection_config_put(&published.id, config(true), t0()).await.expect("own");
        assert_eq!(count().await, None);
        let mut other = bed.auto(&bed.b).await;
        other.connection_config_put(&published.id, config(false), t0()).await.expect("refuses");
        assert_eq!(count().await, None);
        other.connection_config_put(&published.id, config(true), t0()).await.expect("lets in");
        assert_eq!(count().await, Some(1));
    }
}

both! {
    async fn the_users_of_a_client_are_each_listed_once(bed) {
        let (_, client_1) = bed.user_and_client().await;
        let other = client(&bed.a, 2);
        bed.wa().await.client_create(&other).await.expect("a client");
        let mut tx = bed.begin(&bed.a).await;
        for n in 2..=7 {
            tx.user_create(&user(&bed.a, n), None).await.expect("a user");
        }
        let of = |n| user(&bed.a, n).id;
        // 1 and 2 consented, 2 has a family as well; 3 and 4 have families only, 4 several; 5 had
        // one; 6 uses another client; 7 nothing.
        for n in [1, 2] {
            tx.consent_put(&of(n), &client_1.id, &scopes("openid"), t(1)).await.expect("consents");
        }
        for (grant, n, client) in [(1, 2, &client_1), (2, 3, &client_1), (3, 4, &client_1),
            (4, 4, &client_1), (5, 4, &client_1), (6, 5, &client_1), (7, 6, &other)] {
            let family = family(&of(n), &client.id, grant);
            tx.family_create(&family, &format!("token-{grant}"), t(60)).await.expect("a family");
        }
        tx.family_revoke(&id("grant", 6), t0()).await.expect("revokes");
        tx.consent_put(&of(6), &other.id, &scopes("openid"), t0()).await.expect("consents");
        tx.commit().await.expect("commits");

        let mut seen = Vec::new();
        let mut query = ListQuery { limit: 3, ..everything("userId") };
        let next = loop {
            let page = bed.ra().await.client_user_page(&client_1.id, &query, t(2)).await.expect("reads");
            assert_eq!(page.total, Some(4));
            seen.extend(page.data);
            match page.next {
                Some(next) => query.from = next,
                None => break page.prev,
            }
        };
        let ids: Vec<_> = seen.iter().map(|one| one.user_id.clone()).collect();
        assert_eq!(ids, [of(1), of(2), of(3), of(4)]);
        let (first, second, third, fourth) = (&seen[0], &seen[1], &seen[2], &seen[3]);
        assert_eq!((first.consented_at, first.since, first.families), (Some(t(1)), t(1), 0));
        assert_eq!((first.scope.to_string(), first.last_used_at), ("openid".into(), None));
        assert_eq!((second.since, second.families, second.last_used_at), (t(1), 1, Some(t0())));
        assert_eq!((third.consented_at, third.since, third.families), (None, t0(), 1));
        assert_eq!((third.scope.to_string(), fourth.families), ("offline_access openid".into(), 3));
        assert_eq!((first.name.as_str(), first.email.as_deref()), ("User Ünal 1", Some("User1@Example.com")));

        let back = ListQuery { from: next.expect("a page before"), ..query };
        let page = bed.ra().await.client_user_page(&client_1.id, &back, t(2)).await.expect("reads");
        assert_eq!(page.data, seen[..3]);
        assert!(matches!(page.next, Some(From::After(_))));
    }
}
