//! Tenants, roles and groups.

use domain::colour::Rgb;
use domain::tenant::TenantStatus;
use store::StoreError;

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
        changed.brand.accent = Some(Rgb::hex(0xc2_185b));
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
