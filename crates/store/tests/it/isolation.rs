//! A row of another tenant is unreachable through every method.
//!
//! Tenant A has one of everything. Tenant B then calls every method with A's ids, and gets
//! nothing; every row of A is as it was. A method without an attack here fails the test, so a new
//! method cannot be forgotten.

use std::collections::BTreeSet;

use domain::audit::{Actor, event_id};
use domain::client::{Client, ConnectionConfig, ConsentMethod, Owner};
use domain::grant::CodeSpend;
use domain::ids::GrantId;
use domain::jose::Alg;
use domain::user::{User, UserStatus};
use store::{
    ChangeKind, ClientFailure, Noun, ScopeDay, ScopeWay, StoreError, UsageDelta, UsageFlush,
};

use crate::audit::event;
use crate::bed::*;
use crate::group::group;
use crate::key::signing_key;
use crate::logo::logo;

/// Gives tenant A one of everything.
async fn furnish(bed: &Bed) -> (User, Client, User) {
    let (mut user, client) = bed.user_and_client().await;
    let bot = bot(&bed.a, 2, &client.id);
    let mut tx = bed.begin(&bed.a).await;
    tx.bot_user_create_if_absent(&bot).await.expect("a bot");
    tx.role_create(&role(1)).await.expect("a role");
    tx.group_create(&group(1, &[1])).await.expect("a group");
    user.roles = vec![role(1).as_member()];
    user.groups = vec![group(1, &[1]).as_member()];
    tx.user_roles_put(&user).await.expect("a role");
    tx.user_groups_put(&user).await.expect("a member");
    tx.client_secret_create(&client.id, &secret(&client.id, 1), 5).await.expect("a secret");
    tx.client_key_create(&client.id, &client_key(1), "user-1").await.expect("a key");
    tx.connection_config_put(&client.id, TRUSTED, t0()).await.expect("a config");
    tx.session_create(&session(&user.id, 1), "cookie").await.expect("a session");
    tx.consent_put(&user.id, &client.id, &scopes("openid"), t0()).await.expect("a consent");
    tx.code_create("code", &code(&user.id, &client.id, 1)).await.expect("a code");
    tx.code_create("spent", &code(&user.id, &client.id, 2)).await.expect("a code");
    tx.code_spend("spent", t0()).await.expect("spends");
    tx.family_create(&family(&user.id, &client.id, 1), "token", t(100)).await.expect("a family");
    tx.signing_key_create_if_absent(&signing_key("kid", Alg::ES256, 1)).await.expect("a key");
    tx.token_revoke("grant:x", t(100), t0()).await.expect("revokes");
    tx.assertion_spend(&client.id, "jti", t(100)).await.expect("spends");
    tx.mark_spend(&user.id, "mark", t(100)).await.expect("spends");
    tx.api_key_create(&api_key(&user.id, 1), 9).await.expect("a key");
    tx.preference_put(&user.id, "clients", &true.into(), t0()).await.expect("a preference");
    tx.tenant_logo_put(&logo(1), t0()).await.expect("a logo");
    tx.audit_append(&event(1, Actor::System)).await.expect("appends");
    tx.change_append(ChangeKind::Client, "client", t0()).await.expect("appends");
    tx.commit().await.expect("commits");
    let used = UsageDelta {
        owner_id: bed.a.to_string(),
        client_id: client.id.clone(),
        day: "2027-01-15".into(),
        kind: "code".into(),
        count: 1,
    };
    let refused = ClientFailure {
        owner_id: bed.a.to_string(),
        client_id: client.id.clone(),
        at: t0(),
        reason: "wrong_secret".into(),
        address: "192.0.2.1".into(),
        trace_id: String::new(),
    };
    let requested = ScopeDay {
        owner_id: bed.a.to_string(),
        client_id: client.id.clone(),
        scope: "openid".into(),
        way: ScopeWay::Requested,
        day: "2027-01-15".into(),
    };
    let flush = UsageFlush {
        counts: vec![used],
        failures: vec![refused],
        scopes: vec![requested],
        clients: vec![client_use(&bed.a, &client.id, t0())],
        ..UsageFlush::default()
    };
    bed.region().wide().usage_flush(&flush).await.expect("counts");
    (user, client, bot)
}

const TRUSTED: ConnectionConfig =
    ConnectionConfig { consent_method: ConsentMethod::Trusted, approved: true };

/// The public async methods of the tenant's handles, from their source.
fn methods() -> BTreeSet<String> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/src/region");
    let mut names = BTreeSet::new();
    for file in std::fs::read_dir(directory).expect("a directory") {
        let path = file.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if name == "mod.rs" || name == "wide.rs" {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a text");
        for line in text.lines() {
            if let Some(rest) = line.trim_start().strip_prefix("pub async fn ") {
                let end = rest.find(['(', '<']).expect("a parameter list");
                names.insert(rest[..end].to_owned());
            }
        }
    }
    names
}

both! {
    async fn nothing_of_another_tenant_is_reachable(bed) {
        let (user, client, bot) = furnish(&bed).await;
        let before = bed.rows().await;
        let mut attacked = BTreeSet::new();
        // Both kinds of handles of tenant B.
        for transaction in [false, true] {
            macro_rules! attack {
                ($($method:ident ( $($argument:expr),* ) => $expected:pat $(if $guard:expr)? ,)+) => {$(
                    let mut tx = if transaction {
                        bed.begin(&bed.b).await
                    } else {
                        bed.auto(&bed.b).await
                    };
                    let result = tx.$method($($argument),*).await;
                    assert!(
                        matches!(&result, $expected $(if $guard)?),
                        "{}: {result:?}", stringify!($method)
                    );
                    attacked.insert(stringify!($method).to_owned());
                    drop(tx.commit().await);
                )+};
            }
            let as_mine = Client { owner: Owner::Tenant(bed.b.clone()), ..client.clone() };
            let grant = GrantId::parse("grant-1").expect("an id");
            attack! {
                tenant_get() => Ok(Some(tenant)) if tenant.id == bed.b,
                tenant_logo_get() => Ok(None),
                tenant_logo_delete() => Ok(false),
                tenant_create(&tenant("tenant-a"), &[]) => Err(StoreError::Invalid { .. }),
                tenant_hold() => Ok(()),
                tenant_update(&tenant("tenant-a")) => Err(StoreError::Invalid { .. }),
                role_page(&everything("name")) => Ok(page)
                    if page.data.iter().all(|one| one.id != role(1).id),
                user_page(&everything("name")) => Ok(page) if page.data.is_empty(),
                client_page(&everything("clientName")) => Ok(page) if page.data.is_empty(),
                api_key_page(&everything("created")) => Ok(page) if page.data.is_empty(),
                api_key_get(&id("api-key", 1)) => Ok(None),
                api_key_create(&api_key(&user.id, 2), 9) => Err(StoreError::NotFound { .. }),
                api_key_describe(&id("api-key", 1), "mine", t(1)) => Ok(false),
                api_key_revoke(&id("api-key", 1), t(1)) => Ok(false),
                api_key_grants(&user.id, &client.id) => Ok(grants) if grants.is_empty(),
                api_keys_revoke_for(&user.id, t(1)) => Ok(ids) if ids.is_empty(),
                api_keys_revoke_of_grant(&grant, t(1)) => Ok(ids) if ids.is_empty(),
                api_keys_revoke_of_client(&user.id, &client.id, t(1)) => Ok(ids) if ids.is_empty(),
                api_key_delete(&id("api-key", 1)) => Ok(false),
                tenant_hold() => Ok(()),
                oauth_token_page(&everything("userId")) => Ok(page) if page.data.is_empty(),
                oauth_token_owner(&grant, t0()) => Ok(None),
                role_find_by_name("Role 1") => Ok(None),
                role_get(&role(1).id) => Ok(None),
                role_count_custom() => Ok(0),
                role_members(&role(1).id) => Ok((0, 0)),
                role_update(&role(1)) => Ok(false),
                role_delete(&role(1).id) => Ok(false),
                group_page(&everything("name"), false) => Ok(page) if page.data.is_empty(),
                group_page(&everything("name"), true) => Ok(page) if page.data.len() == 1,
                group_get(&group(1, &[]).id) => Ok(None),
                group_find_by_name("Group 1") => Ok(None),
                group_count() => Ok(0),
                group_roles_most(200) => Ok(0),
                group_member_count(&group(1, &[]).id) => Ok(0),
                group_create(&group(1, &[1])) => Err(StoreError::NotFound { .. }),
                group_update(&group(1, &[])) => Ok(false),
                group_delete(&group(1, &[]).id) => Ok(false),
                user_get(&user.id) => Ok(None),
                user_find_by_subject(&user.subject) => Ok(None),
                user_find_by_email("user1@example.com") => Ok(None),
                user_for_sign_in("user1@example.com") => Ok(None),
                user_list(99, None) => Ok(users) if users.is_empty(),
                bot_user_find(&client.id) => Ok(None),
                user_create(&user, None) => Err(StoreError::Invalid { .. }),
                bot_user_create_if_absent(&bot) => Err(StoreError::Invalid { .. }),
                user_update_status(&user.id, UserStatus::Disabled, t(1)) => Ok(false),
                user_set_password(&user.id, "hash", t(1)) => Ok(false),
                user_hold(&user.id, "hash") => Ok(false),
                user_count(None) => Ok(0),
                is_administered() => Ok(false),
                user_update(&user) => Err(StoreError::Invalid { .. }),
                user_update(&User { tenant_id: bed.b.clone(), ..user.clone() }) => Ok(false),
                user_roles_put(&user) => Err(StoreError::Invalid { .. }),
                user_roles_put(&User { tenant_id: bed.b.clone(), ..user.clone() }) => Err(StoreError::NotFound { .. }),
                user_groups_put(&user) => Err(StoreError::Invalid { .. }),
                user_groups_put(&User { tenant_id: bed.b.clone(), ..user.clone() }) => Err(StoreError::NotFound { .. }),
                user_delete(&user.id) => Ok(false),
                client_get(&client.id) => Ok(None),
                clients_get(&[&client.id]) => Ok(found) if found.is_empty(),
                client_overview(&[&client.id], "", "failure.") => Ok(found) if found.is_empty(),
                client_consequences(&[&client.id], t0()) => Ok(found) if found.is_empty(),
                client_user_page(&client.id, &everything("userId"), t0()) => Ok(page)
                    if page.data.is_empty() && page.total == Some(0),
                names_get(Noun::User, &[user.id.as_str()]) => Ok(names) if names.is_empty(),
                names_get(Noun::Client, &[client.id.as_str()]) => Ok(names) if names.is_empty(),
                names_get(Noun::Group, &[group(1, &[]).id.as_str()]) => Ok(names) if names.is_empty(),
                names_get(Noun::Role, &[role(1).id.as_str()]) => Ok(names) if names.is_empty(),
                names_get(Noun::ApiKey, &["api-key-1"]) => Ok(names) if names.is_empty(),
                name_page(Noun::User, &everything("name")) => Ok(page) if page.data.is_empty(),
                name_page(Noun::Client, &everything("clientName")) => Ok(page) if page.data.is_empty(),
                name_page(Noun::Group, &everything("name")) => Ok(page) if page.data.is_empty(),
                name_page(Noun::Role, &everything("name")) => Ok(page)
                    if page.data.iter().all(|one| one.id != role(1).id.as_str()),
                name_page(Noun::ApiKey, &everything("description")) => Ok(page) if page.data.is_empty(),
                preference_get(&user.id, "clients") => Ok(None),
                preference_put(&user.id, "clients", &false.into(), t(1)) => Err(StoreError::NotFound { .. }),
                client_list(99, None) => Ok(clients) if clients.is_empty(),
                client_count() => Ok(0),
                client_count_for_update() => Ok(0),
                client_lock(&client.id, t(1)) => Ok(false),
                client_hold(&client.id) => Ok(false),
                connection_config_delete(&client.id) => Ok(false),
                client_secret_count(&client.id) => Ok(0),
                allowed_origins() => Ok(origins) if origins.is_empty(),
                client_create(&client) => Err(StoreError::Invalid { .. }),
                client_create(&as_mine) => Err(StoreError::Conflict { what: "id" }),
                client_update(&client) => Ok(false),
                client_update(&as_mine) => Ok(false),
                client_delete(&client.id, t0()) => Ok(false),
                client_secret_create(&client.id, &secret(&client.id, 2), 5) => Err(StoreError::NotFound { .. }),
                client_secret_delete(&client.id, "hint1") => Ok(false),
                client_key_create(&client.id, &client_key(2), "x") => Err(StoreError::NotFound { .. }),
                client_key_delete(&client.id, "key-1") => Ok(false),
                connection_config_put(&client.id, TRUSTED, t(1)) => Err(StoreError::NotFound { .. }),
                session_find("cookie") => Ok(None),
                session_list(&user.id) => Ok(sessions) if sessions.is_empty(),
                session_create(&session(&user.id, 2), "cookie-2") => Err(StoreError::NotFound { .. }),
                session_touch(&id("session", 1), t(99)) => Ok(false),
                session_reauthenticate(&id("session", 1), "mine", t(99), t(999)) => Ok(false),
                session_delete(&id("session", 1)) => Ok(false),
                session_delete_others(&user.id, &id("session", 9)) => Ok(0),
                session_delete_all(&user.id) => Ok(0),
                consent_find(&user.id, &client.id) => Ok(None),
                authorized_apps(&user.id) => Ok(apps) if apps.is_empty(),
                consent_put(&user.id, &client.id, &scopes("email"), t(1)) => Err(StoreError::NotFound { .. }),
                consent_delete(&user.id, &client.id) => Ok(false),
                code_create("code-2", &code(&user.id, &client.id, 3)) => Err(StoreError::NotFound { .. }),
                code_spend("code", t(1)) => Ok(CodeSpend::Unknown),
                code_spend("spent", t(1)) => Ok(CodeSpend::Unknown),
                codes_revoke_for(&user.id, None, t(1)) => Ok(0),
                refresh_token_find("token") => Ok(None),
                grants_of(&user.id, &client.id, t0()) => Ok(grants) if grants.is_empty(),
                family_create(&family(&user.id, &client.id, 2), "mine", t(100)) => Err(StoreError::NotFound { .. }),
                refresh_token_spend("token", "mine", t(1), t(100)) => Ok(false),
                family_revoke(&grant, t(1)) => Ok(false),
                families_revoke_for(&user.id, None, t(1)) => Ok(grants) if grants.is_empty(),
                signing_key_list() => Ok(keys) if keys.is_empty(),
                signing_key_retire("kid", t(1)) => Ok(false),
                signing_key_delete_retired("kid", t(99)) => Ok(false),
                revoked_list(t0()) => Ok(list) if list.is_empty(),
                audit_page(&everything("eventTime")) => Ok(page) if page.data.is_empty(),
                audit_get(&event_id(t(1), 1)) => Ok(None),
                usage_list(&client.id, "", 99) => Ok(list) if list.is_empty(),
                failure_list(&client.id, 99) => Ok(list) if list.is_empty(),
                scope_day_list(&client.id) => Ok(list) if list.is_empty(),
                secret_activity(&client.id) => Ok(list) if list.is_empty(),
                key_activity(&client.id) => Ok(list) if list.is_empty(),
            }
            assert!(bed.rows().await == before, "nothing changed so far");
        }
        // What B may write under the same names is B's own.
        let mut tx = bed.auto(&bed.b).await;
        assert!(!tx.signing_key_create_if_absent(&signing_key("kid", Alg::ES256, 1)).await.expect("no"));
        assert!(tx.assertion_spend(&client.id, "jti", t(200)).await.expect("B's own"));
        assert!(tx.mark_spend(&user.id, "mark", t(200)).await.expect("B's own"));
        let revoked = GrantId::parse("grant:x").expect("an id");
        assert!(tx.grant_hold(&revoked, t(1)).await.expect("B's own"), "revoked in A only");
        tx.token_revoke("grant:x", t(200), t(1)).await.expect("B's own");
        tx.role_create(&role(1)).await.expect("B's own");
        tx.group_create(&group(1, &[])).await.expect("B's own");
        tx.tenant_logo_put(&logo(2), t(1)).await.expect("B's own");
        tx.audit_append(&event(2, Actor::System)).await.expect("B's own");
        tx.change_append(ChangeKind::Client, "client", t(1)).await.expect("B's own");
        for name in [
            "signing_key_create_if_absent", "assertion_spend", "mark_spend", "grant_hold", "token_revoke",
            "role_create", "group_create", "tenant_logo_put", "audit_append", "change_append",
        ] {
            attacked.insert(name.to_owned());
        }
        let after = bed.rows().await;
        // The ends of B's own trail and of the register of trails have moved.
        let end = |row: &&String| row.starts_with("audit_chain: ") && !row.contains("tenant-a");
        let lost: Vec<_> = before.difference(&after).filter(|row| !end(row)).collect();
        assert!(lost.is_empty(), "{lost:?}");
        for row in after.difference(&before).filter(|row| !end(row)) {
            assert!(row.contains("tenant-b") && !row.contains("owner_id=Some(\"tenant-a"), "{row}");
        }
        let methods = methods();
        assert!(methods.len() > 50, "{} methods", methods.len());
        let missing: Vec<_> = methods.difference(&attacked).collect();
        assert!(missing.is_empty(), "no attack tries {missing:?}");
    }
}
