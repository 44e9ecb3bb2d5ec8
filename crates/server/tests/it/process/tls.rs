//! TLS by the server itself: HTTP/2, cookies that only this host can set, HSTS.

use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use reqwest::Version;
use reqwest::header::{SET_COOKIE, STRICT_TRANSPORT_SECURITY};

use super::installation::{Databases, HOST, Installation};
use super::program::{DEADLINE, Node};
use super::web::builder;

/// An authority, and a certificate of it for the tenant's host.
pub struct Authority {
    directory: tempfile::TempDir,
    issuer: Issuer<'static, KeyPair>,
    root: reqwest::Certificate,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new([]).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        let root = reqwest::Certificate::from_pem(certificate.pem().as_bytes());
        let directory = tempfile::tempdir().expect("a directory");
        std::fs::write(directory.path().join("ca.crt"), certificate.pem()).expect("written");
        Self { directory, issuer: Issuer::new(params, key), root: root.expect("a certificate") }
    }

    /// A file of this authority: `ca.crt`, `tls.crt`, `tls.key`.
    pub fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Issues a certificate for these names, good until a year.
    pub fn issue(&self, names: &[&str], until: i32) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names");
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        std::fs::write(self.file("tls.key"), key.serialize_pem()).expect("written");
        std::fs::write(self.file("tls.crt"), certificate.pem()).expect("written");
    }

    /// What goes into `[server]`.
    pub fn lines(&self) -> String {
        format!(
            "external_scheme = \"https\"\n[server.tls]\ncertificate = \"{}\"\nkey = \"{}\"\n",
            self.file("tls.crt").display(),
            self.file("tls.key").display()
        )
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_travel_over_tls_and_http_2_and_cookies_are_this_hosts_alone() {
    let authority = Authority::new();
    authority.issue(&[HOST], 2100);
    let place = Installation::made(Databases::Sqlite, &authority.lines()).await;
    let (id, secret, _) = place.machine_client().await;
    let node = Node::serve(&place.config).await;
    let origin = format!("https://{HOST}:{}", node.address.port());
    let client = || {
        let client = builder().tls_certs_only([authority.root.clone()]);
        client.resolve(HOST, node.address)
    };
    let http2 = client().build().expect("a client");
    let http1 = client().http1_only().build().expect("a client");
    for (client, version) in [(&http2, Version::HTTP_2), (&http1, Version::HTTP_11)] {
        let request = client.post(format!("{origin}/oauth/token")).basic_auth(&id, Some(&secret));
        let answer = request.form(&[("grant_type", "client_credentials")]).send().await;
        let answer = answer.expect("an answer");
        assert_eq!((answer.status().as_u16(), answer.version()), (200, version));
        let hsts = answer.headers()[STRICT_TRANSPORT_SECURITY].to_str().expect("a text");
        assert!(hsts.starts_with("max-age=31536000"), "{hsts}");
    }
    let page = http2.get(format!("{origin}/login")).send().await.expect("an answer");
    let cookies: Vec<&str> =
        page.headers().get_all(SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect();
    assert!(!cookies.is_empty());
    for cookie in cookies {
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for attribute in ["; Secure", "; HttpOnly", "; Path=/", "; SameSite=Lax"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    // The issuer is the name without the port behind which the proxy or the test stands.
    let metadata = http2.get(format!("{origin}/.well-known/openid-configuration")).send().await;
    let metadata: serde_json::Value = metadata.expect("an answer").json().await.expect("JSON");
    assert_eq!(metadata["issuer"], format!("https://{HOST}"));
    // Plain HTTP on this port is no way around.
    let plain = format!("http://{}/healthz", node.address);
    assert!(super::web::client().get(plain).send().await.is_err());
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_do_not_fit_stop_the_start_and_good_ones_are_taken_while_it_runs() {
    let authority = Authority::new();
    authority.issue(&[HOST], 2100);
    let key = std::fs::read(authority.file("tls.key")).expect("the key");
    authority.issue(&[HOST], 2100);
    let right = std::fs::read(authority.file("tls.key")).expect("the key");
    let place = Installation::made(Databases::Sqlite, &authority.lines()).await;
    std::fs::write(authority.file("tls.key"), key).expect("written");
    let told = place.cli.run("serve", &[]).await.refused();
    assert!(told.contains("tls.crt") && told.contains("issued for this key"), "{told}");
    std::fs::write(authority.file("tls.key"), right).expect("written");
    let node = Node::serve(&place.config).await;
    let reached = async |authority: &Authority| {
        let client = builder().tls_certs_only([authority.root.clone()]);
        let client = client.resolve(HOST, node.address).build().expect("a client");
        let url = format!("https://{HOST}:{}/healthz", node.address.port());
        client.get(url).send().await.is_ok()
    };
    let other = Authority::new();
    other.issue(&[HOST], 2100);
    assert!(reached(&authority).await && !reached(&other).await);
    for name in ["tls.crt", "tls.key"] {
        std::fs::copy(other.file(name), authority.file(name)).expect("copied");
    }
    let start = tokio::time::Instant::now();
    while !reached(&other).await {
        assert!(start.elapsed() < DEADLINE, "the new certificate is not in use");
    }
    assert!(!reached(&authority).await);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_looks_at_the_certificate() {
    let authority = Authority::new();
    authority.issue(&[HOST, "*.example.test", "register.eu.example.test"], 2100);
    let place = Installation::made(Databases::Sqlite, &authority.lines()).await;
    let found = place.cli.json("doctor", &[]).await;
    assert_eq!(found["healthy"], true, "{found}");
    for (names, until, told) in
        [(&["other.example.test"][..], 2100, "does not cover"), (&[HOST], 2021, "expired 2021")]
    {
        authority.issue(names, until);
        let ran = place.cli.run("doctor", &["--json"]).await;
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.out.contains(told), "{}", ran.out);
    }
    std::fs::write(authority.file("tls.key"), "nothing").expect("written");
    let ran = place.cli.run("doctor", &[]).await;
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("no private key in PEM"), "{}", ran.out);
}
