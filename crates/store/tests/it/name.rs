//! Names by ids, and things by their names.

use domain::filter::{Attribute, Filter, Kind, Op, Operand, Test};
use domain::list::{ListQuery, Sort};
use store::Noun;

use crate::bed::*;
use crate::group::group;

both! {
    async fn names_of_many_are_read_at_once(bed) {
        let (user, client) = bed.user_and_client().await;
        let mut tx = bed.begin(&bed.a).await;
        tx.role_create(&role(1)).await.expect("a role");
        tx.group_create(&group(1, &[1])).await.expect("a group");
        tx.api_key_create(&api_key(&user.id, 1), 9).await.expect("a key");
        tx.commit().await.expect("commits");
        let key = api_key(&user.id, 1);
        for (noun, id, name) in [
            (Noun::User, user.id.as_str(), user.name.as_str()),
            (Noun::Client, client.id.as_str(), client.name.as_str()),
            (Noun::Group, group(1, &[]).id.as_str(), "Group 1"),
            (Noun::Role, role(1).id.as_str(), "Role 1"),
            (Noun::ApiKey, key.id.as_str(), "Key 1"),
        ] {
            let before = bed.store.statements();
            let found = bed.ra().await.names_get(noun, &["nothing", id, "", id]).await.expect("reads");
            assert_eq!(bed.store.statements() - before, 1, "{noun:?}");
            let [one] = found.as_slice() else { panic!("{noun:?}: {found:?}") };
            assert_eq!((one.id.as_str(), one.name.as_str(), one.is_listed), (id, name, true));
            assert_eq!(bed.ra().await.names_get(noun, &[]).await.expect("reads"), []);
        }
    }
}

both! {
    async fn things_are_found_by_name(bed) {
        let (user, _) = bed.user_and_client().await;
        let called = |name: &str| {
            let attribute = Attribute { name: "name", kind: Kind::Text };
            let operand = Operand::Text(name.to_lowercase());
            let filter = Filter::Test(Test { attribute, op: Op::Co, operand });
            ListQuery { filter: Some(filter), sort: Sort::ascending("name"), ..everything("name") }
        };
        let found = bed.ra().await.name_page(Noun::User, &called(&user.name)).await.expect("reads");
        assert_eq!(found.data.len(), 1);
        assert_eq!((&found.data[0].id[..], &found.data[0].name), (user.id.as_str(), &user.name));
        let nobody = bed.ra().await.name_page(Noun::User, &called("nobody")).await.expect("reads");
        assert_eq!(nobody.data, []);
        assert!(bed.ra().await.name_page(Noun::Client, &called("x")).await.is_err(), "clients have another attribute");
    }
}
