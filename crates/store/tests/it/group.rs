//! Groups, and the group of everybody.

use domain::ids::GroupId;
use domain::user::{EVERYONE, EVERYONE_NAME, GroupProvider, GroupStatus};
use store::{Group, StoreError};

use crate::bed::*;

/// A group with some of the numbered roles.
pub fn group(n: u32, roles: &[u32]) -> Group {
    Group {
        id: id("group", n),
        name: format!("Group {n}"),
        description: String::new(),
        provider: GroupProvider::Idp,
        status: GroupStatus::Active,
        roles: roles.iter().map(|n| role(*n).as_member()).collect(),
        created_at: t0(),
        updated_at: t0(),
        created_by: "user-1".into(),
        updated_by: String::new(),
    }
}

fn everyone() -> GroupId {
    GroupId::parse(EVERYONE).expect("an id")
}

both! {
    async fn groups_are_made_changed_and_deleted(bed) {
        let (mut user, _) = bed.user_and_client().await;
        let mut tx = bed.begin(&bed.a).await;
        for n in 1..=3 {
            tx.role_create(&role(n)).await.expect("a role");
        }
        for made in [group(1, &[]), group(2, &[1, 2])] {
            tx.group_create(&made).await.expect("a group");
        }
        tx.commit().await.expect("commits");
        assert_eq!(bed.ra().await.group_get(&id("group", 2)).await.expect("reads"), Some(group(2, &[1, 2])));
        assert_eq!(bed.ra().await.group_find_by_name("Group 1").await.expect("reads"), Some(group(1, &[])));
        assert_eq!(bed.ra().await.group_find_by_name("group 1").await.expect("reads"), None);
        let page = bed.ra().await.group_page(&everything("name"), false).await.expect("a page");
        assert_eq!(page.data, [group(1, &[]), group(2, &[1, 2])]);
        let own = bed.ra().await.group_page(&everything("name"), true).await.expect("a page");
        assert_eq!(own.data.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), [EVERYONE_NAME]);
        assert_eq!(bed.ra().await.group_count().await.expect("counts"), 2);

        let mut changed = group(2, &[2, 3]);
        changed.name = "Renamed".into();
        changed.description = "What for".into();
        changed.status = GroupStatus::Disabled;
        changed.updated_at = t(5);
        changed.updated_by = "user-5".into();
        assert!(bed.wa().await.group_update(&changed).await.expect("updates"));
        assert_eq!(bed.ra().await.group_get(&changed.id).await.expect("reads"), Some(changed.clone()));
        assert!(!bed.wa().await.group_update(&group(9, &[])).await.expect("none"));

        user.groups = vec![group(1, &[]).as_member()];
        bed.wa().await.user_groups_put(&user).await.expect("groups");
        assert_eq!(bed.ra().await.group_member_count(&id("group", 1)).await.expect("counts"), 1);
        assert!(bed.wa().await.group_delete(&id("group", 1)).await.expect("deletes"));
        assert!(!bed.wa().await.group_delete(&id("group", 1)).await.expect("is gone"));
        assert_eq!(bed.count("group_member").await, 0);
        assert!(!bed.wa().await.group_delete(&everyone()).await.expect("stays"));
        assert!(bed.ra().await.group_get(&everyone()).await.expect("reads").is_some());
    }
}

both! {
    async fn names_are_unique_and_roles_and_members_exist(bed) {
        let (mut user, _) = bed.user_and_client().await;
        bed.wa().await.group_create(&group(1, &[])).await.expect("a group");
        let error = bed.wa().await.group_create(&group(1, &[])).await;
        assert!(matches!(error, Err(StoreError::Conflict { .. })), "{error:?}");
        let mut other = group(2, &[]);
        other.name = "Group 1".into();
        let error = bed.wa().await.group_create(&other).await;
        assert!(matches!(error, Err(StoreError::Conflict { what: "name" })), "{error:?}");
        let error = bed.wa().await.group_create(&group(2, &[9])).await;
        assert!(matches!(error, Err(StoreError::NotFound { .. })), "{error:?}");
        assert_eq!(bed.ra().await.group_count().await.expect("counts"), 1, "all or nothing");
        let error = bed.wa().await.group_update(&group(1, &[9])).await;
        assert!(matches!(error, Err(StoreError::NotFound { .. })), "{error:?}");
        user.groups = vec![group(2, &[]).as_member()];
        let error = bed.wa().await.user_groups_put(&user).await;
        assert!(matches!(error, Err(StoreError::NotFound { .. })), "{error:?}");
    }
}
