//! The page of one client: what it is, what it does, whom it concerns, what was changed.

use serde_json::json;

use super::desk::{administrator, ask_for, path};
use crate::flow::AuthRequest;
use crate::html;
use crate::world::{App, Person, Tenant, World, web_draft};

async fn tokens_of(
    world: &World,
    tenant: &Tenant,
    app: &App,
    person: &Person,
) -> crate::flow::Tokens {
    let request = AuthRequest::new(app, "openid offline_access");
    let code = world.code_in(&mut world.browser(tenant), &request, person).await;
    crate::flow::Tokens::of(&world.exchange(tenant, app, &code).await)
}

both! {
    async fn a_client_that_did_nothing_says_what_to_do(world) {
        let mut browser = administrator(&world).await;
        let page = browser.get(&path(&world.a.web, "")).await;
        let text = page.expect(200).text();
        assert!(text.contains("Nothing happened yet") && text.contains("No user has allowed this client"));
        assert!(!text.contains("<figure") && !html::has_id(text, "failures"));
        assert!(text.contains(world.a.web.id()) && text.contains("https://web.example/callback"));
        for id in ["client-edit", "client-secrets", "client-menu"] {
            assert!(html::has_id(text, id), "{id}");
        }
        let page = browser.get(&path(&world.a.spa, "")).await;
        assert!(!html::has_id(page.text(), "client-secrets"), "it has none");
    }

    async fn tokens_and_refusals_are_drawn_and_told_in_words(world) {
        let app = &world.a.m2m;
        for _ in 0..3 {
            assert_eq!(ask_for(&world, app, &app.secret, "user_default").await, 200);
        }
        let wrong = format!("{}{}", "0".repeat(59), &app.secret[59..]);
        assert_eq!(ask_for(&world, app, &wrong, "user_default").await, 401);
        assert_eq!(ask_for(&world, app, &app.secret, "no_such_scope").await, 400);
        let mut browser = administrator(&world).await;
        let page = browser.get(&path(app, "")).await;
        let text = page.expect(200).text();
        assert!(html::has_id(text, "chart-tokens") && html::has_id(text, "chart-failures"));
        let day = world.engine().now().strftime("%Y-%m-%d").to_string();
        assert!(text.contains(&format!("<title>{day}: 3 Machine-to-machine (client credentials)</title>")));
        assert!(text.contains("Tokens: 3") && text.contains("Refusals: 2"));
        // The same numbers without a picture.
        assert!(text.contains(&format!("<th scope=\"row\" class=\"nowrap\">{day}</th><td class=\"num\">3</td>")));
        assert!(text.contains("Wrong client secret") && text.contains("copied incompletely"));
        let failure = world.table("client_failure").await;
        let trace = failure[0].split(", ").find_map(|cell| cell.strip_prefix("trace_id=")).expect("a trace id");
        assert!(text.contains(trace) && text.contains("10.0.0.7"));
        assert!(!text.contains(&wrong) && !text.contains(&app.secret));
        assert!(html::tags(text).iter().all(|tag| tag.get("style").is_none()));
        // Of the other tenant's client nothing is told.
        browser.get(&path(&world.b.m2m, "")).await.expect(404);
        for odd in ["x", "%00", "..%2f", "new%20"] {
            let answer = browser.get(&format!("/admin/clients/{odd}")).await;
            assert!(matches!(answer.status, 400 | 404), "{odd}: {}", answer.status);
        }
    }

    async fn an_administrator_takes_the_access_to_a_user_away(world) {
        let (tenant, app) = (&world.a, &world.a.web);
        let bobs = tokens_of(&world, tenant, app, &tenant.bob).await;
        let alices = tokens_of(&world, tenant, app, &tenant.alice).await;
        let mut browser = administrator(&world).await;
        let page = browser.get(&path(app, "")).await;
        let link = path(app, &format!("/users/remove?user={}", tenant.bob.id));
        assert!(page.text().contains(&link) && page.text().contains(&tenant.bob.email));
        let panel = browser.get(&link).await;
        assert!(panel.text().contains("Full bob") && panel.text().contains("Reports"));
        let form = html::form_to(panel.text(), &path(app, "/users/remove"), &[]);
        // Users of others, and what is no user.
        for id in [world.b.bob.id.as_str(), "", "x", "<script>"] {
            browser.submit(&form.clone().forged("user", id)).await.expect(404);
        }
        let done = browser.submit(&form).await;
        assert_eq!(done.location(), path(app, "?done=access-revoked"));
        world.userinfo(tenant, bobs.access()).await.expect_error(401, "invalid_token");
        world.userinfo(tenant, alices.access()).await.expect(200);
        let page = browser.get(done.location()).await;
        assert!(page.text().contains("The access is revoked.") && !page.text().contains(&link));
        let told = world.audit(tenant, "consent.removed").await;
        assert_eq!((told.len(), told[0].actor.id()), (1, tenant.admin.id.as_str()));
        assert_eq!(browser.submit(&form).await.location(), path(app, "?done=access-gone"));
    }

    async fn scopes_that_were_never_used_are_taken_away(world) {
        let app = &world.a.m2m;
        assert_eq!(ask_for(&world, app, &app.secret, "user_default").await, 200);
        let mut browser = administrator(&world).await;
        let page = browser.get(&path(app, "")).await;
        assert!(!html::has_id(page.text(), "unused"), "a day of counting is no evidence");
        world.clock.advance_seconds(30 * 86_400);
        let mut browser = administrator(&world).await;
        let page = browser.get(&path(app, "")).await;
        assert!(html::has_id(page.text(), "unused"));
        let panel = browser.get(&path(app, "/scopes/unused")).await;
        let form = html::form_to(panel.text(), &path(app, "/scopes/unused"), &[]);
        assert_eq!(form.field("scope"), Some("admin_classic"));
        let before = world.facts().await;
        browser.submit(&form.clone().without("scope")).await.expect(400);
        for scope in ["user_default", "openid", "no_such", "<b>"] {
            let refused = browser.submit(&form.clone().forged("scope", scope)).await;
            assert!(html::has_id(refused.expect(409).text(), "panel-wrong"), "{scope}");
        }
        assert_eq!(world.facts().await, before);
        assert_eq!(browser.submit(&form).await.location(), path(app, "?done=scopes-removed"));
        let told = world.audit(&world.a, "client.changed").await;
        assert_eq!(told[0].details["changes"]["allowedScopes"]["to"], json!(["user_default"]));
        assert_ne!(ask_for(&world, app, &app.secret, "admin_classic").await, 200);
        browser.submit(&form).await.expect(409);
        let page = browser.get(&path(app, "/scopes/unused")).await;
        assert!(page.text().contains("every scope of this client is in use"));
    }

    async fn a_scope_that_is_used_in_the_meantime_stays(world) {
        let app = &world.a.m2m;
        assert_eq!(ask_for(&world, app, &app.secret, "user_default").await, 200);
        let mut browser = administrator(&world).await;
        let panel = browser.get(&path(app, "/scopes/unused")).await;
        let form = html::form_to(panel.text(), &path(app, "/scopes/unused"), &[]);
        assert_eq!(ask_for(&world, app, &app.secret, "admin_classic").await, 200);
        browser.submit(&form).await.expect(409);
        assert!(world.audit(&world.a, "client.changed").await.is_empty());
    }

    async fn changes_are_told_by_name_page_by_page(world) {
        let app = &world.a.web;
        let (ctx, caller) = (world.admin(&world.a).await, world.caller(&world.a, &world.a.admin).await);
        for number in 0..12 {
            let body = json!([{ "op": "replace", "path": "/clientName", "value": format!("Name {number} <i>") }]);
            engine::admin::client::update(&ctx, &caller, &app.id, body).await.expect("changed");
        }
        // Another client's changes are not among them.
        engine::admin::client::set_disabled(&ctx, &caller, &world.a.spa.id, Some("other")).await.expect("off");
        let mut browser = administrator(&world).await;
        let page = browser.get(&path(app, "")).await;
        let text = page.expect(200).text();
        assert!(text.contains("<del><bdi>Name 10 &#60;i&#62;</bdi></del>") && text.contains("Full admin"));
        assert!(!text.contains("<i>") && !text.contains("other"));
        assert!(!text.contains("Client created"), "it is on the next page");
        let next = html::tags(text).into_iter().find(|tag| tag.get("href").is_some_and(|href| href.contains("history=")));
        let next = next.expect("older ones").get("href").expect("an address").to_owned();
        let (there, _) = next.split_once('#').expect("a place on the page");
        let page = browser.get(there).await;
        assert!(page.expect(200).text().contains("Client created"));
        // A cursor of another client opens nothing.
        let elsewhere = there.replace(app.id(), world.a.spa.id());
        browser.get(&elsewhere).await.expect(400);
        browser.get(&path(app, "?history=x&users=y")).await.expect(400);
    }

    async fn a_disabled_client_says_why_and_names_are_text(world) {
        let mut draft = web_draft();
        draft.name = "<script>alert(1)</script>\"'".to_owned();
        draft.description = "<img src=x onerror=alert(1)>".to_owned();
        let app = world.client(&world.a, draft).await;
        let (ctx, caller) = (world.admin(&world.a).await, world.caller(&world.a, &world.a.admin).await);
        let why = "leaked <b>";
        engine::admin::client::set_disabled(&ctx, &caller, &app.id, Some(why)).await.expect("off");
        let mut browser = administrator(&world).await;
        for rest in ["", "/secrets", "/secrets/new", "/rotate", "/consent", "/publish", "/configuration", "/enable", "/disable", "/scopes/unused"] {
            let page = browser.get(&path(&app, rest)).await;
            let text = page.expect(200).text();
            assert!(!text.contains("<script>alert") && !text.contains("<img") && !text.contains("<b>"), "{rest}");
            assert_eq!(rest.is_empty(), html::has_id(text, "client-disabled"));
        }
    }

    async fn a_users_own_language_is_spoken_whatever_the_browser_asks_for(world) {
        let (ctx, caller) = (world.admin(&world.a).await, world.caller(&world.a, &world.a.admin).await);
        let wish = json!([{ "op": "replace", "path": "/preferredLocale", "value": "de" }]);
        engine::admin::user::patch(&ctx, &caller, (world.a.admin.id.as_str(), None), wish).await.expect("set");
        let mut browser = administrator(&world).await;
        let call = browser.call("GET", &path(&world.a.web, "")).header("accept-language", "en");
        assert!(browser.send(call).await.expect(200).text().contains("lang=\"de\""));
    }

    async fn the_page_speaks_german(world) {
        let mut browser = administrator(&world).await;
        let call = browser.call("GET", &path(&world.a.web, "")).header("accept-language", "de-AT, en;q=0.1");
        let page = browser.send(call).await;
        assert!(page.expect(200).text().contains("lang=\"de\"") && page.text().contains("Noch ist nichts geschehen"));
    }
}
