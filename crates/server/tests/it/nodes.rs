//! Two nodes on one database: what one takes away, the other refuses as soon as it has read the
//! change feed (never-happens 4), and what works once works once on both together (3).

use std::collections::BTreeSet;

use domain::jose::{Alg, SigningKey};
use domain::user::UserStatus;
use engine::admin::client::{self, SecretRequest};
use engine::authority::Caller;
use engine::feed::Feed;

use crate::flow::{AuthRequest, Callback, Tokens};
use crate::oauth::token::assertion::{keyed, right, send, sign};
use crate::world::{App, World};

async fn grant(world: &World, app: &App) -> crate::call::Answer {
    let mut form = app.credentials();
    form.push(("grant_type", "client_credentials"));
    world.token(&world.a, &form).await
}

async fn catch_up(feed: &mut Feed) {
    feed.poll().await.expect("polled");
}

both! {
    async fn a_removed_secret_stops_working_everywhere(one) {
        let (two, mut feed) = one.second_node().await;
        let app = &one.a.m2m;
        grant(&two, app).await.access_token();
        let ctx = one.admin(&one.a).await;
        let second = client::secret_create(&ctx, &Caller::operator(), &app.id, SecretRequest::default()).await.expect("made");
        let hint = domain::secret::hint(&app.secret);
        client::secret_delete(&ctx, &Caller::operator(), (&app.id, hint), false).await.expect("removed");
        grant(&one, app).await.expect_error(401, "invalid_client");
        // The other node has it in its cache, so this test can fail.
        grant(&two, app).await.access_token();
        catch_up(&mut feed).await;
        grant(&two, app).await.expect_error(401, "invalid_client");
        let renewed = App { secret: second.secret.expose().clone(), ..app.clone() };
        grant(&two, &renewed).await.access_token();
    }

    async fn a_client_that_is_gone_is_gone_everywhere(one) {
        let (two, mut feed) = one.second_node().await;
        let (tenant, app) = (&one.a, &one.a.m2m);
        let token = grant(&two, app).await.access_token();
        let me = async || two.get(tenant, "/api/v1/users/me").bearer(&token).send().await;
        me().await.expect(301);
        let ctx = one.admin(tenant).await;
        client::set_disabled(&ctx, &Caller::operator(), &app.id, Some("abuse")).await.expect("off");
        catch_up(&mut feed).await;
        grant(&two, app).await.expect_error(401, "invalid_client");
        me().await.expect_error(401, "invalid_token");
        client::set_disabled(&ctx, &Caller::operator(), &app.id, None).await.expect("on");
        catch_up(&mut feed).await;
        me().await.expect(301);
        client::delete(&ctx, &Caller::operator(), &app.id).await.expect("deleted");
        catch_up(&mut feed).await;
        grant(&two, app).await.expect_error(401, "invalid_client");
        me().await.expect_error(401, "invalid_token");
    }

    async fn a_disabled_person_is_out_everywhere(one) {
        let (two, mut feed) = one.second_node().await;
        let (tenant, app) = (&one.a, &one.a.web);
        let mut browser = two.browser(tenant);
        let request = AuthRequest::new(app, "openid offline_access");
        let code = two.code_in(&mut browser, &request, &tenant.alice).await;
        let tokens = Tokens::of(&two.exchange(tenant, app, &code).await);
        two.userinfo(tenant, tokens.access()).await.expect(200);
        one.user_status(tenant, &tenant.alice.id, UserStatus::Disabled).await;
        catch_up(&mut feed).await;
        two.userinfo(tenant, tokens.access()).await.expect_error(401, "invalid_token");
        two.refresh(tenant, app, tokens.refresh()).await.expect_error(400, "invalid_grant");
        let answer = browser.get(&request.set("prompt", "none").path()).await;
        Callback::of(&answer, app.callback()).expect_error("login_required");
    }

    async fn a_revoked_token_is_refused_everywhere(one) {
        let (two, mut feed) = one.second_node().await;
        let (tenant, app) = (&one.a, &one.a.web);
        let tokens = one.tokens(tenant, app, "openid offline_access").await;
        let lone = one.tokens(tenant, app, "openid").await;
        for tokens in [&tokens, &lone] {
            two.userinfo(tenant, tokens.access()).await.expect(200);
        }
        for token in [tokens.refresh(), lone.access()] {
            let form = [&app.credentials()[..], &[("token", token)]].concat();
            one.post(tenant, "/oauth/revoke").form(&form).send().await.expect(200);
        }
        two.userinfo(tenant, lone.access()).await.expect(200);
        catch_up(&mut feed).await;
        for tokens in [&tokens, &lone] {
            two.userinfo(tenant, tokens.access()).await.expect_error(401, "invalid_token");
        }
    }

    async fn a_replay_on_one_ends_the_grant_on_the_other(one) {
        let (two, mut feed) = one.second_node().await;
        let (tenant, app) = (&one.a, &one.a.web);
        let code = one.code(tenant, app, "openid").await;
        let tokens = Tokens::of(&two.exchange(tenant, app, &code).await);
        two.userinfo(tenant, tokens.access()).await.expect(200);
        one.exchange(tenant, app, &code).await.expect_error(400, "invalid_grant");
        catch_up(&mut feed).await;
        two.userinfo(tenant, tokens.access()).await.expect_error(401, "invalid_token");
    }

    async fn removed_access_is_gone_everywhere(one) {
        let (two, mut feed) = one.second_node().await;
        let (tenant, app) = (&one.a, &one.a.web);
        let tokens = two.tokens(tenant, app, "openid offline_access").await;
        two.userinfo(tenant, tokens.access()).await.expect(200);
        let mut browser = one.browser(tenant);
        browser.sign_in(&tenant.alice).await;
        let page = browser.get("/account").await;
        let form = crate::html::form_to(page.text(), "/account/apps/remove", &[]);
        assert_eq!(browser.submit(&form).await.location(), "/account?done=removed");
        catch_up(&mut feed).await;
        two.userinfo(tenant, tokens.access()).await.expect_error(401, "invalid_token");
        two.refresh(tenant, app, tokens.refresh()).await.expect_error(400, "invalid_grant");
    }

    async fn a_new_origin_and_client_are_known_everywhere(one) {
        let (two, mut feed) = one.second_node().await;
        let mut draft = crate::world::spa_draft();
        draft.allowed_origins = vec!["https://new.example".to_owned()];
        let ask = async || {
            let call = two.post(&two.a, "/oauth/token").header("origin", "https://new.example");
            let answer = call.form(&[]).send().await;
            answer.header("access-control-allow-origin").is_some()
        };
        assert!(!ask().await);
        let app = one.client(&one.a, draft).await;
        catch_up(&mut feed).await;
        assert!(ask().await);
        two.tokens(&two.a, &app, "openid").await;
        // A client that was looked for before it existed.
        let id = domain::ids::ClientId::parse("chosen-by-file").expect("an id");
        let unknown = App { id: id.clone(), secret: String::new(), client: app.client.clone() };
        grant(&two, &unknown).await.expect_error(401, "invalid_client");
        let mut draft = crate::world::m2m_draft();
        draft.id = Some(id);
        let made = one.client(&one.a, draft).await;
        catch_up(&mut feed).await;
        grant(&two, &made).await.access_token();
    }

    async fn a_new_tenant_is_known_everywhere(one) {
        let (two, mut feed) = one.second_node().await;
        let ask = async || {
            two.call("GET", "new.test", "/.well-known/openid-configuration").send().await.status
        };
        assert_eq!(ask().await, 404);
        let admin = one.admin(&one.a).await;
        let draft = engine::admin::tenant::TenantDraft {
            name: "New".to_owned(),
            subscription_id: admin.tenant.tenant.subscription_id.clone(),
            region: crate::place::eu(),
            hostnames: vec!["new.test".to_owned()],
        };
        engine::admin::tenant::create(one.engine(), &draft).await.expect("a tenant");
        catch_up(&mut feed).await;
        assert_eq!(ask().await, 200);
    }

    async fn both_make_the_first_keys_and_agree(one) {
        let (two, _) = one.second_node().await;
        let calls: Vec<_> = (0..8)
            .map(|n| {
                let world = if n % 2 == 0 { one.clone() } else { two.clone() };
                tokio::spawn(async move {
                    let tenant = world.a.clone();
                    (world.machine_token(&tenant).await, world.tokens(&tenant, &tenant.web, "openid").await)
                })
            })
            .collect();
        let mut kids = BTreeSet::new();
        for call in calls {
            let (machine, tokens) = call.await.expect("no panic");
            for world in [&one, &two] {
                world.verified(&one.a, &machine).await;
                world.verified(&one.a, tokens.id()).await;
                world.userinfo(&one.a, tokens.access()).await.expect(200);
            }
            kids.insert(crate::jwt::header(&machine)["kid"].to_string());
            kids.insert(crate::jwt::header(tokens.id())["kid"].to_string());
        }
        assert_eq!(kids.len(), 2, "one for each algorithm");
        assert_eq!(one.table("signing_key").await.len(), 2);
        let bots = one.table("user_account").await;
        assert_eq!(bots.iter().filter(|row| row.contains("subject=".to_owned().as_str()) && row.contains(one.a.m2m.id())).count(), 1);
    }

    async fn what_works_once_works_once_on_both_together(one) {
        let (two, _) = one.second_node().await;
        let (tenant, app) = (&one.a, &one.a.web);
        let key = SigningKey::generate(Alg::ES256).expect("a key");
        let machine = keyed(&one, tenant, &[&key]).await;
        for world in [&one, &two] {
            let jti = if std::ptr::eq(world, &one) { "warm one" } else { "warm two" };
            send(world, tenant, &sign(&key, &right(tenant, &machine, jti))).await.access_token();
        }
        for round in 0..3 {
            let code = one.code(tenant, app, "openid offline_access").await;
            let assertion = sign(&key, &right(tenant, &machine, &format!("raced {round}")));
            let calls: Vec<_> = (0..6)
                .map(|n| {
                    let world = if n % 2 == 0 { one.clone() } else { two.clone() };
                    let (code, assertion) = (code.clone(), assertion.clone());
                    tokio::spawn(async move {
                        let tenant = world.a.clone();
                        let exchanged = world.exchange(&tenant, &tenant.web, &code).await;
                        let granted = send(&world, &tenant, &assertion).await;
                        (exchanged.status, granted.status)
                    })
                })
                .collect();
            let mut statuses = Vec::new();
            for call in calls {
                statuses.push(call.await.expect("no panic"));
            }
            assert_eq!(statuses.iter().filter(|one| one.0 == 200).count(), 1, "{statuses:?}");
            assert_eq!(statuses.iter().filter(|one| one.0 == 400).count(), 5, "{statuses:?}");
            assert_eq!(statuses.iter().filter(|one| one.1 == 200).count(), 1, "{statuses:?}");
            assert_eq!(statuses.iter().filter(|one| one.1 == 401).count(), 5, "{statuses:?}");
        }
    }

    async fn a_refresh_on_both_together_gives_one_successor(one) {
        let (two, _) = one.second_node().await;
        let (tenant, app) = (&one.a, &one.a.web);
        let mut token = one.tokens(tenant, app, "openid offline_access").await.refresh().to_owned();
        for _ in 0..3 {
            let calls: Vec<_> = (0..6)
                .map(|n| {
                    let world = if n % 2 == 0 { one.clone() } else { two.clone() };
                    let token = token.clone();
                    tokio::spawn(async move { world.refresh(&world.a, &world.a.web, &token).await })
                })
                .collect();
            let mut successors = BTreeSet::new();
            for call in calls {
                let tokens = Tokens::of(&call.await.expect("no panic"));
                successors.insert(tokens.refresh().to_owned());
            }
            assert_eq!(successors.len(), 1);
            token = successors.pop_first().expect("one");
        }
        assert_eq!(one.table("refresh_token").await.len(), 4);
    }

    async fn a_session_begun_on_one_goes_on_on_the_other(one) {
        let (two, _) = one.second_node().await;
        let mut browser = one.browser(&one.a);
        browser.sign_in(&one.a.alice).await;
        let mut elsewhere = two.browser(&two.a);
        for name in ["session", "browser"] {
            let value = browser.cookie(name).expect("a cookie").to_owned();
            elsewhere.set_cookie(name, &value);
        }
        // A page of one node, answered to the other.
        let page = browser.get(&AuthRequest::new(&one.a.web, "openid").path()).await;
        let answer = elsewhere.go_on(page, &one.a.alice).await;
        Callback::of(&answer, one.a.web.callback()).code();
    }
}
