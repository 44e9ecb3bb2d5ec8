//! Organizations, subscriptions, regions, and where tenants live.

use domain::ids::{OrganizationId, UserId};
use domain::tenant::{Organization, Region, Tenant};
use store::{ServiceAccountOwner, StoreError};

use crate::bed::*;

both! {
    async fn organizations_are_made_and_listed(bed) {
        let directory = bed.store.directory();
        let made = organization(&tenant("tenant-a"));
        let stored = directory.organization_get(&made.id).await.expect("reads");
        assert_eq!(stored, Some(made.clone()));
        let first = directory.organization_list(1, None).await.expect("reads");
        assert_eq!(first, std::slice::from_ref(&made));
        let rest = directory.organization_list(9, Some(&made.id)).await.expect("reads");
        assert_eq!(rest, [organization(&tenant("tenant-b"))]);
        let error = directory.organization_create(&made).await;
        assert!(matches!(error, Err(StoreError::Conflict { what: "id" })), "{error:?}");
        let nobody = OrganizationId::parse("nobody").expect("an id");
        assert_eq!(directory.organization_get(&nobody).await.expect("reads"), None);
    }
}

both! {
    async fn service_account_owners_sign_in_by_email(bed) {
        let directory = bed.store.directory();
        let owner = ServiceAccountOwner {
            id: UserId::parse("sao-1").expect("an id"),
            organization_id: organization(&tenant("tenant-a")).id,
            email: "owner@example.com".into(),
            name: "Owner".into(),
            created_at: t0(),
        };
        let mut shouting = owner.clone();
        shouting.email = "Owner@Example.com".into();
        directory.service_account_owner_create(&shouting, "hash").await.expect("an owner");
        let listed = directory.service_account_owner_list(&owner.organization_id).await;
        assert_eq!(listed.expect("reads"), std::slice::from_ref(&owner));
        let found = directory.service_account_owner_for_sign_in("OWNER@example.com").await;
        assert_eq!(found.expect("reads"), Some((owner.clone(), "hash".to_owned())));
        shouting.id = UserId::parse("sao-2").expect("an id");
        let error = directory.service_account_owner_create(&shouting, "hash").await;
        assert!(matches!(error, Err(StoreError::Conflict { what: "email" })), "{error:?}");
        shouting.email = "other@example.com".into();
        shouting.organization_id = OrganizationId::parse("nobody").expect("an id");
        let error = directory.service_account_owner_create(&shouting, "hash").await;
        assert!(matches!(error, Err(StoreError::NotFound { .. })), "{error:?}");
    }
}

both! {
    async fn subscriptions_are_found_by_licence(bed) {
        let directory = bed.store.directory();
        let made = subscription(&tenant("tenant-a"), 2);
        assert_eq!(directory.subscription_get(&made.id).await.expect("reads"), Some(made.clone()));
        let found = directory.subscription_find_by_licence(&made.licence_number).await;
        assert_eq!(found.expect("reads"), Some(made.clone()));
        assert_eq!(directory.subscription_find_by_licence("none").await.expect("reads"), None);
        let listed = directory.subscription_list(&made.organization_id).await.expect("reads");
        assert_eq!(listed, std::slice::from_ref(&made));
        let mut same = made;
        same.id = "other".parse().expect("an id");
        let error = directory.subscription_create(&same).await;
        assert!(matches!(error, Err(StoreError::Conflict { what: "licence_number" })), "{error:?}");
    }
}

both! {
    async fn regions_are_listed(bed) {
        let directory = bed.store.directory();
        let us = Region { code: "us".parse().expect("a code"), name: "US".into(), created_at: t0() };
        directory.region_create(&us).await.expect("a region");
        assert_eq!(directory.region_list().await.expect("reads"), [region(), us.clone()]);
        let error = directory.region_create(&us).await;
        assert!(matches!(error, Err(StoreError::Conflict { .. })), "{error:?}");
    }
}

fn another(n: u32) -> Tenant {
    let mut another = tenant("tenant-a");
    another.id = format!("tenant-x{n:02}").parse().expect("an id");
    another.hostnames = vec![format!("x{n}.example.com")];
    another
}

both! {
    async fn tenants_are_found_by_id_and_hostname(bed) {
        let directory = bed.store.directory();
        assert_eq!(directory.tenant_find(&bed.a).await.expect("reads"), Some(eu()));
        assert_eq!(directory.tenant_find(&another(1).id).await.expect("reads"), None);
        for hostname in tenant("tenant-a").hostnames {
            let found = directory.hostname_find(&hostname).await.expect("reads");
            assert_eq!(found, Some((bed.a.clone(), eu())));
        }
        assert_eq!(directory.hostname_find("nowhere.example.com").await.expect("reads"), None);
        let page = directory.tenant_list(1, None).await.expect("reads");
        assert_eq!((page.len(), &page[0].tenant_id), (1, &bed.a));
        assert_eq!(page[0].subscription_id, tenant("tenant-a").subscription_id);
        let rest = directory.tenant_list(9, Some(&bed.a)).await.expect("reads");
        assert_eq!((rest.len(), &rest[0].tenant_id), (1, &bed.b));
    }
}

both! {
    async fn a_taken_hostname_leaves_nothing(bed) {
        let directory = bed.store.directory();
        let mut late = another(1);
        late.hostnames.push("tenant-b.example.com".into());
        let error = directory.tenant_location_create(&late).await;
        assert!(matches!(error, Err(StoreError::Conflict { what: "hostname" })), "{error:?}");
        assert_eq!(directory.tenant_find(&late.id).await.expect("reads"), None);
        assert_eq!(directory.hostname_find("x1.example.com").await.expect("reads"), None);
    }
}

both! {
    async fn a_location_needs_its_subscription_and_region(bed) {
        let directory = bed.store.directory();
        let mut wrong = another(1);
        wrong.organization_id = tenant("tenant-b").organization_id;
        let error = directory.tenant_location_create(&wrong).await;
        assert!(matches!(error, Err(StoreError::NotFound { what: "subscription" })), "{error:?}");
        let mut wrong = another(1);
        wrong.region = "us".parse().expect("a code");
        let error = directory.tenant_location_create(&wrong).await;
        assert!(matches!(error, Err(StoreError::NotFound { .. })), "{error:?}");
    }
}

both! {
    async fn many_who_make_tenants_stay_within_the_limit(bed) {
        let directory = bed.store.directory();
        let limited = Organization { id: id("org", 1), name: "O".into(), created_at: t0() };
        directory.organization_create(&limited).await.expect("an organization");
        let mut plan = subscription(&tenant("tenant-a"), 3);
        plan.id = id("sub", 1);
        plan.organization_id = limited.id.clone();
        plan.licence_number = "limited".into();
        directory.subscription_create(&plan).await.expect("a subscription");
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..16 {
            let (bed, plan) = (bed.clone(), plan.clone());
            tasks.spawn(async move {
                let mut tenant = another(n);
                tenant.organization_id = plan.organization_id;
                tenant.subscription_id = plan.id;
                bed.store.directory().tenant_location_create(&tenant).await
            });
        }
        let results = tasks.join_all().await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 3);
        for error in results.into_iter().filter_map(Result::err) {
            assert!(matches!(error, StoreError::Limit { .. }), "{error:?}");
        }
    }
}

both! {
    async fn a_tenant_its_event_and_its_change_go_together(bed) {
        let directory = bed.store.directory();
        let mut tx = directory.begin().await.expect("begins");
        tx.tenant_location_create(&another(1)).await.expect("a location");
        tx.change_append("directory", store::ChangeKind::Tenant, "t", t0()).await.expect("appends");
        drop(tx);
        assert_eq!(directory.tenant_find(&another(1).id).await.expect("reads"), None);
        assert_eq!(directory.change_last_seq().await.expect("reads"), 0);
        let mut tx = directory.begin().await.expect("begins");
        tx.tenant_location_create(&another(1)).await.expect("a location");
        tx.change_append("directory", store::ChangeKind::Tenant, "t", t0()).await.expect("appends");
        tx.commit().await.expect("commits");
        assert_eq!(directory.tenant_find(&another(1).id).await.expect("reads"), Some(eu()));
        assert_eq!(directory.change_tail(0, 9).await.expect("reads").len(), 1);
    }
}

both! {
    async fn facts_are_written_once(bed) {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..8 {
            let bed = bed.clone();
            tasks.spawn(async move {
                let value = format!("value {n}");
                let directory = bed.store.directory();
                directory.installation_put_if_absent("key_check", &value).await.expect("writes")
            });
        }
        let mut values = tasks.join_all().await;
        values.dedup();
        assert_eq!(values.len(), 1, "all learn the same value");
        let stored = bed.store.directory().installation_get("key_check").await.expect("reads");
        assert_eq!(stored.as_ref(), values.first());
        let region = bed.region();
        assert_eq!(region.installation_get("key_check").await.expect("reads"), None);
        let put = region.installation_put_if_absent("key_check", "x").await.expect("writes");
        assert_eq!(put, "x");
    }
}
