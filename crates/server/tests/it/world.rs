//! What every test stands on: the real router over the real engine, on each database engine, with
//! a clock that stands still and randomness from a seed; two tenants with the same people and the
//! same kinds of clients in each.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use countersign::app::{AppState, RequestLog};
use countersign::router::router;
use domain::crypto::Keyring;
use domain::entropy::SeededEntropy;
use domain::ids::{TenantId, UserId};
use domain::list::{From, ListQuery, Sort};
use domain::scope::Catalogue;
use domain::time::{Clock, FrozenClock, Timestamp, from_millis};
use engine::admin::client::ClientDraft;
use engine::admin::tenant::{self, TenantDraft};
use engine::admin::{directory, user};
use engine::authority::Caller;
use engine::context::EngineParts;
use engine::feed::Feed;
use engine::settings::{PasswordSettings, RateLimitSettings, Settings, SignInSettings};
use engine::{Ctx, Engine};
use store::{AuditEntry, Store, StoreOptions};

use crate::apps::make_client;
pub use crate::apps::{App, labelled, m2m_draft, native_draft, scopes, spa_draft, web_draft};
use crate::call::Call;
pub use crate::people::Person;
use crate::people::{self, person};
use crate::place::{self, Place, eu};

/// Tests on both engines: `both! { async fn name(world) { … } … }`, with other settings
/// `both! { Setup::http(); async fn name(world) { … } … }`.
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident) $body:block)+) => {
        $(both! { @one $crate::world::Setup::default(), $(#[$meta])* $name, $world, $body })+
    };
    ($setup:expr; $($(#[$meta:meta])* async fn $name:ident($world:ident) $body:block)+) => {
        $(both! { @one $setup, $(#[$meta])* $name, $world, $body })+
    };
    (@one $setup:expr, $(#[$meta:meta])* $name:ident, $world:ident, $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "not every test needs every import")]
            use super::*;

            async fn run($world: $crate::world::World) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::world::on_sqlite($setup, run).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::world::on_postgres($setup, run).await;
            }
        }
    };
}

/// What a test may want otherwise.
#[derive(Debug, Clone)]
pub struct Setup {
    pub https: bool,
    pub settings: Settings,
    pub max_body_bytes: usize,
    pub trusted_proxies: Vec<ipnet::IpNet>,
}

impl Default for Setup {
    fn default() -> Self {
        let settings = Settings {
            external_scheme: "https".to_owned(),
            base_domain: "test".to_owned(),
            passwords: PasswordSettings {
                memory_kib: 8,
                iterations: 1,
                parallelism: 1,
                concurrency: 2,
                queue: 64,
            },
            sign_in: SignInSettings {
                account_burst: 100,
                account_refill_seconds: 1,
                address_burst: 1000,
                address_refill_seconds: 1,
            },
            rate_limits: RateLimitSettings::default(),
            ..Settings::default()
        };
        Self { https: true, settings, max_body_bytes: 64 * 1024, trusted_proxies: Vec::new() }
    }
}

impl Setup {
    /// As the demo runs: plain HTTP on a port.
    pub fn http() -> Self {
        let mut setup = Self { https: false, ..Self::default() };
        setup.settings.external_scheme = "http".to_owned();
        setup.settings.external_port = Some(8080);
        setup
    }
}

/// The time at which everything begins; not a whole second, so that rounding shows.
pub fn t0() -> Timestamp {
    from_millis(1_800_000_000_250)
}

/// A tenant with its people and clients.
#[derive(Debug, Clone)]
pub struct Tenant {
    pub id: TenantId,
    pub host: String,
    pub issuer: String,
    /// Has every standard claim.
    pub alice: Person,
    pub bob: Person,
    /// Has the role `TenantAdmin`.
    pub admin: Person,
    /// Trusted, with `client_credentials` and impersonation.
    pub m2m: App,
    pub web: App,
    pub spa: App,
    pub native: App,
}

/// One engine with its router.
#[derive(Clone)]
pub struct Node {
    pub engine: Arc<Engine>,
    pub router: Router,
}

#[derive(Clone)]
pub struct World {
    pub node: Node,
    pub clock: Arc<FrozenClock>,
    pub https: bool,
    pub a: Tenant,
    pub b: Tenant,
    pub options: StoreOptions,
    setup: Setup,
    place: Arc<Place>,
}

/// Runs a test on SQLite.
pub async fn on_sqlite<F>(setup: Setup, run: impl FnOnce(World) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let (place, options) = Place::sqlite();
    check(World::build(place, options, setup).await, run).await;
}

/// Runs a test on PostgreSQL, if there is one.
pub async fn on_postgres<F>(setup: Setup, run: impl FnOnce(World) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    if let Some((place, options)) = Place::postgres().await {
        check(World::build(place, options, setup).await, run).await;
    }
}

/// Runs a test, tidies up, and fails if it failed.
async fn check<F>(world: World, run: impl FnOnce(World) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let outcome = tokio::spawn(run(world.clone())).await;
    world.engine().store().close().await;
    world.place.tidy().await;
    if let Err(error) = outcome {
        std::panic::resume_unwind(error.into_panic());
    }
}

fn node(setup: &Setup, store: Store, clock: &Arc<FrozenClock>, seed: u64) -> Node {
    let engine = Engine::new(EngineParts {
        store,
        keyring: Keyring::new(&[7; 32]),
        clock: Arc::clone(clock) as Arc<dyn Clock>,
        entropy: Arc::new(SeededEntropy::new(seed)),
        catalogue: Catalogue::embedded().expect("the embedded scopes"),
        settings: setup.settings.clone(),
    });
    let state = AppState {
        engine: Arc::clone(&engine),
        max_body_bytes: setup.max_body_bytes,
        trusted_proxies: setup.trusted_proxies.clone(),
        request_timeout: std::time::Duration::from_secs(30),
        answers: Default::default(),
        request_log: RequestLog::All,
        openapi: Default::default(),
    };
    Node { engine, router: router(Arc::new(state)) }
}

impl World {
    async fn build(place: Place, options: StoreOptions, setup: Setup) -> Self {
        let clock = Arc::new(FrozenClock::at(t0()));
        let store = Store::open(options.clone()).await.expect("opens");
        store.migrate().await.expect("migrates");
        let node = node(&setup, store, &clock, 1);
        let engine = &node.engine;
        let organization = directory::organization_create(engine, "Company").await.expect("made");
        let subscription = directory::subscription_create(engine, &organization.id, "L-1", 9).await;
        let subscription = subscription.expect("made").id;
        directory::region_create(engine, &eu(), "Europe").await.expect("made");
        let mut tenants = Vec::new();
        for name in ["a", "b"] {
            let draft = TenantDraft {
                name: format!("Tenant {}", name.to_uppercase()),
                subscription_id: subscription.clone(),
                region: eu(),
                hostnames: vec![format!("{name}.test"), format!("{name}.alias.test")],
            };
            tenant::create(engine, &draft).await.expect("a tenant");
            tenants.push(furnish(engine, name).await);
        }
        let (b, a) = (tenants.pop().expect("two"), tenants.pop().expect("two"));
        let https = setup.https;
        Self { node, clock, https, a, b, options, setup, place: Arc::new(place) }
    }

    pub fn engine(&self) -> &Engine {
        &self.node.engine
    }

    /// A second node on the same databases, with caches and randomness of its own, and its place
    /// in the change feed.
    pub async fn second_node(&self) -> (Self, Feed) {
        let store = Store::open(self.options.clone()).await.expect("opens");
        let node = node(&self.setup, store, &self.clock, 2);
        let feed = Feed::start(Arc::clone(&node.engine)).await.expect("a feed");
        (Self { node, ..self.clone() }, feed)
    }

    /// Another node on the same databases, with other settings.
    pub async fn node_with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut setup = self.setup.clone();
        change(&mut setup.settings);
        let store = Store::open(self.options.clone()).await.expect("opens");
        Self { node: node(&setup, store, &self.clock, 3), ..self.clone() }
    }

    /// The administrator's view of a tenant.
    pub async fn admin(&self, tenant: &Tenant) -> Ctx<'_> {
        tenant::context_of(self.engine(), &tenant.host).await.expect("a context")
    }

    /// A person with all that the roles give, as a session makes them call the engine.
    pub async fn caller(&self, tenant: &Tenant, person: &Person) -> Caller {
        let ctx = self.admin(tenant).await;
        let user = user::find(&ctx, person.id.as_str()).await.expect("a user");
        Caller::of_user(&Arc::new(user))
    }

    /// Makes another client.
    pub async fn client(&self, tenant: &Tenant, draft: ClientDraft) -> App {
        make_client(&self.admin(tenant).await, draft).await
    }

    pub fn call(&self, method: &str, host: &str, path: &str) -> Call {
        Call::new(&self.node.router, self.https, method, host, path)
    }

    pub fn get(&self, tenant: &Tenant, path: &str) -> Call {
        self.call("GET", &tenant.host, path)
    }

    pub fn post(&self, tenant: &Tenant, path: &str) -> Call {
        self.call("POST", &tenant.host, path)
    }

    /// Everything in all databases.
    pub async fn rows(&self) -> BTreeSet<String> {
        place::rows(self.engine().store(), &self.options).await
    }

    /// Everything but the audit trail: what a refused request must leave as it is.
    pub async fn facts(&self) -> BTreeSet<String> {
        let rows = self.rows().await;
        rows.into_iter().filter(|row| !row.starts_with("audit_")).collect()
    }

    /// The rows of a table.
    pub async fn table(&self, table: &str) -> Vec<String> {
        let head = format!("{table}: ");
        self.rows().await.into_iter().filter(|row| row.starts_with(&head)).collect()
    }

    /// The events of one kind in a tenant's audit trail, newest first.
    pub async fn audit(&self, tenant: &Tenant, event: &str) -> Vec<AuditEntry> {
        let region = self.engine().store().region(&eu()).expect("the region");
        let mut read = region.read(&tenant.id).await.expect("reads");
        let query = ListQuery {
            filter: None,
            sort: Sort::descending("eventTime"),
            limit: 1000,
            from: From::Start,
            total: false,
        };
        let all = read.audit_page(&query).await.expect("a trail");
        all.data.into_iter().filter(|entry| entry.event == event).collect()
    }

    /// Runs SQL on the region behind the store's back.
    pub async fn sql(&self, text: String) {
        place::execute(&self.options.region_urls[&eu()], text).await;
    }

    /// The context of a request, for what no page offers yet.
    pub async fn user_status(
        &self,
        tenant: &Tenant,
        id: &UserId,
        status: domain::user::UserStatus,
    ) {
        let ctx = self.admin(tenant).await;
        let operator = Caller::operator();
        user::set_status(&ctx, &operator, id, status).await.expect("set");
    }
}

async fn furnish(engine: &Engine, name: &str) -> Tenant {
    let host = format!("{name}.test");
    let ctx = tenant::context_of(engine, &host).await.expect("a context");
    let mut spa = spa_draft();
    if name == "b" {
        spa.allowed_origins = vec!["https://other.example".to_owned()];
    }
    Tenant {
        id: ctx.tenant.tenant.id.clone(),
        issuer: ctx.tenant.issuer.clone(),
        alice: people::alice(&ctx, &host).await,
        bob: person(&ctx, "bob", &host, &[]).await,
        admin: person(&ctx, "admin", &host, &[domain::user::TENANT_ADMIN]).await,
        m2m: make_client(&ctx, m2m_draft()).await,
        web: make_client(&ctx, web_draft()).await,
        spa: make_client(&ctx, spa).await,
        native: make_client(&ctx, native_draft()).await,
        host,
    }
}
