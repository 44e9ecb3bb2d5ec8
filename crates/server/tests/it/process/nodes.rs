//! Two servers on the same databases, and a third process that administers: what is taken away
//! stops working on both within two seconds (design, "What must never happen", 4).

use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use super::installation::{Databases, Installation};
use super::program::Node;
use super::web::Site;

const ALLOWED: Duration = Duration::from_secs(2);

struct Two {
    place: Installation,
    nodes: [Node; 2],
    sites: [Site; 2],
    client: (String, String, String),
}

impl Two {
    async fn start(databases: Databases) -> Self {
        let place = Installation::plain(databases).await;
        let client = place.machine_client().await;
        let (one, two) = (place.serve().await, place.serve().await);
        Self { place, nodes: [one.0, two.0], sites: [one.1, two.1], client }
    }

    /// The statuses that both nodes answer.
    async fn tokens(&self) -> [u16; 2] {
        let (id, secret, _) = &self.client;
        let ask = |site: usize| self.sites[site].token(id, secret);
        let (one, two) = tokio::join!(ask(0), ask(1));
        [one.0, two.0]
    }

    async fn me(&self, token: &str) -> [u16; 2] {
        let (one, two) = tokio::join!(self.sites[0].me(token), self.sites[1].me(token));
        [one, two]
    }

    /// A token of a person.
    async fn token_of(&self, user: &str) -> String {
        let form = [
            ("grant_type", "urn:qlik:oauth:user-impersonation"),
            ("user_lookup[field]", "userId"),
            ("user_lookup[value]", user),
        ];
        let (id, secret, _) = &self.client;
        let (status, body) = self.sites[0].token_form(id, secret, &form).await;
        assert_eq!(status, 200, "{body}");
        body["access_token"].as_str().expect("a token").to_owned()
    }

    async fn end(self) {
        for node in self.nodes {
            node.stop().await;
        }
        self.place.tidy().await;
    }
}

/// Asks both nodes until both refuse; gives how long each went on accepting.
async fn watch(
    what: &str,
    start: Instant,
    mut ask: impl AsyncFnMut() -> [u16; 2],
) -> [Duration; 2] {
    let mut last = [Duration::ZERO; 2];
    loop {
        let statuses = ask().await;
        let now = start.elapsed();
        for (status, last) in statuses.iter().zip(&mut last) {
            match status {
                200 => *last = now,
                401 | 403 => {}
                other => panic!("{what}: {other}"),
            }
        }
        if !statuses.contains(&200) {
            break;
        }
        assert!(now < ALLOWED * 5, "{what}: still accepted after {now:?}: {statuses:?}");
    }
    let [one, two] = last.map(|time| time.as_secs_f64());
    eprintln!(
        "measured: {what}: still accepted for {one:.3} s on one node, {two:.3} s on the other"
    );
    assert!(last.iter().all(|time| *time < ALLOWED), "{what}: {last:?}");
    last
}

async fn removals_reach_both(databases: Databases, name: &str) {
    let two = Two::start(databases).await;
    let user = two.place.user("una@example.test").await;
    let token = two.token_of(&user).await;
    // It worked before on both, and their caches are warm.
    for _ in 0..3 {
        assert_eq!(two.tokens().await, [200, 200]);
        assert_eq!(two.me(&token).await, [200, 200]);
    }
    let (id, _, hint) = &two.client;
    let second = two.place.cli.json("admin client secret create", &["--tenant", "app", id]).await;
    two.place.cli.json("admin user disable", &["--tenant", "app", &user]).await;
    let start = Instant::now();
    watch(&format!("{name}, a disabled user's token"), start, async || two.me(&token).await).await;
    two.place.cli.json("admin client secret remove", &["--tenant", "app", id, hint]).await;
    let start = Instant::now();
    watch(&format!("{name}, a removed secret"), start, async || two.tokens().await).await;
    // They stay refused, and the other secret goes on working.
    for _ in 0..10 {
        assert_eq!(two.tokens().await, [401, 401]);
    }
    let secret = second["clientSecret"].as_str().expect("a secret");
    for site in &two.sites {
        assert_eq!(site.token(id, secret).await.0, 200);
    }
    two.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn removals_reach_both_nodes_on_sqlite() {
    removals_reach_both(Databases::Sqlite, "SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn removals_reach_both_nodes_on_postgres() {
    if let Some(databases) = Databases::postgres().await {
        removals_reach_both(databases, "PostgreSQL").await;
    }
}

async fn one_set_of_keys(databases: Databases) {
    let two = Two::start(databases).await;
    // Both make the tenant's first key at the same time, and end with one.
    assert_eq!(two.tokens().await, [200, 200]);
    let mut sets = Vec::new();
    for site in &two.sites {
        let (id, secret, _) = &two.client;
        let (_, body) = site.token(id, secret).await;
        let token = body["access_token"].as_str().expect("a token").to_owned();
        assert_eq!(two.me(&token).await, [200, 200]);
        let keys = site.get("/.well-known/jwks.json").send().await.expect("an answer");
        sets.push(keys.json::<Value>().await.expect("JSON"));
    }
    assert_eq!(sets[0], sets[1]);
    two.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_have_one_set_of_keys_on_sqlite() {
    one_set_of_keys(Databases::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_have_one_set_of_keys_on_postgres() {
    if let Some(databases) = Databases::postgres().await {
        one_set_of_keys(databases).await;
    }
}

/// Two that begin on an empty database at the same moment apply every migration once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_are_applied_once() {
    let mut all = vec![Databases::Sqlite];
    all.extend(Databases::postgres().await);
    for databases in all {
        let place = Installation::configured(databases, "");
        let migrate = || place.cli.run("migrate", &[]);
        let (one, two, three) = tokio::join!(migrate(), migrate(), migrate());
        let said = [one.done(), two.done(), three.done()].concat();
        assert_eq!(said.matches("applied directory: directory_0002").count(), 1, "{said}");
        assert_eq!(said.matches("applied region eu: region_0002").count(), 1, "{said}");
        let rest = place.cli.json("migrate", &[]).await;
        assert_eq!(rest, serde_json::json!({ "applied": [] }));
        place.tidy().await;
    }
}
