//! What an administrator sees and ends of a user's sessions and apps; new passwords; and what people
//! like, which nobody else sees.

use std::time::Duration;

use domain::secret::SecretText;
use domain::user::UserStatus;
use engine::admin::AdminError;
use engine::admin::preference::{self, Preference};
use engine::admin::user;
use engine::authority::Caller;
use serde_json::json;

use super::{manager, token_for};
use crate::browser::Browser;
use crate::flow::{AuthRequest, Tokens};
use crate::place::eu;
use crate::world::{Person, Tenant, World};

async fn signed_in(world: &World, tenant: &Tenant, person: &Person) -> Browser {
    let mut browser = world.browser(tenant);
    browser.sign_in(person).await;
    browser
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.get("/account").await.status == 200
}

fn forbidden<T: std::fmt::Debug>(result: &Result<T, AdminError>) -> bool {
    matches!(result, Err(AdminError::Forbidden(_)))
}

fn denied<T: std::fmt::Debug>(result: &Result<T, AdminError>) -> bool {
    matches!(result, Err(AdminError::Denied(_)))
}

/// Whether somebody can sign in with a password.
async fn opens(world: &World, tenant: &Tenant, person: &Person, password: &str) -> bool {
    let person = Person { password: password.to_owned(), ..person.clone() };
    let mut browser = world.browser(tenant);
    let page = browser.get("/login").await;
    browser.submit_sign_in(&page, &person).await;
    is_signed_in(&mut browser).await
}

both! {
    async fn an_administrator_sees_and_ends_what_a_user_holds(world) {
        let tenant = &world.a;
        let (mut one, mut two) =
            (signed_in(&world, tenant, &tenant.bob).await, signed_in(&world, tenant, &tenant.bob).await);
        let mut alices = signed_in(&world, tenant, &tenant.alice).await;
        let request = AuthRequest::new(&tenant.web, "openid offline_access");
        let code = world.code_in(&mut one, &request, &tenant.bob).await;
        let tokens = Tokens::of(&world.exchange(tenant, &tenant.web, &code).await);
        let (ctx, admin) = (world.admin(tenant).await, world.caller(tenant, &tenant.admin).await);
        let bob = &tenant.bob.id;
        let seen = user::access(&ctx, &admin, bob).await.expect("seen");
        assert_eq!((seen.sessions.len(), seen.apps.len()), (2, 1));
        assert_eq!(seen.apps[0].consent.client_id, tenant.web.id);

        let first = &seen.sessions[0].id;
        user::session_end(&ctx, &admin, bob, first).await.expect("ended");
        let alive = [is_signed_in(&mut one).await, is_signed_in(&mut two).await];
        assert_eq!(alive.iter().filter(|alive| **alive).count(), 1);
        let again = user::session_end(&ctx, &admin, bob, first).await;
        assert!(matches!(again, Err(AdminError::NotFound("session"))), "{again:?}");
        // Another user's session is not ended through this one.
        let of_alice = user::access(&ctx, &admin, &tenant.alice.id).await.expect("seen").sessions;
        let wrong = user::session_end(&ctx, &admin, bob, &of_alice[0].id).await;
        assert!(matches!(wrong, Err(AdminError::NotFound("session"))), "{wrong:?}");
        assert_eq!(user::sessions_end(&ctx, &admin, bob).await.expect("ended"), 1);
        assert!(!is_signed_in(&mut one).await && !is_signed_in(&mut two).await);
        assert!(is_signed_in(&mut alices).await);

        world.userinfo(tenant, tokens.access()).await.expect(200);
        assert!(user::app_remove(&ctx, &admin, bob, &tenant.web.id).await.expect("removed"));
        world.userinfo(tenant, tokens.access()).await.expect_error(401, "invalid_token");
        assert!(!user::app_remove(&ctx, &admin, bob, &tenant.web.id).await.expect("nothing left"));
        for event in ["session.ended", "session.all_ended", "consent.removed"] {
            let told = world.audit(tenant, event).await;
            assert_eq!(told[0].actor.id(), tenant.admin.id.as_str(), "{event}");
        }
    }

    async fn a_new_password_replaces_the_old_one_and_ends_sessions(world) {
        let tenant = &world.a;
        let mut before = signed_in(&world, tenant, &tenant.bob).await;
        let request = AuthRequest::new(&tenant.web, "openid offline_access");
        let pending = world.code_in(&mut before, &request, &tenant.bob).await;
        let (ctx, admin) = (world.admin(tenant).await, world.caller(tenant, &tenant.admin).await);
        let bob = &tenant.bob;
        let made = user::password_reset(&ctx, &admin, &bob.id, None).await.expect("reset");
        let made = made.expect("made up");
        assert!(!is_signed_in(&mut before).await);
        world.exchange(tenant, &tenant.web, &pending).await.expect_error(400, "invalid_grant");
        assert!(!opens(&world, tenant, bob, &bob.password).await);
        assert!(opens(&world, tenant, bob, made.expose()).await);
        let given = SecretText::from("a better battery");
        let told = user::password_reset(&ctx, &admin, &bob.id, Some(given.clone())).await;
        assert!(told.expect("reset").is_none());
        assert!(!opens(&world, tenant, bob, made.expose()).await);
        assert!(opens(&world, tenant, bob, given.expose()).await);
        let events = world.audit(tenant, "user.password_reset").await;
        assert_eq!((events.len(), events[1].details["generated"].as_bool()), (2, Some(true)));
        let rows = world.rows().await;
        for secret in [made.expose(), given.expose()] {
            assert!(rows.iter().all(|row| !row.contains(secret.as_str())), "in no row");
        }
        let short = user::password_reset(&ctx, &admin, &bob.id, Some("short".into())).await;
        assert!(matches!(short, Err(AdminError::Invalid { field: "password", .. })), "{short:?}");
    }

    async fn a_password_that_is_replaced_while_it_is_checked_opens_nothing(world) {
        let tenant = &world.a;
        let mut browser = world.browser(tenant);
        let page = browser.get("/login").await;
        // Another node is about to replace it: the sign-in reads the old one, and finds it right.
        let region = world.engine().store().region(&eu()).expect("the region");
        let mut tx = region.begin(&tenant.id).await.expect("begins");
        let bob = &tenant.bob.id;
        tx.user_set_password(bob, "another hash", world.engine().now()).await.expect("sets");
        tx.session_delete_all(bob).await.expect("ends");
        let replace = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            tx.commit().await.expect("commits");
        };
        tokio::join!(browser.submit_sign_in(&page, &tenant.bob), replace);
        assert!(!is_signed_in(&mut browser).await);
        assert!(world.table("session").await.is_empty());
        assert_eq!(world.audit(tenant, "sign_in.failed").await.len(), 1);
        assert!(world.audit(tenant, "sign_in.succeeded").await.is_empty());
    }

    async fn nobody_takes_over_an_administrator(world) {
        let tenant = &world.a;
        manager(&world, tenant, &tenant.bob).await;
        let (ctx, bob) = (world.admin(tenant).await, world.caller(tenant, &tenant.bob).await);
        let mut browser = signed_in(&world, tenant, &tenant.admin).await;
        let id = &tenant.admin.id;
        let session = user::access(&ctx, &bob, id).await.expect("seen").sessions[0].id.clone();
        assert!(forbidden(&user::password_reset(&ctx, &bob, id, None).await));
        assert!(forbidden(&user::sessions_end(&ctx, &bob, id).await));
        assert!(forbidden(&user::session_end(&ctx, &bob, id, &session).await));
        assert!(forbidden(&user::app_remove(&ctx, &bob, id, &tenant.web.id).await));
        assert!(is_signed_in(&mut browser).await);
        assert!(opens(&world, tenant, &tenant.admin, &tenant.admin.password).await);
        // Whom he may manage, he may.
        let alice = user::password_reset(&ctx, &bob, &tenant.alice.id, None).await;
        assert!(alice.expect("reset").is_some());
    }

    async fn a_narrow_app_gives_its_own_administrator_no_password(world) {
        let tenant = &world.a;
        let token = token_for(&world, tenant, &tenant.admin, "admin.users").await;
        let ctx = world.admin(tenant).await;
        let narrow = engine::api_key::caller(&ctx, &token).await.expect("a caller");
        assert_eq!(narrow.user().map(|user| &user.id), Some(&tenant.admin.id));
        assert!(forbidden(&user::password_reset(&ctx, &narrow, &tenant.admin.id, None).await));
        assert!(opens(&world, tenant, &tenant.admin, &tenant.admin.password).await);
        let in_person = world.caller(tenant, &tenant.admin).await;
        assert!(user::password_reset(&ctx, &in_person, &tenant.admin.id, None).await.expect("reset").is_some());
    }

    async fn others_do_none_of_it(world) {
        let tenant = &world.a;
        let (ctx, alice) = (world.admin(tenant).await, world.caller(tenant, &tenant.alice).await);
        let id = &tenant.bob.id;
        signed_in(&world, tenant, &tenant.bob).await;
        let operator = Caller::operator();
        let session = user::access(&ctx, &operator, id).await.expect("seen").sessions[0].id.clone();
        assert!(denied(&user::access(&ctx, &alice, id).await));
        assert!(denied(&user::session_end(&ctx, &alice, id, &session).await));
        assert!(denied(&user::sessions_end(&ctx, &alice, id).await));
        assert!(denied(&user::app_remove(&ctx, &alice, id, &tenant.web.id).await));
        assert!(denied(&user::password_reset(&ctx, &alice, id, None).await));
        // Another tenant's user is unknown here.
        let other = &world.b.bob.id;
        for missing in [
            user::access(&ctx, &operator, other).await.err(),
            user::sessions_end(&ctx, &operator, other).await.err(),
            user::app_remove(&ctx, &operator, other, &world.b.web.id).await.err(),
            user::password_reset(&ctx, &operator, other, None).await.err(),
        ] {
            assert!(matches!(missing, Some(AdminError::NotFound("user"))), "{missing:?}");
        }
    }

    async fn a_machine_has_no_password_and_an_invited_person_stays_invited(world) {
        let tenant = &world.a;
        let token = world.machine_token(tenant).await;
        let (ctx, operator) = (world.admin(tenant).await, Caller::operator());
        let machine = engine::api_key::caller(&ctx, &token).await.expect("a caller");
        let bot = machine.user().expect("a bot").id.clone();
        let refused = user::password_reset(&ctx, &operator, &bot, None).await;
        assert!(matches!(refused, Err(AdminError::Conflict(_))), "{refused:?}");
        let draft = user::UserDraft {
            email: Some("new@a.test".into()),
            status: UserStatus::Invited,
            ..user::UserDraft::default()
        };
        let invited = user::create(&ctx, &operator, &draft).await.expect("made");
        user::password_reset(&ctx, &operator, &invited.id, None).await.expect("reset");
        let found = user::find(&ctx, invited.id.as_str()).await.expect("there");
        assert_eq!(found.status, UserStatus::Invited);
    }

    async fn preferences_are_ones_own_and_bounded(world) {
        let tenant = &world.a;
        let ctx = world.admin(tenant).await;
        let (alice, bob) =
            (world.caller(tenant, &tenant.alice).await, world.caller(tenant, &tenant.bob).await);
        let value = json!({ "columns": ["name", "type"], "hidden": ["created"] });
        let table = Preference::ClientsTable;
        assert_eq!(preference::get(&ctx, &alice, table).await.expect("read"), None);
        preference::put(&ctx, &alice, table, &value).await.expect("put");
        assert_eq!(preference::get(&ctx, &alice, table).await.expect("read"), Some(value.clone()));
        assert_eq!(preference::get(&ctx, &alice, Preference::UsersTable).await.expect("read"), None);
        assert_eq!(preference::get(&ctx, &bob, table).await.expect("read"), None);
        let most = json!("x".repeat(preference::PREFERENCE_MAX - 2));
        preference::put(&ctx, &bob, table, &most).await.expect("put");
        let more = json!("x".repeat(preference::PREFERENCE_MAX - 1));
        let refused = preference::put(&ctx, &bob, table, &more).await;
        assert!(matches!(refused, Err(AdminError::Invalid { field: "value", .. })), "{refused:?}");
        assert_eq!(preference::get(&ctx, &bob, table).await.expect("read"), Some(most));
        let nobody = preference::put(&ctx, &Caller::operator(), table, &value).await;
        assert!(matches!(nobody, Err(AdminError::NotFound("user"))), "{nobody:?}");
    }
}
