//! `engine::admin::audit::verify` against somebody who can write to the database.

use domain::audit::{ChainFault, ChainMark, SealedTexts};
use domain::crypto::Keyring;
use engine::admin::audit::{AuditReport, Marks, TrailReport, verify};
use serde_json::{Value, json};

use crate::flow::AuthRequest;
use crate::html;
use crate::place::{self, eu};
use crate::world::World;

async fn report(world: &World) -> (AuditReport, Vec<TrailReport>) {
    report_since(world, &Marks::new()).await
}

async fn report_since(world: &World, known: &Marks) -> (AuditReport, Vec<TrailReport>) {
    let mut trails = Vec::new();
    let report = verify(world.engine(), known, &mut |trail| trails.push(trail)).await;
    let report = report.expect("reads");
    assert_eq!(report.trails, trails.len() as u64);
    assert_eq!(report.checked, trails.iter().map(|trail| trail.checked).sum::<i64>());
    (report, trails)
}

/// What is wrong, by owner, without the numbers of rows.
async fn faults(world: &World) -> Vec<(String, Value)> {
    let (report, trails) = report(world).await;
    let broken = trails.into_iter().filter_map(|trail| Some((trail.owner_id, trail.fault?)));
    let faults: Vec<_> = broken.map(|(owner, fault)| (owner, without_row(&fault))).collect();
    assert_eq!(report.is_intact(), faults.is_empty());
    assert_eq!(report.broken, faults.len() as u64);
    faults
}

fn without_row(fault: &ChainFault) -> Value {
    assert!(!fault.to_string().is_empty());
    let mut value = serde_json::to_value(fault).expect("JSON");
    value.as_object_mut().expect("an object").remove("seq");
    value
}

async fn save(world: &World) {
    let text = "CREATE TABLE kept_event AS SELECT * FROM audit_event; \
                CREATE TABLE kept_chain AS SELECT * FROM audit_chain";
    world.sql(text.to_owned()).await;
}

async fn restore(world: &World) {
    let text = "DELETE FROM audit_event; DELETE FROM audit_chain; \
                INSERT INTO audit_event SELECT * FROM kept_event; \
                INSERT INTO audit_chain SELECT * FROM kept_chain";
    world.sql(text.to_owned()).await;
}

/// Attacks tenant A's trail with a text in which `{a}`, `{b}` and `{last}` stand for the tenants
/// and A's last link; gives what is found, and heals the trail again.
async fn attack(world: &World, last: i64, text: &str) -> Vec<(String, Value)> {
    let text = text
        .replace("{a}", &format!("owner_id = '{}'", world.a.id))
        .replace("{b}", &format!("owner_id = '{}'", world.b.id))
        .replace("{last}", &last.to_string());
    world.sql(text).await;
    let found = faults(world).await;
    restore(world).await;
    assert_eq!(faults(world).await, [], "healed");
    found
}

/// The number of events in A's chain.
async fn length(world: &World) -> i64 {
    let (_, trails) = report(world).await;
    trails.iter().find(|trail| trail.owner_id == world.a.id.as_str()).expect("a trail").checked
}

/// Columns of an event as its table lists them, with another link and another owner.
const COPY: &str = "INSERT INTO audit_event (owner_id, link, hash, id, at, actor_type, actor_id, event, \
                    subject, client_id, address, trace_id, details) \
                    SELECT {owner}, {link}, hash, id, at, actor_type, actor_id, event, subject, \
                    client_id, address, trace_id, details FROM audit_event ";

fn copy(owner: &str, link: &str, which: &str) -> String {
    format!("{}{which}", COPY.replace("{owner}", owner).replace("{link}", link))
}

both! {
    async fn a_trail_that_nobody_touched_is_intact(world) {
        let (report, trails) = report(&world).await;
        assert!(report.is_intact(), "{trails:?}");
        assert!(report.checked > 10, "{report:?}");
        assert_eq!(report.unprotected, 0);
        assert!(trails.iter().any(|trail| trail.owner_id.starts_with("organization:")));
        assert!(trails.iter().any(|trail| trail.owner_id == world.b.id.as_str()));
    }

    async fn a_changed_event_is_named(world) {
        save(&world).await;
        let last = length(&world).await;
        let changed = [(world.a.id.to_string(), json!({"kind": "changed", "link": 3}))];
        let texts = [
            "id", "actor_type", "actor_id", "event", "subject", "client_id", "address", "trace_id",
            "details", "hash",
        ];
        for column in texts {
            let text = format!("UPDATE audit_event SET {column} = {column} || 'x' \
                                WHERE {{a}} AND link = 3");
            assert_eq!(attack(&world, last, &text).await, changed, "{column}");
        }
        let text = "UPDATE audit_event SET at = at + 1 WHERE {a} AND link = 3";
        assert_eq!(attack(&world, last, text).await, changed);
        // A value that moves from one column to the next.
        let text = "UPDATE audit_event SET event = event || subject, subject = '' \
                    WHERE {a} AND link = 3";
        assert_eq!(attack(&world, last, text).await, changed);
    }

    async fn an_event_that_changes_its_owner_is_missing(world) {
        save(&world).await;
        let last = length(&world).await;
        let missing = (world.a.id.to_string(), json!({"kind": "missing", "first": 3, "last": 3}));
        for change in ["owner_id = 'zzz'", "link = 1000", "link = NULL"] {
            let text = format!("UPDATE audit_event SET {change} WHERE {{a}} AND link = 3");
            let found = attack(&world, last, &text).await;
            assert!(found.contains(&missing), "{change}: {found:?}");
        }
    }

    async fn a_deleted_event_is_named(world) {
        save(&world).await;
        let last = length(&world).await;
        for (which, first, to) in [
            ("link = 1", 1, 1),
            ("link = 3", 3, 3),
            ("link IN (3, 4)", 3, 4),
            ("link = {last}", last, last),
            ("link > 2", 3, last),
            ("link > 0", 1, last),
        ] {
            let text = format!("DELETE FROM audit_event WHERE {{a}} AND {which}");
            let missing = json!({"kind": "missing", "first": first, "last": to});
            let found = attack(&world, last, &text).await;
            assert_eq!(found, [(world.a.id.to_string(), missing)], "{which}");
        }
    }

    async fn swapped_events_are_named(world) {
        save(&world).await;
        let last = length(&world).await;
        let a = world.a.id.to_string();
        let text = "UPDATE audit_event SET link = -3 WHERE {a} AND link = 3; \
                    UPDATE audit_event SET link = 3 WHERE {a} AND link = 4; \
                    UPDATE audit_event SET link = 4 WHERE {a} AND link = -3";
        let changed = json!({"kind": "changed", "link": 3});
        assert_eq!(attack(&world, last, text).await, [(a.clone(), changed)]);
        let text = "UPDATE audit_event SET seq = -seq WHERE {a} AND link IN (3, 4); \
                    UPDATE audit_event SET seq = (SELECT -seq FROM audit_event \
                        WHERE {a} AND link = 4) WHERE {a} AND link = 3; \
                    UPDATE audit_event SET seq = (SELECT seq FROM kept_event \
                        WHERE {a} AND link = 3) WHERE {a} AND link = 4";
        let moved = json!({"kind": "moved", "link": 4});
        assert_eq!(attack(&world, last, text).await, [(a, moved)]);
    }

    async fn a_row_that_was_put_in_is_named(world) {
        save(&world).await;
        let last = length(&world).await;
        let a = world.a.id.to_string();
        let one = [(a.clone(), json!({"kind": "inserted"}))];
        let beyond = copy("owner_id", "link + 1", "WHERE {a} AND link = {last}");
        assert_eq!(attack(&world, last, &beyond).await, one);
        let unlinked = copy("owner_id", "NULL", "WHERE {a} AND link = {last}");
        assert_eq!(attack(&world, last, &unlinked).await, one);
        let before = copy("owner_id", "0", "WHERE {a} AND link = {last}");
        assert_eq!(attack(&world, last, &before).await, one);
        // Between two others, which move up: backwards, because links are unique.
        let between = format!(
            "UPDATE audit_event SET link = -link WHERE {{a}} AND link > 3; \
             UPDATE audit_event SET link = 1 - link WHERE {{a}} AND link < 0; {}",
            copy("owner_id", "4", "WHERE {a} AND link = 3")
        );
        let found = attack(&world, last, &between).await;
        assert_eq!(found, [(a, json!({"kind": "changed", "link": 4}))]);
    }

    async fn an_event_of_another_owner_is_named(world) {
        save(&world).await;
        let last = length(&world).await;
        let a = world.a.id.to_string();
        let owner = format!("'{a}'");
        let place = format!(
            "DELETE FROM audit_event WHERE {{a}} AND link = 3; {}",
            copy(&owner, "link", "WHERE {b} AND link = 3")
        );
        let changed = json!({"kind": "changed", "link": 3});
        assert_eq!(attack(&world, last, &place).await, [(a, changed)]);
        // A whole trail under another name.
        let whole = format!(
            "{}; INSERT INTO audit_chain SELECT 'zzz', link, hash, seal FROM audit_chain WHERE {{a}}",
            copy("'zzz'", "link", "WHERE {a}")
        );
        let changed = json!({"kind": "changed", "link": 1});
        assert_eq!(attack(&world, last, &whole).await, [("zzz".to_owned(), changed)]);
    }

    async fn a_chain_that_ends_elsewhere_is_named(world) {
        save(&world).await;
        let last = length(&world).await;
        let a = world.a.id.to_string();
        let end_changed = |link: i64| [(a.clone(), json!({"kind": "endChanged", "link": link}))];
        let missing = json!({"kind": "endMissing", "link": last});
        let gone = "DELETE FROM audit_chain WHERE {a}";
        assert_eq!(attack(&world, last, gone).await, [(a.clone(), missing)]);
        for change in ["link = link - 1", "link = link + 1"] {
            let text = format!("UPDATE audit_chain SET {change} WHERE {{a}}");
            let link = if change.contains('+') { last + 1 } else { last - 1 };
            assert_eq!(attack(&world, last, &text).await, end_changed(link));
        }
        for change in ["hash = hash || 'x'", "seal = ''"] {
            let text = format!("UPDATE audit_chain SET {change} WHERE {{a}}");
            assert_eq!(attack(&world, last, &text).await, end_changed(last));
        }
        // The last event goes, and the end moves back to the one before it.
        let rewound = "DELETE FROM audit_event WHERE {a} AND link = {last}; \
                       UPDATE audit_chain SET link = link - 1, hash = (SELECT hash \
                           FROM audit_event WHERE {a} AND link = {last} - 1) WHERE {a}";
        assert_eq!(attack(&world, last, rewound).await, end_changed(last - 1));
    }

    async fn a_trail_that_vanished_as_a_whole_is_named(world) {
        save(&world).await;
        let last = length(&world).await;
        let whole = "DELETE FROM audit_event WHERE {a}; DELETE FROM audit_chain WHERE {a}";
        let missing = json!({"kind": "trailMissing"});
        let found = attack(&world, last, whole).await;
        assert_eq!(found, [(world.a.id.to_string(), missing)]);
        let register = "DELETE FROM audit_event WHERE owner_id = 'register:trails'; \
                        DELETE FROM audit_chain WHERE owner_id = 'register:trails'";
        let missing = json!({"kind": "registerMissing"});
        let found = attack(&world, last, register).await;
        assert_eq!(found, [("register:trails".to_owned(), missing)]);
    }

    async fn an_earlier_state_that_was_put_back_is_named_by_who_kept_a_mark(world) {
        save(&world).await;
        let then = length(&world).await;
        world.user_status(&world.a, &world.a.bob.id, domain::user::UserStatus::Disabled).await;
        let (_, trails) = report(&world).await;
        let mark = |trail: TrailReport| {
            let mark = ChainMark { link: trail.checked, hash: trail.hash };
            ((trail.database, trail.owner_id), mark)
        };
        let known: Marks = trails.into_iter().map(mark).collect();
        assert!(report_since(&world, &known).await.0.is_intact());
        // Rows and end as they once were, end and seal included: sound in itself.
        restore(&world).await;
        assert_eq!(faults(&world).await, []);
        let put_back = vec![(world.a.id.to_string(), ChainFault::PutBack { link: then + 1 })];
        let named = async || {
            let (_, trails) = report_since(&world, &known).await;
            let broken = trails.into_iter().filter_map(|one| Some((one.owner_id, one.fault?)));
            broken.collect::<Vec<_>>()
        };
        assert_eq!(named().await, put_back);
        // Also when the trail has grown again since.
        world.clock.advance_seconds(5);
        world.user_status(&world.a, &world.a.bob.id, domain::user::UserStatus::Active).await;
        assert_eq!(named().await, put_back);
    }

    async fn the_directory_has_trails_of_its_own(world) {
        let (_, trails) = report(&world).await;
        let organization = trails.iter().find(|one| one.owner_id.starts_with("organization:"));
        let organization = organization.expect("a trail").owner_id.clone();
        let text = "UPDATE audit_event SET subject = 'x' WHERE link = 2 AND owner_id = ";
        let url = &world.options.directory_url;
        place::execute(url, format!("{text}'{organization}'")).await;
        let changed = json!({"kind": "changed", "link": 2});
        assert_eq!(faults(&world).await, [(organization, changed)]);
    }

    async fn who_has_another_key_cannot_forge(world) {
        save(&world).await;
        let last = length(&world).await;
        let a = world.a.id.to_string();
        let seal = Keyring::new(&[8; 32]).audit_seal();
        let rows = place::rows(world.engine().store(), &world.options).await;
        let before = rows.iter().find(|row| {
            row.starts_with("audit_event: ") && row.contains(&format!("owner_id={a}"))
                && row.contains(&format!("link=Some({})", last - 1))
        });
        let before = before.and_then(|row| row.split("hash=").nth(1)).expect("a hash");
        let texts: SealedTexts =
            ["f", "1", "user", "u", "forged", "s", "", "", "", "{}"].map(str::to_owned);
        let hash = seal.event(&a, last, before, &texts);
        let end = seal.head(&a, last, &hash);
        let text = format!(
            "UPDATE audit_event SET id = 'f', at = 1, actor_type = 'user', actor_id = 'u', event = 'forged', \
                 subject = 's', client_id = '', address = '', trace_id = '', details = '{{}}', \
                 hash = '{hash}' WHERE {{a}} AND link = {{last}}; \
             UPDATE audit_chain SET hash = '{hash}', seal = '{end}' WHERE {{a}}"
        );
        let changed = json!({"kind": "changed", "link": last});
        assert_eq!(attack(&world, last, &text).await, [(a, changed)]);
    }

    async fn every_trail_is_read_whatever_is_wrong_with_others(world) {
        let text = "DELETE FROM audit_event WHERE link = 2 AND owner_id = ";
        world.sql(format!("{text}'{}'; {text}'{}'", world.a.id, world.b.id)).await;
        let found = faults(&world).await;
        let owners: std::collections::BTreeSet<_> = found.into_iter().map(|one| one.0).collect();
        assert_eq!(owners, [world.a.id.to_string(), world.b.id.to_string()].into());
    }

    async fn a_sign_in_and_a_consent_cost_what_the_documents_say(world) {
        let a = &world.a;
        let mut browser = world.browser(a);
        world.tokens(a, &a.web, "openid").await;
        let count = || world.engine().store().statements();
        let page = browser.get(&AuthRequest::new(&a.web, "openid profile").path()).await;
        let before = count();
        let consent = browser.submit_sign_in(&page, &a.alice).await;
        let sign_in = count() - before;
        let form = html::form_with(consent.text(), "consent-allow").press("consent-allow");
        let before = count();
        let answer = browser.submit(&form).await;
        let allowed = count() - before;
        assert!(answer.location().contains("code="));
        assert_eq!((sign_in, allowed), (9, 10), "docs/architecture.md has these numbers");
    }

    async fn it_reads_in_pages_beside_nodes_that_write(world) {
        let region = world.engine().store().region(&eu()).expect("the region").clone();
        let tenant = world.a.id.clone();
        let write = async |n: u32| {
            let mut tx = region.begin(&tenant).await.expect("begins");
            for _ in 0..n {
                let event = domain::audit::AuditEvent {
                    at: crate::world::t0(),
                    actor: domain::audit::Actor::System,
                    event: "test.written",
                    subject: String::new(),
                    client_id: String::new(),
                    address: String::new(),
                    trace_id: String::new(),
                    details: json!({}),
                };
                tx.audit_append(&event).await.expect("appends");
            }
            tx.commit().await.expect("commits");
        };
        write(1200).await;
        let before = length(&world).await;
        let writing = async {
            for _ in 0..20 {
                write(3).await;
            }
        };
        let reading = async {
            for _ in 0..5 {
                assert_eq!(faults(&world).await, []);
            }
        };
        tokio::join!(writing, reading);
        assert_eq!(length(&world).await, before + 60);
    }
}

#[tokio::test]
async fn what_is_no_text_and_no_number_is_named_too() {
    crate::world::on_sqlite(crate::world::Setup::default(), async |world: World| {
        save(&world).await;
        let last = length(&world).await;
        let a = world.a.id.to_string();
        for change in ["at = 'soon'", "at = 1.5", "details = X'ff00'", "hash = CAST(X'ff' AS TEXT)"]
        {
            let text = format!("UPDATE audit_event SET {change} WHERE {{a}} AND link = 3");
            let changed = json!({"kind": "changed", "link": 3});
            assert_eq!(attack(&world, last, &text).await, [(a.clone(), changed)], "{change}");
        }
        for change in ["link = 'x'", "link = 3.5", "link = X'ff'", "link = CAST(X'ff' AS TEXT)"] {
            let text = format!("UPDATE audit_event SET {change} WHERE {{a}} AND link = 3");
            let found = attack(&world, last, &text).await;
            assert_eq!(found.len(), 1, "{change}: {found:?}");
        }
        for change in ["link = 'x'", "seal = X'ff'", "hash = CAST(X'ff' AS TEXT)"] {
            let text = format!("UPDATE audit_chain SET {change} WHERE {{a}}");
            let found = attack(&world, last, &text).await;
            assert_eq!(found[0].1["kind"], "endChanged", "{change}");
        }
    })
    .await;
}
