//! Other ways to prove who we are, and who the server is.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::jose::{Alg, SigningKey};

use super::{Home, SECRET};
use crate::process::installation::{Databases, Installation};
use crate::process::program::{Cli, Node};
use crate::process::tls::Authority;

/// A private key in PEM, for nobody else to read; gives its path.
fn pem(home: &Home, key: &SigningKey) -> String {
    let body = STANDARD.encode(key.pkcs8().as_slice());
    let text = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
    let file = home.beside("key.pem", &text);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("chmod");
    file
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_proves_itself_with_its_private_key() {
    let directory = tempfile::tempdir().expect("a directory");
    let (_node, said) = Node::demo(directory.path(), 0).await;
    let server = said["tenant_url"].as_str().expect("a URL");
    for alg in [Alg::ES256, Alg::ES384, Alg::RS256] {
        let home = Home::new();
        let key = SigningKey::generate(alg).expect("a key");
        let (file, kid) = (pem(&home, &key), key.kid());
        let public = serde_json::to_string(&key.public_jwk()).expect("JSON");
        let public = home.beside("public.json", &public);
        let words =
            ["--tenant", "demo", "--type", "web", "--name", "Signer", "--consent", "trusted"];
        let rights = ["--grant", "client_credentials", "--scope", "user_default"];
        let proof = ["--auth-method", "private_key_jwt", "--public-key-file", &public];
        let cli = Cli::of_data(directory.path());
        let made = cli.json("admin client create", &[&words[..], &rights, &proof].concat()).await;
        let id = made["clientId"].as_str().expect("an id");
        let create = ["context", "create", "key", "--server", server, "--client-id", id];
        let create = [&create[..], &["--private-key-file", &file, "--key-id", kid]].concat();
        home.words(&create).await.done();
        for _ in 0..2 {
            assert_eq!(home.json("user me").await["subject"], id, "{alg}");
        }
        assert!(!fs::read_to_string(home.file()).expect("read").contains("PRIVATE"), "only a path");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("chmod");
        let ran = home.run("user me").await;
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.err.contains("chmod 600"), "{ran:?}");
        fs::write(&file, SECRET).expect("written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("chmod");
        let ran = home.run("user me").await;
        assert!(ran.err.contains("no private key in PEM") && !ran.err.contains(SECRET), "{ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_authority_vouches_for_the_server_when_it_is_named() {
    let authority = Authority::new();
    authority.issue(&["tls.localhost"], 2100);
    let place = Installation::made(Databases::Sqlite, &authority.lines()).await;
    let tenant = ["--name", "tls", "--subscription", "L-1", "--region", "eu"];
    let tenant = [&tenant[..], &["--hostname", "tls.localhost"]].concat();
    place.cli.json("admin tenant create", &tenant).await;
    let words = ["--tenant", "tls", "--type", "web", "--name", "Machine", "--consent", "trusted"];
    let rights = ["--grant", "client_credentials", "--scope", "user_default"];
    let made = place.cli.json("admin client create", &[&words[..], &rights].concat()).await;
    let text = |name: &str| made[name].as_str().expect("a text").to_owned();
    let (id, secret) = (text("clientId"), text("clientSecret"));
    let node = Node::serve(&place.config).await;
    let server = format!("https://tls.localhost:{}", node.address.port());
    let home = Home::new();
    let create = ["context", "create", "x", "--server", &server, "--client-id", &id, "--replace"];
    let create = [&create[..], &["--secret-env", "FROM"]].concat();
    let other = Authority::new();
    for (file, code) in [(None, 7), (Some(&other), 7), (Some(&authority), 0)] {
        let file = file.map(|authority| authority.file("ca.crt").display().to_string());
        let more: Vec<&str> = file.iter().flat_map(|file| ["--ca-file", file.as_str()]).collect();
        home.run_with(&[("FROM", &secret)], &[&create[..], &more].concat()).await.done();
        let ran = home.run("user me -q").await;
        assert_eq!(ran.code, Some(code), "{more:?}: {ran:?}");
        assert!(!ran.err.contains(&secret), "{ran:?}");
    }
    let empty = home.beside("empty.pem", "nothing");
    let more = ["--ca-file", &empty];
    home.run_with(&[("FROM", &secret)], &[&create[..], &more].concat()).await.done();
    let ran = home.run("user me").await;
    assert!(ran.err.contains("holds no certificates in PEM"), "{ran:?}");
    // Plain HTTP to a server that speaks TLS gets nothing.
    let plain = server.replace("https", "http");
    home.context("plain", &plain, &id, &secret).await;
    let ran = home.run("user me --context plain").await;
    assert!(matches!(ran.code, Some(1 | 7)), "{ran:?}");
}
