//! The data directory, the databases' files, the master key and what the configuration names:
//! there, readable, and nobody else's to read.

use std::fs::{self, Metadata};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::Report;
use crate::config::Config;
use crate::installation;

/// What others may not do with a file of secrets or personal data.
const OTHERS: u32 = 0o077;
/// What others may not do with a directory: put their own files in the place of ours.
const OTHERS_WRITE: u32 = 0o022;

pub(super) fn examine(config: &Config, report: &mut Report) {
    let files: Vec<(String, PathBuf)> = installation::databases(config)
        .into_iter()
        .filter_map(|(name, url)| Some((name, installation::sqlite_file(&url)?)))
        .collect();
    let owner = directory(config, &files, report);
    for (name, file) in &files {
        database(name, file, owner, report);
    }
    master_key(&config.master_key_file(), report);
    named_files(config, report);
}

fn mode(metadata: &Metadata) -> u32 {
    metadata.permissions().mode() & 0o777
}

/// The data directory; gives its owner.
fn directory(config: &Config, files: &[(String, PathBuf)], report: &mut Report) -> Option<u32> {
    const CHECK: &str = "data directory";
    let path = config.server.absolute_data_dir();
    let inside = |file: &Path| std::path::absolute(file).is_ok_and(|file| file.starts_with(&path));
    let used = files.iter().any(|(_, file)| inside(file)) || inside(&config.master_key_file());
    if !used {
        return None;
    }
    let shown = path.display();
    match fs::metadata(&path) {
        Err(error) => {
            let remedy = "make the installation with `countersign migrate`, or correct the path";
            report.wrong(CHECK, format!("{shown}: {error}"), remedy);
            None
        }
        Ok(metadata) if !metadata.is_dir() => {
            report.wrong(CHECK, format!("{shown} is no directory"), "correct server.data_dir");
            None
        }
        Ok(metadata) => {
            let mode = mode(&metadata);
            if mode & OTHERS_WRITE != 0 {
                let message = format!("others can change what is in {shown} (mode {mode:o})");
                report.wrong(CHECK, message, format!("chmod 700 {shown}"));
            } else if mode & OTHERS != 0 {
                report.note(CHECK, format!("others can look into {shown} (mode {mode:o})"));
            } else {
                report.good(CHECK, format!("{shown} is its owner's alone"));
            }
            Some(metadata.uid())
        }
    }
}

/// A SQLite database with the files beside it, which hold the same data.
fn database(name: &str, file: &Path, owner: Option<u32>, report: &mut Report) {
    const CHECK: &str = "database files";
    let beside = |suffix: &str| {
        let mut path = file.as_os_str().to_owned();
        path.push(suffix);
        PathBuf::from(path)
    };
    let Ok(metadata) = fs::metadata(file) else {
        report.wrong(
            CHECK,
            format!("the {name} database {} is missing", file.display()),
            "restore it from a backup; on a new installation, make it with `countersign migrate`",
        );
        return;
    };
    if owner.is_some_and(|owner| owner != metadata.uid()) {
        report.note(
            CHECK,
            format!("{} belongs to another user than the data directory", file.display()),
        );
    }
    let mut private = true;
    for path in [file.to_owned(), beside("-wal"), beside("-shm")] {
        let Ok(metadata) = fs::metadata(&path) else { continue };
        let (shown, mode) = (path.display(), mode(&metadata));
        if mode & OTHERS != 0 {
            private = false;
            let message = format!("others can get at {shown} (mode {mode:o})");
            report.wrong(CHECK, message, format!("chmod 600 {shown}"));
        }
    }
    if private {
        report.good(CHECK, format!("the {name} database is its owner's alone"));
    }
}

/// Whether the key is the right one is asked where the databases are.
fn master_key(file: &Path, report: &mut Report) {
    const CHECK: &str = "master key";
    let shown = file.display();
    let Ok(metadata) = fs::metadata(file) else { return };
    let mode = mode(&metadata);
    if mode & OTHERS != 0 {
        let message = format!("others can read the master key file {shown} (mode {mode:o})");
        report.wrong(CHECK, message, format!("chmod 600 {shown}"));
    }
    if let Err(error) = installation::parse_master_key_file(file) {
        report.wrong(CHECK, format!("{error:#}"), "put the right key file back");
    }
    if !report.is_wrong(CHECK) {
        report.good(CHECK, format!("{shown} is its owner's alone"));
    }
}

/// Other files that the configuration names.
fn named_files(config: &Config, report: &mut Report) {
    if let Err(error) = installation::catalogue(config) {
        report.wrong("scope catalogue", format!("{error:#}"), "correct scopes.catalogue");
    }
    if let Some(file) = &config.outbound.extra_ca
        && let Err(error) = fs::read(file)
    {
        let message = format!("{}: {error}", file.display());
        report.wrong("extra CA", message, "correct outbound.extra_ca");
    }
}
