//! How often callers may use the API, and that nobody else pays for it.

use engine::admin::api_key::{self, ApiKeyDraft};
use engine::authority::Caller;
use engine::settings::RateLimitSettings;

use crate::call::Answer;
use crate::world::{Person, Setup, Tenant, World};

/// A few calls a minute.
fn tight() -> Setup {
    let mut setup = Setup::default();
    setup.settings.rate_limits = RateLimitSettings {
        reads_per_minute: 3,
        filters_per_minute: 2,
        writes_per_minute: 2,
        failures_per_minute: 4,
    };
    setup
}

async fn read(world: &World, tenant: &Tenant, token: &str) -> Answer {
    world.get(tenant, "/api/v1/roles").bearer(token).send().await
}

#[track_caller]
fn expect_wait(answer: &Answer, seconds: &str) {
    let told = answer.expect(429).json();
    assert_eq!(answer.header("retry-after"), Some(seconds));
    assert_eq!(told["errors"][0]["code"], "ROLES-12");
    assert_eq!(told["errors"][0]["status"], 429);
    let detail = told["errors"][0]["detail"].as_str().expect("a text");
    assert!(detail.contains(&format!("in {seconds} seconds")), "{detail}");
}

both! {
    tight();

    async fn a_caller_has_a_burst_and_gets_calls_back(world) {
        let a = &world.a;
        let token = world.machine_token(a).await;
        for _ in 0..3 {
            read(&world, a, &token).await.expect(200);
        }
        let statements = world.engine().store().statements();
        expect_wait(&read(&world, a, &token).await, "20");
        assert_eq!(world.engine().store().statements(), statements, "a decision costs no SQL");
        world.clock.advance_seconds(19);
        expect_wait(&read(&world, a, &token).await, "1");
        world.clock.advance_seconds(1);
        read(&world, a, &token).await.expect(200);
        expect_wait(&read(&world, a, &token).await, "20");
        world.clock.advance_seconds(3600);
        for _ in 0..3 {
            read(&world, a, &token).await.expect(200);
        }
        expect_wait(&read(&world, a, &token).await, "20");
    }

    async fn what_is_written_down_to_be_told_counts_as_a_change(world) {
        let a = &world.a;
        let token = world.machine_token(a).await;
        let path = format!("/api/v1/oauth-clients/{}/activity", a.m2m.id());
        for _ in 0..2 {
            world.get(a, &path).bearer(&token).send().await.expect(200);
        }
        let limited = world.get(a, &path).bearer(&token).send().await;
        assert_eq!(limited.expect(429).header("retry-after"), Some("30"));
        world.call("HEAD", &a.host, &path).bearer(&token).send_raw().await.expect(429);
        // Reads are counted apart.
        read(&world, a, &token).await.expect(200);
    }

    async fn refusals_count_like_answers(world) {
        let a = &world.a;
        let tokens = world.tokens(a, &a.web, "openid").await;
        for _ in 0..3 {
            read(&world, a, tokens.access()).await.expect_error(403, "insufficient_scope");
        }
        expect_wait(&read(&world, a, tokens.access()).await, "20");
    }

    async fn callers_do_not_disturb_each_other(world) {
        let (a, b) = (&world.a, &world.b);
        let noisy = world.tokens(a, &a.web, "user_default").await;
        for _ in 0..3 {
            read(&world, a, noisy.access()).await.expect(200);
        }
        expect_wait(&read(&world, a, noisy.access()).await, "20");
        let again = world.tokens(a, &a.web, "user_default").await;
        expect_wait(&read(&world, a, again.access()).await, "20");
        // The same user by another client, another user, and the same names in another tenant.
        let other_client = world.tokens(a, &a.native, "user_default").await;
        let machine = world.machine_token(a).await;
        let other_tenant = world.tokens(b, &b.web, "user_default").await;
        for (tenant, token) in
            [(a, other_client.access()), (a, machine.as_str()), (b, other_tenant.access())]
        {
            for _ in 0..3 {
                read(&world, tenant, token).await.expect(200);
            }
            expect_wait(&read(&world, tenant, token).await, "20");
        }
    }

    async fn a_new_key_is_no_new_budget(world) {
        let a = &world.a;
        let key = async |person: &Person| {
            let draft = ApiKeyDraft {
                description: "x".to_owned(),
                sub: Some(person.id.to_string()),
                ..ApiKeyDraft::default()
            };
            let ctx = world.admin(a).await;
            let made = api_key::create(&ctx, &Caller::operator(), &draft).await.expect("a key");
            made.token.expose().clone()
        };
        let (first, second) = (key(&a.alice).await, key(&a.alice).await);
        read(&world, a, &first).await.expect(200);
        read(&world, a, &second).await.expect(200);
        read(&world, a, &first).await.expect(200);
        for spent in [&first, &second, &key(&a.alice).await] {
            expect_wait(&read(&world, a, spent).await, "20");
        }
        world.clock.advance_seconds(20);
        read(&world, a, &second).await.expect(200);
        expect_wait(&read(&world, a, &first).await, "20");
        // Neither another user nor the same one in an app pays for it.
        let app = world.tokens(a, &a.web, "user_default").await;
        for other in [&key(&a.bob).await, app.access()] {
            read(&world, a, other).await.expect(200);
        }
    }

    async fn guessing_is_slowed_down_by_address(world) {
        let a = &world.a;
        let good = world.machine_token(a).await;
        let guess = |tenant: &Tenant, token: &'static str, address: &str| {
            world.get(tenant, "/api/v1/roles").bearer(token).from(address).send()
        };
        for token in ["nonsense", "a.b.c", "", "x"] {
            guess(a, token, "203.0.113.5").await.expect_error(401, "invalid_token");
        }
        expect_wait(&guess(a, "y", "203.0.113.5").await, "15");
        expect_wait(&guess(&world.b, "y", "203.0.113.5").await, "15");
        guess(a, "y", "203.0.113.6").await.expect_error(401, "invalid_token");
        // Somebody else at the address pays nothing.
        let call = world.get(a, "/api/v1/roles").bearer(&good).from("203.0.113.5");
        call.send().await.expect(200);
        world.clock.advance_seconds(15);
        guess(a, "y", "203.0.113.5").await.expect_error(401, "invalid_token");
        expect_wait(&guess(a, "y", "203.0.113.5").await, "15");
        // An IPv6 caller owns a whole network.
        for n in 1..=4 {
            guess(a, "z", &format!("2001:db8:0:1::{n}")).await.expect_error(401, "invalid_token");
        }
        expect_wait(&guess(a, "z", "2001:db8:0:1:ffff::1").await, "15");
    }

    async fn the_token_endpoint_is_not_limited(world) {
        let a = &world.a;
        for _ in 0..20 {
            world.machine_token(a).await;
        }
        for _ in 0..6 {
            read(&world, a, "bad").await;
        }
        expect_wait(&read(&world, a, "bad").await, "15");
        let token = world.machine_token(a).await;
        for _ in 0..3 {
            read(&world, a, &token).await.expect(200);
        }
        expect_wait(&read(&world, a, &token).await, "20");
        world.machine_token(a).await;
        let tokens = world.tokens(a, &a.web, "openid").await;
        for _ in 0..10 {
            world.userinfo(a, tokens.access()).await.expect(200);
        }
    }
}
