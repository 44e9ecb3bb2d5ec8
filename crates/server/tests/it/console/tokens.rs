//! `/admin/tokens`.

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
}
