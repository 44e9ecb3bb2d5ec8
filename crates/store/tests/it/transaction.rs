//! What a transaction promises, whatever happens to it.

use std::task::Poll;
use std::time::Duration;

use store::{Store, StoreError, StoreOptions};

use crate::bed::*;

both! {
    async fn what_is_not_committed_is_not_there(bed) {
        let before = bed.rows().await;
        let mut tx = bed.begin(&bed.a).await;
        tx.user_create(&user(&bed.a, 1), None).await.expect("a user");
        assert!(tx.user_get(&user(&bed.a, 1).id).await.expect("reads").is_some(), "its own write");
        assert!(bed.ra().await.user_get(&user(&bed.a, 1).id).await.expect("reads").is_none());
        drop(tx);
        assert_eq!(bed.rows().await, before);
        let mut tx = bed.begin(&bed.a).await;
        tx.user_create(&user(&bed.a, 1), None).await.expect("a user");
        tx.rollback().await.expect("rolls back");
        assert_eq!(bed.rows().await, before);
        let mut tx = bed.begin(&bed.a).await;
        tx.user_create(&user(&bed.a, 1), None).await.expect("a user");
        tx.commit().await.expect("commits");
        assert_ne!(bed.rows().await, before);
    }
}

both! {
    async fn after_a_failure_a_transaction_cannot_be_committed(bed) {
        bed.user_and_client().await;
        let before = bed.rows().await;
        let mut tx = bed.begin(&bed.a).await;
        tx.role_create(&role(1)).await.expect("a role");
        let error = tx.user_create(&user(&bed.a, 1), None).await;
        assert!(matches!(error, Err(StoreError::Conflict { .. })), "{error:?}");
        let error = tx.role_create(&role(2)).await;
        assert!(matches!(error, Err(StoreError::Aborted)), "{error:?}");
        let error = tx.commit().await;
        assert!(matches!(error, Err(StoreError::Aborted)), "{error:?}");
        assert_eq!(bed.rows().await, before);
    }
}

both! {
    async fn a_limit_in_a_transaction_spoils_it_too(bed) {
        let (_, client) = bed.user_and_client().await;
        for n in 1..=5 {
            let secret = secret(&client.id, n);
            bed.wa().await.client_secret_create(&client.id, &secret, 5).await.expect("a secret");
        }
        let before = bed.rows().await;
        let mut tx = bed.begin(&bed.a).await;
        let error = tx.client_secret_create(&client.id, &secret(&client.id, 6), 5).await;
        assert!(matches!(error, Err(StoreError::Limit { .. })), "{error:?}");
        assert!(matches!(tx.commit().await, Err(StoreError::Aborted)));
        assert_eq!(bed.rows().await, before);
    }
}

both! {
    async fn an_autocommit_handle_goes_on_after_a_failure(bed) {
        bed.user_and_client().await;
        let mut tx = bed.wa().await;
        tx.user_create(&user(&bed.a, 1), None).await.expect_err("is there");
        tx.user_create(&user(&bed.a, 2), None).await.expect("a user");
        tx.commit().await.expect("nothing to do");
        assert!(bed.ra().await.user_get(&user(&bed.a, 2).id).await.expect("reads").is_some());
    }
}

both! {
    async fn statements_are_counted(bed) {
        let count = || bed.store.statements();
        let before = count();
        let mut tx = bed.begin(&bed.a).await;
        tx.role_create(&role(1)).await.expect("a role");
        tx.commit().await.expect("commits");
        assert_eq!(count() - before, 3, "BEGIN, INSERT, COMMIT");
        let before = count();
        drop(bed.begin(&bed.a).await);
        assert_eq!(count() - before, 2, "BEGIN, ROLLBACK");
        let before = count();
        bed.ra().await.tenant_get().await.expect("reads");
        bed.wa().await.role_create(&role(2)).await.expect("a role");
        assert_eq!(count() - before, 2, "one each");
    }
}

both! {
    async fn many_write_at_once(bed) {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..32 {
            let bed = bed.clone();
            tasks.spawn(async move {
                let mut tx = bed.begin(&bed.a).await;
                tx.user_create(&user(&bed.a, n), None).await.expect("a user");
                tx.commit().await.expect("commits");
                bed.ra().await.user_get(&user(&bed.a, n).id).await.expect("reads").expect("there");
            });
        }
        tasks.join_all().await;
        assert_eq!(bed.count("user_account").await, 32);
    }
}

/// Lets a future make some steps, each with time for an answer to arrive, and then drops it.
async fn give_up_after(steps: usize, flow: impl Future<Output = ()>) {
    let mut flow = Box::pin(flow);
    for _ in 0..steps {
        let poll = std::future::poll_fn(|cx| Poll::Ready(flow.as_mut().poll(cx)));
        if poll.await.is_ready() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

both! {
    /// Requests are cancelled when their callers go away. A connection that was on its way into a
    /// transaction must not come back to the pool with that transaction open: the next user's
    /// acknowledged writes would vanish with it.
    async fn cancelled_requests_do_not_spoil_later_ones(bed) {
        // One connection, so that each request gets the one before's.
        let options = StoreOptions { max_connections: 1, ..bed.options.clone() };
        let store = Store::open(options.clone()).await.expect("opens");
        let region = store.region(&eu()).expect("there");
        for n in 0..40 {
            let flow = async {
                let mut tx = region.begin(&bed.a).await.expect("begins");
                drop(tx.role_create(&role(1)).await);
                drop(tx.user_find_by_email("x").await);
                drop(tx.rollback().await);
                let mut tx = region.autocommit(&bed.a).await.expect("writes");
                drop(tx.bot_user_create_if_absent(&bot(&bed.a, 1, &id("client", 1))).await);
            };
            give_up_after(n, flow).await;
            let mut tx = region.autocommit(&bed.a).await.expect("writes");
            tx.group_create(&crate::group::group(n as u32, &[])).await.expect("acknowledged");
        }
        store.close().await;
        let groups = bed.ra().await.group_count().await.expect("counts");
        assert_eq!(groups, 40, "every acknowledged row is there");
    }
}

#[tokio::test]
async fn sqlite_tells_when_the_writer_is_taken_for_too_long() {
    let bed = Bed::sqlite().await;
    let held = bed.begin(&bed.a).await;
    let error = bed.region().begin(&bed.a).await.err();
    assert!(matches!(error, Some(StoreError::Busy)), "{error:?}");
    // Readers do not wait for the writer.
    bed.ra().await.tenant_get().await.expect("reads");
    drop(held);
    bed.region().begin(&bed.a).await.expect("free again");
}

#[tokio::test]
async fn sqlite_tells_when_another_process_holds_the_lock() {
    let bed = Bed::sqlite().await;
    let mut other = raw(bed.region_url()).await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.expect("locks");
    let error = bed.region().begin(&bed.a).await.err();
    assert!(matches!(error, Some(StoreError::Busy)), "{error:?}");
}
