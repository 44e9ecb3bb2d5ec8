//! Where things are: the workspace, its target folder, this run's scratch folder, and programs.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::Children;

/// Everything that a task needs to know about the place it works in.
pub struct Workshop {
    root: PathBuf,
    target: PathBuf,
    scratch: PathBuf,
    pub children: Children,
}

impl Workshop {
    /// Finds the workspace, sweeps away what a killed run left behind, and makes a scratch folder.
    pub fn open() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask lies in the root of the filesystem")?
            .to_path_buf();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(given) => root.join(given),
            None => root.join("target"),
        };
        let home = target.join("xtask");
        sweep(&home);
        let scratch = home.join(format!("run-{}", std::process::id()));
        fs::create_dir_all(&scratch)
            .with_context(|| format!("cannot make {}", scratch.display()))?;
        let children = Children::watch_signals(scratch.clone())?;
        Ok(Self { root, target, scratch, children })
    }

    /// A path inside the workspace.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A path inside cargo's target folder.
    pub fn target(&self, relative: &str) -> PathBuf {
        self.target.join(relative)
    }

    /// A new, empty folder that goes away with this run.
    pub fn scratch(&self, name: &str) -> Result<PathBuf> {
        let folder = self.scratch.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    /// A file that outlives the run: logs and screenshots.
    pub fn output(&self, relative: &str) -> Result<PathBuf> {
        let file = self.target.join("xtask").join(relative);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        Ok(file)
    }

    /// `cargo` in the workspace, without the variables that `cargo run` set for this very program.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root);
        for (name, _) in env::vars_os() {
            let name = name.to_string_lossy();
            let of_this_program =
                ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
            if of_this_program.iter().any(|prefix| name.starts_with(prefix)) {
                command.env_remove(name.as_ref());
            }
        }
        command
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // Only scratch: a leftover is swept by the next run.
        let _ = fs::remove_dir_all(&self.scratch);
    }
}

/// The first program of these names in `PATH`.
pub fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names
        .iter()
        .find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}

/// Removes `run-<pid>` folders whose process is gone.
fn sweep(home: &Path) {
    let Ok(entries) = fs::read_dir(home) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.strip_prefix("run-")) else {
            continue;
        };
        if !Path::new("/proc").join(pid).exists() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
