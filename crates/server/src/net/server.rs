//! The server: accepts connections up to a number, and stops without losing requests.
//!
//! Invariant: no error in accepting ends the server; it waits and goes on, because the reason (too
//! many open files, no memory) is a passing one, or an operator's to see in the log.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::connection::{self, Shared};
use super::stop::{ShutdownReport, Step};
use super::tls::{Certificate, TlsFileError};
use crate::config::{self, RequestLimits};

/// Connections that wait in the kernel to be accepted.
const BACKLOG: u32 = 4096;
/// Tasks of connections that were cut end at their next wake-up, which has been sent: this is for a
/// handler that holds its thread.
const CUT_GRACE: Duration = Duration::from_secs(1);

/// Why a server cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {address}: {error}; choose another address or stop the program that has it"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The operating system's reason.
        error: io::Error,
    },
    /// The certificate cannot be used.
    #[error("{0}")]
    TlsFiles(#[from] TlsFileError),
    /// The TLS library refuses its settings.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
}

/// A listening server that does not answer yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<(Arc<Certificate>, TlsAcceptor)>,
    limits: RequestLimits,
    grace: Duration,
}

impl Server {
    /// Listens, and reads the TLS files if there are any. Must run inside of a tokio runtime.
    ///
    /// # Errors
    /// When the address or the certificate cannot be used.
    pub fn bind(config: &config::Server) -> Result<Self, BindError> {
        let mut server = Self::bind_plain(config.listen, &config.limits)?;
        server.grace = config.shutdown_grace();
        if let Some(files) = &config.tls {
            let certificate = Arc::new(Certificate::load(files)?);
            let acceptor = TlsAcceptor::from(Arc::new(certificate.server_config()?));
            server.tls = Some((certificate, acceptor));
        }
        Ok(server)
    }

    /// Listens without TLS and without a grace period, for what is not for the public. Must run
    /// inside of a tokio runtime.
    ///
    /// # Errors
    /// When the address cannot be used.
    pub fn bind_plain(address: SocketAddr, limits: &RequestLimits) -> Result<Self, BindError> {
        let (listener, address) =
            listen(address).map_err(|error| BindError::Listen { address, error })?;
        Ok(Self { listener, address, tls: None, limits: limits.clone(), grace: Duration::ZERO })
    }

    /// The address that is listened on, with the port that was chosen if it was 0.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `shutdown` is ready. Then nothing more is accepted, requests under
    /// way are finished within the grace period, and what is left after it is closed.
    ///
    /// Each request has [`super::PeerAddress`] in its extensions, and a body with a deadline; for
    /// its size see [`super::read_body`], for its whole time [`super::guarded`].
    pub async fn serve(self, router: Router, shutdown: impl Future<Output = ()>) -> ShutdownReport {
        let shared = Arc::new(Shared::new(router, &self.limits));
        let permits = Arc::new(Semaphore::new(self.limits.max_connections));
        let follower = self
            .tls
            .as_ref()
            .map(|(certificate, _)| tokio::spawn(Arc::clone(certificate).follow()));
        tokio::select! {
            () = shutdown => {}
            () = self.accept(&shared, &permits) => {}
        }
        let (grace, connections) = (self.grace, self.limits.max_connections);
        // The socket closes here: whoever comes now is refused instead of left waiting.
        drop(self);
        if let Some(follower) = follower {
            follower.abort();
        }
        stop(&shared, &permits, connections, grace).await
    }

    /// Accepts connections, for ever. Each holds a permit until it ends.
    async fn accept(&self, shared: &Arc<Shared>, permits: &Arc<Semaphore>) {
        let mut failures: u32 = 0;
        loop {
            // The semaphore is never closed.
            let Ok(permit) = Arc::clone(permits).acquire_owned().await else { return };
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    failures = 0;
                    self.spawn(stream, peer, Arc::clone(shared), permit);
                }
                // The peer went away between the kernel's handshake and ours.
                Err(error) if is_about_the_peer(&error) => {}
                Err(error) => {
                    failures = failures.saturating_add(1);
                    if failures.is_power_of_two() {
                        tracing::warn!(%error, failures, "connections cannot be accepted: trying again");
                    }
                    sleep(Duration::from_millis(10 << failures.min(6))).await;
                }
            }
        }
    }

    fn spawn(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        shared: Arc<Shared>,
        permit: OwnedSemaphorePermit,
    ) {
        // An answer is one write: waiting to fill a packet would only delay it.
        let _ = stream.set_nodelay(true);
        let Some((_, acceptor)) = &self.tls else {
            tokio::spawn(async move {
                connection::serve(stream, peer, &shared).await;
                drop(permit);
            });
            return;
        };
        let acceptor = acceptor.clone();
        let patience = self.limits.header_timeout();
        tokio::spawn(async move {
            let draining = shared.stop.draining();
            let handshake = timeout(patience, acceptor.accept(stream));
            if shared.stop.step() == Step::Serving {
                let stream = tokio::select! {
                    result = handshake => result,
                    () = draining => {
                        shared.stop.count_finished();
                        return;
                    }
                };
                if let Ok(Ok(stream)) = stream {
                    connection::serve(stream, peer, &shared).await;
                }
            }
            drop(permit);
        });
    }
}

fn listen(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A restarted server takes its port back at once, while old connections of it still linger.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    let listener = socket.listen(BACKLOG)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn is_about_the_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Lets connections finish, then cuts what is left. All are gone when every permit is back.
async fn stop(
    shared: &Shared,
    permits: &Semaphore,
    connections: usize,
    grace: Duration,
) -> ShutdownReport {
    let open = connections - permits.available_permits();
    let all = u32::try_from(connections).unwrap_or(u32::MAX);
    shared.stop.advance(Step::Draining);
    let mut gone = pin!(permits.acquire_many(all));
    if timeout(grace, gone.as_mut()).await.is_err() {
        shared.stop.advance(Step::Cut);
        let _ = timeout(CUT_GRACE, gone).await;
    }
    shared.stop.report(open)
}
