//! TLS with certificates made for the test.

use super::*;
use std::path::Path;

use rcgen::{CertificateParams, KeyPair};
use tempfile::TempDir;

/// Two files, and what was put into them last.
struct Files {
    directory: TempDir,
    tls: config::Tls,
    certificate: reqwest::Certificate,
}

impl Files {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let tls = config::Tls {
            certificate: directory.path().join("tls.crt"),
            key: directory.path().join("tls.key"),
        };
        let certificate = issue(&tls.certificate, &tls.key);
        Self { directory, tls, certificate }
    }

    fn config(&self) -> config::Server {
        config::Server { tls: Some(self.tls.clone()), ..quick() }
    }
}

/// Makes a certificate for `localhost` and its key.
fn issue(certificate: &Path, key: &Path) -> reqwest::Certificate {
    let pair = KeyPair::generate().unwrap();
    let issued =
        CertificateParams::new(["localhost".to_owned()]).unwrap().self_signed(&pair).unwrap();
    std::fs::write(certificate, issued.pem()).unwrap();
    std::fs::write(key, pair.serialize_pem()).unwrap();
    reqwest::Certificate::from_pem(issued.pem().as_bytes()).unwrap()
}

fn client(server: &Running, certificate: &reqwest::Certificate) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_certs_only([certificate.clone()])
        .resolve("localhost", server.address)
}

async fn version(client: reqwest::ClientBuilder, server: &Running) -> reqwest::Result<String> {
    let url = format!("https://localhost:{}/version", server.address.port());
    client.build()?.get(url).send().await?.text().await
}

#[tokio::test]
async fn both_versions_of_http_and_of_tls_are_spoken() {
    use reqwest::tls::Version;
    let files = Files::new();
    let server = Running::start(&files.config());
    let trusting = || client(&server, &files.certificate);
    assert_eq!(version(trusting(), &server).await.unwrap(), "HTTP/2.0");
    assert_eq!(version(trusting().http2_prior_knowledge(), &server).await.unwrap(), "HTTP/2.0");
    assert_eq!(version(trusting().http1_only(), &server).await.unwrap(), "HTTP/1.1");
    assert_eq!(
        version(trusting().tls_version_max(Version::TLS_1_2), &server).await.unwrap(),
        "HTTP/2.0"
    );
    assert_eq!(
        version(trusting().tls_version_min(Version::TLS_1_3), &server).await.unwrap(),
        "HTTP/2.0"
    );
}

#[tokio::test]
async fn a_handshake_that_does_not_come_is_cut() {
    let files = Files::new();
    let server = Running::start(&files.config());
    assert_eq!(rest(&mut server.connect().await).await, "");
    let plain = exchange(&mut server.connect().await, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(!plain.contains("200"), "{plain}");
}

#[tokio::test]
async fn changed_files_are_taken_and_broken_ones_are_not() {
    let files = Files::new();
    let server = Running::start(&files.config());
    let new =
        issue(&files.directory.path().join("new.crt"), &files.directory.path().join("new.key"));
    let replace = |name: &str| {
        let from = files.directory.path().join(format!("new.{name}"));
        std::fs::rename(from, files.directory.path().join(format!("tls.{name}"))).unwrap();
    };
    // The certificate without its key: the old pair stays.
    replace("crt");
    tokio::time::sleep(Duration::from_secs(4)).await;
    version(client(&server, &files.certificate), &server).await.unwrap();
    replace("key");
    let changed = async {
        while version(client(&server, &new), &server).await.is_err() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), changed)
        .await
        .expect("the new certificate was not taken");
    assert!(version(client(&server, &files.certificate), &server).await.is_err());
}

#[tokio::test]
async fn files_that_cannot_be_used_are_explained() {
    let files = Files::new();
    let message = |tls: &config::Tls| {
        let listening = config::Server { tls: Some(tls.clone()), ..quick() };
        let error = Server::bind(&listening).err().unwrap().to_string();
        assert_eq!(check_tls_files(tls).unwrap_err().to_string(), error);
        error.replace(&format!("{}/", files.directory.path().display()), "")
    };
    let swapped =
        config::Tls { certificate: files.tls.key.clone(), key: files.tls.certificate.clone() };
    assert_eq!(
        message(&swapped),
        "tls.key: holds no certificate in PEM; such a section begins with \"-----BEGIN …\""
    );
    let keyless = config::Tls { key: files.tls.certificate.clone(), ..files.tls.clone() };
    assert_eq!(
        message(&keyless),
        "tls.crt: holds no private key in PEM; such a section begins with \"-----BEGIN …\""
    );
    let missing = config::Tls { key: files.directory.path().join("none"), ..files.tls.clone() };
    assert!(message(&missing).starts_with("none: cannot be read: No such file or directory"));
    issue(&files.directory.path().join("other.crt"), &files.directory.path().join("other.key"));
    let mixed = config::Tls { key: files.directory.path().join("other.key"), ..files.tls.clone() };
    let text = message(&mixed);
    assert!(text.starts_with("tls.crt and other.key: "), "{text}");
    assert!(text.ends_with("; use a certificate that was issued for this key"), "{text}");
}
