//! Who uses a client, and an administrator who ends it.

use engine::admin::AdminError;
use engine::admin::client;
use engine::admin::listing::ListParams;
use engine::authority::Caller;

use crate::flow::{AuthRequest, Tokens};
use crate::world::{App, Person, Tenant, World};

async fn tokens_of(world: &World, tenant: &Tenant, app: &App, person: &Person) -> Tokens {
    let request = AuthRequest::new(app, "openid offline_access");
    let code = world.code_in(&mut world.browser(tenant), &request, person).await;
    Tokens::of(&world.exchange(tenant, app, &code).await)
}

async fn admin_of(world: &World, tenant: &Tenant) -> Caller {
    world.caller(tenant, &tenant.admin).await
}

both! {
    async fn an_administrator_sees_the_users_of_a_client_and_ends_one(world) {
        let tenant = &world.a;
        let app = &tenant.web;
        let bobs = tokens_of(&world, tenant, app, &tenant.bob).await;
        let others = tokens_of(&world, tenant, app, &tenant.alice).await;
        let ctx = world.admin(tenant).await;
        let caller = admin_of(&world, tenant).await;
        let list = async || {
            let params = ListParams { total: true, ..ListParams::default() };
            client::client_users(&ctx, &caller, &app.id, &params).await.expect("a page")
        };
        let listed = list().await;
        assert_eq!((listed.data.len(), listed.total), (2, Some(2)));
        let bob = listed.data.iter().find(|one| one.user_id == tenant.bob.id).expect("bob");
        assert_eq!((bob.name.as_str(), bob.email.as_ref()), ("Full bob", Some(&tenant.bob.email)));
        assert_eq!((bob.families, bob.consented_at, bob.last_used_at), (1, Some(ctx.now), Some(ctx.now)));

        let removed = client::client_user_remove(&ctx, &caller, &app.id, &tenant.bob.id).await;
        assert!(removed.expect("removed"));
        world.userinfo(tenant, bobs.access()).await.expect_error(401, "invalid_token");
        world.refresh(tenant, app, bobs.refresh()).await.expect_error(400, "invalid_grant");
        world.userinfo(tenant, others.access()).await.expect(200);
        let listed = list().await.data;
        assert_eq!((listed.len(), &listed[0].user_id), (1, &tenant.alice.id));
        let told = world.audit(tenant, "consent.removed").await;
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].actor.id(), told[0].subject.as_str()), (tenant.admin.id.as_str(), app.id()));
        assert_eq!(told[0].details["userId"], tenant.bob.id.as_str());
        let again = client::client_user_remove(&ctx, &caller, &app.id, &tenant.bob.id).await;
        assert!(!again.expect("nothing left"));
    }

    async fn pages_follow_each_other_and_cursors_stay_with_their_client(world) {
        let tenant = &world.a;
        for person in [&tenant.alice, &tenant.bob, &tenant.admin] {
            tokens_of(&world, tenant, &tenant.web, person).await;
        }
        let (ctx, caller) = (world.admin(tenant).await, admin_of(&world, tenant).await);
        let first = ListParams { limit: Some(2), ..ListParams::default() };
        let page = client::client_users(&ctx, &caller, &tenant.web.id, &first).await.expect("a page");
        assert_eq!(page.data.len(), 2);
        let second = ListParams { next: page.next, ..first };
        let page = client::client_users(&ctx, &caller, &tenant.web.id, &second).await.expect("a page");
        assert_eq!((page.data.len(), page.next.as_ref()), (1, None));
        let other = client::client_users(&ctx, &caller, &tenant.native.id, &second).await;
        assert!(matches!(other, Err(AdminError::Parameter { name: "next", .. })), "{other:?}");
    }

    async fn others_can_neither_look_nor_end(world) {
        let tenant = &world.a;
        tokens_of(&world, tenant, &tenant.web, &tenant.alice).await;
        let ctx = world.admin(tenant).await;
        let (alice, admin) = (world.caller(tenant, &tenant.alice).await, admin_of(&world, tenant).await);
        let params = ListParams::default();
        let (app, b) = (&tenant.web.id, &world.b);
        let looked = client::client_users(&ctx, &alice, app, &params).await;
        assert!(matches!(looked, Err(AdminError::Denied(_))), "{looked:?}");
        let ended = client::client_user_remove(&ctx, &alice, app, &tenant.alice.id).await;
        assert!(matches!(ended, Err(AdminError::Denied(_))), "{ended:?}");
        let looked = client::client_users(&ctx, &admin, &b.web.id, &params).await;
        assert!(matches!(looked, Err(AdminError::NotFound("client"))), "{looked:?}");
        let ended = client::client_user_remove(&ctx, &admin, app, &b.alice.id).await;
        assert!(matches!(ended, Err(AdminError::NotFound("user"))), "{ended:?}");
        assert_eq!(client::client_users(&ctx, &admin, app, &params).await.expect("a page").data.len(), 1);
    }
}
