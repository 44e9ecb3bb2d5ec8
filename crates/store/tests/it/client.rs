//! Clients: who sees them, who changes them, their credentials.

use domain::client::{Client, ClientWithCredentials, ConnectionConfig, ConsentMethod};
use domain::ids::ClientId;
use domain::list::{From, ListQuery, Sort};
use store::StoreError;

use crate::bed::*;

const TRUSTED: ConnectionConfig =
    ConnectionConfig { consent_method: ConsentMethod::Trusted, approved: true };
const REFUSED: ConnectionConfig =
    ConnectionConfig { consent_method: ConsentMethod::Required, approved: false };

/// Makes a region-level client of tenant A's subscription, which no method makes yet.
async fn regional(bed: &Bed, n: u32) -> ClientId {
    let client = client(&bed.a, n);
    bed.wa().await.client_create(&client).await.expect("a client");
    let text = format!(
        "UPDATE client SET owner_level = 'region', owner_id = 'sub-tenant-a' WHERE id = '{}'",
        client.id
    );
    execute(bed.region_url(), text).await;
    client.id
}

async fn published(bed: &Bed, n: u32) -> Client {
    let mut client = client(&bed.b, n);
    client.published_at = Some(t(3));
    bed.auto(&bed.b).await.client_create(&client).await.expect("a client");
    client
}

both! {
    async fn a_client_is_read_with_everything(bed) {
        let (_, client) = bed.user_and_client().await;
        let mut tx = bed.begin(&bed.a).await;
        for n in [2, 1] {
            tx.client_secret_create(&client.id, &secret(&client.id, n), 5).await.expect("a secret");
            tx.client_key_create(&client.id, &client_key(n), "user-1").await.expect("a key");
        }
        tx.connection_config_put(&client.id, TRUSTED, t(4)).await.expect("a config");
        tx.commit().await.expect("commits");
        let before = bed.store.statements();
        let stored = bed.ra().await.client_get(&client.id).await.expect("reads").expect("there");
        assert!(bed.store.statements() - before <= 3, "at most three statements");
        let expected = ClientWithCredentials {
            client: Client { updated_at: stored.client.updated_at, ..client },
            secrets: vec![secret(&stored.client.id, 1), secret(&stored.client.id, 2)],
            keys: vec![client_key(1), client_key(2)],
            connection: Some(TRUSTED),
        };
        assert_eq!(stored, expected);
    }
}

both! {
    async fn a_client_changes_but_not_its_type(bed) {
        let (_, client) = bed.user_and_client().await;
        let mut changed = client.clone();
        changed.name = "Other".into();
        changed.app_type = domain::client::AppType::Spa;
        changed.created_at = t(99);
        changed.redirect_uris.clear();
        changed.machine_grants.clear();
        changed.auth_methods.clear();
        changed.disable_tag = Some("misuse".into());
        changed.published_at = Some(t(7));
        changed.require_pkce = true;
        changed.id_token_alg = domain::jose::Alg::ES256;
        changed.updated_at = t(8);
        assert!(bed.wa().await.client_update(&changed).await.expect("updates"));
        let stored = bed.ra().await.client_get(&client.id).await.expect("reads").expect("there");
        changed.app_type = client.app_type;
        changed.created_at = client.created_at;
        assert_eq!(stored.client, changed);
        changed.id = id("nobody", 1);
        assert!(!bed.wa().await.client_update(&changed).await.expect("none"));
    }
}

both! {
    async fn a_tenant_sees_its_own_its_regions_and_published_clients(bed) {
        let (_, own) = bed.user_and_client().await;
        let region = regional(&bed, 2).await;
        let hidden = client(&bed.b, 3);
        bed.auto(&bed.b).await.client_create(&hidden).await.expect("a client");
        let published = published(&bed, 4).await;
        let mut read = bed.ra().await;
        for (id, seen) in
            [(&own.id, true), (&region, true), (&published.id, true), (&hidden.id, false)]
        {
            let found = read.client_get(id).await.expect("reads").is_some();
            assert_eq!(found, seen, "{id}");
        }
        let mut other = bed.read(&bed.b).await;
        assert!(other.client_get(&region).await.expect("reads").is_none(), "other subscription");
        assert!(other.client_get(&own.id).await.expect("reads").is_none(), "not published");
    }
}

both! {
    async fn clients_are_listed_page_by_page(bed) {
        let mut expected = Vec::new();
        for n in 1..=3 {
            let client = client(&bed.a, n);
            bed.wa().await.client_create(&client).await.expect("a client");
            bed.wa().await.client_secret_create(&client.id, &secret(&client.id, n), 5).await
                .expect("a secret");
            expected.push(client.id);
        }
        expected.push(regional(&bed, 4).await);
        let met = published(&bed, 5).await;
        published(&bed, 6).await;
        bed.wa().await.connection_config_put(&met.id, REFUSED, t(1)).await.expect("a config");
        expected.push(met.id.clone());

        let mut seen = Vec::new();
        loop {
            let page = bed.ra().await.client_list(2, seen.last()).await.expect("reads");
            for one in &page {
                let secrets = usize::from(one.client.name.as_str() < "Client 4");
                assert_eq!(one.secrets.len(), secrets, "{}", one.client.id);
                assert_eq!(one.connection, (one.client.id == met.id).then_some(REFUSED));
            }
            seen.extend(page.iter().map(|one| one.client.id.clone()));
            if page.len() < 2 {
                break;
            }
        }
        assert_eq!(seen, expected);
    }
}

both! {
    async fn secrets_are_limited_and_have_unique_hints(bed) {
        let (_, client) = bed.user_and_client().await;
        let mut tx = bed.wa().await;
        tx.client_secret_create(&client.id, &secret(&client.id, 1), 5).await.expect("a secret");
        let mut same = secret(&client.id, 2);
        same.hint = "hint1".into();
        let error = tx.client_secret_create(&client.id, &same, 5).await;
        assert!(matches!(error, Err(StoreError::Conflict { what: "hint" })), "{error:?}");
        let error = tx.client_secret_create(&id("nobody", 1), &secret(&client.id, 3), 5).await;
        assert!(matches!(error, Err(StoreError::NotFound { what: "client" })), "{error:?}");

        // Ten at once: four fit.
        let mut tasks = tokio::task::JoinSet::new();
        for n in 10..20 {
            let (bed, id) = (bed.clone(), client.id.clone());
            tasks.spawn(async move {
                bed.wa().await.client_secret_create(&id, &secret(&id, n), 5).await
            });
        }
        let results = tasks.join_all().await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 4);
        for error in results.into_iter().filter_map(Result::err) {
            assert!(matches!(error, StoreError::Limit { .. }), "{error:?}");
        }
        assert_eq!(bed.ra().await.client_secret_count(&client.id).await.expect("counts"), 5);
        assert!(bed.wa().await.client_secret_delete(&client.id, "hint1").await.expect("deletes"));
        assert!(!bed.wa().await.client_secret_delete(&client.id, "hint1").await.expect("gone"));
        assert_eq!(bed.ra().await.client_secret_count(&client.id).await.expect("counts"), 4);
    }
}

both! {
    async fn keys_have_unique_ids(bed) {
        let (_, client) = bed.user_and_client().await;
        let mut tx = bed.wa().await;
        tx.client_key_create(&client.id, &client_key(1), "user-1").await.expect("a key");
        let error = tx.client_key_create(&client.id, &client_key(1), "user-1").await;
        assert!(matches!(error, Err(StoreError::Conflict { what: "kid" })), "{error:?}");
        let error = tx.client_key_create(&id("nobody", 1), &client_key(2), "user-1").await;
        assert!(matches!(error, Err(StoreError::NotFound { .. })), "{error:?}");
        assert!(tx.client_key_delete(&client.id, "key-1").await.expect("deletes"));
        assert!(!tx.client_key_delete(&client.id, "key-1").await.expect("gone"));
    }
}

both! {
    async fn deleting_a_client_takes_all_that_hangs_on_it(bed) {
        let (user, client) = bed.user_and_client().await;
        let mut tx = bed.begin(&bed.a).await;
        tx.client_secret_create(&client.id, &secret(&client.id, 1), 5).await.expect("a secret");
        tx.client_key_create(&client.id, &client_key(1), "user-1").await.expect("a key");
        tx.connection_config_put(&client.id, TRUSTED, t0()).await.expect("a config");
        tx.consent_put(&user.id, &client.id, &scopes("openid"), t0()).await.expect("a consent");
        tx.code_create("code", &code(&user.id, &client.id, 1)).await.expect("a code");
        tx.family_create(&family(&user.id, &client.id, 1), "token", t(60)).await.expect("a family");
        tx.commit().await.expect("commits");
        let tables = [
            "client_secret", "client_key", "connection_config", "consent", "authorization_code",
            "refresh_family", "refresh_token",
        ];
        for table in tables {
            assert_eq!(bed.count(table).await, 1, "{table}");
        }
        assert!(bed.wa().await.client_delete(&client.id, t(99)).await.expect("deletes"));
        assert!(!bed.wa().await.client_delete(&client.id, t(99)).await.expect("gone"));
        for table in tables {
            assert_eq!(bed.count(table).await, 0, "{table}");
        }
        assert!(bed.ra().await.user_get(&user.id).await.expect("reads").is_some());
    }
}

both! {
    async fn origins_are_those_of_clients_that_are_let_in(bed) {
        let origins = |n: u32| format!("https://app{n}.example.com");
        let (_, own) = bed.user_and_client().await;
        let region = regional(&bed, 2).await;
        let strange = published(&bed, 3).await;
        let mut off = client(&bed.a, 4);
        off.disable_tag = Some("off".into());
        bed.wa().await.client_create(&off).await.expect("a client");
        let mut none = client(&bed.a, 5);
        none.allowed_origins.clear();
        bed.wa().await.client_create(&none).await.expect("a client");

        let read = async || bed.ra().await.allowed_origins().await.expect("reads");
        assert_eq!(read().await, [origins(1), origins(2)]);
        bed.wa().await.connection_config_put(&strange.id, TRUSTED, t0()).await.expect("lets in");
        assert_eq!(read().await, [origins(1), origins(2), origins(3)]);
        for id in [&own.id, &region, &strange.id] {
            bed.wa().await.connection_config_put(id, REFUSED, t0()).await.expect("refuses");
        }
        assert!(read().await.is_empty());
    }
}

both! {
    async fn a_config_needs_a_visible_client_and_is_replaced(bed) {
        let (_, own) = bed.user_and_client().await;
        let hidden = client(&bed.b, 3);
        bed.auto(&bed.b).await.client_create(&hidden).await.expect("a client");
        let mut tx = bed.wa().await;
        for id in [&hidden.id, &id("nobody", 1)] {
            let error = tx.connection_config_put(id, TRUSTED, t0()).await;
            assert!(matches!(error, Err(StoreError::NotFound { what: "client" })), "{error:?}");
        }
        for config in [TRUSTED, REFUSED] {
            tx.connection_config_put(&own.id, config, t0()).await.expect("a config");
            let stored = tx.client_get(&own.id).await.expect("reads").expect("there");
            assert_eq!(stored.connection, Some(config));
        }
    }
}

both! {
    async fn guests_are_found_among_the_configs_of_own_clients(bed) {
        let (_, own) = bed.user_and_client().await;
        let (guest, unknown) = (published(&bed, 2).await, published(&bed, 3).await);
        for id in [&own.id, &guest.id] {
            bed.wa().await.connection_config_put(id, TRUSTED, t0()).await.expect("a config");
        }
        bed.auto(&bed.b).await.connection_config_put(&guest.id, TRUSTED, t0()).await.expect("a config");
        let query = ListQuery {
            filter: None,
            sort: Sort::ascending("clientId"),
            limit: 10,
            from: From::Start,
            total: true,
        };
        let listed = async |mut read: store::TenantRead| {
            let page = read.client_page(&query).await.expect("reads");
            let ids: Vec<ClientId> = page.data.into_iter().map(|one| one.client.id).collect();
            assert_eq!(page.total.and_then(|total| usize::try_from(total).ok()), Some(ids.len()));
            ids
        };
        let mut both = vec![own.id.clone(), guest.id.clone()];
        both.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        let marks = [
            "is_guest = is_guest",
            // As a node that runs an older program leaves them.
            "is_guest = 1",
        ];
        for mark in marks {
            let text = format!("UPDATE connection_config SET {mark}");
            execute(bed.region_url(), text).await;
            assert_eq!(listed(bed.ra().await).await, both, "{mark}");
            let mut of_b = listed(bed.read(&bed.b).await).await;
            of_b.retain(|id| *id != unknown.id);
            assert_eq!(of_b, std::slice::from_ref(&guest.id), "{mark}");
        }
    }
}
