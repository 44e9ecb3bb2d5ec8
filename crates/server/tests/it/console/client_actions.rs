//! What can be done to one client: consent, publishing, switching off and on; its configuration.

use domain::client::AppType;
use engine::admin::client::ClientDraft;

use super::desk::{administrator, ask, path, published_elsewhere};
use crate::browser::Browser;
use crate::html::{self, Form};
use crate::world::{App, scopes};

async fn form(browser: &mut Browser, app: &App, rest: &str) -> Form {
    let page = browser.get(&path(app, rest)).await;
    html::form_to(page.expect(200).text(), &path(app, rest), &[])
}

fn is_disabled(page: &str, id: &str) -> bool {
    html::tags(page).iter().any(|tag| tag.get("id") == Some(id) && tag.get("disabled").is_some())
}

both! {
    async fn the_consent_method_is_changed_where_it_may(world) {
        let app = &world.a.m2m;
        let mut browser = administrator(&world).await;
        assert_eq!(ask(&world, app, &app.secret).await, 200);
        let form = form(&mut browser, app, "/consent").await;
        let done = browser.submit(&form.clone().forged("consent", "required")).await;
        assert_eq!(done.location(), path(app, "?done=consent-changed"));
        assert_ne!(ask(&world, app, &app.secret).await, 200, "a machine needs trust");
        let page = browser.get(done.location()).await;
        assert!(html::has_id(page.text(), "client-untrusted"));
        for wrong in ["", "always", "<b>"] {
            let page = browser.submit(&form.clone().forged("consent", wrong)).await;
            assert!(html::has_id(page.expect(400).text(), "panel-wrong"), "{wrong}");
        }
        browser.submit(&form.clone().forged("consent", "trusted")).await.location();
        assert_eq!(ask(&world, app, &app.secret).await, 200);
        let told = world.audit(&world.a, "client.connection_changed").await;
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].details["changes"]["consentMethod"]["to"], "trusted");
    }

    async fn a_client_of_another_tenant_is_no_longer_used(world) {
        let foreign = published_elsewhere(&world).await;
        let mut browser = administrator(&world).await;
        let page = browser.get(&path(&foreign, "")).await;
        assert!(page.expect(200).text().contains(&path(&foreign, "/leave")));
        assert!(!page.text().contains(&path(&foreign, "/consent")), "there is nothing to choose");
        let leave = form(&mut browser, &foreign, "/leave").await;
        // One's own is deleted, not left.
        let own = leave.clone().to(&path(&world.a.web, "/leave"));
        browser.submit(&own).await.expect(409);
        assert!(world.audit(&world.a, "client.connection_deleted").await.is_empty());
        assert_eq!(browser.submit(&leave).await.location(), "/admin/clients?done=client-left");
        assert_eq!(world.audit(&world.a, "client.connection_deleted").await.len(), 1);
        browser.get(&path(&foreign, "")).await.expect(404);
        browser.submit(&leave).await.expect(404);
        // Its owner still has it.
        let mut owner = world.browser(&world.b);
        owner.sign_in(&world.b.admin).await;
        owner.get(&path(&foreign, "")).await.expect(200);
    }

    async fn trust_is_refused_with_the_reason(world) {
        let mut browser = administrator(&world).await;
        let mut draft = ClientDraft::new(AppType::AnonymousEmbed, "Embed");
        draft.allowed_origins = vec!["https://embed.example".to_owned()];
        draft.allowed_scopes = scopes("user_default");
        let embed = world.client(&world.a, draft).await;
        let foreign = published_elsewhere(&world).await;
        let fresh = form(&mut browser, &world.a.web, "/consent").await;
        for (app, reason) in [(&embed, "no user who could be asked"), (&foreign, "a published client stays Required")] {
            let page = browser.get(&path(app, "/consent")).await;
            assert!(page.expect(200).text().contains(reason));
            assert!(is_disabled(page.text(), "consent-trusted") && is_disabled(page.text(), "consent-save"));
            // Whoever sends it all the same is refused by the engine.
            let forged = fresh.clone().to(&path(app, "/consent"));
            browser.submit(&forged.forged("consent", "trusted")).await.expect(400);
        }
        assert!(world.audit(&world.a, "client.connection_changed").await.is_empty());
    }

    async fn publishing_says_what_it_means_and_stays(world) {
        let app = &world.a.m2m;
        let mut browser = administrator(&world).await;
        let page = browser.get(&path(app, "/publish")).await;
        assert!(page.text().contains("This cannot be undone") && page.text().contains("It is Trusted now"));
        let form = form(&mut browser, app, "/publish").await;
        world.clock.advance_seconds(16 * 60);
        let held = browser.submit(&form).await;
        assert!(html::has_id(held.expect(401).text(), "console-confirm"));
        assert!(world.audit(&world.a, "client.published").await.is_empty());
        let mut browser = administrator(&world).await;
        let form = self::form(&mut browser, app, "/publish").await;
        assert_eq!(browser.submit(&form).await.location(), path(app, "?done=client-published"));
        assert_eq!(world.audit(&world.a, "client.published").await.len(), 1);
        let page = browser.get(&path(app, "/publish")).await;
        assert!(page.text().contains("published since") && !html::has_id(page.text(), "publish-submit"));
        browser.submit(&form).await.location();
        assert_eq!(world.audit(&world.a, "client.published").await.len(), 1, "again changes nothing");
    }

    async fn a_client_is_switched_off_with_a_reason_and_on_again(world) {
        let app = &world.a.m2m;
        let mut browser = administrator(&world).await;
        assert_eq!(ask(&world, app, &app.secret).await, 200);
        let page = browser.get(&path(app, "/disable")).await;
        let told = html::has_id(page.text(), "disable-breaks");
        assert!(told && page.text().contains("1 token issued since yesterday"), "{}", page.text());
        assert!(page.text().contains("within the last 24 hours") && page.text().contains("10.0.0.7"));
        let off = form(&mut browser, app, "/disable").await;
        for reason in ["", "   ", "x\u{7}", &"x".repeat(101)] {
            let page = browser.submit(&off.clone().with("reason", reason)).await;
            assert!(html::has_id(page.expect(400).text(), "disable-reason-wrong"), "{reason:?}");
            assert!(html::has_id(page.text(), "panel"));
        }
        assert_eq!(ask(&world, app, &app.secret).await, 200);
        let done = browser.submit(&off.with("reason", " leaked <b> ")).await;
        assert_eq!(done.location(), path(app, "?done=client-disabled"));
        assert_eq!(ask(&world, app, &app.secret).await, 401);
        let page = browser.get(done.location()).await;
        assert!(page.text().contains("leaked &#60;b&#62;"));
        let on = form(&mut browser, app, "/enable").await;
        assert_eq!(browser.submit(&on).await.location(), path(app, "?done=client-enabled"));
        assert_eq!(ask(&world, app, &app.secret).await, 200);
        let told = world.audit(&world.a, "client.changed").await;
        let tags: Vec<_> = told.iter().map(|one| one.details["changes"]["disableTag"]["to"].clone()).collect();
        assert_eq!(tags, [serde_json::Value::Null, "leaked <b>".into()]);
        assert!(told.iter().all(|one| one.actor.id() == world.a.admin.id.as_str()));
    }

    async fn the_configuration_is_what_discovery_says(world) {
        let (a, app) = (&world.a, &world.a.m2m);
        let mut browser = administrator(&world).await;
        let page = browser.get(&path(app, "/configuration")).await;
        let tags = html::tags(page.expect(200).text());
        let told = |word: &str| {
            let id = format!("configuration-{word}");
            tags.iter().find(|tag| tag.get("id") == Some(&id)).expect("it is there").text.clone()
        };
        let metadata = world.get(a, "/.well-known/openid-configuration").send().await.json();
        for (word, name) in [
            ("issuer", "issuer"), ("authorization", "authorization_endpoint"), ("token", "token_endpoint"),
            ("userinfo", "userinfo_endpoint"), ("revocation", "revocation_endpoint"),
            ("introspection", "introspection_endpoint"), ("logout", "end_session_endpoint"), ("jwks", "jwks_uri"),
        ] {
            assert_eq!(told(word), metadata[name].as_str().expect("an address"), "{word}");
        }
        assert_eq!(told("discovery"), format!("{}/.well-known/openid-configuration", a.issuer));
        assert_eq!((told("client-id"), told("scopes")), (app.id().to_owned(), "admin_classic user_default".to_owned()));
        assert!(told("env").contains(app.id()) && !page.text().contains(&app.secret));
    }

    async fn what_others_own_is_changed_where_it_is_owned(world) {
        let foreign = published_elsewhere(&world).await;
        let mut browser = administrator(&world).await;
        let page = browser.get(&path(&foreign, "")).await;
        assert!(html::has_id(page.expect(200).text(), "client-foreign"));
        assert!(!html::has_id(page.text(), "client-edit") && !html::has_id(page.text(), "client-secrets"));
        assert!(!page.text().contains("https://web.example/callback"), "its addresses are its owner's");
        browser.get(&path(&foreign, "/configuration")).await.expect(200);
        let own = form(&mut browser, &world.a.web, "/disable").await.with("reason", "x");
        let before = world.facts().await;
        for rest in ["/secrets", "/secrets/new", "/rotate", "/publish", "/disable", "/enable", "/scopes/unused"] {
            browser.get(&path(&foreign, rest)).await.expect(409);
        }
        for rest in ["/secrets/new", "/publish", "/disable", "/enable", "/scopes/unused"] {
            browser.submit(&own.clone().to(&path(&foreign, rest))).await.expect(409);
            browser.submit(&own.clone().to(&path(&world.b.m2m, rest))).await.expect(404);
        }
        assert_eq!(world.facts().await, before);
    }
}
