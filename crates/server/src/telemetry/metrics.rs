//! Prometheus metrics on a listener of their own.
//!
//! Invariant: without `[metrics] listen` nothing is recorded, so nothing grows that nobody reads.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

use super::process::process_gauges_refresh;
use crate::config::{self, RequestLimits};
use crate::net::{BindError, Server};

/// Upper bounds of the buckets of times, in seconds.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// How often recorded times are moved into their buckets; until then each takes a place in memory.
const UPKEEP: Duration = Duration::from_secs(5);
/// Connections for one operator's scrapers.
const MAX_CONNECTIONS: usize = 16;

/// Why metrics cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum MetricsError {
    /// The address cannot be listened on.
    #[error("metrics: {0}")]
    Bind(#[from] BindError),
    /// The recorder cannot be installed.
    #[error("metrics: {0}")]
    Recorder(#[from] BuildError),
}

/// A listening `/metrics` that does not answer yet.
pub struct MetricsEndpoint {
    server: Server,
    recorder: PrometheusHandle,
}

impl MetricsEndpoint {
    /// Listens, and begins to record for the whole process. `None` when the configuration wants no
    /// metrics. Must run inside of a tokio runtime, before the first metric is recorded.
    ///
    /// # Errors
    /// When the address cannot be used, or something else in this process records metrics already.
    pub fn bind(config: &config::Metrics) -> Result<Option<Self>, MetricsError> {
        let Some(address) = config.listen else { return Ok(None) };
        let limits = RequestLimits { max_connections: MAX_CONNECTIONS, ..RequestLimits::default() };
        let server = Server::bind_plain(address, &limits)?;
        let recorder = PrometheusBuilder::new().set_buckets(&SECONDS)?.install_recorder()?;
        metrics::gauge!("countersign_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        Ok(Some(Self { server, recorder }))
    }

    /// The address that is listened on, with the port that was chosen if it was 0.
    pub fn local_addr(&self) -> SocketAddr {
        self.server.local_addr()
    }

    /// Answers `/metrics` until `shutdown` is ready.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) {
        let recorder = self.recorder.clone();
        let router =
            Router::new().route("/metrics", get(move || std::future::ready(render(&recorder))));
        let upkeep = async {
            loop {
                tokio::time::sleep(UPKEEP).await;
                self.recorder.run_upkeep();
            }
        };
        tokio::select! {
            _ = self.server.serve(router, shutdown) => {}
            () = upkeep => {}
        }
    }
}

fn render(recorder: &PrometheusHandle) -> ([(axum::http::HeaderName, &'static str); 1], String) {
    process_gauges_refresh();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], recorder.render())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn metrics_have_a_listener_of_their_own() {
        assert!(MetricsEndpoint::bind(&config::Metrics::default()).unwrap().is_none());
        let config = config::Metrics { listen: Some("127.0.0.1:0".parse().unwrap()) };
        let endpoint = MetricsEndpoint::bind(&config).unwrap().unwrap();
        let address = endpoint.local_addr();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(endpoint.serve(async move { drop(stopped.await) }));

        metrics::counter!("countersign_test_total", "grant" => "x").increment(3);
        metrics::histogram!("countersign_test_seconds").record(0.003);
        let answer = reqwest::get(format!("http://{address}/metrics")).await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        let text = answer.text().await.unwrap();
        for line in [
            "countersign_test_total{grant=\"x\"} 3",
            "countersign_test_seconds_bucket{le=\"0.005\"} 1",
            "countersign_build_info{version=",
            "process_resident_memory_bytes ",
            "process_open_fds ",
        ] {
            assert!(text.contains(line), "no {line} in\n{text}");
        }
        let elsewhere = reqwest::get(format!("http://{address}/")).await.unwrap();
        assert_eq!(elsewhere.status(), 404);
        stop.send(()).unwrap();
        serving.await.unwrap();
    }
}
