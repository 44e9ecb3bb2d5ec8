//! Processes: started, awaited with a deadline, killed when the test ends, and every word of
//! theirs kept.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

/// How long anything may take before a test gives up: generous, for a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(10);

/// Asks again and again until there is an answer; fails after [`DEADLINE`].
pub async fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < DEADLINE, "not within {DEADLINE:?}: {what}");
        sleep(PAUSE).await;
    }
}

fn command(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    // What is set where the tests run must not reach the program.
    command.env_clear().args(words).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What a command that has ended left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The output of a command that succeeded.
    #[track_caller]
    pub fn done(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.out
    }

    /// The JSON of a command that succeeded.
    #[track_caller]
    pub fn json(self) -> Value {
        let out = self.done();
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
    }

    /// The reason of a command that failed.
    #[track_caller]
    pub fn refused(self) -> String {
        assert!(matches!(self.code, Some(1 | 2)), "{self:?}");
        assert_eq!(self.out, "", "a refusal prints nothing");
        self.err
    }
}

/// Runs a command to its end.
pub async fn run(words: &[&str]) -> Ran {
    run_with_input(words, "").await
}

/// Runs a command that reads standard input.
pub async fn run_with_input(words: &[&str], input: &str) -> Ran {
    finish(command(words), words, input).await
}

/// Runs a command in an environment of its own.
pub async fn run_in(environment: &[(&str, &str)], words: &[&str]) -> Ran {
    let mut command = command(words);
    command.envs(environment.iter().copied());
    finish(command, words, "").await
}

async fn finish(mut command: Command, words: &[&str], input: &str) -> Ran {
    let mut child = command.stdin(Stdio::piped()).spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A program that reads nothing closes the pipe: that is its right.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let out = reader(child.stdout.take().expect("a pipe"));
    let err = reader(child.stderr.take().expect("a pipe"));
    let mut child = Killed(child);
    let what = format!("the end of {words:?}");
    let code = eventually(&what, || child.0.try_wait().expect("a status")).await.code();
    let text = |thread: std::thread::JoinHandle<String>| thread.join().expect("read");
    Ran { code, out: text(out), err: text(err) }
}

fn reader(mut pipe: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).expect("UTF-8");
        text
    })
}

/// The command line on one installation.
#[derive(Debug, Clone)]
pub struct Cli(Vec<String>);

impl Cli {
    pub fn of_data(data: &Path) -> Self {
        Self(vec!["--data".to_owned(), data.display().to_string()])
    }

    pub fn of_config(file: &Path) -> Self {
        Self(vec!["--config".to_owned(), file.display().to_string()])
    }

    /// A command with its words, separated by spaces, and then others as they are.
    fn words<'a>(&'a self, command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
        let place = self.0.iter().map(String::as_str);
        command.split(' ').chain(more.iter().copied()).chain(place).collect()
    }

    pub async fn run(&self, command: &str, more: &[&str]) -> Ran {
        run(&self.words(command, more)).await
    }

    pub async fn run_with_input(&self, command: &str, more: &[&str], input: &str) -> Ran {
        run_with_input(&self.words(command, more), input).await
    }

    /// What a command says with `--json`.
    pub async fn json(&self, command: &str, more: &[&str]) -> Value {
        let mut words = self.words(command, more);
        words.push("--json");
        run(&words).await.json()
    }
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Lines that a process has written so far.
#[derive(Debug, Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    fn follow(pipe: impl Read + Send + 'static) -> Self {
        let lines = Self::default();
        let kept = lines.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                kept.0.lock().expect("the lines").push(line);
            }
        });
        lines
    }

    pub fn all(&self) -> Vec<String> {
        self.0.lock().expect("the lines").clone()
    }

    pub fn find<T>(&self, take: impl FnMut(&String) -> Option<T>) -> Option<T> {
        self.0.lock().expect("the lines").iter().find_map(take)
    }
}

/// A running server.
pub struct Node {
    child: Killed,
    pub out: Lines,
    pub err: Lines,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Node {
    async fn start(words: &[&str], address: impl Fn(&Lines, &Lines) -> Option<SocketAddr>) -> Self {
        let mut child = command(words).stdin(Stdio::null()).spawn().expect("the program starts");
        let out = Lines::follow(child.stdout.take().expect("a pipe"));
        let err = Lines::follow(child.stderr.take().expect("a pipe"));
        let mut child = Killed(child);
        let what = format!("{words:?} listens");
        let found = eventually(&what, || {
            if let Some(status) = child.0.try_wait().expect("a status") {
                panic!("{words:?} ended with {status}: {:#?}", err.all());
            }
            address(&out, &err)
        });
        let address = found.await;
        Self { child, out, err, address }
    }

    /// `countersign demo`, with what it said when it was ready.
    pub async fn demo(data: &Path, port: u16) -> (Self, Value) {
        let (listen, data) = (format!("127.0.0.1:{port}"), data.display().to_string());
        let words = ["demo", "--listen", &listen, "--data", &data];
        let node = Self::start(&words, |out, _| {
            let said: Value = out.find(|line| serde_json::from_str(line).ok())?;
            let url = said["tenant_url"].as_str().expect("a URL").to_owned();
            let (_, port) = url.rsplit_once(':').expect("a port");
            Some(SocketAddr::from(([127, 0, 0, 1], port.parse().expect("a port"))))
        })
        .await;
        let said = node.out.all();
        assert_eq!(said.len(), 1, "exactly one line: {said:?}");
        (node, serde_json::from_str(&said[0]).expect("JSON"))
    }

    /// `countersign serve` with a configuration that logs JSON.
    pub async fn serve(config: &Path) -> Self {
        let words = ["serve", "--config", &config.display().to_string()];
        Self::start(&words, |_, err| {
            err.find(|line| {
                let line: Value = serde_json::from_str(line).ok()?;
                (line["message"] == "listening").then(|| line["address"].as_str()?.parse().ok())?
            })
        })
        .await
    }

    fn pid(&self) -> rustix::process::Pid {
        rustix::process::Pid::from_child(&self.child.0)
    }

    /// Asks it to end (SIGTERM).
    pub fn terminate(&self) {
        let asked = rustix::process::kill_process(self.pid(), rustix::process::Signal::TERM);
        asked.expect("the signal is sent");
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        eventually("the end of the server", || self.child.0.try_wait().expect("a status")).await
    }

    /// Asks it to end, and waits for it.
    pub async fn stop(mut self) {
        self.terminate();
        let status = self.ended().await;
        assert!(status.success(), "{status}: {:#?}", self.err.all());
    }

    /// Fails when it has ended.
    pub fn still_runs(&mut self) {
        let status = self.child.0.try_wait().expect("a status");
        assert!(status.is_none(), "{status:?}: {:#?}", self.err.all());
    }
}
