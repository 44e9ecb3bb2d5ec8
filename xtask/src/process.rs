//! Child processes: each in its own process group, with a time limit, and none left behind.
//!
//! Invariant: a process that was started here is gone when its [`Running`] is dropped, when a
//! signal ends this program, and (by the kernel's parent-death signal) when this program is killed.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::workshop::find_program;

/// The process groups that are alive now.
#[derive(Clone, Default)]
pub struct Children(Arc<Mutex<BTreeSet<i32>>>);

impl Children {
    /// From now on ctrl-c, a hang-up or a polite kill ends all children first, then this program.
    pub fn watch_signals(scratch: PathBuf) -> Result<Self> {
        let children = Self::default();
        let all = children.clone();
        let mut signals =
            Signals::new([SIGINT, SIGTERM, SIGHUP]).context("cannot watch for signals")?;
        thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                eprintln!("\nstopped by signal {signal}: ending all children");
                all.kill_all();
                let _ = fs::remove_dir_all(scratch);
                std::process::exit(128 + signal);
            }
        });
        Ok(children)
    }

    /// Starts a process that this program waits for or stops later.
    pub fn spawn(&self, name: &str, command: &mut Command) -> Result<Running> {
        command.stdin(Stdio::null()).process_group(0);
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {name} ({:?})", command.get_program()))?;
        let pid = i32::try_from(child.id()).context("a process id out of range")?;
        self.groups().insert(pid);
        Ok(Running { child, pid, name: name.to_owned(), children: self.clone() })
    }

    /// Runs a command to its end and takes a non-zero exit or the time limit as an error.
    pub fn run(&self, name: &str, command: &mut Command, limit: Duration) -> Result<()> {
        let status = self.spawn(name, command)?.wait(limit)?;
        if !status.success() {
            bail!("{name} failed ({status})");
        }
        Ok(())
    }

    /// Like [`Self::run`], but keeps what the command says for the case that it fails.
    pub fn run_quiet(
        &self,
        name: &str,
        command: &mut Command,
        limit: Duration,
        log: &Path,
    ) -> Result<()> {
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdout(file.try_clone()?).stderr(file);
        self.run(name, command, limit).map_err(|error| {
            anyhow!("{error:#}\n--- the end of {}\n{}", log.display(), tail(log, 40))
        })
    }

    /// Runs a command and gives its stdout; stderr is part of the error if it fails.
    pub fn capture(&self, name: &str, command: &mut Command, limit: Duration) -> Result<String> {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = self.spawn(name, command)?;
        let out = running.child.stdout.take().map(read_in_background);
        let err = running.child.stderr.take().map(read_in_background);
        let status = running.wait(limit)?;
        let out = out.map(join_text).unwrap_or_default();
        if !status.success() {
            bail!("{name} failed ({status}): {}{}", err.map(join_text).unwrap_or_default(), out);
        }
        Ok(out)
    }

    /// Runs a command and hears each line of its stdout, which is passed on to ours.
    pub fn converse(
        &self,
        name: &str,
        command: &mut Command,
        limit: Duration,
        mut hear: impl FnMut(&str) -> Result<()>,
    ) -> Result<()> {
        command.stdout(Stdio::piped());
        let begun = Instant::now();
        let mut running = self.spawn(name, command)?;
        let out = running.child.stdout.take().context("no stdout")?;
        let (send, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let _ = send.send(line);
            }
        });
        while let Ok(line) = lines.recv_timeout(limit.saturating_sub(begun.elapsed())) {
            println!("{line}");
            hear(&line)?;
        }
        let status = running.wait(limit.saturating_sub(begun.elapsed()))?;
        if !status.success() {
            bail!("{name} failed ({status})");
        }
        Ok(())
    }

    fn kill_all(&self) {
        for group in self.groups().iter() {
            kill_group(*group, Signal::KILL);
        }
    }

    fn groups(&self) -> std::sync::MutexGuard<'_, BTreeSet<i32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A started process and all that it starts itself.
pub struct Running {
    pub child: Child,
    pid: i32,
    name: String,
    children: Children,
}

impl Running {
    /// The operating system's number for the process.
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// Waits for the process to end by itself.
    ///
    /// # Errors
    /// When it has not ended within `limit`; it is then killed.
    pub fn wait(&mut self, limit: Duration) -> Result<ExitStatus> {
        let start = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if start.elapsed() > limit {
                self.kill();
                bail!("{} was still running after {} s and was killed", self.name, limit.as_secs());
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(100));
        }
    }

    /// The exit status if the process has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks the process to stop with `signal` and waits; kills it if it does not.
    pub fn stop(&mut self, signal: Signal, limit: Duration) -> Result<ExitStatus> {
        if let Some(pid) = Pid::from_raw(self.pid) {
            let _ = kill_process(pid, signal);
        }
        self.wait(limit)
    }

    /// SIGKILL to the whole group, now.
    pub fn kill(&mut self) {
        kill_group(self.pid, Signal::KILL);
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The group is killed even when its leader has ended: a browser may have stayed behind.
        self.kill();
        self.children.groups().remove(&self.pid);
    }
}

/// A command whose process dies with the thread that starts it, where the machine can do that.
///
/// Start such a command only from the main thread.
pub fn tied_to_us(program: impl AsRef<OsStr>) -> Command {
    let Some(setpriv) = find_program(&["setpriv"]) else {
        return Command::new(program);
    };
    let mut command = Command::new(setpriv);
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}

/// The last lines of a log, or why there are none.
pub fn tail(log: &Path, lines: usize) -> String {
    match fs::read(log) {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes);
            let all: Vec<&str> = text.lines().collect();
            all[all.len().saturating_sub(lines)..].join("\n")
        }
        Err(error) => format!("({}: {error})", log.display()),
    }
}

fn kill_group(group: i32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(group) {
        let _ = kill_process_group(pid, signal);
    }
}

fn read_in_background(mut from: impl std::io::Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

fn join_text(reader: thread::JoinHandle<String>) -> String {
    reader.join().unwrap_or_default()
}
