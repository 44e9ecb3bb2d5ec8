use domain::entropy::SeededEntropy;
use tokio::sync::oneshot;

use super::*;

fn eu() -> RegionCode {
    RegionCode::parse("eu").expect("a code")
}

const SHORT: Duration = Duration::from_millis(20);

fn searches(readers: usize, patience: Duration) -> Arc<Searches> {
    let regions = HashMap::from([(eu(), Arc::new(Semaphore::new(readers)))]);
    Arc::new(Searches { regions, lines: Lines::default(), patience })
}

fn tenants<const N: usize>() -> [TenantId; N] {
    let entropy = SeededEntropy::new(1);
    std::array::from_fn(|_| TenantId::generate(&entropy))
}

fn users<const N: usize>() -> [Who; N] {
    let entropy = SeededEntropy::new(2);
    std::array::from_fn(|_| Some(UserId::generate(&entropy)))
}

#[tokio::test]
async fn a_tenant_searches_once_at_a_time_and_others_beside_it() {
    let searches = searches(2, SHORT);
    let ([large, small, third], [user]) = (tenants(), users());
    let running = searches.turn(&eu(), &large, &user).await.expect("the first");
    assert_eq!(searches.turn(&eu(), &large, &None).await.err(), Some(Crowded::Late));
    let beside = searches.turn(&eu(), &small, &user).await.expect("another tenant's");
    // No reader is left for searches; the others are for everything else.
    assert_eq!(searches.turn(&eu(), &third, &user).await.err(), Some(Crowded::Late));
    drop(running);
    searches.turn(&eu(), &large, &None).await.expect("now");
    drop(beside);
    assert!(searches.lines.lock().expect("no panic").is_empty(), "nothing is kept");
}

#[tokio::test]
async fn neither_a_user_nor_a_tenant_fills_the_line() {
    let searches = searches(1, PATIENCE);
    let ([tenant, other], people) = (tenants(), users::<5>());
    let running = searches.turn(&eu(), &tenant, &people[0]).await.expect("the first");
    let mut waiting = tokio::task::JoinSet::new();
    let mut wait = |who: &Who| {
        let (searches, tenant, who) = (Arc::clone(&searches), tenant.clone(), who.clone());
        waiting.spawn(async move { searches.turn(&eu(), &tenant, &who).await.map(drop) });
    };
    (1..OF_A_USER).for_each(|_| wait(&people[0]));
    tokio::task::yield_now().await;
    assert_eq!(searches.turn(&eu(), &tenant, &people[0]).await.err(), Some(Crowded::User));
    for who in &people[1..OF_A_TENANT / OF_A_USER] {
        (0..OF_A_USER).for_each(|_| wait(who));
    }
    tokio::task::yield_now().await;
    assert_eq!(searches.turn(&eu(), &tenant, &people[4]).await.err(), Some(Crowded::Tenant));
    drop(running);
    let all = waiting.join_all().await;
    assert_eq!(all.len(), OF_A_TENANT - 1);
    assert!(all.iter().all(Result::is_ok), "each had its turn: {all:?}");
    searches.turn(&eu(), &other, &people[0]).await.expect("nothing is left behind");
}

#[tokio::test]
async fn a_large_tenant_has_one_search_in_the_regions_line() {
    let searches = searches(1, PATIENCE);
    let ([large, small], [user]) = (tenants(), users());
    let running = searches.turn(&eu(), &large, &user).await.expect("the first");
    let (told, mut order) = tokio::sync::mpsc::unbounded_channel();
    for tenant in [&large, &large, &large, &small] {
        let (searches, tenant, told) = (Arc::clone(&searches), tenant.clone(), told.clone());
        let user = user.clone();
        tokio::spawn(async move {
            let turn = searches.turn(&eu(), &tenant, &user).await.expect("a turn");
            told.send(tenant).expect("is read");
            tokio::time::sleep(Duration::from_millis(10)).await;
            drop(turn);
        });
        tokio::task::yield_now().await;
    }
    drop(running);
    let mut first = vec![order.recv().await, order.recv().await];
    first.retain(|tenant| tenant.as_ref() == Some(&small));
    assert_eq!(first.len(), 1, "who came last is not behind all of the large tenant's");
}

#[tokio::test]
async fn who_goes_away_frees_no_reader_before_the_search_has_ended() {
    let searches = searches(1, SHORT);
    let [tenant] = tenants();
    let turn = searches.turn(&eu(), &tenant, &None).await.expect("the first");
    let (end, ended) = oneshot::channel::<()>();
    let request = tokio::spawn(in_turn(turn, async move {
        ended.await.expect("is told");
        Ok(())
    }));
    tokio::task::yield_now().await;
    request.abort();
    assert!(request.await.expect_err("aborted").is_cancelled());
    assert_eq!(searches.turn(&eu(), &tenant, &None).await.err(), Some(Crowded::Late));
    end.send(()).expect("the search goes on");
    searches.turn(&eu(), &tenant, &None).await.expect("now");
}
