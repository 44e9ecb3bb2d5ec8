//! Roles: those that came with the tenant, and others.

use domain::user::{RoleKind, RoleLevel};
use store::StoreError;

use crate::bed::*;
use crate::group::group;

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

both! {
    async fn custom_roles_change_and_go(bed) {
        let (mut user, _) = bed.user_and_client().await;
        let mut tx = bed.begin(&bed.a).await;
        tx.role_create(&role(1)).await.expect("a role");
        tx.group_create(&group(1, &[1])).await.expect("a group");
        user.roles = vec![role(1).as_member()];
        tx.user_roles_put(&user).await.expect("roles");
        tx.commit().await.expect("commits");
        assert_eq!(bed.ra().await.role_members(&role(1).id).await.expect("counts"), (1, 1));
        assert_eq!(bed.ra().await.role_count_custom().await.expect("counts"), 1);
        let mut changed = role(1);
        changed.name = "Renamed".into();
        changed.description = String::new();
        changed.assigned_scopes = scopes("admin.users");
        changed.level = RoleLevel::Admin;
        changed.updated_at = t(9);
        changed.updated_by = "user-9".into();
        assert!(bed.wa().await.role_update(&changed).await.expect("updates"));
        assert_eq!(bed.ra().await.role_get(&changed.id).await.expect("reads"), Some(changed.clone()));
        assert!(bed.wa().await.role_delete(&changed.id).await.expect("deletes"));
        assert_eq!(bed.count("user_role").await, 0);
        assert_eq!(bed.count("group_role").await, 0);
        assert!(!bed.wa().await.role_update(&changed).await.expect("is gone"));
        assert!(!bed.wa().await.role_delete(&changed.id).await.expect("is gone"));
    }
}

both! {
    async fn default_roles_stay(bed) {
        let found = bed.ra().await.role_find_by_name("DataAdmin").await.expect("reads");
        let found = found.expect("a default role");
        assert_eq!(found.kind, RoleKind::Default);
        assert!(!bed.wa().await.role_update(&found).await.expect("refuses"));
        assert!(!bed.wa().await.role_delete(&found.id).await.expect("refuses"));
        assert_eq!(bed.ra().await.role_get(&found.id).await.expect("reads"), Some(found));
        assert_eq!(bed.ra().await.role_count_custom().await.expect("counts"), 0);
    }
}
