//! What people call things is seen: a name that hides letters looks like another's.

use serde_json::{Value, json};

use super::{patch, post, replace, user_path};

/// Names that are not what they look like, or look like nothing.
const HIDING: [&str; 9] = [
    "Ad\u{202e}nimda",
    "Admin\u{200b}",
    "Admin\u{200d}",
    "Admin\u{fe0f}",
    "Ad\u{1d173}min",
    "\u{feff}\u{200b}",
    "\u{3164}",
    "A\u{0}b",
    "\u{2066}x\u{2069}",
];
/// Names whose letters are shaped by ones that are not seen alone.
const SHAPED: [&str; 4] = ["می\u{200c}خواهم", "👩\u{200d}💻", "❤\u{fe0f} Ops", "Zoë O’Neil 東京"];

#[track_caller]
fn points_to(refused: &Value, field: &str) {
    assert_eq!(refused["errors"][0]["source"]["pointer"], field, "{refused}");
    let detail = refused["errors"][0]["detail"].as_str().expect("a text");
    assert!(detail.contains("nobody sees"), "{detail}");
}

fn with(body: &Value, field: &str, text: &str) -> Value {
    let mut body = body.clone();
    body[field] = text.into();
    body
}

both! {
    async fn names_hide_no_letters(world) {
        let admin = world.machine_token(&world.a).await;
        let secrets = format!("/api/v1/oauth-clients/{}/client-secrets", world.a.web.id());
        let client = json!({ "appType": "web" });
        let before = world.facts().await;
        for (path, field, rest) in [
            ("/api/v1/oauth-clients", "clientName", client.clone()),
            ("/api/v1/users", "name", json!({ "subject": "carol" })),
            ("/api/v1/groups", "name", json!({ "status": "active" })),
            ("/api/v1/roles", "name", json!({ "assignedScopes": [] })),
            (&secrets, "label", json!({})),
        ] {
            for name in HIDING {
                let body = with(&rest, field, name);
                let refused = post(&world, &admin, path, &body).await.expect(400).json();
                points_to(&refused, &format!("/{field}"));
            }
        }
        for (path, rest) in [
            ("/api/v1/oauth-clients", json!({ "appType": "web", "clientName": "x" })),
            ("/api/v1/groups", json!({ "name": "x" })),
            ("/api/v1/roles", json!({ "name": "x" })),
        ] {
            let body = with(&rest, "description", "Safe \u{202e}gnp.exe");
            let refused = post(&world, &admin, path, &body).await.expect(400).json();
            points_to(&refused, "/description");
        }
        let bob = user_path(&world.a.bob);
        for name in HIDING {
            let body = replace("/name", json!(name));
            points_to(&patch(&world, &admin, &bob, &body).await.expect(400).json(), "/0/value");
        }
        assert_eq!(world.facts().await, before);
        for name in SHAPED {
            post(&world, &admin, "/api/v1/oauth-clients", &with(&client, "clientName", name)).await.expect(201);
            let body = replace("/name", json!(name));
            patch(&world, &admin, &bob, &body).await.expect(204);
        }
    }

    async fn names_that_every_tenant_has_are_taken_in_any_case(world) {
        let admin = world.machine_token(&world.a).await;
        for (path, names) in [
            ("/api/v1/roles", ["tenantadmin", "TENANTADMIN", "DataADMIN", "TenantAdmin"]),
            ("/api/v1/groups", ["Com.qlik.everyone", "COM.QLIK.EVERYONE", "com.qlik.everyone ", "com.qlik.Everyone"]),
        ] {
            let mine = post(&world, &admin, path, &json!({ "name": "Mine" })).await.expect(201).json();
            let mine = format!("{path}/{}", mine["id"].as_str().expect("an id"));
            for name in names {
                let refused = post(&world, &admin, path, &json!({ "name": name })).await;
                let refused = refused.expect(409).json();
                assert!(refused["errors"][0]["detail"].as_str().expect("a text").contains("taken"));
                patch(&world, &admin, &mine, &replace("/name", json!(name))).await.expect(409);
            }
        }
    }

    async fn an_address_hides_no_letters(world) {
        let admin = world.machine_token(&world.a).await;
        let body = json!({ "subject": "carol", "email": "carol\u{200b}@a.example" });
        let refused = post(&world, &admin, "/api/v1/users", &body).await.expect(400).json();
        assert_eq!(refused["errors"][0]["source"]["pointer"], "/email");
    }
}
