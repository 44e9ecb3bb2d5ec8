//! Refresh tokens that come twice: a lost response, or a thief (RFC 9700 section 4.14.2).

use std::collections::BTreeSet;

use crate::flow::Tokens;
use crate::world::{App, Tenant, World};

/// The refresh tokens of a tenant that are not spent.
async fn live(world: &World) -> usize {
    let rows = world.table("refresh_token").await;
    rows.iter().filter(|row| row.contains("spent_at=None") || row.contains("spent_at=NULL")).count()
}

async fn first(world: &World) -> Tokens {
    world.tokens(&world.a, &world.a.web, "openid offline_access").await
}

async fn assert_family_is_dead(world: &World, tenant: &Tenant, app: &App, all: &[&Tokens]) {
    for tokens in all {
        let refused = world.refresh(tenant, app, tokens.refresh()).await;
        refused.expect_error(400, "invalid_grant");
        world.userinfo(tenant, tokens.access()).await.expect_error(401, "invalid_token");
    }
    assert_eq!(world.audit(tenant, "grant.revoked").await.len(), 1);
}

both! {
    async fn a_lost_response_can_be_asked_for_again(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let old = first(&world).await;
        let mut successors = BTreeSet::new();
        for _ in 0..3 {
            let tokens = Tokens::of(&world.refresh(tenant, app, old.refresh()).await);
            successors.insert(tokens.refresh().to_owned());
            world.userinfo(tenant, tokens.access()).await.expect(200);
            // Conformance 6: the old one still works 30 s later.
            world.clock.advance_seconds(15);
        }
        assert_eq!(successors.len(), 1, "the same successor each time");
        assert_eq!(live(&world).await, 1);
        let next = successors.pop_first().expect("one");
        Tokens::of(&world.refresh(tenant, app, &next).await);
        assert!(world.audit(tenant, "grant.revoked").await.is_empty());
    }

    async fn a_replay_after_the_successor_was_used_ends_the_family(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let one = first(&world).await;
        let two = Tokens::of(&world.refresh(tenant, app, one.refresh()).await);
        let three = Tokens::of(&world.refresh(tenant, app, two.refresh()).await);
        // Within the grace, but the successor reached its client: this is somebody else.
        let refused = world.refresh(tenant, app, one.refresh()).await;
        let told = refused.expect_error(400, "invalid_grant");
        assert!(told.contains("revoked"), "{told}");
        assert_family_is_dead(&world, tenant, app, &[&one, &two, &three]).await;
    }

    async fn a_replay_after_the_grace_ends_the_family(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let one = first(&world).await;
        let two = Tokens::of(&world.refresh(tenant, app, one.refresh()).await);
        world.clock.advance_seconds(60);
        let refused = world.refresh(tenant, app, one.refresh()).await;
        refused.expect_error(400, "invalid_grant");
        assert_family_is_dead(&world, tenant, app, &[&one, &two]).await;
        let revoked = world.audit(tenant, "grant.revoked").await;
        assert_eq!(revoked[0].details["reason"], "refresh token replayed");
    }

    async fn a_family_that_ended_takes_no_other_with_it(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let (one, other) = (first(&world).await, first(&world).await);
        Tokens::of(&world.refresh(tenant, app, one.refresh()).await);
        world.clock.advance_seconds(61);
        let refused = world.refresh(tenant, app, one.refresh()).await;
        refused.expect_error(400, "invalid_grant");
        world.userinfo(tenant, other.access()).await.expect(200);
        Tokens::of(&world.refresh(tenant, app, other.refresh()).await);
    }

    async fn refreshes_at_once_leave_one_live_token(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let old = first(&world).await;
        let calls: Vec<_> = (0..8)
            .map(|_| {
                let (world, token) = (world.clone(), old.refresh().to_owned());
                tokio::spawn(async move { world.refresh(&world.a, &world.a.web, &token).await })
            })
            .collect();
        let mut successors = BTreeSet::new();
        for call in calls {
            let tokens = Tokens::of(&call.await.expect("no panic"));
            successors.insert(tokens.refresh().to_owned());
        }
        assert_eq!(successors.len(), 1);
        assert_eq!(live(&world).await, 1);
        assert_eq!(world.table("refresh_token").await.len(), 2);
        let next = successors.pop_first().expect("one");
        Tokens::of(&world.refresh(tenant, app, &next).await);
    }

    async fn a_race_of_thief_and_owner_never_leaves_two_families_alive(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let one = first(&world).await;
        let two = Tokens::of(&world.refresh(tenant, app, one.refresh()).await);
        // The owner goes on while the thief presents the stolen old one, all at once.
        let calls: Vec<_> = (0..8)
            .map(|n| {
                let world = world.clone();
                let token = if n % 2 == 0 { two.refresh() } else { one.refresh() }.to_owned();
                tokio::spawn(async move { world.refresh(&world.a, &world.a.web, &token).await })
            })
            .collect();
        let mut given = BTreeSet::new();
        for call in calls {
            let answer = call.await.expect("no panic");
            match answer.status {
                200 => {
                    given.insert(Tokens::of(&answer).refresh().to_owned());
                }
                _ => {
                    answer.expect_error(400, "invalid_grant");
                }
            }
        }
        // `two` once more for the thief, and one successor of `two`: never a third.
        assert!(given.len() <= 2, "{}", given.len());
        assert!(live(&world).await <= 1);
    }
}
