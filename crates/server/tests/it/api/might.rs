//! A narrow app of a mighty user stays narrow: what it could not give, it cannot take or replace.

use engine::admin::client::ClientDraft;
use serde_json::json;

use super::{delete, patch, post, replace};
use crate::world::{World, m2m_draft, scopes};

/// A machine's token that may manage users and nothing more; its bot administers.
async fn user_manager(world: &World) -> String {
    let draft = ClientDraft { allowed_scopes: scopes("admin.users"), ..m2m_draft() };
    let app = world.client(&world.a, draft).await;
    let call = world.post(&world.a, "/oauth/token").basic(app.id(), &app.secret);
    call.form(&[("grant_type", "client_credentials")]).send().await.access_token()
}

both! {
    async fn who_manages_users_does_not_manage_administrators(world) {
        let token = user_manager(&world).await;
        let admin = format!("/api/v1/users/{}", world.a.admin.id);
        for body in [
            replace("/status", json!("disabled")),
            replace("/name", json!("Nobody")),
            replace("/assignedRoles", json!([])),
        ] {
            patch(&world, &token, &admin, &body).await.expect(403);
        }
        delete(&world, &token, &admin).await.expect(403);
        let bob = format!("/api/v1/users/{}", world.a.bob.id);
        patch(&world, &token, &bob, &replace("/status", json!("disabled"))).await.expect(204);
    }

    async fn an_administrators_invitation_is_not_renewed_by_less(world) {
        let token = user_manager(&world).await;
        let machine = world.machine_token(&world.a).await;
        let invited = |subject: &str, roles: serde_json::Value| json!({
            "subject": subject, "email": format!("{subject}@a.test"), "status": "invited", "assignedRoles": roles,
        });
        for draft in [invited("boss", json!([{"name": "TenantAdmin"}])), invited("clerk", json!([]))] {
            post(&world, &machine, "/api/v1/users", &draft).await.expect(201);
        }
        world.clock.advance_seconds(60);
        let path = "/api/v1/users/actions/invite";
        let boss = json!({"invitees": [{"email": "boss@a.test", "resend": true}]});
        let facts = world.facts().await;
        let refused = post(&world, &token, path, &boss).await.expect(207).json();
        assert_eq!(refused["data"][0]["status"], "error");
        assert_eq!(refused["data"][0]["code"], "1005");
        assert!(refused["data"][0]["title"].as_str().expect("a text").contains("TenantAdmin"));
        assert_eq!(world.facts().await, facts);
        let clerk = json!({"invitees": [{"email": "clerk@a.test", "resend": true}]});
        assert_eq!(post(&world, &token, path, &clerk).await.expect(207).json()["data"][0]["status"], "ok");
        assert_eq!(post(&world, &machine, path, &boss).await.expect(207).json()["data"][0]["status"], "ok");
        assert_ne!(world.facts().await, facts);
    }

    async fn roles_are_emptied_only_by_saying_so(world) {
        let token = world.machine_token(&world.a).await;
        let bob = format!("/api/v1/users/{}", world.a.bob.id);
        for body in [
            json!([{ "op": "renew", "path": "/assignedRoles" }]),
            json!([{ "op": "replace", "path": "/assignedRoles", "value": null }]),
        ] {
            patch(&world, &token, &bob, &body).await.expect(400);
        }
        let many: Vec<_> = (0..50)
            .map(|_| json!({ "op": "replace", "path": "/assignedRoles", "value": vec![json!({"name": "TenantAdmin"}); 7] }))
            .collect();
        patch(&world, &token, &bob, &json!(many)).await.expect(400);
    }
}
