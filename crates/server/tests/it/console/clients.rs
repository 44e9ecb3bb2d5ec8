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
        assert_eq!(none.location(), "/admin/clients");
        let one = browser.submit(&form.forged("id", a.m2m.id())).await;
        assert_eq!(one.location(), format!("/admin/clients/delete?id={}", a.m2m.id()));
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
