//! Tenants, roles and groups.

use domain::tenant::TenantStatus;
use store::{Group, StoreError};

use crate::bed::*;

both! {
    async fn a_tenant_is_read_as_it_was_made(bed) {
        let stored = bed.ra().await.tenant_get().await.expect("reads");
        assert_eq!(stored, Some(tenant("tenant-a")));
        let roles = bed.ra().await.role_page(&everything("name")).await.expect("reads").data;
        let mut made = default_roles(&tenant("tenant-a"));
        made.sort_by_key(|role| role.name.to_lowercase());
        assert_eq!(roles, made);
        let nobody = "tenant-c".parse().expect("an id");
        assert_eq!(bed.read(&nobody).await.tenant_get().await.expect("reads"), None);
    }
}

both! {
    async fn a_tenant_is_made_once(bed) {
        let error = bed.wa().await.tenant_create(&tenant("tenant-a"), &[]).await;
        assert!(matches!(error, Err(StoreError::Conflict { what: "id" })), "{error:?}");
        let error = bed.wa().await.tenant_create(&tenant("tenant-c"), &[]).await;
        assert!(matches!(error, Err(StoreError::Invalid { .. })), "{error:?}");
    }
}

both! {
    async fn a_tenant_that_is_made_with_a_wrong_role_is_not_made(bed) {
        let nobody = "tenant-c".parse().expect("an id");
        let twice = [role(1), role(1)];
        let error = bed.auto(&nobody).await.tenant_create(&tenant("tenant-c"), &twice).await;
        assert!(matches!(error, Err(StoreError::Conflict { .. })), "{error:?}");
        assert_eq!(bed.read(&nobody).await.tenant_get().await.expect("reads"), None);
    }
}

both! {
    async fn a_tenant_changes_but_not_its_primary_hostname(bed) {
        let mut changed = tenant("tenant-a");
        changed.name = "New name".into();
        changed.status = TenantStatus::Disabled;
        changed.lifetimes.access_token = 60;
        changed.hostnames.push("third.example.com".into());
        changed.updated_at = t(5);
        assert!(bed.wa().await.tenant_update(&changed).await.expect("updates"));
        assert_eq!(bed.ra().await.tenant_get().await.expect("reads").as_ref(), Some(&changed));

        let mut moved = changed.clone();
        moved.hostnames.swap(0, 1);
        let error = bed.wa().await.tenant_update(&moved).await;
        assert!(matches!(error, Err(StoreError::Invalid { what: "primary hostname" })));
        assert_eq!(bed.ra().await.tenant_get().await.expect("reads"), Some(changed));
    }
}

both! {
    async fn roles_have_unique_names(bed) {
        bed.wa().await.role_create(&role(1)).await.expect("a role");
        let found = bed.ra().await.role_find_by_name("Role 1").await.expect("reads");
        assert_eq!(found, Some(role(1)));
        assert_eq!(bed.ra().await.role_find_by_name("role 1").await.expect("reads"), None);
        let mut other = role(2);
        other.name = "Role 1".into();
        let error = bed.wa().await.role_create(&other).await;
        assert!(matches!(error, Err(StoreError::Conflict { what: "name" })), "{error:?}");
    }
}

pub fn group(n: u32) -> Group {
    Group {
        id: id("group", n),
        name: format!("Group {n}"),
        description: String::new(),
        provider: "idp".into(),
        status: "active".into(),
        created_at: t0(),
        updated_at: t0(),
    }
}

both! {
    async fn groups_are_listed_page_by_page(bed) {
        for n in 1..=3 {
            bed.wa().await.group_create(&group(n)).await.expect("a group");
        }
        let first = bed.ra().await.group_list(2, None).await.expect("reads");
        assert_eq!(first, [group(1), group(2)]);
        let rest = bed.ra().await.group_list(2, Some(&group(2).id)).await.expect("reads");
        assert_eq!(rest, [group(3)]);
        let error = bed.wa().await.group_create(&group(3)).await;
        assert!(matches!(error, Err(StoreError::Conflict { .. })), "{error:?}");
    }
}

both! {
    async fn members_and_roles_of_groups_must_exist(bed) {
        let (user, _) = bed.user_and_client().await;
        bed.wa().await.group_create(&group(1)).await.expect("a group");
        let mut tx = bed.wa().await;
        assert!(tx.group_member_add(&group(1).id, &user.id).await.expect("adds"));
        assert!(!tx.group_member_add(&group(1).id, &user.id).await.expect("has"));
        let error = tx.group_member_add(&group(2).id, &user.id).await;
        assert!(matches!(error, Err(StoreError::NotFound { .. })), "{error:?}");
        let error = tx.group_role_add(&group(1).id, &role(9).id).await;
        assert!(matches!(error, Err(StoreError::NotFound { .. })), "{error:?}");
    }
}
