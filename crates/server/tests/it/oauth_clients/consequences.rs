//! What an administrator is told before something goes.

use domain::client::{ConnectionConfig, ConsentMethod};
use domain::ids::ClientId;
use engine::admin::AdminError;
use engine::admin::client::{self, Consequences};
use engine::authority::Caller;

use crate::flow::{AuthRequest, Tokens};
use crate::place::eu;
use crate::world::{App, Tenant, World, labelled, t0};

const DAY: i64 = 86_400;

async fn of(world: &World, tenant: &Tenant, apps: &[&App]) -> Vec<Consequences> {
    let ids: Vec<ClientId> = apps.iter().map(|app| app.id.clone()).collect();
    let caller = world.caller(tenant, &tenant.admin).await;
    client::consequences(&world.admin(tenant).await, &caller, &ids).await.expect("told")
}

async fn let_in(world: &World, tenant: &Tenant, app: &App) {
    let region = world.engine().store().region(&eu()).expect("the region");
    let mut tx = region.autocommit(&tenant.id).await.expect("writes");
    let config = ConnectionConfig { consent_method: ConsentMethod::Required, approved: true };
    tx.connection_config_put(&app.id, config, t0()).await.expect("lets in");
}

both! {
    async fn deleting_tells_who_and_what_is_lost(world) {
        let tenant = &world.a;
        world.machine_token(tenant).await;
        world.clock.advance_seconds(2 * DAY);
        let mut bobs = world.browser(tenant);
        let request = AuthRequest::new(&tenant.web, "openid offline_access");
        let code = world.code_in(&mut bobs, &request, &tenant.bob).await;
        let bobs = Tokens::of(&world.exchange(tenant, &tenant.web, &code).await);
        world.refresh(tenant, &tenant.web, bobs.refresh()).await.access_token();
        world.tokens(tenant, &tenant.web, "openid").await;
        // Whatever the other tenant does.
        world.tokens(&world.b, &world.b.web, "openid offline_access").await;
        let told = of(&world, tenant, &[&tenant.web, &tenant.m2m, &tenant.native, &world.b.web]).await;
        let names: Vec<&str> = told.iter().map(|one| one.client_id.as_str()).collect();
        assert_eq!(names, [tenant.web.id(), tenant.m2m.id(), tenant.native.id()], "in the order asked");
        let (web, machine, native) = (&told[0], &told[1], &told[2]);
        assert_eq!((web.users, web.refresh_families, web.other_tenants), (2, 1, 0));
        assert_eq!((web.tokens_last_month, web.tokens_last_day, web.used_within_day), (3, 3, true));
        let used = |one: &Consequences| one.last_used.as_ref().map(|used| used.at);
        assert_eq!((used(web), used(machine)), (Some(world.engine().now()), Some(t0())));
        assert_eq!((machine.tokens_last_month, machine.used_within_day), (1, false));
        assert_eq!((native.last_used.as_ref(), native.users, native.tokens_last_month), (None, 0, 0));
    }

    async fn a_published_client_is_missed_by_others(world) {
        let (a, b) = (&world.a, &world.b);
        let operator = Caller::operator();
        client::publish(&world.admin(a).await, &operator, &a.web.id).await.expect("published");
        assert_eq!(of(&world, a, &[&a.web]).await[0].other_tenants, 0);
        let_in(&world, b, &a.web).await;
        let told = of(&world, a, &[&a.web, &a.m2m]).await;
        assert_eq!((told[0].other_tenants, told[1].other_tenants), (1, 0));
        // Whoever does not own it is not told of others.
        assert_eq!(of(&world, b, &[&a.web]).await[0].other_tenants, 0);
    }

    async fn a_secret_tells_its_last_use_and_whether_it_is_the_last(world) {
        let tenant = &world.a;
        let ctx = world.admin(tenant).await;
        let caller = world.caller(tenant, &tenant.admin).await;
        world.machine_token(tenant).await;
        let hint = domain::secret::hint(&tenant.m2m.secret);
        let ask = async |hint: &str| {
            let ctx = world.admin(tenant).await;
            client::secret_consequences(&ctx, &caller, (&tenant.m2m.id, hint)).await
        };
        let told = ask(hint).await.expect("told");
        assert_eq!(told.last_used.as_ref().map(|used| used.at), Some(t0()));
        assert!(told.used_within_day && told.used_within_month && told.is_last);
        let new = client::secret_create(&ctx, &caller, &tenant.m2m.id, labelled("new")).await;
        let new = new.expect("made");
        let told = ask(&new.hint).await.expect("told");
        assert_eq!((told.label.as_str(), told.last_used.as_ref(), told.is_last), ("new", None, false));
        assert!(!told.used_within_day && !told.used_within_month);
        world.clock.advance_seconds(DAY);
        let told = ask(hint).await.expect("told");
        assert!(!told.used_within_day && told.used_within_month && !told.is_last);
        world.clock.advance_seconds(29 * DAY);
        assert!(!ask(hint).await.expect("told").used_within_month);
        assert!(matches!(ask("00000").await, Err(AdminError::NotFound("client secret"))));
        let other = (&world.b.m2m.id, domain::secret::hint(&world.b.m2m.secret));
        let stranger = client::secret_consequences(&ctx, &caller, other).await;
        assert!(matches!(stranger, Err(AdminError::NotFound("client"))), "{stranger:?}");
    }

    async fn scopes_tell_when_they_were_last_needed(world) {
        let tenant = &world.a;
        world.tokens(tenant, &tenant.web, "openid email").await;
        let ctx = world.admin(tenant).await;
        let caller = world.caller(tenant, &tenant.admin).await;
        let asked = ["phone", "email", "unknown"];
        let told = client::scope_consequences(&ctx, &caller, &tenant.web.id, &asked).await;
        let told = told.expect("told");
        assert_eq!(told.len(), 2);
        let day = |scope: &str| {
            let found = told.iter().find(|one| one.scope == scope).expect("a scope");
            found.last_requested.as_deref()
        };
        assert_eq!((day("email"), day("phone")), (Some("2027-01-15"), None));
    }

    async fn it_is_for_administrators_and_bounded(world) {
        let tenant = &world.a;
        let ctx = world.admin(tenant).await;
        let (alice, admin) =
            (world.caller(tenant, &tenant.alice).await, world.caller(tenant, &tenant.admin).await);
        let id = &tenant.m2m.id;
        let hint = domain::secret::hint(&tenant.m2m.secret);
        let denied = |error: Option<AdminError>| matches!(error, Some(AdminError::Denied(_)));
        assert!(denied(client::consequences(&ctx, &alice, std::slice::from_ref(id)).await.err()));
        assert!(denied(client::secret_consequences(&ctx, &alice, (id, hint)).await.err()));
        assert!(denied(client::scope_consequences(&ctx, &alice, id, &[]).await.err()));
        let many = vec![id.clone(); client::MAX_CLIENTS + 1];
        let refused = client::consequences(&ctx, &admin, &many).await;
        assert!(matches!(refused, Err(AdminError::Invalid { .. })), "{refused:?}");
        assert_eq!(client::consequences(&ctx, &admin, &many[..2]).await.expect("told").len(), 1);
        assert!(client::consequences(&ctx, &admin, &[]).await.expect("told").is_empty());
    }
}
