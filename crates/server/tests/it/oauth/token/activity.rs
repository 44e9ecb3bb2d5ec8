//! What an administrator sees of a client: credentials in use, counts by day, the bounds of what is
//! kept, and scopes that nobody needs.

use std::task::Poll;

use domain::client::GrantType;
use domain::time::plus_seconds;
use engine::access_token;
use engine::admin::activity::{ScopeUse, activity};
use engine::admin::client;
use engine::admin::{AdminError, tenant};
use engine::authority::{Caller, Denied};

use super::refusals::activity_of;
use crate::world::{App, Tenant, World, labelled, m2m_draft, scopes, t0};

const MACHINE: (&str, &str) = ("grant_type", "client_credentials");

async fn machine(world: &World, app: &App, scope: &str) -> crate::call::Answer {
    let mut form = app.credentials();
    form.extend([MACHINE, ("scope", scope)]);
    world.token(&world.a, &form).await
}

async fn wrong(world: &World, tenant: &Tenant) {
    let form = [MACHINE, ("client_id", tenant.m2m.id()), ("client_secret", "wrong")];
    world.token(tenant, &form).await.expect_error(401, "invalid_client");
}

fn days_of(scope: &ScopeUse) -> (&str, Option<&str>, Option<&str>) {
    (&scope.scope, scope.last_requested.as_deref(), scope.last_used.as_deref())
}

both! {
    async fn it_is_told_which_secret_is_still_in_use(world) {
        let (tenant, app) = (&world.a, &world.a.m2m);
        world.clock.advance_seconds(1);
        let ctx = world.admin(tenant).await;
        let second = client::secret_create(&ctx, &Caller::operator(), &app.id, labelled("2027")).await.expect("made");
        let second = App { secret: second.secret.expose().clone(), ..app.clone() };
        let call = |app: &App, address: &str| {
            let form = [&app.credentials()[..], &[MACHINE]].concat();
            world.post(tenant, "/oauth/token").form(&form).from(address).send()
        };
        call(app, "203.0.113.1").await.access_token();
        world.clock.advance_seconds(10);
        call(app, "203.0.113.2").await.access_token();
        let told = activity_of(&world, app).await;
        let seen: Vec<_> = told.secrets.iter().map(|one| (one.last_used_at, one.last_used_from.as_deref())).collect();
        let now = plus_seconds(t0(), 11);
        assert_eq!(seen, [(Some(now), Some("203.0.113.2")), (None, None)]);
        assert_eq!(told.secrets[0].hint, app.secret[app.secret.len() - 5..]);
        assert_eq!((told.secrets[1].label.as_str(), told.secrets[1].created_at), ("2027", ctx.now));
        // At once, without waiting for a flush.
        call(&second, "2001:db8::7").await.access_token();
        let told = activity_of(&world, app).await;
        assert_eq!(told.secrets[1].last_used_from.as_deref(), Some("2001:db8::7"));
        assert_eq!(told.days[0].tokens[&GrantType::ClientCredentials], 3);
        let text = serde_json::to_string(&told).expect("JSON");
        assert!(!text.contains(&app.secret) && !text.contains("hash"), "{text}");
    }

    async fn counts_are_by_day_and_survive_a_restart(world) {
        let (tenant, app) = (&world.a, &world.a.m2m);
        for _ in 0..2 {
            world.machine_token(tenant).await;
            wrong(&world, tenant).await;
        }
        engine::jobs::flush(world.engine()).await.expect("flushed");
        world.clock.advance_seconds(86_400);
        world.machine_token(tenant).await;
        let told = activity_of(&world, app).await;
        let days: Vec<_> = told.days.iter().map(|day| day.day.as_str()).collect();
        assert_eq!(days, ["2027-01-16", "2027-01-15"]);
        assert_eq!(told.days[1].tokens[&GrantType::ClientCredentials], 2);
        assert_eq!(told.days[1].failures["unknown_secret"], 2);
        assert!(told.days[0].failures.is_empty());
        let restarted = world.node_with(|_| {}).await;
        assert_eq!(activity_of(&restarted, app).await, told);
        // Thirty days, today included.
        world.clock.advance_seconds(28 * 86_400);
        assert_eq!(activity_of(&world, app).await.days.len(), 2);
        world.clock.advance_seconds(86_400);
        assert_eq!(activity_of(&world, app).await.days.len(), 1);
    }

    async fn who_goes_away_while_counts_are_written_loses_none(world) {
        let (tenant, app) = (&world.a, &world.a.m2m);
        let ctx = world.admin(tenant).await;
        // A request that is dropped after each of its steps.
        let mut ended = 0;
        for steps in 0..60 {
            world.machine_token(tenant).await;
            let operator = Caller::operator();
            let mut asking = Box::pin(activity(&ctx, &operator, &app.id));
            let mut left = steps;
            let answer = std::future::poll_fn(|step| {
                if left == 0 {
                    return Poll::Ready(None);
                }
                left -= 1;
                asking.as_mut().poll(step).map(Some)
            });
            ended += u32::from(answer.await.is_some());
        }
        assert!((1..60).contains(&ended), "{ended} came to their end");
        let told = activity_of(&world, app).await;
        assert_eq!(told.days[0].tokens[&GrantType::ClientCredentials], 60);
    }

    async fn two_nodes_add_up(one) {
        let (two, _feed) = one.second_node().await;
        let (tenant, app) = (&one.a, &one.a.m2m);
        one.machine_token(tenant).await;
        let earlier = t0();
        two.clock.advance_seconds(5);
        for _ in 0..2 {
            two.machine_token(tenant).await;
            wrong(&two, tenant).await;
        }
        let told = activity_of(&one, app).await;
        assert_eq!(told.days[0].tokens[&GrantType::ClientCredentials], 1, "of this node");
        assert_eq!(told.secrets[0].last_used_at, Some(earlier));
        // The later use is written first; the earlier one does not take it back.
        wrong(&one, tenant).await;
        engine::jobs::flush(two.engine()).await.expect("flushed");
        let told = activity_of(&one, app).await;
        assert_eq!(told.days[0].tokens[&GrantType::ClientCredentials], 3);
        assert_eq!(told.days[0].failures["unknown_secret"], 3);
        assert_eq!(told.failures.len(), 3);
        assert_eq!(told.secrets[0].last_used_at, Some(plus_seconds(earlier, 5)));
    }

    async fn a_flood_of_refusals_is_counted_and_not_kept(world) {
        let (tenant, app) = (&world.a, &world.a.m2m);
        let nobody = [MACHINE, ("client_id", app.id())];
        world.token(tenant, &nobody).await.expect_error(401, "invalid_client");
        for _ in 0..4 {
            for _ in 0..25 {
                wrong(&world, tenant).await;
            }
            engine::jobs::flush(world.engine()).await.expect("flushed");
        }
        let told = activity_of(&world, app).await;
        assert_eq!(told.days[0].failures["unknown_secret"], 100);
        let words: Vec<_> = told.failures.iter().map(|one| one.reason.word()).collect();
        let mut expected = vec!["unknown_secret"; 10];
        expected.push("no_credentials");
        assert_eq!(words, expected, "the flood does not wash the other away");
        assert_eq!(world.table("client_failure").await.len(), 11);
        world.clock.advance_seconds(30 * 86_400 + 1);
        engine::jobs::purge(world.engine()).await.expect("purged");
        assert!(world.table("client_failure").await.is_empty());
    }

    async fn clients_that_do_not_exist_leave_no_row(world) {
        let before = world.facts().await;
        for n in 0..20 {
            let id = format!("made-up-{n}");
            let form = [MACHINE, ("client_id", id.as_str()), ("client_secret", "x")];
            world.token(&world.a, &form).await.expect_error(401, "invalid_client");
        }
        engine::jobs::flush(world.engine()).await.expect("flushed");
        assert!(world.facts().await == before);
        let totals = world.engine().totals().read();
        assert!(totals.contains(&("failure.unknown_client", 20)), "{totals:?}");
    }

    async fn a_database_that_is_away_for_a_while_costs_no_counts(world) {
        let (tenant, app) = (&world.a, &world.a.m2m);
        world.machine_token(tenant).await;
        wrong(&world, tenant).await;
        world.sql("ALTER TABLE client_failure RENAME TO hidden".to_owned()).await;
        engine::jobs::flush(world.engine()).await.expect_err("it cannot be written");
        world.machine_token(tenant).await;
        world.sql("ALTER TABLE hidden RENAME TO client_failure".to_owned()).await;
        let told = activity_of(&world, app).await;
        assert_eq!(told.days[0].tokens[&GrantType::ClientCredentials], 2);
        assert_eq!(told.days[0].failures["unknown_secret"], 1);
        assert_eq!(told.failures.len(), 1);
        assert_eq!(told.secrets[0].last_used_at, Some(t0()));
    }

    async fn scopes_that_were_neither_asked_for_nor_used_are_told(world) {
        let draft = engine::admin::client::ClientDraft {
            allowed_scopes: scopes("user_default admin.users apps"),
            ..m2m_draft()
        };
        let app = world.client(&world.a, draft).await;
        let told = activity_of(&world, &app).await;
        assert_eq!(told.unused_scopes, ["user_default", "admin.users", "apps"]);
        assert_eq!(told.scopes_counted_since, t0());
        // All scopes without naming one: nothing is asked for.
        let token = machine(&world, &app, "").await.access_token();
        assert_eq!(activity_of(&world, &app).await.unused_scopes.len(), 3);
        // A scope that another one includes counts for the one on the list.
        machine(&world, &app, "admin.users:read").await.access_token();
        machine(&world, &app, "offline_access no-such-scope").await.expect_error(400, "invalid_scope");
        let ctx = world.admin(&world.a).await;
        let bearer = access_token::verify(&ctx, &token).await.expect("good");
        bearer.require_any(&ctx, &["admin_classic", "user_default", "apps"]).expect("allowed");
        bearer.require_any(&ctx, &["identity.email:read"]).expect_err("not allowed");
        let told = activity_of(&world, &app).await;
        let day = Some("2027-01-15");
        let days: Vec<_> = told.scopes.iter().map(days_of).collect();
        assert_eq!(days, [("user_default", None, day), ("admin.users", day, None), ("apps", None, None)]);
        assert_eq!(told.unused_scopes, ["apps"]);
        // The next day is told, too; the day before yesterday's is not forgotten.
        world.clock.advance_seconds(86_400);
        machine(&world, &app, "admin.users user_default").await.access_token();
        let told = activity_of(&world, &app).await;
        let next = Some("2027-01-16");
        let days: Vec<_> = told.scopes.iter().map(days_of).collect();
        assert_eq!(days, [("user_default", next, day), ("admin.users", next, None), ("apps", None, None)]);
        world.clock.advance_seconds(401 * 86_400);
        engine::jobs::purge(world.engine()).await.expect("purged");
        let told = activity_of(&world, &app).await;
        assert_eq!(told.unused_scopes.len(), 3);
        assert_eq!(told.scopes_counted_since, plus_seconds(t0(), 2 * 86_400));
    }

    async fn signing_in_asks_for_scopes_and_userinfo_uses_them(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let tokens = world.tokens(tenant, app, "openid email apps").await;
        let unused = async || activity_of(&world, app).await.unused_scopes;
        let rest = ["profile", "address", "phone", "user_default", "offline_access"];
        assert_eq!(unused().await, rest);
        world.userinfo(tenant, tokens.access()).await.expect(200);
        let used = async || {
            let told = activity_of(&world, app).await;
            let used = told.scopes.into_iter().filter(|one| one.last_used.is_some());
            used.map(|one| one.scope).collect::<Vec<_>>()
        };
        assert_eq!(used().await, ["openid", "email"]);
        let form = [&app.credentials()[..], &[("token", tokens.access())]].concat();
        world.post(tenant, "/oauth/introspect").form(&form).send().await.expect(200);
        assert_eq!(used().await, ["openid", "email", "apps"]);
        assert_eq!(unused().await, rest);
    }

    async fn only_who_manages_clients_of_this_tenant_sees_it(world) {
        let (tenant, app) = (&world.a, &world.a.m2m);
        world.machine_token(tenant).await;
        let token = machine(&world, app, "user_default").await.access_token();
        let ctx = world.admin(tenant).await;
        let token = access_token::verify(&ctx, &token).await.expect("good");
        let refused = activity(&ctx, &Caller::of_token(&token), &app.id).await;
        assert!(matches!(refused, Err(AdminError::Denied(Denied::Scope(_)))), "{refused:?}");
        let other = tenant::context_of(world.engine(), &world.b.host).await.expect("a context");
        let refused = activity(&other, &Caller::operator(), &app.id).await;
        assert!(matches!(refused, Err(AdminError::NotFound("client"))), "{refused:?}");
        // A published client: another tenant that has met it sees what happened there, and no
        // credentials.
        let table = "UPDATE client SET published_at = 1 WHERE id";
        world.sql(format!("{table} = '{}'", app.id)).await;
        let unmet = activity(&other, &Caller::operator(), &app.id).await;
        assert!(matches!(unmet, Err(AdminError::NotFound("client"))), "{unmet:?}");
        world
            .sql(format!(
                "INSERT INTO connection_config \
                    (tenant_id, client_id, consent_method, approved, created_at, updated_at) \
                 VALUES ('{}', '{}', 'required', 1, 1, 1)",
                world.b.id, app.id
            ))
            .await;
        let seen = activity(&other, &Caller::operator(), &app.id).await.expect("seen");
        assert!(seen.secrets.is_empty() && seen.days.is_empty() && seen.failures.is_empty());
        assert_eq!(activity_of(&world, app).await.secrets.len(), 1);
    }
}
