//! Running the server: listeners, background work, an orderly end.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context;
use engine::Engine;
use engine::feed::Feed;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::{App, AppState, RequestLog};
use crate::config::{Config, LogRequests};
use crate::net::{Server, ShutdownReport};
use crate::router::router;
use crate::telemetry::MetricsEndpoint;

/// How often the metrics are brought up to date.
const METRICS_EVERY: Duration = Duration::from_secs(1);

/// What the handlers share, for a configuration.
pub fn app(config: &Config, engine: Arc<Engine>) -> App {
    Arc::new(AppState {
        engine,
        max_body_bytes: config.server.limits.max_body_bytes,
        trusted_proxies: config.server.trusted_proxies.clone(),
        request_timeout: config.server.limits.request_timeout(),
        answers: Default::default(),
        openapi: Default::default(),
        request_log: match config.log.requests {
            LogRequests::None => RequestLog::None,
            LogRequests::Errors => RequestLog::Errors,
            LogRequests::All => RequestLog::All,
        },
    })
}

/// Answers on all listeners until the process is told to stop, then finishes what is under way,
/// writes what was counted and closes the databases. `ready` is called when requests are answered
/// and a signal to stop is heeded.
///
/// # Errors
/// When the change feed cannot be read at the start, or the metrics listener cannot be opened.
pub async fn run(
    config: &Config,
    engine: Arc<Engine>,
    servers: Vec<Server>,
    ready: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut signals = Signals::listen()?;
    let feed = Feed::start(Arc::clone(&engine)).await.context("the change feed cannot be read")?;
    let app = app(config, Arc::clone(&engine));
    let (stop, stopped) = watch::channel(false);
    let mut background = JoinSet::new();
    background.spawn(feed.run(config.caches.change_poll()));
    background.spawn(engine::jobs::run(Arc::clone(&engine)));
    if let Some(endpoint) = MetricsEndpoint::bind(&config.metrics)? {
        background.spawn(publish(Arc::clone(&app)));
        background.spawn(endpoint.serve(until(stopped.clone())));
    }
    let mut listening = JoinSet::new();
    for server in servers {
        listening.spawn(server.serve(router(Arc::clone(&app)), until(stopped.clone())));
    }
    ready()?;
    // Without its background work a node would believe caches that nobody keeps true, so an end
    // of that work, which is a fault, ends the node.
    let fault = tokio::select! {
        () = signals.told_to_stop() => None,
        ended = background.join_next() => {
            Some(anyhow::anyhow!("background work ended by itself: {ended:?}"))
        }
    };
    tracing::info!("stopping: finishing the requests under way");
    let _ = stop.send(true);
    while let Some(report) = listening.join_next().await {
        log_end(&report.unwrap_or_default());
    }
    background.shutdown().await;
    let flushed = engine::jobs::flush(&engine).await;
    engine.store().close().await;
    flushed.context("the last usage counts could not be written")?;
    fault.map_or(Ok(()), Err)
}

fn log_end(report: &ShutdownReport) {
    let ShutdownReport { finished, cut, requests_cut, .. } = report;
    tracing::info!(finished, cut, requests_cut, "stopped");
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is a reason to stop, too.
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// The signals that end the process in order. Heeded from the start: one that comes while the
/// listeners are being opened would end it otherwise.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> anyhow::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn told_to_stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Copies the sums, which cost the token path one addition each, into the metrics.
async fn publish(app: App) {
    loop {
        metrics::counter!("countersign_sql_statements_total")
            .absolute(app.engine.store().statements());
        for (event, sum) in app.engine.totals().read() {
            metrics::counter!("countersign_events_total", "event" => event).absolute(sum);
        }
        for (hundreds, sum) in app.answers.iter().enumerate().skip(1) {
            let status = format!("{hundreds}xx");
            metrics::counter!("countersign_http_responses_total", "status" => status)
                .absolute(sum.load(Ordering::Relaxed));
        }
        tokio::time::sleep(METRICS_EVERY).await;
    }
}
