//! `/admin/audit`.

use domain::audit::{Actor, AuditEvent};
use domain::client::AppType;
use domain::user::GroupProvider;
use engine::admin::api_key::{self, ApiKeyDraft};
use engine::admin::client::{self, ClientDraft};
use engine::admin::group::{self, GroupDraft};
use engine::admin::role::{self, RoleDraft};
use engine::admin::user;
use engine::authority::Caller;
use serde_json::json;

use super::users::administrator;
use crate::browser::Browser;
use crate::call::{Answer, encode};
use crate::html;
use crate::people::{self, Person};
use crate::place::eu;
use crate::world::{App, Tenant, World, labelled};

/// The page of a search.
async fn search(browser: &mut Browser, query: &[(&str, &str)]) -> Answer {
    browser.get(&format!("/admin/audit?{}", encode(query))).await
}

/// What the events of a page say at first glance, without markup: kind, what it is about, who.
fn lines(page: &Answer) -> Vec<String> {
    let line = |line: &str| {
        let line = line.split("</p>").next().unwrap_or_default();
        let line = line.split_once("event-what").map_or(line, |(_, rest)| rest);
        let words = line.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text);
        html::unescape(&words.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "))
    };
    page.text().split("class=\"event-line\"").skip(1).map(line).collect()
}

/// Writes an event into a tenant's trail, as if it had happened.
async fn happened(world: &World, tenant: &Tenant, event: &'static str, about: (Actor, &str, &str)) {
    let (actor, subject, client_id) = about;
    let event = AuditEvent {
        at: domain::time::Clock::now(&*world.clock),
        actor,
        event,
        subject: subject.to_owned(),
        client_id: client_id.to_owned(),
        address: String::new(),
        trace_id: String::new(),
        details: json!({}),
    };
    let region = world.engine().store().region(&eu()).expect("the region");
    let mut tx = region.begin(&tenant.id).await.expect("begins");
    tx.audit_append(&event).await.expect("appends");
    tx.commit().await.expect("commits");
}

async fn app_named(world: &World, tenant: &Tenant, name: &str) -> App {
    let draft = ClientDraft {
        redirect_uris: vec!["https://named.example/callback".to_owned()],
        ..ClientDraft::new(AppType::Web, name)
    };
    world.client(tenant, draft).await
}

async fn person_named(world: &World, tenant: &Tenant, name: &str) -> Person {
    people::person(&world.admin(tenant).await, name, &tenant.host, &[]).await
}

/// A role and a group by these names; their ids.
async fn role_and_group(world: &World, tenant: &Tenant, names: (&str, &str)) -> (String, String) {
    let (ctx, operator) = (world.admin(tenant).await, Caller::operator());
    let role = RoleDraft { name: names.0.to_owned(), ..RoleDraft::default() };
    let role = role::create(&ctx, &operator, role).await.expect("a role");
    let group = GroupDraft {
        name: names.1.to_owned(),
        description: String::new(),
        provider: GroupProvider::Custom,
        roles: Vec::new(),
    };
    let group = group::create(&ctx, &operator, &group).await.expect("a group");
    (role.id.to_string(), group.id.to_string())
}

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
        assert!(nothing.text().contains("Nobody is called “<bdi>nobody</bdi>”"), "{}", nothing.text());
        let nothing = browser.get("/admin/audit?event=user.impersonated").await;
        assert!(nothing.text().contains("Nothing like that happened"));
        for query in ["from=nonsense", "next=forged", "event=%22%20or%20actorId%20pr%20or%20%22", "until=2026-02-31"] {
            let answer = browser.get(&format!("/admin/audit?{query}")).await;
            assert!(matches!(answer.status, 200 | 400), "{query}: {}", answer.status);
            assert!(!answer.text().contains("class=\"event\""), "{query} finds nothing");
        }
    }
}

both! {
    async fn an_event_names_what_it_is_about_and_who_did_it(world) {
        let a = &world.a;
        let (ctx, admin) = (world.admin(a).await, world.caller(a, &a.admin).await);
        let app = app_named(&world, a, "Nightly export").await;
        let secret = client::secret_create(&ctx, &admin, &app.id, labelled("x")).await.expect("made");
        client::secret_delete(&ctx, &admin, (&app.id, &secret.hint), true).await.expect("gone");
        let carol = person_named(&world, a, "carol").await;
        role_and_group(&world, a, ("Auditors", "Night shift")).await;
        let draft = ApiKeyDraft {
            description: "Deploy key".to_owned(),
            sub: Some(carol.id.to_string()),
            ..ApiKeyDraft::default()
        };
        api_key::create(&ctx, &admin, &draft).await.expect("a key");
        world.machine_token(a).await;
        happened(&world, a, "user.impersonated", (Actor::Client(a.m2m.id().to_owned()), carol.id.as_str(), a.m2m.id())).await;
        let mut browser = administrator(&world).await;
        let page = browser.get("/admin/audit").await;
        page.expect(200);
        let told = lines(&page);
        for line in [
            "Client secret deleted · Nightly export Full admin",
            "Client secret created · Nightly export Full admin",
            "Client created · Nightly export Operator at the command line",
            "User created · Full carol Operator at the command line",
            "Role created · Auditors Operator at the command line",
            "Group created · Night shift Operator at the command line",
            "API key created · Deploy key · Full carol Full admin",
            "User impersonated by a client · Full carol Nightly App",
        ] {
            assert!(told.iter().any(|told| told.starts_with(line)), "{line}: {told:#?}");
        }
        for link in [format!("clients/{}", app.id()), format!("users/{}", carol.id)] {
            assert!(page.text().contains(&format!("· <a href=\"/admin/{link}\"><bdi>")), "{link}");
        }
        let beside = format!("<bdi>Nightly</bdi></a> · <code>{}</code>", a.m2m.id());
        assert!(page.text().contains(&beside), "a client is named beside its id");
        // Names are those of today.
        let rename = json!([{"op": "replace", "path": "/name", "value": "Carol <b>\"Jr\"</b>"}]);
        user::patch(&ctx, &admin, (carol.id.as_str(), None), rename).await.expect("renamed");
        let page = search(&mut browser, &[("event", "user.created")]).await;
        assert!(lines(&page)[0].starts_with("User created · Carol <b>\"Jr\"</b> Operator"), "{:?}", lines(&page));
        assert!(page.text().contains("Carol &#60;b&#62;") && !page.text().contains("<b>"));
    }

    async fn a_program_is_told_from_a_person_of_the_same_name(world) {
        let a = &world.a;
        let person = administrator(&world).await.get("/admin/audit").await;
        assert!(lines(&person)[0].starts_with("Signed in Full admin") && !person.text().contains(">App</span>"));
        let token = world.machine_token(a).await;
        let role = json!({ "name": "Made by a machine" });
        world.post(a, "/api/v1/roles").bearer(&token).json(&role).send().await.expect(201);
        let page = administrator(&world).await.get("/admin/audit?event=role.created").await;
        let told = lines(&page);
        assert!(told[0].starts_with("Role created · Made by a machine Nightly App"), "{told:#?}");
    }

    async fn what_is_gone_is_named_by_its_own_events_or_by_its_id(world) {
        let a = &world.a;
        let (ctx, admin) = (world.admin(a).await, world.caller(a, &a.admin).await);
        let app = app_named(&world, a, "Short <i>lived</i>").await;
        let dave = person_named(&world, a, "dave").await;
        client::secret_create(&ctx, &admin, &app.id, labelled("x")).await.expect("made");
        client::delete(&ctx, &admin, &app.id).await.expect("deleted");
        happened(&world, a, "session.all_ended", (Actor::User(dave.id.to_string()), dave.id.as_str(), "")).await;
        user::delete(&ctx, &admin, dave.id.as_str()).await.expect("deleted");
        let mut browser = administrator(&world).await;
        let page = browser.get("/admin/audit").await;
        let (told, short) = (lines(&page), |id: &str| format!("{}…", &id[..8]));
        for line in [
            "Client deleted · Short <i>lived</i> Full admin".to_owned(),
            "Client created · Short <i>lived</i> Operator".to_owned(),
            format!("Client secret created · {} Full admin", short(app.id())),
            "User deleted · Full dave Full admin".to_owned(),
            format!("All sessions of a user ended · {0} {0}", short(dave.id.as_str())),
        ] {
            assert!(told.iter().any(|told| told.starts_with(&line)), "{line}: {told:#?}");
        }
        assert!(!page.text().contains("<i>"), "a name stays text");
        for gone in [format!("clients/{}", app.id()), format!("users/{}", dave.id)] {
            assert!(!page.text().contains(&format!("href=\"/admin/{gone}")), "no page is left of {gone}");
        }
        // Its id finds it, its name does not any more.
        assert!(lines(&search(&mut browser, &[("subject", dave.id.as_str())]).await).len() >= 3);
        let page = search(&mut browser, &[("subject", "Full dave")]).await;
        assert!(lines(&page).is_empty() && page.text().contains("Nobody and nothing is called “<bdi>Full dave"));
    }

    async fn names_of_another_tenant_are_never_told(world) {
        let (a, b) = (&world.a, &world.b);
        let mallory = person_named(&world, b, "mallory").await;
        let app = app_named(&world, b, "Foreign app").await;
        let (role, group) = role_and_group(&world, b, ("Foreign role", "Foreign group")).await;
        let (ctx, admin) = (world.admin(b).await, world.caller(b, &b.admin).await);
        let draft = ApiKeyDraft { description: "Foreign key".to_owned(), ..ApiKeyDraft::default() };
        let key = api_key::create(&ctx, &admin, &draft).await.expect("a key").key.id;
        let actor = || Actor::User(mallory.id.to_string());
        for (event, subject) in [
            ("user.updated", mallory.id.as_str()),
            ("client.changed", app.id()),
            ("role.updated", &role),
            ("group.updated", &group),
            ("api_key.updated", key.as_str()),
            ("tenant.updated", b.id.as_str()),
        ] {
            happened(&world, a, event, (actor(), subject, app.id())).await;
        }
        happened(&world, a, "user.impersonated", (Actor::Client(app.id().to_owned()), mallory.id.as_str(), "")).await;
        let mut browser = administrator(&world).await;
        let page = browser.get("/admin/audit").await;
        page.expect(200);
        assert_eq!(lines(&page).iter().filter(|line| line.contains(&mallory.id.as_str()[..8])).count(), 7);
        for name in ["mallory", "Foreign", "Tenant B"] {
            assert!(!page.text().contains(name), "{name} is told");
        }
        for (field, name) in [
            ("actor", "Full mallory"),
            ("actor", &mallory.email),
            ("client", "Foreign app"),
            ("subject", "Foreign"),
            ("subject", "Foreign key"),
        ] {
            let page = search(&mut browser, &[(field, name)]).await;
            assert!(lines(&page).is_empty() && page.text().contains(" is called “"), "{field}={name}");
        }
        // Both tenants have one of this name: only the own is meant.
        let page = search(&mut browser, &[("subject", "Full bob")]).await;
        assert_eq!(lines(&page).len(), 1, "{}", page.text());
    }

    async fn names_cost_a_few_statements_however_many_there_are(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        let cost = async |browser: &mut Browser| {
            let before = world.engine().store().statements();
            let page = browser.get("/admin/audit").await;
            (world.engine().store().statements() - before, page)
        };
        browser.get("/admin/audit").await;
        let (few, _) = cost(&mut browser).await;
        for number in 0..10 {
            let person = person_named(&world, a, &format!("person-{number}")).await;
            let app = app_named(&world, a, &format!("App {number}")).await;
            let actor = Actor::User(person.id.to_string());
            happened(&world, a, "user.updated", (actor.clone(), person.id.as_str(), app.id())).await;
            happened(&world, a, "client.changed", (actor, app.id(), app.id())).await;
        }
        let (many, page) = cost(&mut browser).await;
        assert!(lines(&page).len() == 20 && page.text().contains("Full person-5"), "{:?}", lines(&page));
        assert!(many <= few + 2, "{few} statements, then {many}");
        assert!(page.text().len() < 100_000, "{} bytes", page.text().len());
    }
}

both! {
    async fn who_and_what_are_found_by_name_address_and_id(world) {
        let a = &world.a;
        let (ctx, operator) = (world.admin(a).await, Caller::operator());
        let app = app_named(&world, a, "Nightly export").await;
        let (role, group) = role_and_group(&world, a, ("Auditors", "Night shift")).await;
        let by = |person: &Person| Actor::User(person.id.to_string());
        happened(&world, a, "client.changed", (by(&a.alice), app.id(), a.web.id())).await;
        happened(&world, a, "role.updated", (by(&a.bob), &role, a.spa.id())).await;
        happened(&world, a, "group.updated", (Actor::Client(a.m2m.id().to_owned()), &group, "")).await;
        let mut browser = administrator(&world).await;
        for (field, text, kinds) in [
            ("actor", "Full Alice", &["Client changed"][..]),
            ("actor", "ALICE@A.TEST", &["Client changed"]),
            ("actor", a.alice.id.as_str(), &["Client changed"]),
            ("actor", "alice@", &["Client changed"]),
            ("actor", "  full bob ", &["Role changed"]),
            ("actor", "nightly", &["Group changed"]),
            ("actor", a.m2m.id(), &["Group changed"]),
            ("client", "reports", &["Client changed"]),
            ("client", a.spa.id(), &["Role changed"]),
            ("subject", "AUDITORS", &["Role changed", "Role created"]),
            ("subject", "night shift", &["Group changed", "Group created"]),
            ("subject", "t shif", &["Group changed", "Group created"]),
            ("subject", "Nightly export", &["Client changed", "Client created"]),
            ("subject", "alice@a.test", &["User created"]),
        ] {
            let page = search(&mut browser, &[(field, text)]).await;
            page.expect(200);
            let told = lines(&page);
            let told: Vec<&str> = told.iter().filter_map(|line| line.split(" · ").next()).collect();
            assert_eq!(told, kinds, "{field}={text}");
            let kept = html::tags(page.text()).into_iter().find(|tag| tag.get("id") == Some(field));
            assert_eq!(kept.and_then(|tag| tag.get("value").map(html::unescape)).as_deref(), Some(text.trim()));
        }
        // An id is taken for one, whatever somebody is called.
        let draft = json!([{"op": "replace", "path": "/name", "value": a.alice.id.as_str()}]);
        user::patch(&ctx, &operator, (a.bob.id.as_str(), None), draft).await.expect("renamed");
        let page = search(&mut browser, &[("actor", a.alice.id.as_str())]).await;
        assert_eq!(lines(&page).len(), 1, "{:?}", lines(&page));
        // Both fields, and pages of one search.
        let page = search(&mut browser, &[("actor", "Full alice"), ("client", "Reports")]).await;
        assert_eq!(lines(&page).len(), 1);
        let page = search(&mut browser, &[("actor", "Full alice"), ("client", "Analytics <none>")]).await;
        assert!(lines(&page).is_empty() && page.text().contains("No client is called “<bdi>Analytics &#60;none&#62;</bdi>”"));
    }

    async fn a_name_of_several_means_any_of_them_and_says_when_there_are_more(world) {
        let a = &world.a;
        for number in 0..22 {
            let person = person_named(&world, a, &format!("twin-{number:02}")).await;
            if number % 7 == 0 {
                happened(&world, a, "session.all_ended", (Actor::System, person.id.as_str(), "")).await;
            }
        }
        let mut browser = administrator(&world).await;
        let ended = async |browser: &mut Browser, name: &str| {
            search(browser, &[("event", "session.all_ended"), ("subject", name)]).await
        };
        let page = ended(&mut browser, "TWIN-0").await;
        assert_eq!(lines(&page).len(), 2, "{:?}", lines(&page));
        assert!(page.text().contains("“<bdi>TWIN-0</bdi>” fits:"), "{}", page.text());
        assert!(page.text().contains("<bdi class=\"strong\">Full twin-09</bdi>"));
        let page = ended(&mut browser, "twin").await;
        assert_eq!(lines(&page).len(), 3, "of the first twenty: {:?}", lines(&page));
        assert!(page.text().contains("fits more than are looked for at once"));
        assert_eq!(page.text().matches("<bdi class=\"strong\">").count(), 20);
        // The whole name of one means that one, although others begin with it.
        let page = ended(&mut browser, "Full twin-07").await;
        assert!(lines(&page).len() == 1 && !page.text().contains("” fits"));
        // A next page is one of the same search, also when somebody else is called so meanwhile.
        for _ in 0..25 {
            let person = world.caller(a, &a.bob).await;
            let id = person.actor().id().to_owned();
            happened(&world, a, "session.all_ended", (Actor::System, &id, "")).await;
        }
        let page = ended(&mut browser, "full bob").await;
        assert_eq!(lines(&page).len(), 20);
        let next = page.text().split("rel=\"next\" href=\"").nth(1).expect("older events");
        let next = html::unescape(next.split('"').next().expect("an address"));
        assert!(next.contains("subject=full+bob"), "{next}");
        assert_eq!(lines(&browser.get(&next).await).len(), 5);
        assert_eq!(browser.get(&next.replace("full+bob", "full+alice")).await.status, 400, "a cursor of another search");
    }
}

both! {
    async fn days_are_those_of_the_zone_in_the_address(world) {
        let a = &world.a;
        let mut browser = administrator(&world).await;
        // 08:00 UTC on the 15th, which is where the clock stands, and half past eleven in the evening.
        happened(&world, a, "user.impersonated", (Actor::System, a.alice.id.as_str(), "")).await;
        world.clock.advance_seconds(15 * 3600 + 1800);
        happened(&world, a, "user.status_changed", (Actor::System, a.alice.id.as_str(), "")).await;
        browser.sign_in(&world.a.admin).await;
        let (morning, evening) = ("User impersonated by a client", "User enabled or disabled");
        for (zone, day, told) in [
            ("", "2027-01-15", &[evening, morning][..]),
            ("UTC", "2027-01-16", &[]),
            ("Europe/Berlin", "2027-01-15", &[morning]),
            ("Europe/Berlin", "2027-01-16", &[evening]),
            ("America/Los_Angeles", "2027-01-15", &[evening, morning]),
            ("America/Los_Angeles", "2027-01-14", &[]),
            ("Pacific/Honolulu", "2027-01-14", &[morning]),
            ("Pacific/Honolulu", "2027-01-15", &[evening]),
            ("+00:30", "2027-01-16", &[evening]),
        ] {
            let query = [("subject", "full alice"), ("from", day), ("until", day), ("zone", zone)];
            let page = search(&mut browser, &query).await;
            page.expect(200);
            let lines = lines(&page);
            let found: Vec<&str> = lines.iter().filter_map(|line| line.split(" · ").next()).filter(|kind| *kind != "User created").collect();
            assert_eq!(found, told, "{zone} {day}");
            let shown = if zone.is_empty() { "UTC" } else { zone };
            assert!(page.text().contains(&format!("<bdi id=\"days-zone\">{}</bdi>", shown.replace('+', "&#43;"))) || page.text().contains(&format!("<bdi id=\"days-zone\">{shown}</bdi>")), "{zone}");
            assert!(page.text().contains(&format!("name=\"zone\" value=\"{zone}\"")), "{zone} stays in the form");
        }
        let page = search(&mut browser, &[("zone", "Europe/Berlin")]).await;
        assert!(page.text().contains(">UTC</bdi>") && page.text().contains("data-zone"), "the script may say whose");
    }

    async fn what_cannot_be_read_is_told_and_finds_nothing(world) {
        let mut browser = administrator(&world).await;
        let long = "x".repeat(513);
        for (query, told) in [
            (&[("from", "2027-01-15"), ("zone", "Mars/<b>")][..], "Time zone: is no time zone that this server knows"),
            (&[("from", "2027-01-15"), ("zone", "+99:99")], "Time zone: "),
            (&[("until", "2027-01-15"), ("zone", "../../etc/passwd")], "Time zone: "),
            (&[("from", "yesterday")], "From: is a day, such as 2027-01-31"),
            (&[("until", "2027-02-29"), ("zone", "Europe/Berlin")], "Until: is a day"),
            (&[("until", "9999-12-31")], "Until: is a day"),
            (&[("from", "-009999-01-01")], "From: is a day"),
            (&[("actor", "a\u{1b}b")], "Who: has characters that nobody sees"),
            (&[("event", "a\nb")], "Event: has characters that nobody sees"),
            (&[("actor", "a\0b")], "This address cannot be read"),
            (&[("actor", "a"), ("actor", "b")], "This address cannot be read"),
            (&[("subject", &long)], "has at most 512 characters"),
        ] {
            let page = search(&mut browser, query).await;
            assert!(page.expect(400).text().contains(told), "{query:?}: {}", page.text());
            assert!(lines(&page).is_empty() && !page.text().contains("<b>"), "{query:?}");
            assert!(!page.text().contains("Nothing like that happened"), "nobody has looked");
        }
        for (query, told) in [
            ([("from", "2027-13-01"), ("zone", "Europe/Berlin")], "Von: Nötig ist ein Tag wie 2027-01-31."),
            ([("from", "2027-01-01"), ("zone", "Berlin")], "Zeitzone: Diese Zeitzone kennt der Server nicht"),
        ] {
            let call = browser.call("GET", &format!("/admin/audit?{}", encode(&query)));
            let page = browser.send(call.header("accept-language", "de")).await;
            assert!(page.expect(400).text().contains(told), "{}", page.text());
        }
        // A wrong zone says nothing where there are no days; hostile names find nobody.
        for query in [[("zone", "Mars"), ("actor", "")], [("actor", "\" or actorId pr or \""), ("zone", "")]] {
            let page = search(&mut browser, &query).await;
            assert_eq!(page.status, 200, "{query:?}");
        }
        let hostile = search(&mut browser, &[("actor", "%' OR 1=1 --<script>")]).await;
        assert!(lines(&hostile).is_empty() && !hostile.text().contains("<script>"));
    }
}
