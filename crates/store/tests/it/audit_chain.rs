//! The chain that links the events of each owner.

use domain::audit::{Actor, ChainCheck, ChainRow};
use store::{AuditTrails, Store, StoreError};

use crate::audit::event;
use crate::bed::*;

const BEGINNING: (i64, i64) = (i64::MIN, i64::MIN);

fn trails(bed: &Bed, database: &str) -> AuditTrails {
    let all = bed.store.audit_trails();
    all.into_iter().find(|(name, _)| name == database).expect("there").1
}

/// The linked rows of an owner, which are an unbroken chain.
async fn intact(trails: &AuditTrails, owner: &str) -> Vec<ChainRow> {
    let seal = audit_seal();
    let mut check = ChainCheck::new(&seal, owner, None);
    let rows = trails.rows(owner, BEGINNING, u32::MAX).await.expect("reads");
    for row in &rows {
        check.row(row).expect("as it was written");
    }
    check.end(trails.head(owner).await.expect("reads").as_ref()).expect("the end");
    rows
}

both! {
    async fn many_who_append_at_once_make_one_chain(bed) {
        let mut tasks = tokio::task::JoinSet::new();
        for task in 0..8 {
            let bed = bed.clone();
            tasks.spawn(async move {
                for n in 0..12 {
                    let mut tx = bed.begin(&bed.a).await;
                    tx.group_create(&crate::group::group(task * 100 + n, &[])).await.expect("a group");
                    tx.audit_append(&event(n, Actor::System)).await.expect("appends");
                    tx.commit().await.expect("commits");
                }
            });
        }
        tasks.join_all().await;
        assert_eq!(intact(&trails(&bed, "region eu"), bed.a.as_str()).await.len(), 96);
    }
}

both! {
    async fn first_events_that_meet_make_one_chain(bed) {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..8 {
            let bed = bed.clone();
            tasks.spawn(async move {
                let tenant = if n % 2 == 0 { &bed.a } else { &bed.b };
                bed.auto(tenant).await.audit_append(&event(n, Actor::System)).await
            });
        }
        for done in tasks.join_all().await {
            done.expect("appends");
        }
        let trails = trails(&bed, "region eu");
        for tenant in [&bed.a, &bed.b] {
            assert_eq!(intact(&trails, tenant.as_str()).await.len(), 4);
        }
        let register = intact(&trails, AuditTrails::REGISTER).await;
        let mut named: Vec<_> = register.iter().map(ChainRow::subject).collect();
        named.sort_unstable();
        assert_eq!(named, [bed.a.as_str(), bed.b.as_str()], "each owner once");
    }
}

both! {
    async fn an_event_that_is_rolled_back_leaves_no_gap(bed) {
        let trails = trails(&bed, "region eu");
        let mut tx = bed.begin(&bed.a).await;
        tx.audit_append(&event(1, Actor::System)).await.expect("appends");
        drop(tx);
        assert_eq!(trails.head(bed.a.as_str()).await.expect("reads"), None);
        for n in 2..6 {
            let mut tx = bed.begin(&bed.a).await;
            tx.audit_append(&event(n, Actor::System)).await.expect("appends");
            match n % 2 {
                0 => tx.commit().await.expect("commits"),
                _ => tx.rollback().await.expect("rolls back"),
            }
        }
        let rows = intact(&trails, bed.a.as_str()).await;
        assert_eq!(rows.iter().map(ChainRow::subject).collect::<Vec<_>>(), ["client-2", "client-4"]);
        // Also when it is the event itself that fails.
        let broken = domain::audit::AuditEvent { subject: "\0".into(), ..event(7, Actor::System) };
        let error = bed.wa().await.audit_append(&broken).await;
        assert!(matches!(error, Err(StoreError::Invalid { .. })), "{error:?}");
        assert_eq!(intact(&trails, bed.a.as_str()).await.len(), 2);
    }
}

both! {
    async fn events_of_one_transaction_follow_each_other(bed) {
        let directory = bed.store.directory();
        let mut tx = directory.begin().await.expect("begins");
        for n in 0..3 {
            tx.audit_append("organization:o", &event(n, Actor::Operator)).await.expect("appends");
            tx.audit_append("region:eu", &event(n, Actor::Operator)).await.expect("appends");
        }
        tx.commit().await.expect("commits");
        let trails = trails(&bed, "directory");
        assert_eq!(intact(&trails, "organization:o").await.len(), 3);
        assert_eq!(intact(&trails, "region:eu").await.len(), 3);
        assert_eq!(intact(&trails, AuditTrails::REGISTER).await.len(), 2);
        let mut owners = Vec::new();
        while let Some(owner) =
            trails.next_owner(owners.last().map_or("", String::as_str)).await.expect("reads")
        {
            owners.push(owner);
        }
        owners.sort_unstable();
        assert_eq!(owners, ["organization:o", "region:eu", AuditTrails::REGISTER]);
    }
}

both! {
    async fn rows_are_read_in_pages(bed) {
        let mut tx = bed.begin(&bed.a).await;
        for n in 0..7 {
            tx.audit_append(&event(n, Actor::System)).await.expect("appends");
        }
        tx.commit().await.expect("commits");
        let trails = trails(&bed, "region eu");
        let all = intact(&trails, bed.a.as_str()).await;
        let (mut paged, mut after) = (Vec::new(), BEGINNING);
        loop {
            let page = trails.rows(bed.a.as_str(), after, 3).await.expect("reads");
            assert!(page.len() <= 3);
            let Some(last) = page.last() else { break };
            after = (last.link.expect("a link"), last.seq);
            paged.extend(page);
        }
        assert_eq!(paged, all);
    }
}

both! {
    async fn an_event_costs_three_statements(bed) {
        let count = || bed.store.statements();
        bed.wa().await.audit_append(&event(1, Actor::System)).await.expect("appends");
        let before = count();
        bed.wa().await.audit_append(&event(2, Actor::System)).await.expect("appends");
        assert_eq!(count() - before, 5, "BEGIN, lock the end, INSERT, move the end, COMMIT");
    }
}

both! {
    async fn nothing_is_appended_without_the_key(bed) {
        let store = Store::open(bed.options.clone()).await.expect("opens");
        let before = bed.rows().await;
        let mut tx = store.region(&eu()).expect("there").begin(&bed.a).await.expect("begins");
        let error = tx.audit_append(&event(1, Actor::System)).await;
        assert!(matches!(error, Err(StoreError::NoAuditSeal)), "{error:?}");
        drop(tx);
        let error = store.directory().audit_append("organization:o", &event(1, Actor::System)).await;
        assert!(matches!(error, Err(StoreError::NoAuditSeal)), "{error:?}");
        store.close().await;
        assert_eq!(bed.rows().await, before);
    }
}

both! {
    async fn events_from_before_the_chain_are_counted(bed) {
        let old = format!(
            "INSERT INTO audit_event (owner_id, at, actor_type, actor_id, event, subject, address, \
                 trace_id, details) \
             VALUES ('{}', 1, 'system', '', 'client.created', 'c', '', '', '{{}}')",
            bed.a
        );
        execute(bed.region_url(), format!("{old}; {old}")).await;
        let trails = trails(&bed, "region eu");
        bed.wa().await.audit_append(&event(1, Actor::System)).await.expect("appends");
        let unlinked = trails.unlinked(bed.a.as_str()).await.expect("reads");
        assert_eq!(unlinked.count, 2);
        assert!(unlinked.last_seq < unlinked.first_linked_seq, "{unlinked:?}");
        assert_eq!(intact(&trails, bed.a.as_str()).await.len(), 1);
        assert_eq!(bed.ra().await.audit_page(&everything("eventTime")).await.expect("reads").total, Some(3));
    }
}
