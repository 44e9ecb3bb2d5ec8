//! The table of clients: how much each is used, by few statements, and for administrators.

use domain::time::plus_seconds;
use engine::admin::AdminError;
use engine::admin::client::{self, OVERVIEW_DAYS, Row};
use engine::admin::listing::ListParams;
use engine::authority::Caller;
use engine::jobs;

use super::{Admin, PATH, refusal};
use crate::world::{App, Tenant, World, labelled, spa_draft, t0};

const DAY: i64 = 86_400;

async fn overview(world: &World, tenant: &Tenant, filter: &str, sort: &str) -> Vec<Row> {
    let params = ListParams {
        filter: Some(filter.to_owned()),
        sort: Some(sort.to_owned()),
        limit: Some(100),
        ..ListParams::default()
    };
    let caller = world.caller(tenant, &tenant.admin).await;
    let listed = client::overview(&world.admin(tenant).await, &caller, &params).await;
    listed.expect("a page").data
}

fn ids(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.seen.found.client.id.as_str()).collect()
}

async fn flush(world: &World) {
    jobs::flush(world.engine()).await.expect("writes");
}

#[track_caller]
fn row<'r>(rows: &'r [Row], app: &App) -> &'r Row {
    rows.iter().find(|row| row.seen.found.client.id == app.id).expect("a row")
}

both! {
    async fn each_client_is_told_with_its_use(world) {
        let tenant = &world.a;
        world.machine_token(tenant).await;
        world.tokens(tenant, &tenant.spa, "openid").await;
        flush(&world).await;
        world.clock.advance_seconds(3 * DAY);
        for _ in 0..3 {
            world.machine_token(tenant).await;
        }
        let call = world.post(tenant, "/oauth/token").from("192.0.2.7");
        let call = call.basic(tenant.m2m.id(), &tenant.m2m.secret);
        call.form(&[("grant_type", "client_credentials")]).send().await.access_token();
        let ctx = world.admin(tenant).await;
        let operator = Caller::operator();
        client::secret_create(&ctx, &operator, &tenant.m2m.id, labelled("new")).await.expect("made");
        flush(&world).await;
        let rows = overview(&world, tenant, "", "+clientName").await;
        assert_eq!(rows.len(), 4);
        let machine = row(&rows, &tenant.m2m);
        let (today, before) = (OVERVIEW_DAYS - 1, OVERVIEW_DAYS - 4);
        assert_eq!((machine.tokens[today], machine.tokens[before]), (4, 1));
        assert_eq!(machine.tokens.iter().sum::<u64>(), 5);
        let used = machine.last_used.as_ref().expect("used");
        assert_eq!(used.at, plus_seconds(t0(), 3 * DAY));
        assert_eq!(used.from.as_deref(), Some("192.0.2.7"));
        let secrets = machine.secrets.expect("its own");
        assert_eq!((secrets.count, secrets.oldest_at), (2, Some(t0())));
        // A client without credentials is used when it gets a token.
        let spa = row(&rows, &tenant.spa);
        assert_eq!((spa.tokens[before], spa.tokens[today]), (1, 0));
        assert_eq!(spa.last_used.as_ref().expect("used").at, t0());
        assert_eq!(spa.secrets.expect("its own").count, 0);
        let native = row(&rows, &tenant.native);
        assert_eq!((native.last_used.as_ref(), native.tokens.iter().sum::<u64>()), (None, 0));
    }

    async fn the_number_of_statements_does_not_grow_with_the_page(world) {
        let tenant = &world.a;
        let caller = world.caller(tenant, &tenant.admin).await;
        let ctx = world.admin(tenant).await;
        let cost = async || {
            let before = world.engine().store().statements();
            let listed = client::overview(&ctx, &caller, &ListParams::default()).await;
            let rows = listed.expect("a page").data.len();
            (rows, world.engine().store().statements() - before)
        };
        let (few, statements) = cost().await;
        for _ in 0..9 {
            world.client(tenant, spa_draft()).await;
        }
        assert_eq!(cost().await, (few + 9, statements));
        assert_eq!(statements, 5, "positions, clients, secrets, keys, uses");
    }

    async fn unused_clients_are_found_and_sorted(world) {
        let tenant = &world.a;
        world.machine_token(tenant).await;
        flush(&world).await;
        world.clock.advance_seconds(91 * DAY);
        world.tokens(tenant, &tenant.spa, "openid").await;
        flush(&world).await;
        let long_ago = plus_seconds(t0(), DAY).to_string();
        let unused = format!("not (lastUsedAt pr) or lastUsedAt lt \"{long_ago}\"");
        let rows = overview(&world, tenant, &unused, "-lastUsedAt").await;
        assert_eq!(rows.len(), 3);
        assert_eq!(ids(&rows)[0], tenant.m2m.id(), "used once; the others never");
        let rows = overview(&world, tenant, "", "-lastUsedAt").await;
        assert_eq!(ids(&rows)[..2], [tenant.spa.id(), tenant.m2m.id()]);
        let rows = overview(&world, tenant, "lastUsedAt pr", "+lastUsedAt").await;
        assert_eq!(ids(&rows), [tenant.m2m.id(), tenant.spa.id()]);
        let rows = overview(&world, tenant, "consentMethod eq \"trusted\"", "+clientName").await;
        assert_eq!(ids(&rows), [tenant.m2m.id()]);
        let rows = overview(&world, tenant, "", "-consentMethod").await;
        assert_eq!(ids(&rows)[0], tenant.m2m.id());
        // What another tenant does is not seen here.
        assert!(overview(&world, &world.b, "lastUsedAt pr", "+clientName").await.is_empty());
    }

    async fn clients_are_sorted_by_what_is_counted_and_by_their_status(world) {
        let tenant = &world.a;
        let ctx = world.admin(tenant).await;
        let operator = Caller::operator();
        client::secret_create(&ctx, &operator, &tenant.m2m.id, labelled("new")).await.expect("made");
        world.sql(format!("UPDATE client SET disable_tag = 'off' WHERE id = '{}'", tenant.spa.id())).await;
        world.sql(format!("UPDATE client SET published_at = 1 WHERE id = '{}'", tenant.native.id())).await;
        let by = async |sort| overview(&world, tenant, "", sort).await;
        let secrets = |rows: &[Row]| rows.iter().map(|row| row.secrets.map_or(0, |it| it.count)).collect::<Vec<_>>();
        let scopes = |rows: &[Row]| rows.iter().map(|row| row.seen.found.client.allowed_scopes.len()).collect::<Vec<_>>();
        assert_eq!(secrets(&by("-secretCount").await), [2, 1, 0, 0]);
        assert_eq!(secrets(&by("+secretCount").await), [0, 0, 1, 2]);
        let up = scopes(&by("+scopeCount").await);
        assert!(up.is_sorted() && up.first() < up.last(), "{up:?}");
        assert!(scopes(&by("-scopeCount").await).is_sorted_by(|one, next| one >= next));
        let rows = by("+status").await;
        assert_eq!((ids(&rows)[0], ids(&rows)[3]), (tenant.spa.id(), tenant.native.id()));
        assert_eq!(ids(&by("-status").await)[0], tenant.native.id());
    }

    async fn a_published_client_of_another_tenant_is_told_without_its_secrets(world) {
        let (a, b) = (&world.a, &world.b);
        let operator = Caller::operator();
        client::publish(&world.admin(a).await, &operator, &a.m2m.id).await.expect("published");
        world.sql(format!(
            "INSERT INTO connection_config \
             (tenant_id, client_id, consent_method, approved, created_at, updated_at) \
             VALUES ('{}', '{}', 'required', 1, 0, 0)", b.id, a.m2m.id
        )).await;
        let rows = overview(&world, b, "publishedAt pr", "+clientName").await;
        assert_eq!((ids(&rows), rows[0].secrets), (vec![a.m2m.id()], None));
    }

    async fn use_is_for_administrators(world) {
        let tenant = &world.a;
        let ctx = world.admin(tenant).await;
        let alice = world.caller(tenant, &tenant.alice).await;
        let refused = client::overview(&ctx, &alice, &ListParams::default()).await;
        assert!(matches!(refused, Err(AdminError::Denied(_))), "{refused:?}");
        // Nor can she find out by filtering or sorting.
        let person = world.tokens(tenant, &tenant.web, "user_default").await;
        let query = |query: &str| {
            let path = format!("{}?{query}", PATH);
            world.get(tenant, &path).bearer(person.access())
        };
        query("filter=consentMethod%20eq%20%22trusted%22").send().await.expect(200);
        let answer = query("filter=lastUsedAt%20pr").send().await;
        assert_eq!(refusal(&answer, 400).1, "filter");
        assert_eq!(refusal(&query("sort=lastUsedAt").send().await, 400).1, "sort");
        Admin::of(&world, tenant).await.get("?filter=lastUsedAt%20pr").await.expect(200);
    }
}
