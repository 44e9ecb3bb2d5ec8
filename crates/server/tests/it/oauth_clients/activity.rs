//! What an administrator is told about a client's life.

use serde_json::json;

use super::{Admin, PATH, refusal};
use crate::world::World;

const MACHINE: (&str, &str) = ("grant_type", "client_credentials");

async fn ask(world: &World, id: &str, secret: &str) -> u16 {
    let call = world.post(&world.a, "/oauth/token").basic(id, secret);
    call.form(&[MACHINE]).send().await.status
}

both! {
    async fn it_tells_which_secret_is_in_use_and_why_a_caller_was_refused(world) {
        let admin = Admin::of(&world, &world.a).await;
        let (id, old) = (world.a.m2m.id(), &world.a.m2m.secret);
        let path = format!("/{id}/client-secrets");
        let made = admin.post(&path, &json!({ "label": "blue" })).await.expect(201).json();
        let new = made["clientSecret"].as_str().expect("a secret");
        assert_eq!(ask(&world, id, new).await, 200);
        let wrong = format!("{}{}", "0".repeat(59), &old[59..]);
        assert_eq!(ask(&world, id, &wrong).await, 401);
        let told = admin.get(&format!("/{id}/activity")).await.expect(200).json();
        let secrets = told["secrets"].as_array().expect("secrets");
        assert_eq!(secrets.len(), 2);
        assert!(secrets.iter().any(|one| one["label"] == "blue" && one["hint"] == made["hint"]));
        assert!(secrets.iter().all(|one| one["lastUsedAt"].is_string()), "{told}");
        assert_eq!(told["failures"][0]["reason"], "wrong_secret");
        assert!(told["failures"][0]["address"].is_string() && told["failures"][0]["traceId"].is_string());
        for secret in [old.as_str(), new, &wrong] {
            assert!(!told.to_string().contains(secret));
        }
    }

    async fn it_is_for_the_administrators_of_the_tenant(world) {
        let (a, b) = (&world.a, &world.b);
        let path = format!("/{}/activity", a.m2m.id());
        let stranger = Admin::of(&world, b).await;
        assert_eq!(refusal(&stranger.get(&path).await, 404).0, "OAUTH-CLIENTS-7");
        let person = world.tokens(a, &a.web, "user_default").await;
        let path = format!("{}{path}", PATH);
        world.get(a, &path).bearer(person.access()).send().await.expect(403);
    }
}
