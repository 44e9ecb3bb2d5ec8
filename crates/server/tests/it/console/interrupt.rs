//! A form that comes too late loses nothing and does nothing.

use crate::html;

both! {
    async fn an_old_proof_is_asked_for_again_and_the_form_goes_on(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        world.clock.advance_seconds(15 * 60 + 1);
        let form = html::form_to(browser.get("/admin/tokens/rotate").await.text(), "/admin/tokens/rotate", &[]);
        let before = world.facts().await;
        let held = browser.submit(&form.clone().forged("atOnce", "1")).await;
        assert_eq!(held.status, 401);
        assert!(held.text().contains("console-confirm"));
        // Whose session it is stands there; the name cannot be another one's.
        assert!(held.text().contains("Confirm") && !html::has_id(held.text(), "username"));
        let ask = html::form_to(held.text(), "/admin/confirm", &[]);
        let wrong = browser.submit(&ask.clone().with("password", "wrong")).await;
        assert_eq!(wrong.status, 401);
        assert_eq!(world.table("signing_key").await.len(), before.iter().filter(|row| row.starts_with("signing_key:")).count());
        let ask = html::form_to(wrong.text(), "/admin/confirm", &[]);
        let back = browser.submit(&ask.with("password", &a.admin.password)).await;
        back.expect(200);
        let again = html::form_to(back.text(), "/admin/tokens/rotate", &[]);
        assert_eq!(again.field("atOnce"), Some("1"), "what was typed is there");
        let keys = world.table("signing_key").await.len();
        let done = browser.submit(&again).await;
        assert_eq!(done.location(), "/admin/tokens?done=keys-replaced");
        assert!(world.table("signing_key").await.len() > keys);
    }

    async fn an_ended_session_in_the_middle_of_a_form_loses_nothing(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let form = html::form_to(browser.get("/admin/settings").await.text(), "/admin/settings", &[]);
        browser.forget_cookie("session");
        let held = browser.submit(&form.with("name", "A name typed \"before\" <it>")).await;
        assert_eq!(held.status, 401);
        let ask = html::form_to(held.text(), "/admin/confirm", &[]);
        let ask = ask.with("username", &a.admin.email).with("password", &a.admin.password);
        let back = browser.submit(&ask).await;
        back.expect(200);
        let again = html::form_to(back.text(), "/admin/settings", &[]);
        assert_eq!(again.field("name"), Some("A name typed \"before\" <it>"));
        assert_eq!(browser.submit(&again).await.location(), "/admin/settings?done=settings-saved");
        assert!(world.table("tenant").await.iter().any(|row| row.contains("A name typed")));
    }

    async fn a_held_form_is_for_its_browser_its_tenant_its_sender_and_an_hour(world) {
        let (a, b) = (&world.a, &world.b);
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let form = html::form_to(browser.get("/admin/settings").await.text(), "/admin/settings", &[]);
        let session = browser.cookie("session").expect("a session").to_owned();
        browser.forget_cookie("session");
        let held = browser.submit(&form.with("name", "Held")).await;
        let sealed = html::form_to(held.text(), "/admin/confirm", &[]);
        let sealed = sealed.field("held").expect("the sealed form").to_owned();
        let confirm = |page: &str, person: &crate::world::Person| {
            html::form_to(page, "/admin/confirm", &[])
                .forged("held", &sealed)
                .forged("username", &person.email)
                .with("password", &person.password)
        };
        // Another browser, and another tenant, get their own page to type into.
        for (tenant, person) in [(a, &a.admin), (b, &b.admin)] {
            let mut other = world.browser(tenant);
            other.sign_in(person).await;
            let own = html::form_to(other.get("/admin/settings").await.text(), "/admin/settings", &[]);
            other.forget_cookie("session");
            let page = other.submit(&own).await;
            let refused = other.submit(&confirm(page.text(), person)).await;
            assert_eq!(refused.status, 400, "it does not open elsewhere");
        }
        // Made up, shortened.
        for forged in ["", "x", &sealed[1..]] {
            let refused = browser.submit(&confirm(held.text(), &a.admin).forged("held", forged)).await;
            assert_eq!(refused.status, 400);
        }
        // Somebody without the right may type it again and gets nothing by it.
        let as_alice = browser.submit(&confirm(held.text(), &a.alice)).await;
        as_alice.expect(200);
        let refused = browser.submit(&html::form_to(as_alice.text(), "/admin/settings", &[])).await;
        assert_eq!(refused.status, 403);
        browser.set_cookie("session", &session);
        world.clock.advance_seconds(3601);
        let late = browser.submit(&confirm(held.text(), &a.admin)).await;
        assert_eq!(late.status, 400, "an hour is over");
        assert!(!world.table("tenant").await.iter().any(|row| row.contains("Held")));
    }

    async fn a_form_that_waits_for_one_person_is_not_shown_to_another(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        world.clock.advance_seconds(15 * 60 + 1);
        let form = html::form_to(browser.get("/admin/tokens/rotate").await.text(), "/admin/tokens/rotate", &[]);
        let held = browser.submit(&form).await;
        let ask = html::form_to(held.text(), "/admin/confirm", &[]);
        browser.forget_cookie("session");
        browser.sign_in(&a.bob).await;
        let answer = browser.submit(&ask.forged("username", &a.bob.email).with("password", &a.bob.password)).await;
        assert_eq!((answer.status, answer.location()), (303, "/admin"));
    }

    async fn what_waits_is_told_before_it_goes_on(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let path = format!("/admin/users/{}", a.bob.id);
        let page = browser.get(&path).await;
        let tags = html::tags(page.text());
        let at = tags.iter().position(|tag| tag.name == "bdi" && tag.text == "TenantAdmin").expect("a role");
        let role = tags[..at].iter().rev().find(|tag| tag.get("name") == Some("assignedRoles"));
        let id = role.and_then(|tag| tag.get("value")).expect("its id").to_owned();
        let form = html::form_with(page.text(), "user-form").with("name", "Bob <2>").and("assignedRoles", &id);
        browser.forget_cookie("session");
        let held = browser.submit(&form).await;
        assert!(held.expect(401).text().contains("Change a user"), "what the password is asked for");
        let ask = html::form_to(held.text(), "/admin/confirm", &[]);
        let ask = ask.with("username", &a.admin.email).with("password", &a.admin.password);
        let back = browser.submit(&ask).await;
        let told = back.expect(200).text();
        for words in ["Change a user", "Bob &#60;2&#62;", "TenantAdmin", "Full admin, who is signed in now"] {
            assert!(told.contains(words), "{words}: {told}");
        }
        let lines = &told[told.find("continue-lines").expect("the lines")..told.find("</dl>").expect("their end")];
        assert!(!lines.contains(&id) && !lines.contains("base"), "{lines}");
        browser.submit(&html::form_to(told, &path, &[])).await.expect(303);
    }

    async fn passwords_and_private_keys_are_not_kept(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let secret = "a password that was typed";
        let user = html::form_with(browser.get("/admin/users/new").await.text(), "user-form")
            .with("email", "held@a.test").with("password", secret);
        let private = "-----BEGIN PRIVATE KEY-----\nTm90IGEga2V5\n-----END PRIVATE KEY-----";
        let client = html::form_with(browser.get("/admin/clients/new?type=web").await.text(), "client-submit")
            .with("clientName", "Held").with("publicKeysText", private)
            .without("allowedAuthMethods").and("allowedAuthMethods", "private_key_jwt");
        world.clock.advance_seconds(16 * 60);
        for (form, typed, field, wrong) in [
            (&user, secret, "password", "password-wrong"),
            (&client, "Tm90IGEga2V5", "publicKeysText", "publicKeysText-check"),
        ] {
            let held = browser.submit(form).await;
            let ask = html::form_to(held.expect(401).text(), "/admin/confirm", &[]);
            let back = browser.submit(&ask.with("password", &a.admin.password)).await;
            let told = back.expect(200).text();
            assert!(!held.text().contains(typed) && !told.contains(typed));
            assert!(html::has_id(told, "continue-withheld"));
            let go_on = html::form_with(told, "continue-submit");
            assert_eq!(go_on.field(field), None);
            // Its own page asks for it again, with everything else in it.
            let before = world.facts().await;
            let again = browser.submit(&go_on).await;
            assert!(html::has_id(again.expect(400).text(), wrong), "{wrong}");
            assert_eq!(world.facts().await, before, "none is made up instead");
            world.clock.advance_seconds(16 * 60);
        }
    }

    async fn whoever_may_not_is_told_so_and_not_asked_for_a_password(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.alice).await;
        let csrf = html::forms(browser.get("/account").await.text())[0].field("csrf").expect("a token").to_owned();
        world.clock.advance_seconds(16 * 60);
        let form = html::Form::post("/admin/tokens/rotate").and("csrf", &csrf);
        let refused = browser.submit(&form).await;
        assert!(refused.expect(403).text().contains("TenantAdmin"));
        assert!(!html::has_id(refused.text(), "console-confirm"));
    }

    async fn everything_that_changes_something_asks_for_a_fresh_proof(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let csrf = html::forms(browser.get("/account").await.text())[0].field("csrf").expect("a token").to_owned();
        world.clock.advance_seconds(15 * 60 + 1);
        let before = world.facts().await;
        let mut forms = 0;
        for endpoint in countersign::router::endpoints() {
            let countersign::router::Access::AdminForm(_) = endpoint.access else { continue };
            let path = endpoint.path.replace("{id}", a.m2m.id()).replace("{hint}", "00000");
            let answer = browser.submit(&html::Form::post(&path).and("csrf", &csrf)).await;
            // A file cannot be held until its sender has signed in again, so a logo waits for nothing.
            let harmless = ["columns", "select", "check", "settings/logo"].iter().any(|end| path.ends_with(end));
            assert_eq!(answer.status == 401, !harmless, "{path}: {}", answer.status);
            forms += 1;
        }
        assert!(forms > 25);
        let other = |rows: std::collections::BTreeSet<String>| {
            let own = |row: &String| row.starts_with("user_preference: ") || row.starts_with("session: ");
            rows.into_iter().filter(|row| !own(row)).collect::<Vec<_>>()
        };
        assert_eq!(other(world.facts().await), other(before));
    }
}

both! {
    async fn a_form_sent_while_the_data_is_away_comes_back_and_is_sent_again(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let form = html::form_to(browser.get("/admin/settings").await.text(), "/admin/settings", &[]);
        let typed = form.with("name", "A name typed \"before\" <it>");
        let region = world.options.region_urls.values().next().expect("a region");
        // Away before it is known who asks, and away after that.
        for (table, at) in [("session", region), ("tenant_location", &world.options.directory_url)] {
            let database = |text: String| crate::place::execute(at, text);
            database(format!("ALTER TABLE {table} RENAME TO hidden")).await;
            let away = browser.submit(&typed).await;
            assert_eq!(away.status, 503, "{table}: {}", away.text());
            assert!(away.text().contains("database"), "it says what happened");
            assert!(!away.text().contains("no such table") && !away.text().contains("relation"));
            let kept = html::form_to(away.text(), "/admin/settings", &[]);
            assert_eq!(kept.field("name"), Some("A name typed \"before\" <it>"), "{table}");
            let still = browser.submit(&kept).await;
            assert_eq!(still.status, 503, "as often as it takes");
            database(format!("ALTER TABLE hidden RENAME TO {table}")).await;
            let typed = html::form_to(still.text(), "/admin/settings", &[]);
            if table == "tenant_location" {
                assert_eq!(browser.submit(&typed).await.location(), "/admin/settings?done=settings-saved");
            }
        }
        assert!(world.table("tenant").await.iter().any(|row| row.contains("A name typed")));
    }

    async fn a_held_form_waits_on_while_the_data_is_away(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let form = html::form_to(browser.get("/admin/settings").await.text(), "/admin/settings", &[]);
        browser.forget_cookie("session");
        let held = browser.submit(&form.with("name", "Typed before")).await;
        browser.set_cookie("session", "of-a-session");
        world.sql("ALTER TABLE session RENAME TO hidden".to_owned()).await;
        let prove = |page: &str| {
            let ask = html::form_to(page, "/admin/confirm", &[]);
            ask.with("username", &a.admin.email).with("password", &a.admin.password)
        };
        let away = browser.submit(&prove(held.text())).await;
        assert_eq!(away.status, 503, "{}", away.text());
        assert!(html::has_id(away.text(), "console-confirm") && away.text().contains("database"));
        assert!(!away.text().contains(&a.admin.password), "no secret stands in a page");
        world.sql("ALTER TABLE hidden RENAME TO session".to_owned()).await;
        let back = browser.submit(&prove(away.text())).await;
        let again = html::form_to(back.expect(200).text(), "/admin/settings", &[]);
        assert_eq!(again.field("name"), Some("Typed before"));
    }

    async fn what_comes_back_is_only_our_own_form_without_its_secrets(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let csrf = html::form_to(browser.get("/admin/settings").await.text(), "/admin/settings", &[]);
        let csrf = csrf.field("csrf").expect("a token").to_owned();
        let people = html::Form::post("/admin/users/new")
            .and("email", "new@a.example")
            .and("password", "a long password that was typed");
        world.sql("ALTER TABLE session RENAME TO hidden".to_owned()).await;
        let kept = browser.submit(&people.clone().and("csrf", &csrf)).await;
        assert_eq!(kept.status, 503);
        assert!(kept.text().contains("new@a.example"));
        assert!(!kept.text().contains("a long password"), "no secret stands in a page");
        assert!(html::has_id(kept.text(), "continue-withheld"));
        for forged in ["", "of-another-browser"] {
            let refused = browser.submit(&people.clone().and("csrf", forged)).await;
            assert_eq!(refused.status, 403);
            assert!(!refused.text().contains("new@a.example"), "nothing of it is shown");
        }
        let page = browser.get("/admin/settings").await;
        assert_eq!(page.status, 503);
        assert!(!html::has_id(page.text(), "console-continue"), "a page is no form");
    }
}
