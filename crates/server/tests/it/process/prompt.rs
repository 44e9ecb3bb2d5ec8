//! Passwords typed at a terminal: asked for twice, and never shown.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use super::installation::{Databases, Installation};
use super::program::{Lines, eventually};

/// A terminal with somebody in front of it, and the program at it.
struct Terminal {
    keyboard: File,
    shown: Lines,
    child: Child,
    err: Lines,
}

fn open() -> (OwnedFd, File) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&master).expect("granted");
    unlockpt(&master).expect("unlocked");
    let name = ptsname(&master, Vec::new()).expect("a name").into_string().expect("UTF-8");
    let slave = File::options().read(true).write(true).open(name).expect("the other side");
    (master, slave)
}

impl Terminal {
    fn start(words: &[&str]) -> Self {
        let (master, slave) = open();
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.env_clear().args(words).stdin(slave).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let err = Lines::follow_bytes(child.stderr.take().expect("a pipe"));
        let keyboard = File::from(master);
        let shown = Lines::follow_bytes(keyboard.try_clone().expect("a second handle"));
        Self { keyboard, shown, child, err }
    }

    /// Types a line once the question is there and the terminal is silent.
    async fn type_at(&mut self, question: &str, line: &str) {
        eventually(question, || {
            let asked = self.err.text().ends_with(question);
            let silent = !tcgetattr(&self.keyboard).ok()?.local_modes.contains(LocalModes::ECHO);
            (asked && silent).then_some(())
        })
        .await;
        self.keyboard.write_all(format!("{line}\n").as_bytes()).expect("typed");
    }

    async fn end(mut self) -> (Option<i32>, String, String) {
        let status = eventually("the end", || self.child.try_wait().expect("a status")).await;
        let mut rest = String::new();
        // What the program says last may still be on its way.
        eventually("the last words", || {
            let now = self.err.text();
            let same = now == rest;
            rest = now;
            same.then_some(())
        })
        .await;
        (status.code(), rest, self.shown.text())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
