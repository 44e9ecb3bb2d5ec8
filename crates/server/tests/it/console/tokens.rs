//! `/admin/tokens`.

use domain::tenant::Lifetimes;
use engine::admin::{AdminError, signing_key, tenant_lifetimes};
use engine::authority::Caller;
use serde_json::Value;

use crate::html;

both! {
    async fn lifetimes_count_for_the_next_token_and_bad_ones_stay_as_typed(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let page = browser.get("/admin/tokens").await;
        let form = html::form_to(page.text(), "/admin/tokens/lifetimes", &[]);
        let before = world.facts().await;
        for (number, unit) in [("2", "days"), ("0", "hours"), ("-1", "hours"), ("many", "hours"), ("9223372036854775807", "days"), ("1.5", "hours")] {
            let typed = form.clone().with("accessToken", number).forged("accessTokenUnit", unit);
            let refused = browser.submit(&typed).await;
            assert_eq!(refused.status, 400, "{number} {unit}");
            assert!(html::has_id(refused.text(), "accessToken-wrong"), "{number} {unit}");
            let again = html::form_to(refused.text(), "/admin/tokens/lifetimes", &[]);
            assert_eq!(again.field("accessToken"), Some(number));
        }
        assert_eq!(world.facts().await, before);
        // The same once more writes nothing.
        browser.submit(&form.clone().forged("accessTokenUnit", "hours")).await;
        assert_eq!(world.facts().await, before);
        let typed = form.with("accessToken", "30").forged("accessTokenUnit", "minutes");
        assert_eq!(browser.submit(&typed).await.location(), "/admin/tokens?done=lifetimes-saved");
        let answer = world.post(a, "/oauth/token").basic(a.m2m.id(), &a.m2m.secret)
            .form(&[("grant_type", "client_credentials")]).send().await;
        assert_eq!(answer.json()["expires_in"], 1800);
        let told = world.audit(a, "tenant.updated").await;
        let change = &told[0].details["changes"]["accessTokenSeconds"];
        assert_eq!((&change["from"], &change["to"]), (&Value::from(21_600), &Value::from(1800)));
    }

    async fn a_revocation_outlives_tokens_of_a_longer_life(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let tokens = world.tokens(a, &a.web, "openid user_default offline_access").await;
        let form = html::form_to(browser.get("/admin/tokens").await.text(), "/admin/tokens/lifetimes", &[]);
        let typed = form.with("accessToken", "5").forged("accessTokenUnit", "minutes");
        browser.submit(&typed).await;
        let token = ("token", tokens.refresh());
        world.post(a, "/oauth/revoke").basic(a.web.id(), &a.web.secret).form(&[token]).send().await.expect(200);
        world.clock.advance_seconds(3600);
        let (_, feed) = world.second_node().await;
        drop(feed);
        let refused = world.get(a, "/oauth/userinfo").bearer(tokens.access()).send().await;
        refused.expect_error(401, "invalid_token");
    }

    async fn keys_are_rotated_with_overlap(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let page = browser.get("/admin/tokens").await;
        assert!(page.text().contains("Signing"));
        let kids = |page: &str| page.matches("<code class=\"select-all\">").count();
        let before = kids(page.text());
        let form = html::form_to(browser.get("/admin/tokens/rotate").await.text(), "/admin/tokens/rotate", &[]);
        let done = browser.submit(&form).await;
        assert_eq!(done.location(), "/admin/tokens?done=keys-rotated");
        let page = browser.get(done.location()).await;
        assert_eq!(kids(page.text()), 2 * before);
        assert!(page.text().contains(">Next<") && page.text().contains("in 10 minutes"));
        let [event, ..] = &world.audit(a, "signing_key.created").await[..] else { panic!("told") };
        assert_eq!(event.actor.id(), a.admin.id.as_str());
    }

    async fn two_administrators_at_once_lose_nothing(world) {
        let a = &world.a;
        let (mut one, mut other) = (world.browser(a), world.browser(a));
        one.sign_in(&a.admin).await;
        other.sign_in(&a.admin).await;
        let address = "/admin/tokens/lifetimes";
        let form = async |browser: &mut crate::browser::Browser| {
            html::form_to(browser.get("/admin/tokens").await.text(), address, &[])
        };
        let stale = form(&mut one).await;
        let shorter = form(&mut other).await.with("accessToken", "30").forged("accessTokenUnit", "minutes");
        other.submit(&shorter).await.expect(303);
        // Another field, from a page that still shows six hours.
        one.submit(&stale.clone().with("idToken", "2").forged("idTokenUnit", "hours")).await.expect(303);
        let now = form(&mut one).await;
        assert_eq!((now.field("accessToken"), now.field("accessTokenUnit")), (Some("30"), Some("minutes")));
        assert_eq!((now.field("idToken"), now.field("idTokenUnit")), (Some("2"), Some("hours")));
        // The same field.
        let before = world.facts().await;
        let clash = one.submit(&stale.with("accessToken", "3")).await;
        let tags = html::tags(clash.expect(409).text());
        let told = tags.iter().find(|tag| tag.get("id") == Some("accessToken-wrong")).expect("beside the field");
        assert!(told.text.contains("30 minutes"), "{}", told.text);
        assert_eq!(world.facts().await, before);
        let again = html::form_to(clash.text(), address, &[]);
        assert_eq!((again.field("accessToken"), again.field("idToken")), (Some("3"), Some("2")));
        one.submit(&again).await.expect(303);
        assert_eq!(form(&mut other).await.field("accessToken"), Some("3"));
        // A ground that was made up hides nothing.
        for base in ["", "{}", "[]", "{\"accessToken\":1}"] {
            let forged = form(&mut one).await.forged("base", base);
            let answer = one.submit(&forged).await;
            assert!(matches!(answer.status, 303 | 409), "{base}");
        }
    }

    async fn replacing_keys_at_once_is_a_button_of_its_own(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let page = browser.get("/admin/tokens/rotate").await;
        assert_eq!(html::form_with(page.text(), "rotate-keys").field("atOnce"), None);
        assert!(page.text().contains("Every token that is out becomes void"));
        let tags = html::tags(page.text());
        let button = tags.iter().find(|tag| tag.get("id") == Some("replace-keys")).expect("a button");
        assert!(button.get("class").is_some_and(|class| class.contains("button-danger")));
        let done = browser.submit(&html::form_with(page.text(), "replace-keys")).await;
        assert_eq!(done.location(), "/admin/tokens?done=keys-replaced");
    }

    async fn a_form_that_is_sent_many_times_makes_keys_once(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        for (button, done) in [("rotate-keys", "keys-rotated"), ("replace-keys", "keys-replaced")] {
            let before = world.audit(a, "signing_key.created").await.len();
            let page = browser.get("/admin/tokens/rotate").await;
            let form = html::form_with(page.text(), button);
            let call = || browser.form_call(&form);
            // As a nervous finger does: all at once.
            let answers = futures_util::future::join_all((0..6).map(|_| call().send())).await;
            let (carried, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|one| one.status == 303);
            assert_eq!(carried.len(), 1, "{button}");
            assert_eq!(carried[0].location(), format!("/admin/tokens?done={done}"));
            for one in refused {
                assert!(one.expect(409).text().contains("sent twice"));
                assert!(one.text().contains("href=\"/admin/tokens\""));
            }
            let made = world.audit(a, "signing_key.created").await.len() - before;
            assert!((1..=3).contains(&made), "{button}: {made} keys");
            assert!(browser.get("/admin/tokens").await.status == 200);
            // Without a mark it is not our form.
            browser.submit(&form.clone().without("once")).await.expect(403);
            browser.submit(&form.forged("once", "x")).await.expect(403);
            world.clock.advance_seconds(1);
        }
        assert!(world.audit(a, "signing_key.created").await.len() <= 9);
    }

    async fn an_administrator_makes_no_keys_without_end(world) {
        let a = &world.a;
        let (ctx, admin) = (world.admin(a).await, world.caller(a, &a.admin).await);
        let published = async || world.get(a, "/.well-known/jwks.json").send().await.json()["keys"]
            .as_array().expect("a list").len();
        let algs = published().await;
        for _ in 1..signing_key::PUBLISHED_MAX {
            signing_key::rotate(&ctx, &admin, false).await.expect("rotates");
        }
        assert_eq!(published().await, algs * signing_key::PUBLISHED_MAX);
        let refused = signing_key::rotate(&ctx, &admin, false).await;
        assert!(matches!(refused, Err(AdminError::Limit(_))), "{refused:?}");
        assert_eq!(published().await, algs * signing_key::PUBLISHED_MAX);
        // A leak can always be answered; what it leaves behind is bounded, too.
        for _ in 0..12 {
            world.clock.advance_seconds(1);
            signing_key::rotate(&world.admin(a).await, &admin, true).await.expect("replaces");
        }
        assert_eq!(published().await, algs);
        assert!(world.table("signing_key").await.len() <= 18 * algs);
    }

    async fn who_is_no_administrator_neither_sees_nor_sets(world) {
        let a = &world.a;
        let (ctx, alice) = (world.admin(a).await, world.caller(a, &a.alice).await);
        let before = world.rows().await;
        let wanted = Lifetimes { access_token: 300, ..Lifetimes::default() };
        let denied = [
            tenant_lifetimes::lifetimes(&ctx, &alice).await.map(|_| ()),
            tenant_lifetimes::set_lifetimes(&ctx, &alice, &Lifetimes::default(), wanted).await,
            signing_key::list(&ctx, &alice).await.map(|_| ()),
            signing_key::rotate(&ctx, &alice, true).await.map(|_| ()),
        ];
        for result in denied {
            assert!(matches!(result, Err(AdminError::Denied(_))), "{result:?}");
        }
        assert_eq!(world.rows().await, before);
    }

    async fn other_nodes_hear_of_new_lifetimes(one) {
        let (two, mut feed) = one.second_node().await;
        let life = async || two.post(&one.a, "/oauth/token").basic(one.a.m2m.id(), &one.a.m2m.secret)
            .form(&[("grant_type", "client_credentials")]).send().await.json()["expires_in"].clone();
        assert_eq!(life().await, 21_600);
        let wanted = Lifetimes { access_token: 300, ..Lifetimes::default() };
        let ctx = one.admin(&one.a).await;
        tenant_lifetimes::set_lifetimes(&ctx, &Caller::operator(), &Lifetimes::default(), wanted).await.expect("set");
        assert_eq!(life().await, 21_600);
        feed.poll().await.expect("polled");
        assert_eq!(life().await, 300);
    }
}
