//! TLS: the certificate, read again when its files change.
//!
//! Invariant: a running server always has a certificate that fits its key. Files that do not fit
//! each other, as there are for a moment when they are replaced one after the other, leave the old
//! one in use.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem};

use crate::config::Tls;

/// How often the files are looked at.
const POLL: Duration = Duration::from_secs(3);

/// What is wrong with a certificate's files.
#[derive(Debug, thiserror::Error)]
pub enum TlsFileError {
    /// A file cannot be read.
    #[error("{path}: cannot be read: {error}; check the path and the file's permissions")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        error: io::Error,
    },
    /// A file has no PEM section of the kind that it should have.
    #[error("{path}: holds no {wanted} in PEM; such a section begins with \"-----BEGIN …\"")]
    Empty {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        wanted: &'static str,
    },
    /// The certificate and the key cannot be used together.
    #[error("{certificate} and {key}: {reason}; use a certificate that was issued for this key")]
    Mismatch {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// The TLS library's reason.
        reason: String,
    },
}

/// Reads a certificate's files as the server would, to find out what is wrong with them.
///
/// # Errors
/// What is wrong with the files.
pub fn check_tls_files(files: &Tls) -> Result<(), TlsFileError> {
    read(files, &aws_lc_rs::default_provider()).map(|_| ())
}

fn read(files: &Tls, provider: &CryptoProvider) -> Result<CertifiedKey, TlsFileError> {
    let bytes = read_file(&files.certificate)?;
    let empty = |path: &Path, wanted| TlsFileError::Empty { path: path.to_owned(), wanted };
    let chain: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(&bytes).collect();
    let chain = chain
        .ok()
        .filter(|chain| !chain.is_empty())
        .ok_or_else(|| empty(&files.certificate, "certificate"))?;
    let key = PrivateKeyDer::from_pem_slice(&read_file(&files.key)?)
        .map_err(|_| empty(&files.key, "private key"))?;
    CertifiedKey::from_der(chain, key, provider).map_err(|reason| TlsFileError::Mismatch {
        certificate: files.certificate.clone(),
        key: files.key.clone(),
        reason: reason.to_string(),
    })
}

fn read_file(path: &Path) -> Result<Vec<u8>, TlsFileError> {
    std::fs::read(path).map_err(|error| TlsFileError::Unreadable { path: path.to_owned(), error })
}

/// The certificate in use.
#[derive(Debug)]
pub(super) struct Certificate {
    files: Tls,
    provider: Arc<CryptoProvider>,
    current: RwLock<Arc<CertifiedKey>>,
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Certificate {
    /// Reads the files.
    ///
    /// # Errors
    /// What is wrong with the files.
    pub fn load(files: &Tls) -> Result<Self, TlsFileError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let current = RwLock::new(Arc::new(read(files, &provider)?));
        Ok(Self { files: files.clone(), provider, current })
    }

    /// TLS 1.2 and 1.3 with this certificate, HTTP/2 preferred.
    ///
    /// # Errors
    /// When the TLS library has none of its own protocols, which does not happen.
    pub fn server_config(self: &Arc<Self>) -> Result<ServerConfig, rustls::Error> {
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        config.ticketer = aws_lc_rs::Ticketer::new()?;
        Ok(config)
    }

    /// Reads the files again each time that they change, for ever.
    pub async fn follow(self: Arc<Self>) {
        // The files may have changed since they were loaded: the first look reads them in any case.
        let mut tried = None;
        let mut usable = true;
        loop {
            tokio::time::sleep(POLL).await;
            let certificate = Arc::clone(&self);
            let look = move || certificate.look(tried, usable);
            let Ok(Some((stamp, result))) = tokio::task::spawn_blocking(look).await else {
                continue;
            };
            match &result {
                Ok(()) if tried.is_some() => {
                    tracing::info!("the TLS certificate's files changed: the new one is in use")
                }
                // The reason is logged once for each state of the files.
                Err(error) if tried != Some(stamp) => {
                    tracing::error!(%error, "the TLS certificate's new files cannot be used: the old one stays in use");
                }
                _ => {}
            }
            usable = result.is_ok();
            tried = Some(stamp);
        }
    }

    /// Reads the files if they changed since they were `tried`, or could not be used then: a reason
    /// such as a disk that was busy goes away without a change. The stamp is taken before the files
    /// are read, so a change in between is seen the next time.
    fn look(
        &self,
        tried: Option<Stamp>,
        usable: bool,
    ) -> Option<(Stamp, Result<(), TlsFileError>)> {
        let stamp = Stamp::of(&self.files);
        (tried != Some(stamp) || !usable).then(|| (stamp, self.replace()))
    }

    fn replace(&self) -> Result<(), TlsFileError> {
        let new = Arc::new(read(&self.files, &self.provider)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }
}

/// What tells whether files have changed: for each its time, length and, on Unix, number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp([Option<(SystemTime, u64, u64)>; 2]);

impl Stamp {
    fn of(files: &Tls) -> Self {
        let stamp = |path: &Path| {
            let metadata = std::fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len(), file_number(&metadata)))
        };
        Self([stamp(&files.certificate), stamp(&files.key)])
    }
}

#[cfg(unix)]
fn file_number(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn file_number(_: &Metadata) -> u64 {
    0
}
