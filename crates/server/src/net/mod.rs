//! The edge to the network: connections, TLS, and everything that bounds what a peer can take.
//!
//! Invariant: a peer can hold no connection, buffer or task longer or larger than the
//! configuration's `[server.limits]` says (design, "What must never happen", 8), and nothing that a
//! peer does ends the process.
//!
//! What bounds what: [`guard`] the time of handshakes, headers, idling and slow readers; [`body`]
//! the time and size of bodies; [`shield`] the time of a whole request, and panics; [`connection`]
//! the size and number of headers and streams; [`server`] the number of connections.

mod body;
mod client_address;
mod connection;
mod guard;
mod server;
mod shield;
mod stop;
#[cfg(test)]
mod tests;
mod tls;

pub use body::{BodyError, drain, read_body, read_or_drain};
pub use client_address::client_address;
pub use server::{BindError, Server};
pub use shield::{Failure, Shield, ShieldLayer, guarded, shield_layer};
pub use stop::ShutdownReport;
pub use tls::{TlsFileError, check_tls_files};

use std::net::SocketAddr;

/// The other end of the connection, in every request's extensions. Behind a proxy that is the
/// proxy: see [`client_address`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddress(pub SocketAddr);
