//! `private_key_jwt` with keys that the client publishes: fetched rarely, and never from an
//! internal address (conformance 22: server-side request forgery).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use domain::client::AuthMethod;
use domain::jose::{Alg, SigningKey};
use engine::admin::client::ClientDraft;
use engine::settings::Settings;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::assertion::{right, send, sign};
use crate::world::{App, Setup, World, m2m_draft};

async fn published(world: &World, uri: &str) -> App {
    let draft = ClientDraft {
        auth_methods: vec![AuthMethod::PrivateKeyJwt],
        jwks_uri: uri.to_owned(),
        ..m2m_draft()
    };
    world.client(&world.a, draft).await
}

/// A key server on this machine: what it serves, and how often it was asked.
struct KeyServer {
    uri: String,
    keys: Arc<Mutex<Value>>,
    asked: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl KeyServer {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let uri = format!("http://{}/jwks", listener.local_addr().expect("an address"));
        let keys = Arc::new(Mutex::new(json!({ "keys": [] })));
        let asked = Arc::new(AtomicUsize::new(0));
        let (served, counter) = (Arc::clone(&keys), Arc::clone(&asked));
        let answer = move || async move {
            counter.fetch_add(1, Ordering::SeqCst);
            served.lock().expect("no panic").to_string()
        };
        let app = Router::new().route("/jwks", get(answer));
        let task = tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
        Self { uri, keys, asked, task }
    }

    fn publish(&self, keys: &[&SigningKey]) {
        let keys: Vec<Value> =
            keys.iter().map(|key| serde_json::to_value(key.public_jwk()).expect("JSON")).collect();
        *self.keys.lock().expect("no panic") = json!({ "keys": keys });
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for KeyServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn closed_network() -> Setup {
    let mut setup = Setup::default();
    setup.settings.outbound.allow_private_addresses = true;
    setup
}

fn key() -> SigningKey {
    SigningKey::generate(Alg::ES256).expect("a key")
}

both! {
    async fn an_internal_address_is_never_called(world) {
        let server = KeyServer::start().await;
        let (port, key) = (server.uri.rsplit(':').next().expect("a port").to_owned(), key());
        server.publish(&[&key]);
        // As if such addresses had been allowed when the clients were made.
        let lenient = |settings: &mut Settings| settings.outbound.allow_private_addresses = true;
        let lenient = world.node_with(lenient).await;
        for host in [
            "http://127.0.0.1", "https://127.0.0.1", "https://localhost", "https://2130706433",
            "https://0x7f.1", "https://[::1]", "https://[::ffff:127.0.0.1]", "https://0.0.0.0",
            "https://169.254.169.254",
        ] {
            let app = published(&lenient, &format!("{host}:{port}")).await;
            let assertion = sign(&key, &right(&world.a, &app, "x"));
            let refused = send(&world, &world.a, &assertion).await;
            let told = refused.expect_error(401, "invalid_client");
            assert!(!told.contains(host), "{told}");
        }
        assert_eq!(server.asked(), 0);
    }
}

both! {
    closed_network();

    async fn keys_are_fetched_once_and_again_for_a_new_one(world) {
        let (server, old, new, stranger) = (KeyServer::start().await, key(), key(), key());
        server.publish(&[&old]);
        let app = published(&world, &server.uri).await;
        let post = async |key: &SigningKey, jti: &str| {
            let mut claims = right(&world.a, &app, jti);
            claims.insert("exp".to_owned(), json!(crate::world::t0().as_second() + 3000));
            send(&world, &world.a, &sign(key, &claims)).await
        };
        for n in 0..3 {
            post(&old, &format!("a{n}")).await.access_token();
        }
        assert_eq!(server.asked(), 1);
        // Unknown keys cannot make us ask more than once a minute.
        for n in 0..5 {
            post(&stranger, &format!("b{n}")).await.expect_error(401, "invalid_client");
        }
        assert_eq!(server.asked(), 1);
        server.publish(&[&old, &new]);
        world.clock.advance_seconds(60);
        post(&new, "c").await.access_token();
        post(&old, "d").await.access_token();
        assert_eq!(server.asked(), 2);
        // A key that was taken back stops working within five minutes.
        server.publish(&[&new]);
        world.clock.advance_seconds(300);
        post(&old, "e").await.expect_error(401, "invalid_client");
        post(&new, "f").await.access_token();
        assert_eq!(server.asked(), 3);
    }

    async fn what_is_no_key_set_is_no_key(world) {
        let (server, key) = (KeyServer::start().await, key());
        let app = published(&world, &server.uri).await;
        let public = serde_json::to_value(key.public_jwk()).expect("JSON");
        let mut private = public.clone();
        private["d"] = json!("AAAA");
        let documents = [
            json!([]),
            json!({}),
            json!({ "keys": {} }),
            json!({ "keys": [null, 1, {}] }),
            json!({ "keys": [private] }),
            json!({ "keys": ["x".repeat(100_000), public] }),
        ];
        for (n, document) in documents.into_iter().enumerate() {
            *server.keys.lock().expect("no panic") = document;
            let assertion = sign(&key, &right(&world.a, &app, &n.to_string()));
            send(&world, &world.a, &assertion).await.expect_error(401, "invalid_client");
            world.clock.advance_seconds(60);
            assert_eq!(server.asked(), n + 1);
        }
    }
}
