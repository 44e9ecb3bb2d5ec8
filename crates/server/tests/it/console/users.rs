//! `/admin/users` and what is below it.

use engine::admin::role::{self, RoleDraft};
use engine::admin::tenant;
use engine::authority::Caller;

use super::desk::stands_beside;
use crate::browser::Browser;
use crate::call::Answer;
use crate::html;
use crate::people;
use crate::world::{Person, Tenant, World};

pub(super) fn rows(page: &Answer) -> usize {
    page.text().matches("class=\"cell-name\"").count()
}

pub(super) async fn administrator(world: &World) -> Browser {
    let mut browser = world.browser(&world.a);
    browser.sign_in(&world.a.admin).await;
    browser
}

/// Somebody whose role gives `admin.users` and nothing else.
pub(super) async fn keeper(world: &World, tenant: &Tenant) -> Person {
    let ctx = tenant::context_of(world.engine(), &tenant.host).await.expect("a context");
    let draft = RoleDraft {
        name: "Keepers".to_owned(),
        assigned_scopes: vec!["admin.users".to_owned()],
        ..RoleDraft::default()
    };
    role::create(&ctx, &Caller::operator(), draft).await.expect("a role");
    people::person(&ctx, "keeper", &tenant.host, &["Keepers"]).await
}

fn signs_in(answer: &Answer) -> bool {
    answer.status == 303
}

async fn try_password(world: &World, email: &str, password: &str) -> bool {
    let mut browser = world.browser(&world.a);
    let page = browser.get("/login").await;
    let form = html::form_with(page.text(), "login-submit")
        .with("username", email)
        .with("password", password);
    signs_in(&browser.submit(&form).await)
}

/// The words of the first element with an id.
fn text_of(page: &Answer, id: &str) -> String {
    let tag = html::tags(page.text()).into_iter().find(|tag| tag.get("id") == Some(id));
    tag.unwrap_or_else(|| panic!("no #{id} in {}", page.text())).text
}

both! {
    async fn the_table_is_searched_narrowed_and_sorted_by_its_address(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        let all = browser.get("/admin/users").await;
        all.expect(200);
        assert!(rows(&all) >= 3 && all.text().contains("Full alice"));
        for (query, there, absent) in [
            ("q=ALICE%40", "Full alice", "Full bob"),
            ("q=idp%7Calice", "Full alice", "Full bob"),
            ("kind=person", "Full alice", "63020142"),
            ("status=active", "Full bob", "No user fits"),
            ("status=invited", "No user fits", "Full alice"),
            ("q=%22%20or%20name%20pr%20or%20%22%3Cb%3E", "No user fits", "<b>"),
        ] {
            let page = browser.get(&format!("/admin/users?{query}")).await;
            page.expect(200);
            assert!(page.text().contains(there) && !page.text().contains(absent), "{query}");
        }
        let bots = browser.get("/admin/users?kind=bot&q=Full").await;
        assert_eq!(rows(&bots), 0);
        let form = html::tags(all.text());
        let role = form.iter().find(|tag| tag.name == "option" && tag.text == "TenantAdmin");
        let role = role.and_then(|tag| tag.get("value")).expect("the role is offered");
        let admins = browser.get(&format!("/admin/users?role={role}&status=active")).await;
        assert!(admins.text().contains("Full admin") && !admins.text().contains("Full bob"));
        for wrong in ["sort=password", "next=forged", "status=deletedd", "role=%22"] {
            let answer = browser.get(&format!("/admin/users?{wrong}")).await;
            assert!(matches!(answer.status, 200 | 400), "{wrong}: {}", answer.status);
            assert_eq!(rows(&answer), 0, "{wrong}");
        }
        let sorted = browser.get("/admin/users?sort=-email").await;
        assert!(sorted.text().contains("aria-sort=\"descending\""));
        assert!(!all.text().contains(&world.b.alice.id.to_string()), "nothing of another tenant");
        assert!(all.text().contains(&format!("/admin/users/{}", a.alice.id)));
    }

    async fn a_user_is_made_with_a_password_that_is_shown_once(world) {
        let mut browser = administrator(&world).await;
        let page = browser.get("/admin/users/new").await;
        let form = html::form_with(page.text(), "user-form").with("name", "New <One>");
        let refused = browser.submit(&form.clone().with("email", "nobody")).await;
        assert_eq!(refused.status, 400);
        assert!(html::has_id(refused.text(), "email-wrong"));
        let again = html::form_with(refused.text(), "user-form");
        assert_eq!((again.field("name"), again.field("email")), (Some("New <One>"), Some("nobody")));
        let short = form.clone().with("email", "new@a.test").forged("passwordKind", "typed").with("password", "short");
        let refused = browser.submit(&short).await;
        assert!(refused.status == 400 && html::has_id(refused.text(), "password-wrong"));
        assert!(!refused.text().contains("short\""), "a password is not written back");
        let taken = browser.submit(&form.clone().with("email", &world.a.alice.email)).await;
        stands_beside(taken.expect(409), "email");
        assert!(world.audit(&world.a, "user.created").await.iter().all(|one| !one.details.to_string().contains("New <One>")));
        let made = browser.submit(&form.with("email", "new@a.test")).await;
        made.expect(200);
        assert_eq!(made.header("cache-control"), Some("no-store"));
        let password = text_of(&made, "new-password");
        assert!(password.len() >= 16 && try_password(&world, "new@a.test", &password).await);
        let told = world.audit(&world.a, "user.created").await;
        assert_eq!(told[0].actor.id(), world.a.admin.id.as_str());
        assert!(!told[0].details.to_string().contains(&password));
        let found = browser.get("/admin/users?q=new%40a.test").await;
        assert!(rows(&found) == 1 && found.text().contains("New &#60;One&#62;"));
        assert!(!found.text().contains(&password));
    }

    async fn people_are_invited_and_told_one_by_one(world) {
        let mut browser = administrator(&world).await;
        let form = html::form_with(browser.get("/admin/users/invite").await.text(), "invite-form");
        let before = world.facts().await;
        let nobody = browser.submit(&form.clone().with("emails", " ")).await;
        assert!(nobody.status == 400 && html::has_id(nobody.text(), "emails-wrong"));
        let bad = browser.submit(&form.clone().with("emails", "bad <address>")).await;
        assert!(bad.text().contains("name@example.com"), "the reason stands beside it");
        assert_eq!(html::form_with(bad.text(), "invite-form").field("emails"), Some("bad <address>"));
        assert_eq!(world.facts().await, before, "nobody was invited");
        let emails = format!("one@a.test\r\n\r\n two@a.test \n{}\n", world.a.alice.email);
        let done = browser.submit(&form.clone().with("emails", &emails)).await;
        done.expect(200);
        assert!(done.text().matches(">Invited<").count() == 2 && done.text().contains("Is a user already"));
        assert_eq!(world.audit(&world.a, "user.invited").await.len(), 2);
        let again = browser.submit(&form.with("emails", "one@a.test")).await;
        assert!(again.text().contains("Was invited before"));
        assert_eq!(world.audit(&world.a, "user.invited").await.len(), 2);
    }

    async fn name_and_roles_are_changed_and_the_last_administrator_stays(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        let path = format!("/admin/users/{}", a.bob.id);
        let page = browser.get(&path).await;
        let form = html::form_with(page.text(), "user-form");
        let refused = browser.submit(&form.clone().with("name", " ")).await;
        assert!(refused.status == 400 && html::has_id(refused.text(), "name-wrong"));
        let role = html::tags(page.text()).into_iter()
            .find(|tag| tag.get("name") == Some("assignedRoles")).expect("a role");
        let role = role.get("value").expect("its id").to_owned();
        let saved = browser.submit(&form.clone().with("name", "Bob <2>").forged("assignedRoles", &role)).await;
        assert_eq!(saved.location(), format!("{path}?done=user-saved"));
        let told = &world.audit(a, "user.updated").await[0];
        assert_eq!(told.details["changes"]["name"]["to"], "Bob <2>");
        assert_eq!(told.subject, a.bob.id.as_str());
        let page = browser.get(saved.location()).await;
        assert!(page.text().contains("The user was saved.") && page.text().contains("Bob &#60;2&#62;"));
        assert_eq!(html::form_with(page.text(), "user-form").field("assignedRoles"), Some(role.as_str()));
        // A name that is no role.
        let unknown = form.forged("assignedRolesNamed", "No such role");
        assert!(browser.submit(&unknown).await.text().contains("No such role"));
        // The last administrator.
        let own = format!("/admin/users/{}", a.admin.id);
        let before = world.facts().await;
        let own_form = html::form_with(browser.get(&own).await.text(), "user-form");
        let refused = browser.submit(&own_form.without("assignedRoles")).await;
        assert_eq!(refused.status, 409, "{}", refused.text());
        assert!(html::has_id(refused.text(), "form-wrong"));
        for what in ["status", "delete"] {
            let panel = browser.get(&format!("{own}/{what}")).await;
            let form = html::form_to(panel.text(), &format!("{own}/{what}"), &[]);
            let refused = browser.submit(&form).await;
            assert!(refused.status == 409 && html::has_id(refused.text(), "panel-wrong"), "{what}");
        }
        assert_eq!(world.facts().await, before);
    }

    async fn what_is_powerful_asks_who_it_is_after_a_while(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        let path = format!("/admin/users/{}/delete", a.bob.id);
        let form = html::form_to(browser.get(&path).await.text(), &path, &[]);
        world.clock.advance_seconds(16 * 60);
        let held = browser.submit(&form).await;
        assert!(held.status == 401 && held.text().contains("console-confirm"));
        assert!(browser.get(&format!("/admin/users/{}", a.bob.id)).await.status == 200);
    }

    async fn a_user_is_switched_off_on_and_deleted(world) {
        let a = &world.a;
        let tokens = world.tokens(a, &a.web, "openid user_default offline_access").await;
        let mut browser = administrator(&world).await;
        let path = format!("/admin/users/{}", a.alice.id);
        for (to, done) in [("disabled", "user-disabled"), ("active", "user-enabled")] {
            let panel = browser.get(&format!("{path}/status")).await;
            let form = html::form_to(panel.text(), &format!("{path}/status"), &[("status", to)]);
            let answer = browser.submit(&form).await;
            assert_eq!(answer.location(), format!("{path}?done={done}"));
            assert_eq!(try_password(&world, &a.alice.email, &a.alice.password).await, to == "active");
        }
        let refused = world.get(a, "/oauth/userinfo").bearer(tokens.access()).send().await;
        refused.expect_error(401, "invalid_token");
        assert_eq!(world.audit(a, "user.status_changed").await.len(), 2);
        let panel = browser.get(&format!("{path}/delete")).await;
        assert!(panel.text().contains("API keys"), "it says what ends");
        let gone = browser.submit(&html::form_to(panel.text(), &format!("{path}/delete"), &[])).await;
        assert_eq!(gone.location(), "/admin/users?done=user-deleted");
        assert_eq!(browser.get(&path).await.status, 404);
        assert_eq!(world.audit(a, "user.deleted").await.len(), 1);
        assert!(!try_password(&world, &a.alice.email, &a.alice.password).await);
    }

    async fn sessions_end_and_apps_lose_their_access_after_a_question(world) {
        let a = &world.a;
        let tokens = world.tokens(a, &a.web, "openid user_default offline_access").await;
        let mut alices = world.browser(a);
        alices.sign_in(&a.alice).await;
        let mut browser = administrator(&world).await;
        let path = format!("/admin/users/{}", a.alice.id);
        let page = browser.get(&path).await;
        let before = world.facts().await;
        // No form on the page itself ends anything.
        let one_click = |form: &html::Form| form.action.ends_with("/sessions") || form.action.ends_with("/apps");
        assert!(!html::forms(page.text()).iter().any(one_click));
        let link = |page: &Answer, start: &str| {
            let tags = html::tags(page.text());
            let found = tags.iter().filter_map(|tag| tag.get("href")).find(|href| href.starts_with(start));
            found.unwrap_or_else(|| panic!("no link to {start}")).to_owned()
        };
        let asked = browser.get(&link(&page, &format!("{path}/apps?"))).await;
        assert!(asked.expect(200).text().contains("Reports loses its access to Full alice at once"));
        let apps = html::form_to(asked.text(), &format!("{path}/apps"), &[("clientId", a.web.id())]);
        let asked = browser.get(&link(&page, &format!("{path}/sessions?"))).await;
        assert!(asked.expect(200).text().contains("has to sign in again"));
        let one = html::form_with(asked.text(), "session-end");
        let asked = browser.get(&format!("{path}/sessions")).await;
        assert!(asked.expect(200).text().contains("browsers are signed in."));
        let all = html::form_with(asked.text(), "sessions-end");
        assert_eq!(all.field("session"), None);
        assert_eq!(world.facts().await, before, "asking does nothing");
        assert_eq!(browser.submit(&apps).await.location(), format!("{path}?done=app-removed"));
        assert_eq!(browser.submit(&apps).await.location(), format!("{path}?done=app-was-removed"));
        let refused = world.get(a, "/oauth/userinfo").bearer(tokens.access()).send().await;
        refused.expect_error(401, "invalid_token");
        assert_eq!(browser.submit(&one).await.location(), format!("{path}?done=session-ended"));
        assert_eq!(browser.submit(&one).await.status, 404, "it is gone");
        let foreign = one.clone().forged("session", "not an id");
        assert_eq!(browser.submit(&foreign).await.status, 404);
        for gone in ["sessions?session=not%20an%20id", "apps", "apps?clientId=", "apps?clientId=x"] {
            assert_eq!(browser.get(&format!("{path}/{gone}")).await.status, 404, "{gone}");
        }
        assert_eq!(browser.submit(&all).await.location(), format!("{path}?done=sessions-ended"));
        assert_eq!(alices.get("/account").await.status, 303);
        assert_eq!(world.audit(a, "session.all_ended").await[0].actor.id(), a.admin.id.as_str());
        assert!(browser.get(&path).await.text().contains("Not signed in anywhere."));
    }

    async fn the_reader_is_told_which_session_is_their_own(world) {
        let a = &world.a;
        let mut other = administrator(&world).await;
        let mut browser = administrator(&world).await;
        let path = format!("/admin/users/{}", a.admin.id);
        let page = browser.get(&path).await;
        assert_eq!(page.text().matches("This browser").count(), 1);
        let tags = html::tags(page.text());
        let links: Vec<&str> = tags.iter().filter_map(|tag| tag.get("href"))
            .filter(|href| href.starts_with(&format!("{path}/sessions?"))).collect();
        assert_eq!(links.len(), 2);
        let mut own = 0;
        for link in &links {
            let asked = browser.get(link).await;
            own += usize::from(asked.expect(200).text().contains("you will be signed out"));
        }
        assert_eq!(own, 1);
        let asked = browser.get(&format!("{path}/sessions")).await;
        assert!(asked.text().contains("2 browsers are signed in.") && asked.text().contains("you will be signed out"));
        browser.submit(&html::form_with(asked.text(), "sessions-end")).await.location();
        for browser in [&mut browser, &mut other] {
            assert!(browser.get("/admin/users").await.location().starts_with("/login"));
        }
    }

    async fn whoever_was_invited_is_let_in_with_a_password(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        let page = browser.get("/admin/users/invite").await;
        assert!(page.text().contains("choose Activate and set a password"));
        let form = html::form_with(page.text(), "invite-form").with("emails", "one@a.test\ntwo@a.test");
        let done = browser.submit(&form).await;
        let tags = html::tags(done.expect(200).text());
        let invited: Vec<String> = tags.iter().filter_map(|tag| tag.get("href"))
            .filter(|href| href.starts_with("/admin/users/") && !href.ends_with("/new"))
            .map(str::to_owned).collect();
        let [one, two] = invited.as_slice() else { panic!("two: {invited:?}") };
        // Made up and shown once.
        assert!(browser.get(one).await.text().contains("Activate and set a password"));
        let panel = browser.get(&format!("{one}/password")).await;
        let form = html::form_to(panel.text(), &format!("{one}/password"), &[("activate", "1")]);
        let made = browser.submit(&form).await;
        let password = text_of(&made, "new-password");
        assert_eq!((text_of(&made, "login").as_str(), made.header("cache-control")), ("one@a.test", Some("no-store")));
        assert!(try_password(&world, "one@a.test", &password).await, "they are in");
        let page = browser.get(one).await;
        assert!(text_of(&page, "user-status") == "Active" && !page.text().contains("Activate and set"));
        assert!(!page.text().contains("Invitation stands until"));
        // Typed.
        let panel = browser.get(&format!("{two}/password")).await;
        let typed = html::form_to(panel.text(), &format!("{two}/password"), &[]);
        let short = browser.submit(&typed.clone().with("password", "short")).await;
        assert!(short.status == 400 && html::has_id(short.text(), "password-wrong"));
        assert!(!try_password(&world, "two@a.test", "short").await);
        let again = html::form_to(short.text(), &format!("{two}/password"), &[("activate", "1")]);
        let set = browser.submit(&again.with("password", "long enough for two")).await;
        assert_eq!(set.location(), format!("{two}?done=user-activated"));
        assert!(try_password(&world, "two@a.test", "long enough for two").await);
        let told = world.audit(a, "user.status_changed").await;
        assert_eq!(told.len(), 2);
        assert_eq!((&told[0].details["changes"]["status"]["to"], told[0].actor.id()), (&"active".into(), a.admin.id.as_str()));
        // Only who is invited is let in so: not again, and nobody who was switched off.
        let before = world.facts().await;
        assert_eq!(browser.submit(&form).await.status, 409);
        world.user_status(a, &a.bob.id, domain::user::UserStatus::Disabled).await;
        let off = form.clone().to(&format!("/admin/users/{}/password", a.bob.id));
        assert_eq!(browser.submit(&off).await.status, 409);
        world.user_status(a, &a.bob.id, domain::user::UserStatus::Active).await;
        let users = |rows: std::collections::BTreeSet<String>| {
            rows.into_iter().filter(|row| row.contains("one@a.test")).collect::<Vec<_>>()
        };
        assert_eq!(users(world.facts().await), users(before));
    }

    async fn a_password_that_was_typed_counts_whatever_is_chosen_beside_it(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        let typed = "typed by an administrator";
        let new = html::form_with(browser.get("/admin/users/new").await.text(), "user-form");
        assert_eq!(new.field("passwordKind"), Some("made"));
        let made = browser.submit(&new.with("email", "typed@a.test").with("password", typed)).await;
        assert!(made.location().ends_with("?done=user-created"), "none is made up");
        assert!(try_password(&world, "typed@a.test", typed).await);
        let path = format!("/admin/users/{}/password", a.bob.id);
        let form = html::form_to(browser.get(&path).await.text(), &path, &[("passwordKind", "made")]);
        let set = browser.submit(&form.with("password", typed)).await;
        assert_eq!(set.location(), format!("/admin/users/{}?done=password-set", a.bob.id));
        assert!(try_password(&world, &a.bob.email, typed).await);
    }

    async fn a_busy_server_says_so_and_nothing_about_its_database(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        let path = format!("/admin/users/{}/password", a.bob.id);
        let form = html::form_to(browser.get(&path).await.text(), &path, &[]);
        let busy = world.node_with(|settings| settings.passwords.queue = 0).await;
        let mut there = busy.browser(a);
        for cookie in ["session", "browser"] {
            there.set_cookie(cookie, browser.cookie(cookie).expect("a cookie"));
        }
        let refused = there.submit(&form).await;
        assert_eq!(refused.status, 429, "{}", refused.text());
        assert!(html::has_id(refused.text(), "form-wrong"));
        assert!(refused.text().contains("Too many passwords") && !refused.text().contains("database"));
        assert!(try_password(&world, &a.bob.email, &a.bob.password).await);
    }

    async fn a_user_is_made_once_however_often_the_form_comes(world) {
        let mut browser = administrator(&world).await;
        let form = html::form_with(browser.get("/admin/users/new").await.text(), "user-form").with("name", "Only one");
        browser.submit(&form).await.expect(200);
        let twice = browser.submit(&form).await;
        assert!(twice.expect(409).text().contains("sent twice") && twice.text().contains("href=\"/admin/users\""));
        assert_eq!(rows(&browser.get("/admin/users?q=only%20one").await), 1);
        for forged in ["", "x", "AAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAAAA"] {
            browser.submit(&form.clone().forged("once", forged)).await.expect(403);
        }
        assert_eq!(rows(&browser.get("/admin/users?q=only%20one").await), 1);
    }

    async fn two_administrators_at_once_give_nothing_back(world) {
        let a = &world.a;
        let (mut one, mut other) = (administrator(&world).await, administrator(&world).await);
        let path = format!("/admin/users/{}", a.bob.id);
        let form = async |browser: &mut Browser| html::form_with(browser.get(&path).await.text(), "user-form");
        let page = one.get(&path).await;
        let offered = html::tags(page.text());
        let role = |name: &str| {
            let at = offered.iter().position(|tag| tag.name == "bdi" && tag.text == name).expect("a role");
            let tag = offered[..at].iter().rev().find(|tag| tag.get("name") == Some("assignedRoles"));
            tag.and_then(|tag| tag.get("value")).expect("its id").to_owned()
        };
        let (admin, developer) = (role("TenantAdmin"), role("DataSpaceCreator"));
        let given = form(&mut one).await.and("assignedRoles", &admin);
        one.submit(&given).await.expect(303);
        let has = async |browser: &mut Browser, role: &str| {
            form(browser).await.fields.iter().any(|(name, value)| name == "assignedRoles" && value == role)
        };
        assert!(has(&mut one, &admin).await);
        // One opens the page; the other takes the role away; the one saves a new name.
        let stale = form(&mut one).await;
        let taken = form(&mut other).await.without("assignedRoles");
        other.submit(&taken).await.expect(303);
        one.submit(&stale.with("name", "Bob the second")).await.expect(303);
        assert!(!has(&mut one, &admin).await, "what was taken away stays away");
        assert_eq!(form(&mut one).await.field("name"), Some("Bob the second"));
        // Even when the stale form had to be corrected in between.
        let given = form(&mut one).await.and("assignedRoles", &admin);
        one.submit(&given).await.expect(303);
        let stale = form(&mut one).await;
        let taken = form(&mut other).await.without("assignedRoles");
        other.submit(&taken).await.expect(303);
        let wrong = one.submit(&stale.with("name", " ")).await;
        let corrected = html::form_with(wrong.expect(400).text(), "user-form");
        assert_eq!(corrected.field("assignedRoles"), None);
        one.submit(&corrected.with("name", "Bob the third")).await.expect(303);
        assert!(!has(&mut one, &admin).await);
        // What the one gives is given beside what the other gave.
        let (mine, theirs) = (form(&mut one).await, form(&mut other).await);
        other.submit(&theirs.and("assignedRoles", &developer)).await.expect(303);
        one.submit(&mine.clone().and("assignedRoles", &admin)).await.expect(303);
        assert!(has(&mut one, &admin).await && has(&mut one, &developer).await);
        // The same field twice: nothing is saved, and both values are there.
        let facts = world.facts().await;
        let clash = one.submit(&mine.with("name", "Robert")).await;
        assert!(clash.status == 303, "nobody changed the name meanwhile");
        let stale = form(&mut other).await;
        let rob = form(&mut one).await.with("name", "Rob");
        one.submit(&rob).await.expect(303);
        let facts_then = world.facts().await;
        assert_ne!(facts, facts_then);
        let clash = other.submit(&stale.with("name", "Bert")).await;
        assert_eq!(world.facts().await, facts_then);
        let told = html::tags(clash.expect(409).text());
        let told = told.iter().find(|tag| tag.get("id") == Some("name-wrong")).expect("beside the field");
        assert!(told.text.contains("Rob"), "{}", told.text);
        let again = html::form_with(clash.text(), "user-form");
        assert_eq!(again.field("name"), Some("Bert"));
        other.submit(&again).await.expect(303);
        assert_eq!(form(&mut other).await.field("name"), Some("Bert"));
    }

    async fn a_password_is_replaced_and_shown_once(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        let path = format!("/admin/users/{}/password", a.bob.id);
        let form = html::form_to(browser.get(&path).await.text(), &path, &[]);
        let made = browser.submit(&form.clone().forged("passwordKind", "made")).await;
        made.expect(200);
        let password = text_of(&made, "new-password");
        assert!(made.text().contains(&format!("data-replace=\"/admin/users/{}\"", a.bob.id)));
        assert!(try_password(&world, &a.bob.email, &password).await);
        assert!(!try_password(&world, &a.bob.email, &a.bob.password).await);
        for page in [format!("/admin/users/{}", a.bob.id), path.clone()] {
            assert!(!browser.get(&page).await.text().contains(&password), "{page}");
        }
        let typed = |password: &str| form.clone().forged("passwordKind", "typed").with("password", password);
        let refused = browser.submit(&typed("short")).await;
        assert!(refused.status == 400 && html::has_id(refused.text(), "password-wrong"));
        let set = browser.submit(&typed("long enough for bob")).await;
        assert_eq!(set.location(), format!("/admin/users/{}?done=password-set", a.bob.id));
        assert!(try_password(&world, &a.bob.email, "long enough for bob").await);
        let told = world.audit(a, "user.password_reset").await;
        assert_eq!(told.len(), 2);
        assert!(told.iter().all(|one| !one.details.to_string().contains(&password)));
    }

    async fn whoever_keeps_users_sees_users_and_touches_no_administrator(world) {
        let a = &world.a;
        let keeper = keeper(&world, a).await;
        let mut browser = world.browser(a);
        browser.sign_in(&keeper).await;
        let page = browser.get("/admin/users").await;
        page.expect(200);
        for (section, seen) in [("users", true), ("groups", true), ("clients", false), ("tokens", false), ("settings", false), ("audit", false)] {
            let link = format!("href=\"/admin/{section}\"");
            assert_eq!(page.text().contains(&link), seen, "{section}");
        }
        for path in ["/admin/clients", "/admin/tokens", "/admin/settings", "/admin/audit"] {
            assert_eq!(browser.get(path).await.status, 403, "{path}");
        }
        let before = world.facts().await;
        let path = format!("/admin/users/{}", a.admin.id);
        let page = browser.get(&path).await;
        assert!(!html::has_id(page.text(), "history"), "the trail is not theirs");
        let form = html::form_with(page.text(), "user-form").with("name", "Mine");
        let refused = browser.submit(&form).await;
        assert!(refused.status == 403 && html::has_id(refused.text(), "form-wrong"));
        assert!(refused.text().contains("TenantAdmin"));
        assert_eq!(html::form_with(refused.text(), "user-form").field("name"), Some("Mine"));
        for what in ["status", "delete", "password"] {
            let address = format!("{path}/{what}");
            let form = html::form_to(browser.get(&address).await.text(), &address, &[]);
            let refused = browser.submit(&form.forged("passwordKind", "made")).await;
            assert_eq!(refused.status, 403, "{what}");
            assert!(refused.text().contains("role=\"alert\""), "{what}: {}", refused.text());
        }
        // Nor is an administrator made.
        let own = browser.get(&format!("/admin/users/{}", a.bob.id)).await;
        let form = html::form_with(own.text(), "user-form").forged("assignedRolesNamed", "TenantAdmin");
        assert_eq!(browser.submit(&form).await.status, 403);
        assert_eq!(world.facts().await, before);
        // Others are theirs.
        let form = html::form_with(own.text(), "user-form").with("name", "Bobby");
        assert_eq!(browser.submit(&form).await.status, 303);
    }

    async fn users_of_another_tenant_are_not_there(world) {
        let mut browser = administrator(&world).await;
        let before = world.rows().await;
        for id in [world.b.alice.id.as_str(), "65f0c0ffee65f0c0ffee65f0", "no-id", "%22%3E"] {
            for what in ["", "/status", "/delete", "/password"] {
                let answer = browser.get(&format!("/admin/users/{id}{what}")).await;
                assert_eq!(answer.status, 404, "{id}{what}");
            }
            let own = format!("/admin/users/{}", world.a.bob.id);
            let mut form = html::form_with(browser.get(&own).await.text(), "user-form");
            for what in ["", "/status", "/delete", "/password", "/sessions", "/apps"] {
                form.action = format!("/admin/users/{id}{what}");
                let form = form.clone().forged("clientId", world.a.web.id());
                assert_eq!(browser.submit(&form).await.status, 404, "{id}{what}");
            }
        }
        assert_eq!(world.rows().await, before);
    }
}
