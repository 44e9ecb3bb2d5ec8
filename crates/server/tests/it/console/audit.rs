//! `/admin/audit`.

use crate::html;

both! {
    async fn events_are_found_opened_and_paged(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        browser.sign_in(&a.admin).await;
        let form = html::form_to(browser.get("/admin/settings").await.text(), "/admin/settings", &[]);
        for number in 0..25 {
            browser.submit(&form.clone().with("name", &format!("Name <{number}>"))).await;
        }
        let page = browser.get("/admin/audit?event=tenant.updated").await;
        page.expect(200);
        assert!(page.text().contains("Name &#60;24&#62;") && !page.text().contains("Signed in</span>"));
        assert!(page.text().contains("<a href=\"/admin/users/"), "the actor has a page");
        let next = page.text().split("rel=\"next\" href=\"").nth(1).expect("older events");
        let next = html::unescape(next.split('"').next().expect("an address"));
        let older = browser.get(&next).await;
        assert!(older.text().contains("Name &#60;0&#62;") && older.text().contains("rel=\"prev\""));
        let nothing = browser.get("/admin/audit?actor=nobody").await;
        assert!(nothing.text().contains("Nothing like that happened"));
        for query in ["from=nonsense", "next=forged", "event=%22%20or%20actorId%20pr%20or%20%22", "until=2026-02-31"] {
            let answer = browser.get(&format!("/admin/audit?{query}")).await;
            assert!(matches!(answer.status, 200 | 400), "{query}: {}", answer.status);
            assert!(!answer.text().contains("class=\"event\""), "{query} finds nothing");
        }
    }
}
