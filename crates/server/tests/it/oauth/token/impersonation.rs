//! `urn:qlik:oauth:user-impersonation` (contract 4.2): a trusted machine client acts as a user.

use domain::client::{ConsentMethod, GrantType};
use domain::user::UserStatus;
use engine::admin::client::ClientDraft;
use serde_json::{Value, json};

use crate::call::Answer;
use crate::jwt;
use crate::world::{World, m2m_draft};

const GRANT: &str = "urn:qlik:oauth:user-impersonation";

async fn by_json(world: &World, lookup: Value) -> Answer {
    let app = &world.a.m2m;
    let body = json!({
        "client_id": app.id(), "client_secret": app.secret, "scope": "user_default",
        "grant_type": GRANT, "user_lookup": lookup,
    });
    world.post(&world.a, "/oauth/token").json(&body).send().await
}

async fn by_form(world: &World, lookup: &[(&str, &str)]) -> Answer {
    let mut form = world.a.m2m.credentials();
    form.push(("grant_type", GRANT));
    form.extend(lookup);
    world.token(&world.a, &form).await
}

both! {
    async fn a_user_is_looked_up_in_every_shape(world) {
        let alice = &world.a.alice;
        let (subject, id) = (alice.subject.as_str(), alice.id.as_str());
        let nested = json!({ "field": "subject", "value": subject }).to_string();
        let answers = [
            by_json(&world, json!({ "field": "subject", "value": subject })).await,
            by_json(&world, json!({ "field": "userId", "value": id })).await,
            by_form(&world, &[("user_lookup", &nested)]).await,
            by_form(&world, &[("user_lookup[field]", "subject"), ("user_lookup[value]", subject)]).await,
            by_form(&world, &[("user_lookup.field", "userId"), ("user_lookup.value", id)]).await,
            by_form(&world, &[("user_lookup_field", "userId"), ("user_lookup_value", id)]).await,
        ];
        for answer in &answers {
            let token = answer.access_token();
            let claims = world.verified(&world.a, &token).await;
            assert_eq!(claims["sub"], subject);
            assert_eq!(claims["userId"], id);
            assert_eq!(claims["client_id"], world.a.m2m.id());
            for absent in ["refresh_token", "id_token"] {
                assert!(answer.json().get(absent).is_none(), "{absent}");
            }
            let me = world.get(&world.a, "/api/v1/users/me").bearer(&token).send().await;
            assert_eq!(me.expect(301).location(), format!("/api/v1/users/{id}"));
        }
        let trail = world.audit(&world.a, "user.impersonated").await;
        assert_eq!(trail.len(), answers.len());
        for entry in trail {
            assert_eq!(entry.subject, id);
            assert_eq!(entry.actor, domain::audit::Actor::Client(world.a.m2m.id.to_string()));
            assert_eq!(entry.trace_id.len(), 32);
        }
    }

    async fn nobody_is_impersonated_who_is_not_an_active_person_here(world) {
        world.machine_token(&world.a).await;
        let bots = world.table("user_account").await;
        let bot = bots.iter().find(|row| row.contains(world.a.m2m.id())).expect("a bot");
        let bot_id = bot.split(", ").find_map(|cell| cell.strip_prefix("id=")).expect("an id");
        let refused = [
            ("subject", world.a.m2m.id()),
            ("userId", bot_id),
            ("subject", "nobody"),
            ("userId", "0123456789abcdef01234567"),
            ("userId", "not an id"),
            ("userId", world.b.alice.id.as_str()),
            ("subject", &world.a.alice.email),
        ];
        let mut told = std::collections::BTreeSet::new();
        for (field, value) in refused {
            let answer = by_json(&world, json!({ "field": field, "value": value })).await;
            told.insert(answer.expect_error(400, "invalid_grant"));
        }
        assert_eq!(told.len(), 1, "all look the same");
        world.user_status(&world.a, &world.a.alice.id, UserStatus::Disabled).await;
        let lookup = json!({ "field": "subject", "value": world.a.alice.subject });
        by_json(&world, lookup).await.expect_error(403, "invalid_grant");
        assert!(world.audit(&world.a, "user.impersonated").await.is_empty());
    }

    async fn a_lookup_that_cannot_be_read_is_refused(world) {
        let subject = world.a.alice.subject.as_str();
        for lookup in [
            json!(null),
            json!("idp|alice"),
            json!([]),
            json!({}),
            json!({ "field": "subject" }),
            json!({ "value": subject }),
            json!({ "field": "email", "value": world.a.alice.email }),
            json!({ "field": "subject", "value": 7 }),
            json!({ "field": "subject", "value": "" }),
            json!({ "field": ["subject"], "value": subject }),
        ] {
            by_json(&world, lookup).await.expect_error(400, "invalid_request");
        }
        let twice = [("user_lookup_field", "subject"), ("user_lookup_value", subject)];
        let nested = json!({ "field": "subject", "value": subject }).to_string();
        let both = [&twice[..], &[("user_lookup", &nested)]].concat();
        by_form(&world, &both).await.expect_error(400, "invalid_request");
        by_form(&world, &twice[..1]).await.expect_error(400, "invalid_request");
        by_form(&world, &[&twice[..], &twice[..]].concat()).await.expect_error(400, "invalid_request");
        by_form(&world, &[]).await.expect_error(400, "invalid_request");
    }

    async fn only_a_trusted_client_with_the_grant_may(world) {
        let lookup = [("user_lookup_field", "userId"), ("user_lookup_value", world.a.alice.id.as_str())];
        let untrusted = ClientDraft { consent_method: ConsentMethod::Required, ..m2m_draft() };
        let without =
            ClientDraft { machine_grants: vec![GrantType::ClientCredentials], ..m2m_draft() };
        for draft in [untrusted, without] {
            let app = world.client(&world.a, draft).await;
            let form = [&app.credentials()[..], &[("grant_type", GRANT)], &lookup].concat();
            world.token(&world.a, &form).await.expect_error(400, "unauthorized_client");
        }
        for app in [&world.a.web, &world.a.spa] {
            let form = [&app.credentials()[..], &[("grant_type", GRANT)], &lookup].concat();
            world.token(&world.a, &form).await.expect_error(400, "unauthorized_client");
        }
        assert!(world.audit(&world.a, "user.impersonated").await.is_empty());
    }

    async fn the_clients_scopes_do_not_make_a_user_an_administrator(world) {
        // The client has admin_classic; Alice is no administrator.
        let lookup = [("user_lookup_field", "userId"), ("user_lookup_value", world.a.alice.id.as_str())];
        let token = by_form(&world, &lookup).await.access_token();
        assert_eq!(jwt::claims(&token)["scope"], "admin_classic user_default");
        let other = format!("/api/v1/users/{}", world.a.bob.id);
        let seen = world.get(&world.a, &other).bearer(&token).send().await.expect(200).json();
        assert!(seen.get("email").is_none() && seen.get("assignedRoles").is_none(), "{seen}");
        let call = world.call("DELETE", &world.a.host, &other).bearer(&token);
        assert_eq!(call.send().await.expect(403).json()["errors"][0]["code"], "USERS-6");
    }
}
