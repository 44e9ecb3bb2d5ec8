//! The bot users that machine clients act as: whose subject they have, and that their roles are
//! what the client's scopes say, whatever happens at the same time.

use domain::ids::ClientId;
use domain::time::Timestamp;
use engine::admin::client::{self, ClientDraft};
use engine::admin::user::{self, UserDraft};
use engine::authority::Caller;
use serde_json::json;
use store::TenantRead;

use crate::call::Answer;
use crate::jwt;
use crate::place::eu;
use crate::world::{App, Tenant, World, m2m_draft, scopes};

const IMPORTED: &str = "0123456789abcdef0123456789abcdef";

async fn first_token(world: &World, tenant: &Tenant, app: &App) -> Answer {
    let form = [&app.credentials()[..], &[("grant_type", "client_credentials")]].concat();
    world.token(tenant, &form).await
}

/// Makes a node know a client, without a token for it.
async fn warm(world: &World, tenant: &Tenant, app: &App) {
    let more = [("grant_type", "client_credentials"), ("scope", "openid")];
    let form = [&app.credentials()[..], &more].concat();
    world.token(tenant, &form).await.expect_error(400, "invalid_scope");
}

async fn set_scopes(world: &World, tenant: &Tenant, id: &ClientId, names: &[&str]) {
    let patch = json!([{ "op": "replace", "path": "/allowedScopes", "value": names }]);
    let ctx = world.admin(tenant).await;
    client::update(&ctx, &Caller::operator(), id, patch).await.expect("changed");
}

async fn read(world: &World, tenant: &Tenant) -> TenantRead {
    let region = world.engine().store().region(&eu()).expect("the region");
    region.read(&tenant.id).await.expect("reads")
}

/// How many roles the client's bot has, in the database.
async fn roles(world: &World, tenant: &Tenant, app: &App) -> usize {
    let mut read = read(world, tenant).await;
    read.bot_user_find(&app.id).await.expect("reads").expect("a bot").roles.len()
}

async fn updated_at(world: &World, tenant: &Tenant, app: &App) -> Timestamp {
    let mut read = read(world, tenant).await;
    read.client_get(&app.id).await.expect("reads").expect("the client").client.updated_at
}

async fn with_scopes(world: &World, names: &str) -> App {
    let draft = ClientDraft { allowed_scopes: scopes(names), ..m2m_draft() };
    world.client(&world.a, draft).await
}

both! {
    async fn nobody_takes_a_clients_id_as_a_subject(world) {
        let (a, b) = (&world.a, &world.b);
        let app = with_scopes(&world, "user_default").await;
        let admin = world.machine_token(a).await;
        let facts = world.facts().await;
        // With and without a bot user, and of every kind of client.
        for id in [app.id(), a.m2m.id(), a.web.id(), a.spa.id()] {
            let body = json!({ "subject": id, "name": "Mallory" });
            let call = world.post(a, "/api/v1/users").bearer(&admin).json(&body);
            let refused = call.send().await.expect(400).json();
            assert_eq!(refused["errors"][0]["source"]["pointer"], "/subject", "{refused}");
            let told = refused["errors"][0]["detail"].as_str().expect("a text");
            assert!(told.contains("OAuth client"), "{told}");
            let ctx = world.admin(a).await;
            let draft = UserDraft { subject: Some(id.to_owned()), ..UserDraft::default() };
            let refused = user::create(&ctx, &Caller::operator(), &draft).await;
            assert!(refused.is_err_and(|error| error.to_string().contains("subject")));
        }
        assert_eq!(world.facts().await, facts);
        // Another tenant's client is nothing to this one, and not told of.
        let body = json!({ "subject": b.web.id(), "name": "Free" });
        world.post(a, "/api/v1/users").bearer(&admin).json(&body).send().await.expect(201);
        let token = first_token(&world, a, &app).await.access_token();
        assert_eq!(jwt::claims(&token)["sub"], app.id());
    }

    async fn a_client_that_comes_after_the_user_of_its_id_acts_under_another_subject(world) {
        let a = &world.a;
        let (ctx, operator) = (world.admin(a).await, Caller::operator());
        let draft = UserDraft { subject: Some(IMPORTED.to_owned()), ..UserDraft::default() };
        let person = user::create(&ctx, &operator, &draft).await.expect("a user");
        let id = Some(ClientId::parse(IMPORTED).expect("an id"));
        let app = world.client(a, ClientDraft { id, ..m2m_draft() }).await;
        let token = first_token(&world, a, &app).await.access_token();
        let claims = world.verified(a, &token).await;
        assert_eq!(claims["client_id"], IMPORTED);
        assert_ne!(claims["sub"], IMPORTED);
        assert_ne!(claims["userId"], person.id.as_str());
        assert_eq!(claims["sub"], claims["userId"]);
        let again = jwt::claims(&first_token(&world, a, &app).await.access_token());
        assert_eq!(again["sub"], claims["sub"]);
        // The person is who they were, and the bot does its work.
        let found = user::find(&ctx, IMPORTED).await.expect("the person");
        assert_eq!(found.id, person.id);
        assert!(found.roles.is_empty());
        world.get(a, "/api/v1/roles").bearer(&token).send().await.expect(200);
    }

    async fn scopes_change_the_bots_roles_before_and_after_the_first_token(world) {
        let a = &world.a;
        let (broad, narrow) = (&["admin_classic", "user_default"][..], &["user_default"][..]);
        for (made, then, expected) in [
            ("user_default", broad, 1),
            ("admin_classic user_default", narrow, 0),
        ] {
            let app = with_scopes(&world, made).await;
            set_scopes(&world, a, &app.id, then).await;
            first_token(&world, a, &app).await.access_token();
            assert_eq!(roles(&world, a, &app).await, expected, "before: {made}");
            set_scopes(&world, a, &app.id, if expected == 1 { narrow } else { broad }).await;
            assert_eq!(roles(&world, a, &app).await, 1 - expected, "after: {made}");
        }
    }

    async fn the_first_token_does_not_believe_the_cache(world) {
        let a = &world.a;
        let (other, _) = world.second_node().await;
        for (made, then, expected) in [
            ("user_default", &["admin_classic", "user_default"][..], 1),
            ("admin_classic user_default", &["user_default"][..], 0),
        ] {
            let app = with_scopes(&world, made).await;
            // This node knows the client now, and does not hear of what the other one does.
            warm(&world, a, &app).await;
            set_scopes(&other, a, &app.id, then).await;
            first_token(&world, a, &app).await.access_token();
            assert_eq!(roles(&world, a, &app).await, expected, "{made}");
        }
        let gone = with_scopes(&world, "user_default").await;
        warm(&world, a, &gone).await;
        client::delete(&other.admin(a).await, &Caller::operator(), &gone.id).await.expect("deleted");
        first_token(&world, a, &gone).await.expect_error(401, "invalid_client");
        let users = world.table("user_account").await;
        assert!(!users.iter().any(|row| row.contains(gone.id())), "no bot without a client");
        other.engine().store().close().await;
    }

    async fn a_first_token_and_a_change_at_once_agree(world) {
        for round in 0..6 {
            let app = with_scopes(&world, "admin_classic user_default").await;
            let (node, client) = (world.clone(), app.clone());
            let change = tokio::spawn(async move {
                set_scopes(&node, &node.a, &client.id, &["user_default"]).await;
            });
            let (node, client) = (world.clone(), app.clone());
            let token = tokio::spawn(async move { first_token(&node, &node.a, &client).await });
            change.await.expect("no panic");
            token.await.expect("no panic").access_token();
            assert_eq!(roles(&world, &world.a, &app).await, 0, "round {round}");
        }
        // A first token alone is no change of the client.
        let app = with_scopes(&world, "user_default").await;
        let before = updated_at(&world, &world.a, &app).await;
        world.clock.advance_seconds(1);
        first_token(&world, &world.a, &app).await.access_token();
        assert_eq!(updated_at(&world, &world.a, &app).await, before);
    }
}
