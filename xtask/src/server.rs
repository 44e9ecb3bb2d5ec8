//! A running `countersign demo`: started, awaited, killed, started again on the same data.

use std::fs::OpenOptions;
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::Signal;
use serde_json::Value;

use crate::cli::Cli;
use crate::http::Target;
use crate::process::{Running, tail, tied_to_us};
use crate::workshop::Workshop;

const START_LIMIT: Duration = Duration::from_secs(60);

/// One node.
pub struct Server {
    process: Running,
    /// What it printed when it was ready.
    pub ready: Value,
    pub port: u16,
    log: PathBuf,
}

impl Server {
    /// Starts the demo and waits for its line of JSON.
    pub fn start(shop: &Workshop, cli: &Cli, port: u16, name: &str) -> Result<Self> {
        let mut command = tied_to_us(&cli.program);
        command.args(cli.demo_arguments(port, None));
        Self::run(shop, command, port, name)
    }

    /// Like [`Self::start`], tied to one core and with metrics on a second port, as the benchmark wants it.
    pub fn start_pinned(shop: &Workshop, cli: &Cli, core: u8, ports: (u16, u16)) -> Result<Self> {
        let mut command = Command::new("taskset");
        command
            .args(["-c", &core.to_string()])
            .arg(&cli.program)
            .args(cli.demo_arguments(ports.0, Some(ports.1)));
        Self::run(shop, command, ports.0, "bench")
    }

    /// `countersign serve` on the data and at the port of this demo, which has stopped, with more
    /// in its configuration. Rate limits are off, as they are in the demo.
    pub fn start_again_with(
        &self,
        shop: &Workshop,
        cli: &Cli,
        more: &str,
        name: &str,
    ) -> Result<Self> {
        let config = cli.data.join("countersign.toml");
        std::fs::write(&config, cli.configuration(self.port, more))?;
        let log = shop.output(&format!("logs/{name}.log"))?;
        let file = OpenOptions::new().create(true).append(true).open(&log)?;
        let mut command = tied_to_us(&cli.program);
        command.args(["serve", "--config"]).arg(&config);
        command.stdout(Stdio::null()).stderr(file);
        let process = shop.children.spawn("countersign serve", &mut command)?;
        let mut server = Self { process, ready: self.ready.clone(), port: self.port, log };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", server.port)).is_err() {
            server.still_runs().map_err(|error| error.context(server.log_tail()))?;
            if begun.elapsed() > START_LIMIT {
                bail!("the server does not listen:\n{}", server.log_tail());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    fn run(shop: &Workshop, mut command: Command, port: u16, name: &str) -> Result<Self> {
        let log = shop.output(&format!("logs/{name}.log"))?;
        let file = OpenOptions::new().create(true).append(true).open(&log)?;
        command.stdout(Stdio::piped()).stderr(file);
        let mut process = shop.children.spawn("countersign demo", &mut command)?;
        let out = process.child.stdout.take().context("no stdout")?;
        let (send, receive) = mpsc::channel();
        // Goes on reading after the first line, so that the server never blocks on a full pipe.
        thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let _ = send.send(line);
            }
        });
        let line = match receive.recv_timeout(START_LIMIT) {
            Ok(line) => line,
            Err(RecvTimeoutError::Disconnected) => {
                let status = process.wait(Duration::from_secs(5))?;
                bail!("the server ended at its start ({status}):\n{}", tail(&log, 25));
            }
            Err(RecvTimeoutError::Timeout) => {
                let waited = START_LIMIT.as_secs();
                bail!("the server is not ready after {waited} s:\n{}", tail(&log, 25));
            }
        };
        let ready = serde_json::from_str(&line)
            .with_context(|| format!("the server's first line on stdout is no JSON: {line}"))?;
        Ok(Self { process, ready, port, log })
    }

    /// The first tenant at this node.
    pub fn target(&self) -> Result<Target> {
        Ok(Target::new(self.port, self.text("/tenant_url")?))
    }

    /// A string of the ready line, such as `/m2m/client_id`.
    pub fn text(&self, pointer: &str) -> Result<&str> {
        self.ready
            .pointer(pointer)
            .and_then(Value::as_str)
            .with_context(|| format!("the server's ready line has no text at {pointer}"))
    }

    /// The operating system's number for the process.
    pub fn pid(&self) -> i32 {
        self.process.pid()
    }

    /// SIGKILL: no time to finish anything.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// An error if the process has ended by itself.
    pub fn still_runs(&mut self) -> Result<()> {
        match self.process.ended() {
            None => Ok(()),
            Some(status) => bail!("the server ended by itself ({status})"),
        }
    }

    /// Asks the server to finish its requests and end; gives the time that it took.
    pub fn stop(&mut self) -> Result<Duration> {
        let start = Instant::now();
        let status = self.process.stop(Signal::TERM, Duration::from_secs(30))?;
        if !status.success() {
            bail!("the server answered a polite stop with {status}:\n{}", self.log_tail());
        }
        Ok(start.elapsed())
    }

    /// The end of its log.
    pub fn log_tail(&self) -> String {
        format!("--- the end of {}\n{}", self.log.display(), tail(&self.log, 25))
    }
}

/// Removes a log, so that a run shows only its own lines.
pub fn forget_log(shop: &Workshop, name: &str) -> Result<()> {
    let log: &Path = &shop.output(&format!("logs/{name}.log"))?;
    match std::fs::remove_file(log) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
