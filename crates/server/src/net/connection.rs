//! One connection: which protocol it speaks, its requests, and its end.
//!
//! Invariant: headers are bounded in bytes and number, streams in number; more is answered with 431
//! or the protocol's own refusal, before a handler sees anything.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tower::Service as _;

use super::PeerAddress;
use super::body::TimedBody;
use super::guard::{Deadlines, Observed, Passed, Patience, Pulse};
use super::stop::{Step, Stop};
use crate::config::RequestLimits;

/// Requests that one HTTP/2 connection may have under way.
const MAX_STREAMS: u32 = 128;
/// Streams that a client may open and reset before it is sent away (CVE-2023-44487, "rapid reset").
const MAX_RESET_STREAMS: usize = 20;
/// Streams that the client's own mistakes may have had reset before it is sent away.
const MAX_ERROR_STREAMS: usize = 128;
/// Bytes of bodies that one HTTP/2 stream, and all of a connection's, may send ahead.
const STREAM_WINDOW: u32 = 65_535;
const CONNECTION_WINDOW: u32 = 1_048_576;
/// Bytes of an answer that are kept for one HTTP/2 stream.
const MAX_SEND_BYTES: usize = 65_536;

/// What all connections of a server share.
pub(super) struct Shared {
    /// The application.
    pub router: Router,
    /// The protocols with their bounds.
    pub protocols: auto::Builder<TokioExecutor>,
    /// How long a peer may take.
    pub patience: Patience,
    /// How long a body may take.
    pub body_timeout: Duration,
    /// The step that the server is in.
    pub stop: Stop,
}

impl Shared {
    pub fn new(router: Router, limits: &RequestLimits) -> Self {
        Self {
            // Handlers are made into routes once, here, instead of once per request.
            router: router.with_state(()),
            protocols: protocols(limits),
            patience: Patience {
                headers: limits.header_timeout(),
                idle: limits.keep_alive(),
                write: limits.request_timeout(),
            },
            body_timeout: limits.body_timeout(),
            stop: Stop::default(),
        }
    }
}

fn protocols(limits: &RequestLimits) -> auto::Builder<TokioExecutor> {
    let mut protocols = auto::Builder::new(TokioExecutor::new());
    protocols
        .http1()
        // The time of headers is the guard's: hyper would arm a timer for each request.
        .header_read_timeout(None)
        // The bound of 100 headers is hyper's own; naming it here would cost an allocation per
        // request.
        .max_buf_size(limits.max_header_bytes);
    protocols
        .http2()
        .max_header_list_size(u32::try_from(limits.max_header_bytes).unwrap_or(u32::MAX))
        .max_concurrent_streams(MAX_STREAMS)
        .max_pending_accept_reset_streams(MAX_RESET_STREAMS)
        .max_local_error_reset_streams(MAX_ERROR_STREAMS)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buf_size(MAX_SEND_BYTES);
    protocols
}

/// Serves a connection until it ends, or the server does.
pub(super) async fn serve<S>(stream: S, peer: SocketAddr, shared: &Shared)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let pulse = Arc::new(Pulse::default());
    let stream = TokioIo::new(Observed::new(stream, Arc::clone(&pulse)));
    let peer = PeerAddress(SocketAddr::new(peer.ip().to_canonical(), peer.port()));
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let under_way = pulse.begin();
        if request.version() == axum::http::Version::HTTP_2 {
            pulse.set_multiplexed();
        }
        let mut request: Request = request.map(|body| TimedBody::wrap(body, shared.body_timeout));
        request.extensions_mut().insert(peer);
        let answer = shared.router.clone().call(request);
        async move {
            let answer = answer.await;
            drop(under_way);
            answer
        }
    });
    let connection = shared.protocols.serve_connection(stream, service);
    drive(connection, shared, &pulse).await;
}

/// A connection that can be told to finish.
trait Connection: Future {
    fn finish(self: Pin<&mut Self>);
}

impl<S, I> Connection for auto::Connection<'_, I, S, TokioExecutor>
where
    S: hyper::service::Service<hyper::Request<Incoming>, Response = axum::response::Response>,
    S::Future: Send + 'static,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    I: hyper::rt::Read + hyper::rt::Write + Unpin + 'static,
{
    fn finish(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

/// Runs a connection within its deadlines, and passes the server's steps on to it. How it ended is
/// the peer's business: errors here are broken connections and broken protocols, of which a public
/// server has any number.
async fn drive<C: Connection>(connection: C, shared: &Shared, pulse: &Pulse) {
    let stop = &shared.stop;
    let mut connection = pin!(connection);
    let mut deadlines = Deadlines::new(shared.patience);
    let (mut draining, mut cut) = (pin!(stop.draining()), pin!(stop.cut()));
    let (mut listening, mut finishing) = (false, false);
    poll_fn(|cx| {
        if !listening {
            // Polled once, to leave the task's waker; asking the step is cheaper than polling them
            // again.
            listening = true;
            let _ = (draining.as_mut().poll(cx), cut.as_mut().poll(cx));
        }
        let step = stop.step();
        if step == Step::Cut {
            stop.count_requests_cut(pulse.under_way() as usize);
            return Poll::Ready(());
        }
        if step == Step::Draining && !finishing {
            finishing = true;
            connection.as_mut().finish();
        }
        loop {
            let ended = connection.as_mut().poll(cx).is_ready();
            let passed = if ended { Poll::Ready(Passed::Late) } else { deadlines.poll(cx, pulse) };
            match passed {
                Poll::Pending => return Poll::Pending,
                // Idle for too long: the peer is told, and has a moment to take note of it.
                Poll::Ready(Passed::Idle) if !finishing => {
                    finishing = true;
                    connection.as_mut().finish();
                    deadlines.last_chance();
                }
                Poll::Ready(_) => {
                    if step == Step::Draining {
                        stop.count_finished();
                    }
                    return Poll::Ready(());
                }
            }
        }
    })
    .await;
}
