//! What every test stands on: a migrated store on one engine, two tenants in it, and samples of
//! every noun.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use domain::api_key::ApiKey;
use domain::audit::AuditSeal;
use domain::brand::Brand;
use domain::client::{
    AppType, AuthMethod, Client, ClientKey, ClientSecret, Creator, GrantType, Owner,
};
use domain::crypto::Keyring;
use domain::entropy::SeededEntropy;
use domain::grant::{AuthorizationCode, Family, Session};
use domain::ids::{
    ClientId, GrantId, OrganizationId, RegionCode, RoleId, SessionId, SubscriptionId, TenantId,
    UserId,
};
use domain::jose::Alg;
use domain::list::{From, ListQuery, Sort};
use domain::scope::ScopeSet;
use domain::tenant::{
    Lifetimes, Organization, Region, Subscription, Tenant, TenantSettings, TenantStatus,
};
use domain::time::{Timestamp, from_millis, plus_seconds};
use domain::user::{DEFAULT_ROLES, DefaultRole, RoleKind, RoleLevel, User, UserKind, UserStatus};
use sqlx::{Column, Connection, Row};
use store::{ClientUse, RegionStore, Role, Store, StoreOptions, TenantRead, TenantTx};

/// One test on both engines: `both! { async fn name(bed) { … } }`.
macro_rules! both {
    ($(#[$meta:meta])* async fn $name:ident($bed:ident) $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "not every test needs every import")]
            use super::*;

            async fn run($bed: $crate::bed::Bed) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::bed::check($crate::bed::Bed::sqlite().await, run).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(bed) = $crate::bed::Bed::postgres().await {
                    $crate::bed::check(bed, run).await;
                }
            }
        }
    };
}

/// The time at which everything begins.
pub fn t0() -> Timestamp {
    from_millis(1_800_000_000_000)
}

/// `t0` and some seconds.
pub fn t(seconds: i64) -> Timestamp {
    plus_seconds(t0(), seconds)
}

#[derive(Clone)]
pub struct Bed {
    pub store: Store,
    pub options: StoreOptions,
    pub a: TenantId,
    pub b: TenantId,
    pub place: Arc<Place>,
}

/// Where the databases of one test are.
pub enum Place {
    Directory { _kept: tempfile::TempDir },
    Schemas { url: String, names: Vec<String> },
}

/// Runs a test, tidies up, and fails if it failed.
pub async fn check<F>(bed: Bed, run: impl FnOnce(Bed) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let outcome = tokio::spawn(run(bed.clone())).await;
    bed.store.close().await;
    bed.place.tidy().await;
    if let Err(error) = outcome {
        std::panic::resume_unwind(error.into_panic());
    }
}

impl Place {
    pub fn sqlite() -> (Self, StoreOptions) {
        let directory = tempfile::tempdir().expect("a directory");
        let url = |name: &str| format!("sqlite://{}/data/{name}.db", directory.path().display());
        let options = StoreOptions {
            directory_url: url("directory"),
            region_urls: BTreeMap::from([(eu(), url("region-eu"))]),
            max_connections: 20,
        };
        (Self::Directory { _kept: directory }, options)
    }

    /// `None` when there is no PostgreSQL to test with.
    pub async fn postgres() -> Option<(Self, StoreOptions)> {
        let required = environment("COUNTERSIGN_TEST_REQUIRE_POSTGRES").is_some_and(|v| v == "1");
        let Some(url) = environment("COUNTERSIGN_TEST_POSTGRES") else {
            assert!(!required, "COUNTERSIGN_TEST_POSTGRES is not set, and PostgreSQL is required");
            return None;
        };
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let names: Vec<String> = ["directory", "eu"]
            .iter()
            .map(|kind| format!("store_test_{}_{n}_{kind}", std::process::id()))
            .collect();
        for name in &names {
            execute(&url, format!("CREATE SCHEMA {name}")).await;
        }
        let within = |name: &str| {
            let mark = if url.contains('?') { '&' } else { '?' };
            format!("{url}{mark}options=-c%20search_path%3D{name}")
        };
        let options = StoreOptions {
            directory_url: within(&names[0]),
            region_urls: BTreeMap::from([(eu(), within(&names[1]))]),
            max_connections: 20,
        };
        Some((Self::Schemas { url, names }, options))
    }

    pub async fn tidy(&self) {
        if let Self::Schemas { url, names } = self {
            for name in names {
                execute(url, format!("DROP SCHEMA {name} CASCADE")).await;
            }
        }
    }
}

/// What a test is told from outside.
#[expect(clippy::disallowed_methods, reason = "where PostgreSQL is, only the environment knows")]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

pub async fn raw(url: &str) -> sqlx::AnyConnection {
    sqlx::any::install_default_drivers();
    sqlx::AnyConnection::connect(url).await.expect("a connection")
}

pub async fn execute(url: &str, text: String) {
    let mut connection = raw(url).await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(&mut connection).await.expect("runs");
    connection.close().await.expect("closes");
}

/// What links audit events in these tests.
pub fn audit_seal() -> AuditSeal {
    Keyring::new(&[7; 32]).audit_seal()
}

pub fn eu() -> RegionCode {
    RegionCode::parse("eu").expect("a code")
}

impl Bed {
    pub async fn sqlite() -> Self {
        let (place, options) = Place::sqlite();
        Self::furnish(place, options).await
    }

    pub async fn postgres() -> Option<Self> {
        let (place, options) = Place::postgres().await?;
        Some(Self::furnish(place, options).await)
    }

    async fn furnish(place: Place, options: StoreOptions) -> Self {
        let store = Store::open(options.clone()).await.expect("opens");
        store.seal_audit(&audit_seal());
        store.migrate().await.expect("migrates");
        let (a, b) = (tenant("tenant-a"), tenant("tenant-b"));
        let directory = store.directory();
        directory.region_create(&region()).await.expect("a region");
        for tenant in [&a, &b] {
            directory.organization_create(&organization(tenant)).await.expect("an organization");
            directory.subscription_create(&subscription(tenant, 2)).await.expect("a subscription");
            directory.tenant_location_create(tenant).await.expect("a location");
            let region = store.region(&eu()).expect("the region");
            let mut tx = region.begin(&tenant.id).await.expect("begins");
            tx.tenant_create(tenant, &default_roles(tenant)).await.expect("a tenant");
            tx.commit().await.expect("commits");
        }
        Self { store, options, a: a.id, b: b.id, place: Arc::new(place) }
    }

    pub fn region(&self) -> &RegionStore {
        self.store.region(&eu()).expect("the region")
    }

    pub async fn read(&self, tenant: &TenantId) -> TenantRead {
        self.region().read(tenant).await.expect("reads")
    }

    pub async fn auto(&self, tenant: &TenantId) -> TenantTx {
        self.region().autocommit(tenant).await.expect("writes")
    }

    pub async fn begin(&self, tenant: &TenantId) -> TenantTx {
        self.region().begin(tenant).await.expect("begins")
    }

    /// Reads tenant A.
    pub async fn ra(&self) -> TenantRead {
        self.read(&self.a).await
    }

    /// Writes tenant A, statement by statement.
    pub async fn wa(&self) -> TenantTx {
        self.auto(&self.a).await
    }

    pub fn region_url(&self) -> &str {
        &self.options.region_urls[&eu()]
    }

    /// Puts user 1 and client 1 into tenant A.
    pub async fn user_and_client(&self) -> (User, Client) {
        let (user, client) = (user(&self.a, 1), client(&self.a, 1));
        let mut tx = self.begin(&self.a).await;
        tx.user_create(&user, Some("hash-1")).await.expect("a user");
        tx.client_create(&client).await.expect("a client");
        tx.commit().await.expect("commits");
        (user, client)
    }

    /// How many rows a table of the region has.
    pub async fn count(&self, table: &str) -> i64 {
        let mut connection = raw(self.region_url()).await;
        let text = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        let row = sqlx::query(text).fetch_one(&mut connection).await.expect("counts");
        row.get(0)
    }

    /// Every row of the region, as text.
    pub async fn rows(&self) -> BTreeSet<String> {
        let schema = self.region().database().schema().await.expect("a schema");
        let mut connection = raw(self.region_url()).await;
        let mut all = BTreeSet::new();
        for table in schema.keys() {
            let text = sqlx::AssertSqlSafe(format!("SELECT * FROM {table}"));
            let rows = sqlx::query(text).fetch_all(&mut connection).await.expect("rows");
            for row in rows {
                let cells: Vec<String> = (0..row.len()).map(|n| cell(&row, n)).collect();
                all.insert(format!("{table}: {}", cells.join(", ")));
            }
        }
        all
    }
}

fn cell(row: &sqlx::any::AnyRow, n: usize) -> String {
    let name = row.column(n).name().to_owned();
    if let Ok(text) = row.try_get::<Option<String>, _>(n) {
        return format!("{name}={text:?}");
    }
    format!("{name}={:?}", row.get::<Option<i64>, _>(n))
}

pub fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).expect("scopes")
}

/// An id that is made from a noun and a number.
pub fn id<T: std::str::FromStr>(noun: &str, n: u32) -> T
where
    T::Err: std::fmt::Debug,
{
    format!("{noun}-{n}").parse().expect("an id")
}

pub fn region() -> Region {
    Region { code: eu(), name: "Europe".into(), created_at: t0() }
}

pub fn organization(tenant: &Tenant) -> Organization {
    Organization { id: tenant.organization_id.clone(), name: "Company".into(), created_at: t0() }
}

pub fn subscription(tenant: &Tenant, tenant_limit: i64) -> Subscription {
    Subscription {
        id: tenant.subscription_id.clone(),
        organization_id: tenant.organization_id.clone(),
        licence_number: format!("licence of {}", tenant.subscription_id),
        tenant_limit,
        created_at: t0(),
    }
}

/// A tenant with an organization and a subscription of its own.
pub fn tenant(name: &str) -> Tenant {
    Tenant {
        id: TenantId::parse(name).expect("an id"),
        name: format!("Tenant {name}"),
        organization_id: OrganizationId::parse(&format!("org-{name}")).expect("an id"),
        subscription_id: SubscriptionId::parse(&format!("sub-{name}")).expect("an id"),
        region: eu(),
        hostnames: vec![format!("{name}.eu.example.com"), format!("{name}.example.com")],
        status: TenantStatus::Active,
        lifetimes: Lifetimes::default(),
        settings: TenantSettings::default(),
        brand: Brand::default(),
        created_at: t0(),
        updated_at: t0(),
    }
}

pub fn default_roles(tenant: &Tenant) -> Vec<Role> {
    let entropy = SeededEntropy::new(u64::from(tenant.id.as_str().as_bytes()[7]));
    let role = |role: &DefaultRole| Role {
        id: RoleId::generate(&entropy),
        name: role.name.to_owned(),
        kind: RoleKind::Default,
        level: role.level,
        description: role.description.to_owned(),
        assigned_scopes: scopes(role.scopes),
        created_at: t0(),
        updated_at: t0(),
        created_by: String::new(),
        updated_by: String::new(),
    };
    DEFAULT_ROLES.iter().map(role).collect()
}

pub fn role(n: u32) -> Role {
    Role {
        id: id("role", n),
        name: format!("Role {n}"),
        kind: RoleKind::Custom,
        level: RoleLevel::User,
        description: "A role".into(),
        assigned_scopes: scopes("openid user_default"),
        created_at: t0(),
        updated_at: t(1),
        created_by: "user-1".into(),
        updated_by: "user-2".into(),
    }
}

/// A person whose address is in mixed case.
pub fn user(tenant: &TenantId, n: u32) -> User {
    let mut claims = serde_json::Map::new();
    claims.insert("locale".into(), "de-CH".into());
    User {
        id: id(&format!("{tenant}-user"), n),
        tenant_id: tenant.clone(),
        kind: UserKind::Person,
        subject: format!("subject-{n}"),
        name: format!("User Ünal {n}"),
        email: Some(format!("User{n}@Example.com")),
        email_verified: true,
        status: UserStatus::Active,
        claims,
        roles: Vec::new(),
        groups: Vec::new(),
        tokens_valid_from: from_millis(0),
        invite_expires_at: None,
        created_at: t0(),
        updated_at: t(1),
    }
}

pub fn bot(tenant: &TenantId, n: u32, client: &ClientId) -> User {
    User {
        kind: UserKind::Bot(client.clone()),
        subject: format!("bot-{client}"),
        email: None,
        email_verified: false,
        ..user(tenant, n)
    }
}

pub fn client(tenant: &TenantId, n: u32) -> Client {
    Client {
        id: id(&format!("{tenant}-client"), n),
        owner: Owner::Tenant(tenant.clone()),
        app_type: AppType::Web,
        name: format!("Client {n}"),
        description: "Zeigt Zahlen – \"schön\"".into(),
        client_uri: "https://app.example.com".into(),
        logo_uri: String::new(),
        policy_uri: String::new(),
        tos_uri: String::new(),
        redirect_uris: vec!["https://app.example.com/cb?x=1".into(), "https://b.example/cb".into()],
        post_logout_redirect_uris: vec!["https://app.example.com/bye".into()],
        allowed_origins: vec![format!("https://app{n}.example.com")],
        allowed_scopes: scopes("openid user_default"),
        machine_grants: vec![GrantType::ClientCredentials, GrantType::UserImpersonation],
        auth_methods: vec![AuthMethod::ClientSecret, AuthMethod::PrivateKeyJwt],
        jwks_uri: String::new(),
        require_pkce: false,
        id_token_alg: Alg::RS256,
        disable_tag: None,
        published_at: None,
        created_by: Creator { kind: "user".into(), id: "user-1".into() },
        created_at: t0(),
        updated_at: t(1),
    }
}

pub fn secret(client: &ClientId, n: u32) -> ClientSecret {
    ClientSecret {
        id: format!("{client}-secret-{n}").into(),
        hint: format!("hint{n}"),
        hash: format!("hash-{n}"),
        label: format!("Secret {n}"),
        created_at: t(i64::from(n)),
        created_by: "user-1".into(),
        expires_at: (n == 2).then(|| t(1000)),
        last_used_at: None,
    }
}

pub fn client_key(n: u32) -> ClientKey {
    let jwk = serde_json::json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": format!("key-{n}"),
        // The generator of P-256: a valid point.
        "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
        "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
    });
    ClientKey {
        kid: format!("key-{n}"),
        jwk: serde_json::from_value(jwk).expect("a key"),
        created_at: t(i64::from(n)),
        last_used_at: None,
    }
}

pub fn client_use(tenant: &TenantId, client: &ClientId, at: Timestamp) -> ClientUse {
    let from = format!("192.0.2.{}", (at.as_second() - t0().as_second()) % 256);
    ClientUse { owner_id: tenant.to_string(), client_id: client.clone(), at, from }
}

pub fn session(user: &UserId, n: u32) -> Session {
    Session {
        id: id("session", n),
        user_id: user.clone(),
        created_at: t0(),
        auth_time: t(1),
        last_seen_at: t(i64::from(n)),
        expires_at: t(3600),
        user_agent: "Browser".into(),
        address: "192.0.2.1".into(),
    }
}

pub fn code(user: &UserId, client: &ClientId, n: u32) -> AuthorizationCode {
    AuthorizationCode {
        grant_id: id("code-grant", n),
        client_id: client.clone(),
        user_id: user.clone(),
        session_id: SessionId::parse("session-1").expect("an id"),
        redirect_uri: "https://app.example.com/cb?x=1".into(),
        scope: scopes("openid user_default"),
        code_challenge: Some("challenge".into()),
        nonce: None,
        auth_time: t0(),
        auth_time_requested: true,
        claims: String::new(),
        created_at: t0(),
        expires_at: t(60),
    }
}

pub fn family(user: &UserId, client: &ClientId, n: u32) -> Family {
    Family {
        grant_id: GrantId::parse(&format!("grant-{n}")).expect("an id"),
        client_id: client.clone(),
        user_id: user.clone(),
        session_id: SessionId::parse("session-1").expect("an id"),
        scope: scopes("offline_access openid"),
        nonce: Some("nonce".into()),
        auth_time: t0(),
        claims: "{}".into(),
        created_at: t0(),
        revoked_at: None,
    }
}

pub fn api_key(user: &UserId, n: u32) -> ApiKey {
    ApiKey {
        id: id("api-key", n),
        user_id: user.clone(),
        description: format!("Key {n}"),
        scope: n.is_multiple_of(2).then(|| scopes("user_default")),
        client_id: None,
        grant_id: Some(id("grant", n)),
        granted_by: Some(user.clone()),
        token_hash: format!("hash-{n}"),
        created_by: user.to_string(),
        created_at: t(i64::from(n)),
        updated_at: t(i64::from(n)),
        expires_at: t(1000 + i64::from(n)),
        revoked_at: None,
        last_used_at: None,
    }
}

/// The first hundred of a list, in the order of an attribute.
pub fn everything(by: &'static str) -> ListQuery {
    ListQuery {
        filter: None,
        sort: Sort::ascending(by),
        limit: 100,
        from: From::Start,
        total: true,
    }
}
