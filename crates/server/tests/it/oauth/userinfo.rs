//! `GET|POST /oauth/userinfo` (OpenID Connect Core 5.3, RFC 6750).

use domain::user::UserStatus;
use serde_json::{Value, json};

use crate::flow::AuthRequest;
use crate::people;
use crate::world::World;

async fn token(world: &World, scope: &str) -> String {
    world.tokens(&world.a, &world.a.web, scope).await.access().to_owned()
}

both! {
    async fn scopes_give_claims(world) {
        let alice = &world.a.alice;
        let mut everything = people::claims();
        everything["name"] = json!(alice.name);
        everything["email"] = json!(alice.email);
        everything["email_verified"] = json!(true);
        everything["updated_at"] = json!(1_800_000_000);
        let names: [(&str, &[&str]); 5] = [
            ("openid", &[]),
            ("openid email", &["email", "email_verified"]),
            ("openid address", &["address"]),
            ("openid phone", &["phone_number", "phone_number_verified"]),
            ("openid profile", &[
                "name", "family_name", "given_name", "middle_name", "nickname",
                "preferred_username", "profile", "picture", "website", "gender", "birthdate",
                "zoneinfo", "locale", "updated_at",
            ]),
        ];
        let mut all = json!({ "sub": alice.subject });
        for (scope, claims) in names {
            let mut expected = json!({ "sub": alice.subject });
            for claim in claims {
                expected[claim] = everything[claim].clone();
                all[claim] = everything[claim].clone();
            }
            let token = token(&world, scope).await;
            let answer = world.userinfo(&world.a, &token).await;
            assert_eq!(answer.expect(200).json(), expected, "{scope}");
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
        let token = token(&world, "openid profile email address phone").await;
        assert_eq!(world.userinfo(&world.a, &token).await.json(), all);
    }

    async fn a_person_without_claims_has_none(world) {
        let request = AuthRequest::new(&world.a.web, "openid profile address phone");
        let code = world.code_in(&mut world.browser(&world.a), &request, &world.a.bob).await;
        let tokens = world.exchange(&world.a, &world.a.web, &code).await.access_token();
        let info = world.userinfo(&world.a, &tokens).await.expect(200).json();
        let bob = &world.a.bob;
        let expected = json!({ "sub": bob.subject, "name": bob.name, "updated_at": 1_800_000_000 });
        assert_eq!(info, expected, "absent, not null or empty");
    }

    async fn old_tokens_stay_dead_when_a_user_is_switched_on_again(world) {
        let tenant = &world.a;
        let status = async |status| world.user_status(tenant, &tenant.alice.id, status).await;
        let expect_dead = async |token: &str| {
            world.userinfo(tenant, token).await.expect_error(401, "invalid_token");
        };
        let old = token(&world, "openid").await;
        // To be switched on when one is on already changes nothing.
        status(UserStatus::Active).await;
        world.userinfo(tenant, &old).await.expect(200);
        status(UserStatus::Disabled).await;
        status(UserStatus::Active).await;
        expect_dead(&old).await;
        // All within one second: what comes after counts as new all the same.
        let new = token(&world, "openid").await;
        world.userinfo(tenant, &new).await.expect(200);
        for _ in 0..2 {
            world.clock.advance_seconds(1);
            expect_dead(&old).await;
            world.userinfo(tenant, &new).await.expect(200);
        }
        let later = token(&world, "openid").await;
        world.userinfo(tenant, &later).await.expect(200);
        status(UserStatus::Disabled).await;
        world.clock.advance_seconds(1);
        status(UserStatus::Active).await;
        for token in [&old, &new, &later] {
            expect_dead(token).await;
        }
        let last = token(&world, "openid").await;
        world.userinfo(tenant, &last).await.expect(200);
    }

    async fn the_token_may_travel_in_header_or_body(world) {
        let token = token(&world, "openid").await;
        let post = || world.post(&world.a, "/oauth/userinfo");
        let calls = [
            world.get(&world.a, "/oauth/userinfo").bearer(&token),
            world.get(&world.a, "/oauth/userinfo").header("authorization", format!("bearer {token}")),
            post().bearer(&token),
            post().form(&[("access_token", &token)]),
            post().json(&json!({ "access_token": token })),
        ];
        for call in calls {
            let info = call.send().await.expect(200).json();
            assert_eq!(info["sub"], world.a.alice.subject.as_str());
        }
        // Never in the address, where logs and histories keep it (RFC 9700 section 4.3.2).
        let path = format!("/oauth/userinfo?access_token={token}");
        world.get(&world.a, &path).send().await.expect_error(401, "invalid_token");
        post().form(&[("x", "y")]).send().await.expect_error(401, "invalid_token");
        post().body("text/plain", &token).send().await.expect_error(401, "invalid_token");
    }

    async fn what_is_no_good_token_is_refused_with_a_challenge(world) {
        let tokens = world.tokens(&world.a, &world.a.web, "openid offline_access").await;
        let foreign = world.tokens(&world.b, &world.b.web, "openid").await;
        let (access, long) = (tokens.access(), "x".repeat(20_000));
        let (input, signature) = access.rsplit_once('.').expect("parts");
        let mut flipped = signature.to_owned();
        let first = if flipped.starts_with('A') { "B" } else { "A" };
        flipped.replace_range(..1, first);
        let bad = [
            "x", "x.y.z", tokens.id(), tokens.refresh(), foreign.access(), foreign.id(), &long,
            &format!("{input}.{flipped}"), &format!("{input}."), input, &format!("{access}="),
        ];
        for token in bad {
            let answer = world.userinfo(&world.a, token).await;
            answer.expect_error(401, "invalid_token");
            let challenge = answer.header("www-authenticate").expect("a challenge");
            assert!(challenge.starts_with("Bearer error=\"invalid_token\""), "{challenge}");
        }
        for forged in crate::oauth::authorize::hint::forgeries(access) {
            world.userinfo(&world.a, &forged).await.expect_error(401, "invalid_token");
        }
        for header in ["Bearer", "Bearer ", "Basic abc", "Token x", ""] {
            let call = world.get(&world.a, "/oauth/userinfo").header("authorization", header);
            call.send().await.expect_error(401, "invalid_token");
        }
        world.userinfo(&world.a, access).await.expect(200);
        world.clock.advance_seconds(21_599);
        world.userinfo(&world.a, access).await.expect(200);
        world.clock.advance_seconds(1);
        world.userinfo(&world.a, access).await.expect_error(401, "invalid_token");
    }

    async fn a_machine_has_no_userinfo(world) {
        let token = world.machine_token(&world.a).await;
        world.userinfo(&world.a, &token).await.expect_error(403, "insufficient_scope");
    }

    async fn a_client_that_goes_takes_its_tokens_along(world) {
        let token = token(&world, "openid").await;
        let (ctx, operator) = (world.admin(&world.a).await, engine::authority::Caller::operator());
        engine::admin::client::delete(&ctx, &operator, &world.a.web.id).await.expect("deleted");
        world.userinfo(&world.a, &token).await.expect_error(401, "invalid_token");
    }

    async fn unknown_claims_that_were_asked_for_are_left_out(world) {
        let claims = r#"{"userinfo":{"email":{"essential":true},"password_hash":null,"roles":null,"sub":{"value":"idp|alice"}}}"#;
        let request = AuthRequest::new(&world.a.web, "openid").set("claims", claims);
        let code = world.code_in(&mut world.browser(&world.a), &request, &world.a.alice).await;
        let token = world.exchange(&world.a, &world.a.web, &code).await.access_token();
        let info: Value = world.userinfo(&world.a, &token).await.expect(200).json();
        let alice = &world.a.alice;
        assert_eq!(info, json!({ "sub": alice.subject, "email": alice.email }));
    }
}
