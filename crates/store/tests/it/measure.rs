//! Numbers for people: `cargo test -p store --release -- --ignored --nocapture measure`.

use domain::grant::CodeSpend;
use tokio::time::Instant;

use crate::bed::*;

both! {
    #[ignore = "prints numbers"]
    async fn code_spends_per_second(bed) {
        const MANY: u32 = 2000;
        let (user, client) = bed.user_and_client().await;
        for from in (0..MANY).step_by(500) {
            let mut tx = bed.begin(&bed.a).await;
            for n in from..from + 500 {
                let code = code(&user.id, &client.id, n);
                tx.code_create(&format!("hash-{n}"), &code).await.expect("a code");
            }
            tx.commit().await.expect("commits");
        }
        let engine = bed.region().database().engine();
        let mut tx = bed.wa().await;
        let (before, start) = (bed.store.statements(), Instant::now());
        for n in 0..MANY {
            let spend = tx.code_spend(&format!("hash-{n}"), t(1)).await.expect("asks");
            assert!(matches!(spend, CodeSpend::Spent(_)));
        }
        let rate = f64::from(MANY) / start.elapsed().as_secs_f64();
        let each = (bed.store.statements() - before) as f64 / f64::from(MANY);
        eprintln!("{engine:?}: {rate:.0} code_spend/s on one handle, {each} statements each");

        bed.wa().await.user_create(&crate::bed::user(&bed.a, 2), None).await.expect("a user");
        let mut read = bed.ra().await;
        let start = Instant::now();
        for _ in 0..MANY {
            read.user_get(&user.id).await.expect("reads").expect("there");
        }
        let rate = f64::from(MANY) / start.elapsed().as_secs_f64();
        eprintln!("{engine:?}: {rate:.0} user_get/s on one handle");

        let family = family(&user.id, &client.id, 1);
        let mut tx = bed.wa().await;
        tx.family_create(&family, "token-0", t(100)).await.expect("a family");
        let (before, start) = (bed.store.statements(), Instant::now());
        for n in 0..500 {
            let (now, next) = (format!("token-{n}"), format!("token-{}", n + 1));
            assert!(tx.refresh_token_spend(&now, &next, t(1), t(100)).await.expect("asks"));
        }
        let rate = 500.0 / start.elapsed().as_secs_f64();
        let each = (bed.store.statements() - before) as f64 / 500.0;
        eprintln!("{engine:?}: {rate:.0} refresh_token_spend/s, {each} statements each");
    }
}
