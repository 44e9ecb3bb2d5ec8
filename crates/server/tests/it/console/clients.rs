//! `/admin/clients`: the table.

use crate::html;

both! {
    async fn the_table_is_searched_narrowed_and_sorted_by_its_address(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let rows = |page: &str| page.matches("class=\"cell-name\"").count();
        let all = browser.get("/admin/clients").await;
        all.expect(200);
        assert!(rows(all.text()) >= 4);
        let found = browser.get(&format!("/admin/clients?q={}", &a.m2m.id()[..10])).await;
        assert_eq!(rows(found.text()), 1, "by the beginning of an id");
        assert!(found.text().contains(a.m2m.id()));
        let spas = browser.get("/admin/clients?type=spa").await;
        assert!(spas.text().contains(a.spa.id()) && !spas.text().contains(a.m2m.id()));
        let published = browser.get("/admin/clients?status=published").await;
        assert!(published.text().contains("No client fits"));
        let hostile = browser.get("/admin/clients?q=%22%20or%20clientId%20pr%20or%20%22%3Cb%3E").await;
        hostile.expect(200);
        assert_eq!(rows(hostile.text()), 0);
        assert!(!hostile.text().contains("<b>"));
        for wrong in ["sort=secret", "next=forged", "type=%22", "type=desktop", "sort=%2BclientId&next=AAAA"] {
            let answer = browser.get(&format!("/admin/clients?{wrong}")).await;
            assert_eq!(answer.status, 400, "{wrong}");
            assert!(answer.text().contains("role=\"alert\""), "{wrong}");
        }
        let by_name = browser.get("/admin/clients?sort=%2BclientName").await;
        assert!(by_name.text().contains("aria-sort=\"ascending\""));
        assert!(!all.text().contains(world.b.m2m.id()), "nothing of another tenant");
    }

    async fn what_is_ticked_is_asked_about_before_it_goes(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let page = browser.get("/admin/clients").await;
        let form = html::form_to(page.text(), "/admin/clients/select", &[]);
        let none = browser.submit(&form.clone()).await;
        let told = browser.get(none.location()).await;
        assert!(told.expect(200).text().contains("No client is selected.") && !told.text().contains("Delete 0"));
        let one = browser.submit(&form.forged("id", a.m2m.id())).await;
        assert_eq!(one.location(), format!("/admin/clients/delete?id={}", a.m2m.id()));
    }

    async fn columns_stay_as_they_were_chosen_for_whoever_chose_them(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let page = browser.get("/admin/clients").await;
        let form = html::form_to(page.text(), "/admin/clients/columns", &[]);
        let csrf = form.field("csrf").expect("a token").to_owned();
        let post = |browser: &crate::browser::Browser, columns: &[&str]| {
            let mut fields = vec![("csrf", csrf.as_str())];
            fields.extend(columns.iter().map(|column| ("column", *column)));
            browser.call("POST", "/admin/clients/columns").header("origin", "https://a.test").form(&fields)
        };
        let chosen = ["scopes", "type", "scopes", "<script>", "created"];
        let done = browser.send(post(&browser, &chosen)).await;
        assert_eq!(done.location(), "/admin/clients?done=columns-saved");
        let heads = |page: &str| -> Vec<String> {
            let heads = page.split("data-column=\"").skip(1);
            heads.map(|rest| rest.split('"').next().unwrap_or_default().to_owned()).collect()
        };
        let page = browser.get("/admin/clients").await;
        assert_eq!(heads(page.text()), ["scopes", "type", "created"]);
        // Nothing but the name is a choice, too.
        browser.send(post(&browser, &[])).await;
        assert!(heads(browser.get("/admin/clients").await.text()).is_empty());
        let usual = [("csrf", csrf.as_str()), ("column", "scopes"), ("usual", "1")];
        let usual = browser.call("POST", "/admin/clients/columns").header("origin", "https://a.test").form(&usual);
        browser.send(usual).await;
        let page = browser.get("/admin/clients").await;
        assert!(heads(page.text()).len() > 5 && !page.text().contains("id=\"columns-usual\""), "as before");
        let mut other = world.browser(&world.b);
        other.sign_in(&world.b.admin).await;
        assert!(heads(other.get("/admin/clients").await.text()).len() > 5, "another administrator");
    }

    async fn the_table_tells_what_is_used_and_what_is_not(world) {
        let a = &world.a;
        world.machine_token(a).await;
        engine::jobs::flush(world.engine()).await.expect("flushes");
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let page = browser.get(&format!("/admin/clients?q={}", a.m2m.id())).await;
        assert!(page.text().contains("1 token in the last 30 days") && page.text().contains("just now"));
        world.clock.advance_seconds(91 * 86_400);
        browser.sign_in(&a.admin).await;
        let unused = browser.get("/admin/clients?unused=90").await;
        assert!(unused.text().contains(a.m2m.id()), "used, but long ago");
        world.machine_token(a).await;
        engine::jobs::flush(world.engine()).await.expect("flushes");
        let unused = browser.get("/admin/clients?unused=90").await;
        assert!(!unused.text().contains(a.m2m.id()) && unused.text().contains(a.spa.id()));
    }

    async fn the_console_speaks_the_readers_language(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let german = browser.call("GET", "/admin/clients").header("accept-language", "de-AT,de;q=0.9");
        let german = browser.send(german).await;
        assert!(german.text().contains("lang=\"de\"") && german.text().contains("Client anlegen"));
        let english = browser.get("/admin/clients").await;
        assert!(english.text().contains("lang=\"en\"") && english.text().contains("Create client"));
    }
}
