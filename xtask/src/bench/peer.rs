//! The peer: npm's `oidc-provider` at the same task, on the same core.

use anyhow::Result;

use crate::bench::load::{Load, Measure, Subject};
use crate::bench::{pinned, start};
use crate::postgres::free_port;
use crate::workshop::Workshop;

const CLIENT: &str = "bench";
const SECRET: &str = "bench-secret-of-the-same-length-as-ours-0123456789abcdef0123456789";

/// Measures client_credentials at each number of connections.
pub fn measure(shop: &Workshop, load: &Load, connections: &[u32]) -> Result<Vec<Measure>> {
    println!("peer: npm's oidc-provider, ES256 JWT, in memory");
    let port = free_port()?;
    let mut command = pinned("node");
    command.env("NODE_ENV", "production").arg(shop.path("bench/peer/server.mjs")).args([
        &port.to_string(),
        CLIENT,
        SECRET,
    ]);
    let server = start(shop, "peer", &mut command, port)?;
    let subject = Subject { port, pid: server.pid(), id: CLIENT, secret: SECRET };
    connections.iter().map(|count| load.measure(shop, &subject, *count)).collect()
}
