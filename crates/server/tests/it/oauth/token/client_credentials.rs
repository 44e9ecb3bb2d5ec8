//! `client_credentials` (RFC 6749 section 4.4): a machine client acts as its bot user.

use domain::client::{ClientSecret, ConsentMethod};
use engine::admin::client::{self, ClientDraft};
use engine::authority::Caller;
use serde_json::json;

use crate::jwt;
use crate::world::{App, Tenant, World, labelled, m2m_draft, scopes};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

async fn by_form(world: &World, tenant: &Tenant, app: &App, scope: &str) -> crate::call::Answer {
    let mut form = app.credentials();
    form.push(GRANT);
    form.push(("scope", scope));
    world.token(tenant, &form).await
}

both! {
    async fn a_client_authenticates_by_header_form_or_json(world) {
        let app = &world.a.m2m;
        let post = || world.post(&world.a, "/oauth/token");
        let in_body = json!({
            "grant_type": "client_credentials", "client_id": app.id(), "client_secret": app.secret,
        });
        let calls = [
            post().basic(app.id(), &app.secret).form(&[GRANT]),
            post().form(&[&app.credentials()[..], &[GRANT]].concat()),
            post().json(&in_body),
            // qlik-sdk (py): Basic, and JSON without client_id (contract 0.2).
            post().basic(app.id(), &app.secret).json(&json!({ "grant_type": "client_credentials" })),
            // @qlik/sdk: Basic, and JSON with client_id.
            post()
                .basic(app.id(), &app.secret)
                .json(&json!({ "grant_type": "client_credentials", "client_id": app.id() })),
            // The type's parameters and case do not matter.
            post()
                .basic(app.id(), &app.secret)
                .body("Application/JSON; charset=utf-8", r#"{"grant_type":"client_credentials"}"#),
        ];
        for call in calls {
            let answer = call.send().await;
            let token = answer.access_token();
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(answer.header("pragma"), Some("no-cache"));
            let body = answer.json();
            assert_eq!(body["token_type"], "Bearer");
            assert_eq!(body["expires_in"], 21_600);
            assert_eq!(body["expires_at"], "2027-01-15T14:00:00Z");
            assert_eq!(body["scope"], "admin_classic user_default");
            for absent in ["refresh_token", "id_token", "auth_time"] {
                assert!(body.get(absent).is_none(), "{absent} in {body}");
            }
            assert_eq!(world.verified(&world.a, &token).await, jwt::claims(&token));
        }
    }

    async fn the_token_is_rfc_9068s_and_the_contracts(world) {
        let token = world.machine_token(&world.a).await;
        let claims = world.verified(&world.a, &token).await;
        assert_eq!(jwt::header(&token)["typ"], "at+jwt");
        assert_eq!(jwt::header(&token)["alg"], "ES256");
        assert_eq!(claims["iss"], world.a.issuer.as_str());
        assert_eq!(claims["aud"], world.a.issuer.as_str());
        assert_eq!(claims["client_id"], world.a.m2m.id());
        assert_eq!(claims["sub"], world.a.m2m.id());
        assert_eq!(claims["tenantId"], world.a.id.as_str());
        assert_eq!(claims["subType"], "user");
        assert_eq!(claims["iat"], 1_800_000_000);
        assert_eq!(claims["exp"], 1_800_021_600);
        assert_eq!(claims["scope"], "admin_classic user_default");
        let again = jwt::claims(&world.machine_token(&world.a).await);
        assert_ne!(claims["jti"], again["jti"]);
        assert_eq!(claims["userId"], again["userId"]);
    }

    async fn the_bot_user_is_made_once_by_many_first_requests(world) {
        let calls = (0..12).map(|_| {
            let (world, tenant) = (world.clone(), world.a.clone());
            tokio::spawn(async move { world.machine_token(&tenant).await })
        });
        let calls: Vec<_> = calls.collect();
        let mut users = std::collections::BTreeSet::new();
        for call in calls {
            let claims = jwt::claims(&call.await.expect("no panic"));
            users.insert(claims["userId"].as_str().expect("an id").to_owned());
        }
        assert_eq!(users.len(), 1);
        let bots = world.table("user_account").await;
        let bots = bots.iter().filter(|row| row.contains(world.a.m2m.id())).count();
        assert_eq!(bots, 1);
        assert_eq!(world.audit(&world.a, "user.bot_created").await.len(), 1);
    }

    async fn a_warm_token_costs_no_sql(world) {
        world.machine_token(&world.a).await;
        let before = world.engine().store().statements();
        for _ in 0..5 {
            world.machine_token(&world.a).await;
        }
        assert_eq!(world.engine().store().statements(), before);
    }

    async fn scopes_narrow_and_never_widen(world) {
        let (tenant, app) = (&world.a, &world.a.m2m);
        for (asked, granted) in [
            ("", "admin_classic user_default"),
            ("user_default", "user_default"),
            ("admin_classic", "admin_classic"),
            // A parent gives its children, under the name asked for.
            ("admin.users:read", "admin.users:read"),
            // Always sent by a real client, and meaningless here (contract, section 8).
            ("offline_access user_default", "user_default"),
            ("offline_access", "admin_classic user_default"),
        ] {
            let answer = by_form(&world, tenant, app, asked).await;
            let token = answer.access_token();
            assert_eq!(answer.json()["scope"], granted, "{asked}");
            assert!(answer.json().get("refresh_token").is_none(), "{asked}");
            assert_eq!(jwt::claims(&token)["scope"], granted, "{asked}");
        }
        for refused in ["no_such_scope", "openid", "user_default apps:nonsense", "tenants:create"] {
            let told = by_form(&world, tenant, app, refused).await.expect_error(400, "invalid_scope");
            let name = refused.rsplit(' ').next().expect("a name");
            assert!(told.contains(name), "{told}");
        }
        let answer = by_form(&world, tenant, app, "user_default \"quoted\"").await;
        answer.expect_error(400, "invalid_scope");
    }

    async fn an_untrusted_client_is_told_what_is_missing(world) {
        let draft = ClientDraft { consent_method: ConsentMethod::Required, ..m2m_draft() };
        let app = world.client(&world.a, draft).await;
        let told = by_form(&world, &world.a, &app, "").await.expect_error(400, "unauthorized_client");
        assert!(told.contains("trusted") && told.contains("Trusted"), "{told}");
        assert!(!world.table("user_account").await.iter().any(|row| row.contains(app.id())));
    }

    async fn a_grant_that_is_not_the_clients_is_refused(world) {
        let told =
            by_form(&world, &world.a, &world.a.web, "").await.expect_error(400, "unauthorized_client");
        assert!(told.contains("client_credentials"), "{told}");
        // A public client cannot prove itself, so it can never act by itself.
        by_form(&world, &world.a, &world.a.spa, "").await.expect_error(400, "unauthorized_client");
    }

    async fn wrong_secret_and_unknown_client_look_the_same(world) {
        let app = &world.a.m2m;
        let wrong = "0".repeat(64);
        // The hint fits, the rest does not.
        let mut near = app.secret.clone();
        near.replace_range(..1, if near.starts_with('0') { "1" } else { "0" });
        let unknown = "f".repeat(32);
        let mut bodies = Vec::new();
        for (id, secret) in [
            (app.id(), wrong.as_str()),
            (app.id(), &near),
            (app.id(), ""),
            (&unknown, &wrong),
            (&unknown, &app.secret),
            ("%zz not an id", &wrong),
            // The other tenant's client.
            (world.b.m2m.id(), &world.b.m2m.secret),
            // A public client's id with a secret.
            (world.a.spa.id(), &wrong),
        ] {
            let by_header = world.post(&world.a, "/oauth/token").basic(id, secret).form(&[GRANT]);
            let by_header = by_header.send().await;
            let challenge = by_header.header("www-authenticate").expect("a challenge").to_owned();
            assert!(challenge.starts_with("Basic realm="), "{challenge}");
            by_header.expect_error(401, "invalid_client");
            let form = [GRANT, ("client_id", id), ("client_secret", secret)];
            let by_body = world.token(&world.a, &form).await;
            assert!(by_body.header("www-authenticate").is_none());
            by_body.expect_error(401, "invalid_client");
            for answer in [by_header, by_body] {
                let mut body = answer.json();
                body["traceId"].take();
                bodies.push(body);
            }
        }
        assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "{bodies:?}");
    }

    async fn the_client_authenticates_in_one_way_only(world) {
        let app = &world.a.m2m;
        let post = || world.post(&world.a, "/oauth/token").basic(app.id(), &app.secret);
        let twice = [
            post().form(&[GRANT, ("client_secret", &app.secret)]),
            post().form(&[&app.credentials()[..], &[GRANT]].concat()),
            post().form(&[GRANT, ("client_id", world.a.web.id())]),
            post().form(&[
                GRANT,
                ("client_assertion", "x.y.z"),
                ("client_assertion_type", domain::token_request::JWT_BEARER),
            ]),
        ];
        for call in twice {
            call.send().await.expect_error(400, "invalid_request");
        }
    }

    async fn a_switched_off_client_gets_nothing_until_it_is_on_again(world) {
        let (tenant, app) = (&world.a, &world.a.m2m);
        let token = world.machine_token(tenant).await;
        let me = || world.get(tenant, "/api/v1/users/me").bearer(&token).send();
        me().await.expect(301);
        let ctx = world.admin(tenant).await;
        let operator = Caller::operator();
        client::set_disabled(&ctx, &operator, &app.id, Some("abuse")).await.expect("switched off");
        by_form(&world, tenant, app, "").await.expect_error(401, "invalid_client");
        me().await.expect_error(401, "invalid_token");
        client::set_disabled(&ctx, &operator, &app.id, None).await.expect("switched on");
        by_form(&world, tenant, app, "").await.access_token();
        client::delete(&ctx, &operator, &app.id).await.expect("deleted");
        by_form(&world, tenant, app, "").await.expect_error(401, "invalid_client");
        me().await.expect_error(401, "invalid_token");
    }

    async fn secrets_rotate_without_downtime(world) {
        let (tenant, app) = (&world.a, &world.a.m2m);
        let ctx = world.admin(tenant).await;
        let operator = Caller::operator();
        let second = client::secret_create(&ctx, &operator, &app.id, labelled("2027")).await.expect("a secret");
        let renewed = App { secret: second.secret.expose().clone(), ..app.clone() };
        by_form(&world, tenant, app, "").await.access_token();
        by_form(&world, tenant, &renewed, "").await.access_token();
        let old = domain::secret::hint(&app.secret);
        client::secret_delete(&ctx, &operator, (&app.id, old), false).await.expect("removed");
        by_form(&world, tenant, app, "").await.expect_error(401, "invalid_client");
        by_form(&world, tenant, &renewed, "").await.access_token();
        for n in 3..=6 {
            client::secret_create(&ctx, &operator, &app.id, labelled(&n.to_string())).await.expect("a secret");
        }
        let sixth = client::secret_create(&ctx, &operator, &app.id, labelled("")).await.expect_err("five");
        assert_eq!(sixth.to_string(), "The max number of client secrets is 5");
    }

    async fn an_expired_secret_is_no_secret(world) {
        let (tenant, app) = (&world.a, &world.a.m2m);
        let at = domain::time::plus_seconds(crate::world::t0(), 100).as_millisecond();
        let table = "UPDATE client_secret SET expires_at";
        world.sql(format!("{table} = {at} WHERE client_id = '{}'", app.id)).await;
        by_form(&world, tenant, app, "").await.access_token();
        world.clock.advance_seconds(99);
        by_form(&world, tenant, app, "").await.access_token();
        world.clock.advance_seconds(1);
        by_form(&world, tenant, app, "").await.expect_error(401, "invalid_client");
        let found = client::find(&world.admin(tenant).await, &app.id).await.expect("found");
        let secrets: Vec<ClientSecret> = found.expect("the client").secrets;
        assert_eq!(secrets.len(), 1, "an expired secret is still listed");
    }

    async fn an_imported_secret_is_as_strong_as_ours(world) {
        let import = |secret: &str| ClientDraft { secret: Some(secret.into()), ..m2m_draft() };
        let ctx = world.admin(&world.a).await;
        for weak in ["", "changeme", &"a".repeat(31), &"%20".repeat(20), &"ü".repeat(40)] {
            let made = client::create(&ctx, &Caller::operator(), &import(weak)).await;
            assert!(made.is_err(), "{weak}");
        }
        let strong = "imported-secret_0123456789.~abcdefghij";
        let app = world.client(&world.a, import(strong)).await;
        assert_eq!(app.secret, strong);
        by_form(&world, &world.a, &app, "").await.access_token();
        let call = world.post(&world.a, "/oauth/token").basic(app.id(), strong);
        call.form(&[GRANT]).send().await.access_token();
    }

    async fn a_bot_administers_only_with_such_scopes(world) {
        for (allowed, roles) in [("user_default", 0), ("admin.users:read", 1), ("admin_classic", 1)] {
            let draft = ClientDraft { allowed_scopes: scopes(allowed), ..m2m_draft() };
            let app = world.client(&world.a, draft).await;
            let token = by_form(&world, &world.a, &app, "").await.access_token();
            let id = jwt::claims(&token)["userId"].as_str().expect("an id").to_owned();
            let path = format!("/api/v1/users/{id}");
            let me = world.get(&world.a, &path).bearer(&token).send().await.expect(200).json();
            assert_eq!(me["assignedRoles"].as_array().expect("roles").len(), roles, "{allowed}");
            let other = format!("/api/v1/users/{}", world.a.bob.id);
            let other = world.get(&world.a, &other).bearer(&token).send().await.expect(200).json();
            assert_eq!(other.get("email").is_some(), roles == 1, "{allowed}");
        }
    }

    async fn a_client_without_scopes_reaches_nothing(world) {
        let draft = ClientDraft { allowed_scopes: scopes(""), ..m2m_draft() };
        let app = world.client(&world.a, draft).await;
        let answer = by_form(&world, &world.a, &app, "").await;
        assert_eq!(answer.expect(200).json()["scope"], "");
        by_form(&world, &world.a, &app, "user_default").await.expect_error(400, "invalid_scope");
    }

    async fn last_uses_and_counts_are_written_later(world) {
        let (tenant, app) = (&world.a, &world.a.m2m);
        for _ in 0..3 {
            world.machine_token(tenant).await;
        }
        let wrong = [GRANT, ("client_id", app.id()), ("client_secret", "wrong")];
        world.token(tenant, &wrong).await.expect_error(401, "invalid_client");
        assert!(world.table("usage_counter").await.is_empty());
        engine::jobs::flush(world.engine()).await.expect("flushed");
        let counters = world.table("usage_counter").await;
        let has = |kind: &str, count: u32| {
            let fits = |row: &String| {
                row.contains(&format!("kind={kind},")) && row.ends_with(&format!("count=Some({count})"))
            };
            counters.iter().any(fits)
        };
        assert!(has("token.client_credentials", 3), "{counters:?}");
        assert!(has("failure.unknown_secret", 1), "{counters:?}");
        let found = client::find(&world.admin(tenant).await, &app.id).await.expect("found");
        let secrets = found.expect("the client").secrets;
        assert_eq!(secrets[0].last_used_at, Some(crate::world::t0()));
    }
}
