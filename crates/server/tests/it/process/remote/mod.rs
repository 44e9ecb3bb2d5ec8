//! The commands over HTTP: against recorded answers, for what a client must do whatever a server
//! says, and against a running server.

mod client;
mod context;
mod credentials;
mod manage;
mod nouns;
pub mod stub;
mod walk;

use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use super::program::{Ran, run_in};

/// A secret that must turn up nowhere.
pub const SECRET: &str = "5ec7e7-0123456789abcdef-5ec7e7";

/// A user's configuration folder.
pub struct Home {
    directory: TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self { directory: tempfile::tempdir().expect("a directory") }
    }

    /// With one context for a server, and [`SECRET`].
    pub async fn of(server: &str) -> Self {
        let home = Self::new();
        home.context("main", server, "client-1", SECRET).await;
        home
    }

    /// Makes a context.
    pub async fn context(&self, name: &str, server: &str, client_id: &str, secret: &str) {
        let words = ["context", "create", name, "--server", server, "--client-id", client_id];
        let words = [&words[..], &["--secret-env", "FROM"]].concat();
        let made = self.run_with(&[("FROM", secret)], &words).await;
        assert!(!made.out.contains(secret), "{made:?}");
        made.done();
    }

    pub fn folder(&self) -> PathBuf {
        self.directory.path().join("home")
    }

    pub fn file(&self) -> PathBuf {
        self.folder().join("contexts.toml")
    }

    /// A file beside the configuration folder.
    pub fn beside(&self, name: &str, text: &str) -> String {
        let path = self.directory.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    }

    /// A place where there is no file yet.
    pub fn nothing(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Runs a command, its words separated by spaces.
    pub async fn run(&self, command: &str) -> Ran {
        self.words(&command.split(' ').collect::<Vec<_>>()).await
    }

    pub async fn words(&self, words: &[&str]) -> Ran {
        self.run_with(&[], words).await
    }

    pub async fn run_with(&self, environment: &[(&str, &str)], words: &[&str]) -> Ran {
        let folder = self.folder().display().to_string();
        let own = [("COUNTERSIGN_HOME", folder.as_str())];
        run_in(&[&own[..], environment].concat(), words).await
    }

    pub async fn json(&self, command: &str) -> Value {
        self.run(&format!("{command} --json")).await.json()
    }
}
