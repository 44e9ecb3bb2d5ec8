//! A filter means the same as SQL of either engine and as a plain evaluation of its tree: on
//! random rows, with random filters, and on every page of every sort.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::Arc;

use domain::client::{AppType, Client, ConnectionConfig, ConsentMethod, Creator};
use domain::filter::{Attribute, Filter, Kind, Op, Operand, Test};
use domain::ids::{GroupId, TenantId};
use domain::list::{From, ListQuery, Page, Sort};
use domain::time::Timestamp;
use domain::user::{
    EVERYONE, GroupProvider, GroupStatus, RoleLevel, RoleRef, User, UserKind, UserStatus,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use store::{Group, Role, TenantRead, TenantTx, UsageFlush};

use crate::bed::*;
use crate::group::group;

const CLIENTS: &[Attribute] = &[
    Attribute { name: "clientId", kind: Kind::Id },
    Attribute { name: "clientName", kind: Kind::Text },
    Attribute { name: "appType", kind: Kind::Word(&["web", "native", "spa", "anonymous-embed"]) },
    Attribute { name: "createdByType", kind: Kind::Word(&["user", "service", "dcr"]) },
    Attribute { name: "createdAt", kind: Kind::Time },
    Attribute { name: "updatedAt", kind: Kind::Time },
    Attribute { name: "publishedAt", kind: Kind::Time },
    Attribute { name: "disableTag", kind: Kind::Id },
    Attribute { name: "consentMethod", kind: Kind::Word(&["required", "trusted"]) },
    Attribute { name: "lastUsedAt", kind: Kind::Time },
];

const USERS: &[Attribute] = &[
    Attribute { name: "id", kind: Kind::Id },
    Attribute { name: "subject", kind: Kind::Text },
    Attribute { name: "name", kind: Kind::Text },
    Attribute { name: "email", kind: Kind::Text },
    Attribute { name: "status", kind: Kind::Word(&["active", "invited", "disabled"]) },
    Attribute { name: "clientId", kind: Kind::Id },
    Attribute { name: "assignedRoles.name", kind: Kind::Text },
    Attribute { name: "assignedRoles.id", kind: Kind::Id },
    Attribute { name: "assignedScopes", kind: Kind::Name },
    Attribute { name: "assignedGroups.name", kind: Kind::Text },
    Attribute { name: "assignedGroups.id", kind: Kind::Id },
    Attribute { name: "assignedGroupsAssignedRoles.name", kind: Kind::Text },
    Attribute { name: "assignedGroupsAssignedRoles.id", kind: Kind::Id },
    Attribute { name: "createdAt", kind: Kind::Time },
];

const GROUPS: &[Attribute] = &[
    Attribute { name: "id", kind: Kind::Id },
    Attribute { name: "name", kind: Kind::Text },
    Attribute { name: "status", kind: Kind::Word(&["active", "disabled"]) },
    Attribute { name: "providerType", kind: Kind::Word(&["idp", "custom", "system"]) },
    Attribute { name: "createdAt", kind: Kind::Time },
    Attribute { name: "assignedRoles.id", kind: Kind::Id },
    Attribute { name: "assignedRoles.name", kind: Kind::Text },
];

const ROLES: &[Attribute] = &[
    Attribute { name: "id", kind: Kind::Id },
    Attribute { name: "name", kind: Kind::Text },
    Attribute { name: "type", kind: Kind::Word(&["default", "custom"]) },
    Attribute { name: "level", kind: Kind::Word(&["admin", "user"]) },
    Attribute { name: "createdAt", kind: Kind::Time },
];

/// Scopes that roles give here, and parts of such that none gives.
const SCOPES: &[&str] =
    &["openid", "user_default", "default", "spaces.data", "spaces", "admin.users"];

/// What a row holds under a name: nothing, one value, or several.
#[derive(Debug, Clone, PartialEq)]
enum Held {
    Text(String),
    Time(Timestamp),
}

type Row = BTreeMap<&'static str, Vec<Held>>;

fn text(value: &str) -> Vec<Held> {
    vec![Held::Text(value.to_owned())]
}

/// A client with what hangs on its tenant.
struct Listed {
    client: Client,
    connection: Option<ConnectionConfig>,
    last_used_at: Option<Timestamp>,
}

fn client_row(Listed { client, connection, last_used_at }: &Listed) -> Row {
    let trusted = connection.is_some_and(|one| one.consent_method == ConsentMethod::Trusted);
    let is_trusted = trusted && client.published_at.is_none();
    BTreeMap::from([
        ("consentMethod", text(if is_trusted { "trusted" } else { "required" })),
        ("lastUsedAt", last_used_at.map(Held::Time).into_iter().collect()),
        ("clientId", text(client.id.as_str())),
        ("clientName", text(&client.name.to_lowercase())),
        ("appType", text(client.app_type.as_str())),
        ("createdByType", text(&client.created_by.kind)),
        ("createdAt", vec![Held::Time(client.created_at)]),
        ("updatedAt", vec![Held::Time(client.updated_at)]),
        ("publishedAt", client.published_at.map(Held::Time).into_iter().collect()),
        ("disableTag", client.disable_tag.iter().cloned().map(Held::Text).collect()),
    ])
}

/// A part of each of several roles.
fn of_roles<'r>(
    roles: impl IntoIterator<Item = &'r Arc<RoleRef>>,
    part: fn(&RoleRef) -> String,
) -> Vec<Held> {
    roles.into_iter().map(|role| part(role)).map(Held::Text).collect()
}

/// Users' groups as they are made: the disabled one among them gives nothing and is in no list.
fn user_row(user: &User) -> Row {
    let email = user.email.as_deref().map(str::to_lowercase);
    let is_person = user.kind == UserKind::Person;
    let everybodys = is_person.then(|| listed_role(EVERYBODYS).as_member());
    let disabled: GroupId = id("group", DISABLED);
    let active = || user.groups.iter().filter(|group| group.id != disabled);
    let passed = || active().flat_map(|group| &group.roles).chain(&everybodys);
    let scopes = user.roles.iter().chain(passed()).flat_map(|role| role.scopes.iter());
    let client = match &user.kind {
        UserKind::Bot(client) => text(client.as_str()),
        UserKind::Person => Vec::new(),
    };
    BTreeMap::from([
        ("clientId", client),
        ("assignedScopes", scopes.map(str::to_owned).map(Held::Text).collect()),
        ("assignedGroups.id", active().flat_map(|group| text(group.id.as_str())).collect()),
        (
            "assignedGroups.name",
            active().flat_map(|group| text(&group.name.to_lowercase())).collect(),
        ),
        ("assignedGroupsAssignedRoles.id", of_roles(passed(), |role| role.id.to_string())),
        ("assignedGroupsAssignedRoles.name", of_roles(passed(), |role| role.name.to_lowercase())),
        ("id", text(user.id.as_str())),
        ("subject", text(&user.subject.to_lowercase())),
        ("name", text(&user.name.to_lowercase())),
        ("email", email.map(Held::Text).into_iter().collect()),
        ("status", text(user.status.as_str())),
        ("assignedRoles.name", of_roles(&user.roles, |role| role.name.to_lowercase())),
        ("assignedRoles.id", of_roles(&user.roles, |role| role.id.to_string())),
        ("createdAt", vec![Held::Time(user.created_at)]),
    ])
}

fn group_row(group: &Group) -> Row {
    BTreeMap::from([
        ("id", text(group.id.as_str())),
        ("name", text(&group.name.to_lowercase())),
        ("status", text(group.status.as_str())),
        ("providerType", text(group.provider.as_str())),
        ("createdAt", vec![Held::Time(group.created_at)]),
        ("assignedRoles.name", of_roles(&group.roles, |role| role.name.to_lowercase())),
        ("assignedRoles.id", of_roles(&group.roles, |role| role.id.to_string())),
    ])
}

fn role_row(role: &Role) -> Row {
    BTreeMap::from([
        ("id", text(role.id.as_str())),
        ("name", text(&role.name.to_lowercase())),
        ("type", text(role.kind.as_str())),
        ("level", text(role.level.as_str())),
        ("createdAt", vec![Held::Time(role.created_at)]),
    ])
}

/// The plain meaning of a filter.
fn holds(filter: &Filter, row: &Row) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().all(|part| holds(part, row)),
        Filter::Or(parts) => parts.iter().any(|part| holds(part, row)),
        Filter::Not(inner) => !holds(inner, row),
        Filter::Test(test) => {
            let held = &row[test.attribute.name];
            match test.op {
                Op::Ne => !held.iter().any(|one| compare(Op::Eq, one, &test.operand)),
                op => held.iter().any(|one| compare(op, one, &test.operand)),
            }
        }
    }
}

fn compare(op: Op, held: &Held, operand: &Operand) -> bool {
    match (held, operand) {
        (Held::Text(a), Operand::Text(b)) => match op {
            Op::Co => a.contains(b.as_str()),
            Op::Sw => a.starts_with(b.as_str()),
            Op::Ew => a.ends_with(b.as_str()),
            op => ordered(op, a.as_bytes().cmp(b.as_bytes())),
        },
        (Held::Time(a), Operand::Time(b)) => {
            ordered(op, a.as_millisecond().cmp(&b.as_millisecond()))
        }
        (Held::Text(a), Operand::None) => !a.is_empty(),
        (Held::Time(_), Operand::None) => true,
        _ => panic!("{held:?} is not compared with {operand:?}"),
    }
}

fn ordered(op: Op, order: std::cmp::Ordering) -> bool {
    match op {
        Op::Eq => order.is_eq(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
        other => panic!("{other:?} is no order"),
    }
}

/// Short texts of what databases trip over.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("a"),
        Just("A"),
        Just("b"),
        Just("%"),
        Just("_"),
        Just("'"),
        Just("\""),
        Just("\\"),
        Just("Ä"),
        Just("ä"),
        Just("İ"),
        Just("ß"),
        Just("ẞ"),
        Just("é"),
        Just("e\u{301}"),
        Just("😀"),
        Just(" "),
        Just("$1"),
        Just("--"),
        Just("0"),
    ];
    proptest::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn instant() -> impl Strategy<Value = Timestamp> {
    (0_i64..4).prop_map(t)
}

fn test_of(table: &'static [Attribute], ids: Vec<String>) -> impl Strategy<Value = Filter> {
    let attribute = proptest::sample::select(table);
    let op = proptest::sample::select(Op::ALL);
    let known = proptest::sample::select(ids);
    let fits = "the operator does not fit";
    (attribute, op, nasty(), instant(), known, any::<prop::sample::Index>())
        .prop_filter(fits, |(attribute, op, ..)| op.fits(attribute.kind))
        .prop_map(|(attribute, op, words, at, id, pick)| {
            let operand = match (op, attribute.kind) {
                (Op::Pr, _) => Operand::None,
                (_, Kind::Time) => Operand::Time(at),
                (_, Kind::Word(words)) => Operand::Text(words[pick.index(words.len())].to_owned()),
                (_, Kind::Name) => Operand::Text(SCOPES[pick.index(SCOPES.len())].to_owned()),
                (Op::Eq | Op::Ne, Kind::Id) => Operand::Text(id),
                (_, Kind::Id) => Operand::Text(words),
                _ => Operand::Text(words.to_lowercase()),
            };
            Filter::Test(Test { attribute, op, operand })
        })
}

fn filters(table: &'static [Attribute], ids: Vec<String>) -> impl Strategy<Value = Filter> {
    test_of(table, ids).prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Filter::And),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Filter::Or),
            inner.prop_map(|one| Filter::Not(Box::new(one))),
        ]
    })
}

fn draw<S: Strategy>(runner: &mut TestRunner, strategy: &S) -> S::Value {
    strategy.new_tree(runner).expect("a value").current()
}

fn random_client(runner: &mut TestRunner, tenant: &TenantId, n: u32) -> Listed {
    let methods = proptest::sample::select(&[ConsentMethod::Required, ConsentMethod::Trusted][..]);
    let configs = (methods, any::<bool>())
        .prop_map(|(consent_method, approved)| ConnectionConfig { consent_method, approved });
    let drawn = (proptest::option::of(configs), proptest::option::of(instant()));
    let (connection, last_used_at) = draw(runner, &drawn);
    Listed { client: random_bare_client(runner, tenant, n), connection, last_used_at }
}

fn random_bare_client(runner: &mut TestRunner, tenant: &TenantId, n: u32) -> Client {
    let types = proptest::sample::select(AppType::ALL);
    let kinds = proptest::sample::select(&["user", "service", "dcr"][..]);
    let (name, app_type, kind, created_at, updated_at, published_at, disable_tag) = draw(
        runner,
        &(
            nasty(),
            types,
            kinds,
            instant(),
            instant(),
            proptest::option::of(instant()),
            proptest::option::of(nasty()),
        ),
    );
    Client {
        name,
        app_type,
        created_by: Creator { kind: kind.to_owned(), id: "x".to_owned() },
        created_at,
        updated_at,
        published_at,
        disable_tag,
        ..client(tenant, n)
    }
}

/// Roles and groups that users have: 1 to 3 at random, and these.
const EVERYBODYS: u32 = 4;
const DISABLED: u32 = 3;

fn listed_role(n: u32) -> Role {
    let given = ["openid user_default", "user_default spaces.data", "", "admin.users"];
    let names = ["Aä'", "b%_", "0\\ ẞ", "$1--"];
    let at = n as usize - 1;
    Role { name: names[at].to_owned(), assigned_scopes: scopes(given[at]), ..role(n) }
}

/// The second group gives two roles, and one of the first's.
fn listed_group(n: u32) -> Group {
    let at = n as usize - 1;
    let roles: &[u32] = [&[1][..], &[1, 2], &[2, 3]][at];
    let name = ["Ab", "%a😀", "é_"][at].to_owned();
    let status = if n == DISABLED { GroupStatus::Disabled } else { GroupStatus::Active };
    let roles = roles.iter().map(|n| listed_role(*n).as_member()).collect();
    Group { name, roles, status, ..group(n, &[]) }
}

/// Makes the roles and groups, and gives one role to everybody.
async fn furnish(tx: &mut TenantTx) {
    for n in 1..=4 {
        tx.role_create(&listed_role(n)).await.expect("a role");
    }
    for n in 1..=3 {
        tx.group_create(&listed_group(n)).await.expect("a group");
    }
    let everyone = GroupId::parse(EVERYONE).expect("an id");
    let mut everyone = tx.group_get(&everyone).await.expect("reads").expect("is there");
    everyone.roles = vec![listed_role(EVERYBODYS).as_member()];
    assert!(tx.group_update(&everyone).await.expect("updates"));
}

fn random_user(runner: &mut TestRunner, tenant: &TenantId, n: u32) -> User {
    let statuses = vec![UserStatus::Active, UserStatus::Invited, UserStatus::Disabled];
    let mail = proptest::option::of(nasty());
    let some = || proptest::collection::btree_set(1_u32..4, 0..3);
    let status = proptest::sample::select(statuses);
    let drawn = (nasty(), mail, status, instant(), some(), some(), proptest::bool::weighted(0.2));
    let (name, mail, status, created_at, roles, groups, is_bot) = draw(runner, &drawn);
    let client = || UserKind::Bot(id(&format!("{tenant}-client"), n));
    User {
        kind: if is_bot { client() } else { UserKind::Person },
        groups: groups.into_iter().map(|n| listed_group(n).as_member()).collect(),
        subject: format!("{name}-{n}"),
        email: mail.map(|mail| format!("{mail}{n}@Example.com")),
        name,
        status,
        created_at,
        roles: roles.into_iter().map(|n| listed_role(n).as_member()).collect(),
        ..user(tenant, n)
    }
}

fn random_group(runner: &mut TestRunner, n: u32) -> Group {
    let roles = proptest::collection::btree_set(1_u32..5, 0..4);
    let (name, custom, active, created_at, roles) =
        draw(runner, &(nasty(), any::<bool>(), any::<bool>(), instant(), roles));
    Group {
        id: id("listed", n),
        name: format!("{name}-{n}"),
        provider: if custom { GroupProvider::Custom } else { GroupProvider::Idp },
        status: if active { GroupStatus::Active } else { GroupStatus::Disabled },
        roles: roles.into_iter().map(|n| listed_role(n).as_member()).collect(),
        created_at,
        ..group(n, &[])
    }
}

fn random_role(runner: &mut TestRunner, n: u32) -> Role {
    let (name, admin, created_at) = draw(runner, &(nasty(), any::<bool>(), instant()));
    Role {
        name: format!("{name}-{n}"),
        level: if admin { RoleLevel::Admin } else { RoleLevel::User },
        created_at,
        ..role(n)
    }
}

fn query(filter: &Filter, by: &'static str, descending: bool) -> ListQuery {
    let sort = Sort { by, descending };
    ListQuery { filter: Some(filter.clone()), sort, limit: 7, from: From::Start, total: true }
}

/// Reads one page of a list, as ids.
type Reading = Pin<Box<dyn Future<Output = Page<String>> + Send>>;

fn clients(mut read: TenantRead, query: ListQuery) -> Reading {
    Box::pin(async move {
        let page = read.client_page(&query).await.expect("reads");
        page.map(|one| one.client.id.to_string())
    })
}

fn users(mut read: TenantRead, query: ListQuery) -> Reading {
    Box::pin(
        async move { read.user_page(&query).await.expect("reads").map(|user| user.id.to_string()) },
    )
}

fn groups(mut read: TenantRead, query: ListQuery) -> Reading {
    Box::pin(async move {
        read.group_page(&query, false).await.expect("reads").map(|group| group.id.to_string())
    })
}

fn roles(mut read: TenantRead, query: ListQuery) -> Reading {
    Box::pin(
        async move { read.role_page(&query).await.expect("reads").map(|role| role.id.to_string()) },
    )
}

/// Every row of a filtered list, page by page, and back again.
async fn walk(
    bed: &Bed,
    list: fn(TenantRead, ListQuery) -> Reading,
    first: ListQuery,
) -> Vec<String> {
    let page = async |from| list(bed.ra().await, ListQuery { from, ..first.clone() }).await;
    let (mut seen, mut from, mut last) = (Vec::new(), From::Start, None);
    loop {
        let found = page(from).await;
        assert!(found.next.is_none() || found.data.len() == 7);
        seen.extend(found.data);
        last = found.prev.or(last);
        match found.next {
            Some(next) => from = next,
            None => {
                assert_eq!(found.total, i64::try_from(seen.len()).ok());
                break;
            }
        }
    }
    let mut count = 0;
    while let Some(before) = last {
        let found = page(before).await;
        count += found.data.len();
        last = found.prev;
    }
    assert_eq!(count, seen.len().saturating_sub(1) / 7 * 7, "the pages before the last one");
    seen
}

const ROWS: u32 = 40;
const FILTERS: usize = 80;

fn random_filters(
    runner: &mut TestRunner,
    table: &'static [Attribute],
    rows: &BTreeMap<String, Row>,
) -> Vec<Filter> {
    let others = (1..=4).flat_map(|n| [format!("role-{n}"), format!("group-{n}")]);
    let others = others.chain((1..=3).map(|n| format!("tenant-a-client-{n}")));
    let strategy = filters(table, rows.keys().cloned().chain(others).collect());
    (0..FILTERS).map(|_| draw(runner, &strategy)).collect()
}

fn expected<'r>(filter: &Filter, rows: &'r BTreeMap<String, Row>) -> BTreeSet<&'r String> {
    rows.iter().filter(|(_, row)| holds(filter, row)).map(|(id, _)| id).collect()
}

fn clients_and_filters(tenant: &TenantId) -> (Vec<Listed>, BTreeMap<String, Row>, Vec<Filter>) {
    let mut runner = TestRunner::deterministic();
    let clients: Vec<Listed> = (0..ROWS).map(|n| random_client(&mut runner, tenant, n)).collect();
    let rows = clients.iter().map(|one| (one.client.id.to_string(), client_row(one))).collect();
    let filters = random_filters(&mut runner, CLIENTS, &rows);
    (clients, rows, filters)
}

fn users_and_filters(tenant: &TenantId) -> (Vec<User>, BTreeMap<String, Row>, Vec<Filter>) {
    let mut runner = TestRunner::deterministic();
    let users: Vec<User> = (0..ROWS).map(|n| random_user(&mut runner, tenant, n)).collect();
    let rows = users.iter().map(|one| (one.id.to_string(), user_row(one))).collect();
    let filters = random_filters(&mut runner, USERS, &rows);
    (users, rows, filters)
}

both! {
    async fn a_filter_of_clients_means_the_same_to_all(bed) {
        let (made, rows, filters) = clients_and_filters(&bed.a);
        let mut tx = bed.begin(&bed.a).await;
        let mut uses = UsageFlush::default();
        for Listed { client, connection, last_used_at } in &made {
            tx.client_create(client).await.expect("made");
            if let Some(config) = connection {
                tx.connection_config_put(&client.id, *config, t0()).await.expect("a config");
            }
            uses.clients.extend(last_used_at.map(|at| client_use(&bed.a, &client.id, at)));
        }
        tx.commit().await.expect("commits");
        bed.region().wide().usage_flush(&uses).await.expect("uses");
        let sorts = [
            "clientId", "clientName", "appType", "createdAt", "updatedAt", "consentMethod",
            "lastUsedAt", "scopeCount", "status", "secretCount",
        ];
        let mut numbers = BTreeSet::new();
        for (n, filter) in filters.iter().enumerate() {
            let query = query(filter, sorts[n % sorts.len()], n % 2 == 0);
            let seen = walk(&bed, clients, query).await;
            let expected = expected(filter, &rows);
            assert_eq!(seen.len(), expected.len(), "{filter:?}");
            assert_eq!(seen.iter().collect::<BTreeSet<_>>(), expected, "{filter:?}");
            numbers.insert(seen.len());
        }
        assert!(numbers.len() > 10, "the filters select all sorts of numbers: {numbers:?}");
    }
}

both! {
    async fn a_filter_of_users_means_the_same_to_all(bed) {
        let (made, rows, filters) = users_and_filters(&bed.a);
        let mut tx = bed.begin(&bed.a).await;
        furnish(&mut tx).await;
        for user in &made {
            tx.user_create(user, None).await.expect("made");
        }
        tx.commit().await.expect("commits");
        let sorts = ["name", "id", "subject", "email", "status", "createdAt", "clientId"];
        agree(&bed, users, &sorts, (&rows, &filters)).await;
    }
}

both! {
    async fn a_filter_of_groups_means_the_same_to_all(bed) {
        let mut runner = TestRunner::deterministic();
        let made: Vec<Group> = (0..ROWS).map(|n| random_group(&mut runner, n)).collect();
        let mut tx = bed.begin(&bed.a).await;
        furnish(&mut tx).await;
        for group in &made {
            tx.group_create(group).await.expect("made");
        }
        tx.commit().await.expect("commits");
        let all = made.into_iter().chain((1..=3).map(listed_group));
        let rows = all.map(|group| (group.id.to_string(), group_row(&group))).collect();
        let filters = random_filters(&mut runner, GROUPS, &rows);
        agree(&bed, groups, &["name", "id", "createdAt"], (&rows, &filters)).await;
    }
}

both! {
    async fn a_filter_of_roles_means_the_same_to_all(bed) {
        let mut runner = TestRunner::deterministic();
        for n in 0..ROWS {
            bed.wa().await.role_create(&random_role(&mut runner, n)).await.expect("made");
        }
        // Those that the tenant came with, too.
        let all = bed.ra().await.role_page(&everything("name")).await.expect("reads").data;
        assert!(all.len() > ROWS as usize);
        let rows = all.iter().map(|role| (role.id.to_string(), role_row(role))).collect();
        let filters = random_filters(&mut runner, ROLES, &rows);
        agree(&bed, roles, &["name", "createdAt"], (&rows, &filters)).await;
    }
}

/// Demands that a list tells what the plain meaning of each filter tells, in every sort.
async fn agree(
    bed: &Bed,
    list: fn(TenantRead, ListQuery) -> Reading,
    sorts: &[&'static str],
    (rows, filters): (&BTreeMap<String, Row>, &[Filter]),
) {
    let mut numbers = BTreeSet::new();
    for (n, filter) in filters.iter().enumerate() {
        let query = query(filter, sorts[n % sorts.len()], n % 2 == 0);
        let seen = walk(bed, list, query).await;
        let expected = expected(filter, rows);
        assert_eq!(seen.len(), expected.len(), "{filter:?}");
        assert_eq!(seen.iter().collect::<BTreeSet<_>>(), expected, "{filter:?}");
        numbers.insert(seen.len());
    }
    assert!(numbers.len() > 10, "the filters select all sorts of numbers: {numbers:?}");
}
