//! `/admin/groups` and what is below it.

use domain::user::EVERYONE;

use super::desk::stands_beside;
use super::users::{administrator, keeper, rows};
use crate::browser::Browser;
use crate::html;

/// The id of a role that a form offers.
async fn role(browser: &mut Browser, name: &str) -> String {
    let page = browser.get("/admin/users").await;
    let tags = html::tags(page.text());
    let option = tags.iter().find(|tag| tag.name == "option" && tag.text == name);
    option.and_then(|tag| tag.get("value")).expect("a role").to_owned()
}

/// Makes a group, and gives the address of its page.
async fn make(browser: &mut Browser, name: &str, roles: &[&str]) -> String {
    let page = browser.get("/admin/groups/new").await;
    let mut form = html::form_with(page.text(), "group-form").with("name", name);
    form.fields.extend(roles.iter().map(|role| ("assignedRoles".to_owned(), (*role).to_owned())));
    let made = browser.submit(&form).await;
    made.location().split('?').next().expect("an address").to_owned()
}

both! {
    async fn groups_are_made_listed_changed_and_deleted(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        let empty = browser.get("/admin/groups").await;
        assert!(empty.text().contains("com.qlik.Everyone") && rows(&empty) == 1);
        assert!(empty.text().contains("Only everybody’s group") && !empty.text().contains("0 groups"));
        let new = browser.get("/admin/groups/new").await;
        let form = html::form_with(new.text(), "group-form");
        let refused = browser.submit(&form.clone().with("description", "Kept <x>")).await;
        assert!(refused.status == 400 && html::has_id(refused.text(), "name-wrong"));
        assert!(refused.text().contains("Kept &#60;x&#62;"));
        let developer = role(&mut browser, "DataSpaceCreator").await;
        let path = make(&mut browser, "Sales", &[&developer]).await;
        let taken = browser.submit(&form.with("name", "Sales")).await;
        stands_beside(taken.expect(409), "name");
        let two = browser.get("/admin/groups").await;
        assert!(two.text().contains("1 group, and everybody’s") && rows(&two) == 2);
        for (query, count) in [("q=sal", 1), ("q=nothing", 0), ("provider=idp", 0), ("provider=custom", 1)] {
            assert_eq!(rows(&browser.get(&format!("/admin/groups?{query}")).await), count, "{query}");
        }
        assert_eq!(browser.get("/admin/groups?sort=secret").await.status, 400);
        // Bob comes in, and has the group's role.
        let bob = format!("/admin/users/{}", a.bob.id);
        let id = path.rsplit('/').next().expect("an id").to_owned();
        let form = html::form_with(browser.get(&bob).await.text(), "user-form").forged("assignedGroups", &id);
        assert_eq!(browser.submit(&form).await.status, 303);
        let shown = browser.get(&bob).await;
        assert!(shown.text().contains("by the group") && shown.text().contains("DataSpaceCreator"));
        let listed = browser.get(&format!("/admin/users?group={id}")).await;
        assert!(rows(&listed) == 1 && listed.text().contains("Full bob"));
        let by_role = browser.get(&format!("/admin/users?role={developer}")).await;
        assert!(by_role.text().contains("Full bob"), "by a group, too");
        let page = browser.get(&path).await;
        assert!(page.text().contains("1 user<"), "{}", page.text());
        // The role goes, and the name changes.
        let form = html::form_with(page.text(), "group-form").with("name", "Sales <2>").without("assignedRoles");
        assert_eq!(browser.submit(&form).await.location(), format!("{path}?done=group-saved"));
        assert!(!browser.get(&bob).await.text().contains("by the group"));
        let told = world.audit(a, "group.updated").await;
        assert_eq!(told[0].details["changes"]["name"]["to"], "Sales <2>");
        let panel = browser.get(&format!("{path}/delete")).await;
        assert!(panel.text().contains("1 user is in this group."));
        let form = html::form_to(panel.text(), &format!("{path}/delete"), &[]);
        assert_eq!(browser.submit(&form).await.location(), "/admin/groups?done=group-deleted");
        assert_eq!(browser.get(&path).await.status, 404);
        assert_eq!(world.audit(a, "group.deleted").await[0].details["users"], 1);
    }

    async fn the_group_of_everybody_has_roles_and_stays(world) {
        let mut browser = administrator(&world).await;
        let path = format!("/admin/groups/{EVERYONE}");
        let page = browser.get(&path).await;
        page.expect(200);
        assert!(!page.text().contains(&format!("{path}/delete")));
        let form = html::form_with(page.text(), "group-form");
        let admin = role(&mut browser, "TenantAdmin").await;
        let refused = browser.submit(&form.clone().forged("assignedRoles", &admin)).await;
        assert_eq!(refused.status, 400, "nobody makes everybody an administrator");
        assert!(html::has_id(refused.text(), "assignedRoles-wrong"), "{}", refused.text());
        let developer = role(&mut browser, "DataSpaceCreator").await;
        let saved = browser.submit(&form.clone().forged("assignedRoles", &developer)).await;
        assert_eq!(saved.location(), format!("{path}?done=group-saved"));
        let bob = browser.get(&format!("/admin/users/{}", world.a.bob.id)).await;
        assert!(bob.text().contains("by the group com.qlik.Everyone"));
        let off = browser.submit(&form.without("enabled")).await;
        assert_eq!(off.status, 303);
        let again = html::form_with(browser.get(&path).await.text(), "group-form");
        assert_eq!(again.field("enabled"), None);
        // Deleting is asked for by hand.
        let mut forged = again;
        forged.action = format!("{path}/delete");
        let refused = browser.submit(&forged).await;
        assert_eq!(refused.status, 403);
        browser.get(&path).await.expect(200);
    }

    async fn nobody_gives_by_a_group_what_they_have_not(world) {
        let a = &world.a;
        let mut admins = administrator(&world).await;
        let admin = role(&mut admins, "TenantAdmin").await;
        let path = make(&mut admins, "Bosses", &[&admin]).await;
        let keeper = keeper(&world, a).await;
        let mut browser = world.browser(a);
        browser.sign_in(&keeper).await;
        let before = world.facts().await;
        let new = browser.get("/admin/groups/new").await;
        let form = html::form_with(new.text(), "group-form").with("name", "Mine").forged("assignedRoles", &admin);
        let refused = browser.submit(&form).await;
        assert!(refused.status == 403 && html::has_id(refused.text(), "assignedRoles-wrong"));
        assert_eq!(html::form_with(refused.text(), "group-form").field("assignedRoles"), Some(admin.as_str()));
        let form = html::form_with(browser.get(&path).await.text(), "group-form");
        for form in [form.clone().without("assignedRoles"), form.with("name", "Others")] {
            assert_eq!(browser.submit(&form).await.status, 403);
        }
        let panel = browser.get(&format!("{path}/delete")).await;
        let refused = browser.submit(&html::form_to(panel.text(), &format!("{path}/delete"), &[])).await;
        assert!(refused.status == 403 && html::has_id(refused.text(), "panel-wrong"));
        assert_eq!(world.facts().await, before);
    }

    async fn groups_of_another_tenant_are_not_there(world) {
        let mut theirs = world.browser(&world.b);
        theirs.sign_in(&world.b.admin).await;
        let path = make(&mut theirs, "Theirs", &[]).await;
        let mut browser = administrator(&world).await;
        let mut form = html::form_with(browser.get("/admin/groups/new").await.text(), "group-form");
        let before = world.rows().await;
        for path in [path.as_str(), "/admin/groups/no-id"] {
            for what in ["", "/delete"] {
                form.action = format!("{path}{what}");
                assert_eq!(browser.get(&form.action).await.status, 404);
                assert_eq!(browser.submit(&form).await.status, 404);
            }
        }
        assert_eq!(world.rows().await, before);
        assert!(!browser.get("/admin/groups").await.text().contains("Theirs"));
    }

    async fn two_administrators_at_once_give_nothing_back(world) {
        let (mut one, mut other) = (administrator(&world).await, administrator(&world).await);
        let developer = role(&mut one, "DataSpaceCreator").await;
        let path = make(&mut one, "Sales", &[&developer]).await;
        for (path, field, value) in [(path, "name", "Sellers"), (format!("/admin/groups/{EVERYONE}"), "", "")] {
            let form = async |browser: &mut Browser| html::form_with(browser.get(&path).await.text(), "group-form");
            let with_role = form(&mut one).await.forged("assignedRoles", &developer);
            one.submit(&with_role).await.expect(303);
            let stale = form(&mut one).await;
            let taken = form(&mut other).await.without("assignedRoles");
            other.submit(&taken).await.expect(303);
            let stale = if field.is_empty() { stale.without("enabled") } else { stale.with(field, value) };
            one.submit(&stale).await.expect(303);
            let now = form(&mut one).await;
            assert_eq!(now.field("assignedRoles"), None, "{path}");
            assert!(field.is_empty() || now.field(field) == Some(value));
            assert!(!field.is_empty() || now.field("enabled").is_none());
        }
        // Both change name and description: both are told of at once, and nothing is saved.
        let path = make(&mut one, "Ops", &[]).await;
        let form = async |browser: &mut Browser| html::form_with(browser.get(&path).await.text(), "group-form");
        let stale = form(&mut other).await;
        let theirs = form(&mut one).await.with("name", "Operators").with("description", "Theirs");
        one.submit(&theirs).await.expect(303);
        let before = world.facts().await;
        let clash = other.submit(&stale.with("name", "Ops 2").with("description", "Mine")).await;
        let tags = html::tags(clash.expect(409).text());
        for (id, now) in [("name-wrong", "Operators"), ("description-wrong", "Theirs")] {
            let told = tags.iter().find(|tag| tag.get("id") == Some(id)).expect("beside the field");
            assert!(told.text.contains(now), "{id}: {}", told.text);
        }
        assert_eq!(world.facts().await, before);
        let again = html::form_with(clash.text(), "group-form");
        assert_eq!((again.field("name"), again.field("description")), (Some("Ops 2"), Some("Mine")));
        other.submit(&again).await.expect(303);
        assert_eq!(form(&mut one).await.field("name"), Some("Ops 2"));
    }
}
