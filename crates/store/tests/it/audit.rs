//! The audit trail and the change feed.

use domain::audit::{Actor, AuditEvent, event_id};
use domain::list::{ListQuery, Sort};
use store::{AuditEntry, ChangeKind};

use crate::bed::*;

pub fn event(n: u32, actor: Actor) -> AuditEvent {
    AuditEvent {
        at: t(i64::from(n)),
        actor,
        event: "client.created",
        subject: format!("client-{n}"),
        client_id: "client-of-the-caller".into(),
        address: "192.0.2.1".into(),
        trace_id: "0123".into(),
        details: serde_json::json!({"name": "Ä \"quoted\"", "n": n}),
    }
}

both! {
    async fn events_are_listed_newest_first(bed) {
        let actors = [
            Actor::Operator,
            Actor::User("user-1".into()),
            Actor::Client("client-1".into()),
            Actor::Anonymous,
            Actor::System,
        ];
        let mut tx = bed.begin(&bed.a).await;
        for (n, actor) in (0..).zip(&actors) {
            tx.audit_append(&event(n, actor.clone())).await.expect("appends");
        }
        tx.commit().await.expect("commits");
        let mut query =
            ListQuery { sort: Sort::descending("eventTime"), limit: 2, ..everything("eventTime") };
        let mut seen: Vec<AuditEntry> = Vec::new();
        loop {
            let page = bed.ra().await.audit_page(&query).await.expect("reads");
            assert_eq!(page.total, Some(5));
            seen.extend(page.data);
            match page.next {
                Some(next) => query.from = next,
                None => break,
            }
        }
        assert_eq!(seen.len(), 5);
        for (entry, (n, actor)) in seen.iter().rev().zip((0..).zip(actors)) {
            let expected = event(n, actor);
            assert_eq!((&entry.actor, &entry.subject), (&expected.actor, &expected.subject));
            assert_eq!((entry.at, &entry.details), (expected.at, &expected.details));
            assert_eq!(entry.client_id, expected.client_id);
            assert_eq!((entry.event.as_str(), entry.trace_id.as_str()), ("client.created", "0123"));
            let alone = bed.ra().await.audit_get(&entry.id).await.expect("reads");
            assert_eq!(alone.as_ref(), Some(entry));
        }
        assert!(seen.windows(2).all(|pair| pair[0].id > pair[1].id));
        assert_eq!(bed.ra().await.audit_get("").await.expect("reads"), None);
    }
}

both! {
    async fn events_of_one_instant_keep_their_order(bed) {
        for _ in 0..20 {
            bed.wa().await.audit_append(&event(1, Actor::System)).await.expect("appends");
        }
        let all = bed.ra().await.audit_page(&everything("eventTime")).await.expect("reads").data;
        let expected: Vec<_> = (1..=20).map(|link| event_id(t(1), link)).collect();
        assert_eq!(all.into_iter().map(|entry| entry.id).collect::<Vec<_>>(), expected);
    }
}

both! {
    async fn changes_are_tailed_in_order(bed) {
        let wide = bed.region().wide();
        assert_eq!(wide.change_last_seq().await.expect("reads"), 0);
        for (n, kind) in (0..).zip(ChangeKind::ALL) {
            let tenant = if n % 2 == 0 { &bed.a } else { &bed.b };
            let mut tx = bed.begin(tenant).await;
            tx.change_append(*kind, &format!("subject-{n}"), t(n)).await.expect("appends");
            tx.commit().await.expect("commits");
        }
        let first = wide.change_tail(0, 2).await.expect("reads");
        let rest = wide.change_tail(first[1].seq, 100).await.expect("reads");
        let all: Vec<_> = first.into_iter().chain(rest).collect();
        assert_eq!(all.iter().map(|change| change.kind).collect::<Vec<_>>(), ChangeKind::ALL);
        assert_eq!(all[0].owner_id, bed.a.as_str());
        assert_eq!(all[1].owner_id, bed.b.as_str());
        assert_eq!((all[1].subject.as_str(), all[1].at), ("subject-1", t(1)));
        assert!(all.windows(2).all(|pair| pair[0].seq < pair[1].seq));
        let last = wide.change_last_seq().await.expect("reads");
        assert_eq!(Some(last), all.last().map(|change| change.seq));
        assert!(wide.change_tail(last, 100).await.expect("reads").is_empty());
    }
}

both! {
    async fn a_change_that_is_not_committed_is_not_seen(bed) {
        let mut tx = bed.begin(&bed.a).await;
        tx.change_append(ChangeKind::Client, "client-1", t0()).await.expect("appends");
        let wide = bed.region().wide();
        assert!(wide.change_tail(0, 9).await.expect("reads").is_empty());
        tx.commit().await.expect("commits");
        assert_eq!(wide.change_tail(0, 9).await.expect("reads").len(), 1);
    }
}

both! {
    async fn the_directory_has_its_own_trail_and_feed(bed) {
        let directory = bed.store.directory();
        let mut tx = directory.begin().await.expect("begins");
        tx.change_append("organization:o", ChangeKind::Client, "c", t0()).await.expect("appends");
        tx.audit_append("organization:o", &event(1, Actor::Operator)).await.expect("appends");
        drop(tx);
        assert_eq!(directory.change_last_seq().await.expect("reads"), 0);
        directory.change_append("organization:o", ChangeKind::Tenant, "t", t(1)).await
            .expect("appends");
        directory.audit_append("organization:o", &event(1, Actor::System)).await.expect("appends");
        let changes = directory.change_tail(0, 9).await.expect("reads");
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].owner_id.as_str(), changes[0].at), ("organization:o", t(1)));
    }
}
