//! Logs: one line per event on standard error, as text or JSON.
//!
//! Invariant: a panic is one line too, so a program that reads JSON lines reads every one.

use tracing::{Dispatch, Level};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{Log, LogFormat};

/// Why logging cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter is not one. The configuration's checks refuse it earlier.
    #[error("log.level: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Something else in this process has begun to log already.
    #[error("logging was set up twice")]
    Twice(#[from] tracing::dispatcher::SetGlobalDefaultError),
}

/// Begins to log, for the whole process, and to log panics.
///
/// # Errors
/// When the filter is wrong, or logging was set up before.
pub fn log_init(config: &Log) -> Result<(), LogError> {
    tracing::dispatcher::set_global_default(dispatch(config, std::io::stderr)?)?;
    std::panic::set_hook(Box::new(|info| {
        let payload = info.payload();
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::event!(
            Level::ERROR,
            panic = text.unwrap_or("no message"),
            place,
            "a thread panicked"
        );
    }));
    Ok(())
}

fn dispatch<W>(config: &Log, writer: W) -> Result<Dispatch, LogError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder().parse(&config.level)?;
    let lines = fmt().with_env_filter(filter).with_writer(writer);
    Ok(match config.format {
        LogFormat::Text => Dispatch::new(lines.finish()),
        LogFormat::Json => {
            Dispatch::new(lines.json().flatten_event(true).with_span_list(false).finish())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, level: &str) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let config = Log { format, level: level.to_owned(), ..Log::default() };
        let dispatch = dispatch(&config, move || writer.clone()).unwrap();
        tracing::dispatcher::with_default(&dispatch, || {
            tracing::info!(status = 200, "hello");
            tracing::debug!("detail");
        });
        String::from_utf8(lines.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn text_is_one_line_per_event_at_the_level() {
        let lines = logged(LogFormat::Text, "info");
        assert_eq!(lines.lines().count(), 1);
        assert!(lines.ends_with("hello status=200\n"), "{lines}");
        assert_eq!(logged(LogFormat::Text, "debug").lines().count(), 2);
        assert_eq!(logged(LogFormat::Text, "warn"), "");
        assert_eq!(logged(LogFormat::Text, "warn,countersign::telemetry=trace").lines().count(), 2);
    }

    #[test]
    fn json_is_one_flat_object_per_event() {
        let line: serde_json::Value =
            serde_json::from_str(&logged(LogFormat::Json, "info")).unwrap();
        assert_eq!(line["message"], "hello");
        assert_eq!(line["status"], 200);
        assert_eq!(line["level"], "INFO");
        assert!(line["timestamp"].is_string());
    }
}
