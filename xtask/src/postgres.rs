//! A private PostgreSQL cluster on a free port, thrown away when dropped.
//!
//! PostgreSQL refuses to run as root, so as root its programs run as the system user `postgres`.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::Signal;

use crate::process::{Running, tail, tied_to_us};
use crate::workshop::{Workshop, find_program};

const SYSTEM_USER: &str = "postgres";
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=300",
    "shared_buffers=128MB",
    "log_min_messages=warning",
];
/// A cluster that lives for one run of the tests, whose data nobody misses: no fsync.
const THROWN_AWAY: &[&str] = &["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
/// A cluster that is measured: it syncs, and has a checkpoint when it is filled, not while it is measured.
const KEPT: &[&str] = &["max_wal_size=8GB", "checkpoint_timeout=30min"];

const LIMIT: Duration = Duration::from_secs(120);

/// A running cluster.
pub struct Cluster {
    server: Option<Running>,
    folder: PathBuf,
    /// Whether the folder stays when the cluster stops.
    is_kept: bool,
    port: u16,
}

impl Cluster {
    /// `initdb`, start, wait until it answers.
    pub fn start(shop: &Workshop) -> Result<Self> {
        let name = format!("countersign-postgres-{}", std::process::id());
        let folder = make_folder(&[shop.scratch("postgres")?, std::env::temp_dir().join(name)])?;
        let mut cluster = Self { server: None, folder, is_kept: false, port: free_port()? };
        cluster.run(shop, THROWN_AWAY)?;
        Ok(cluster)
    }

    /// The same for a cluster that is durable and found again by its name.
    pub fn start_kept(shop: &Workshop, name: &str) -> Result<Self> {
        let elsewhere = std::env::temp_dir().join(format!("countersign-{name}"));
        let folder = make_folder(&[shop.target("xtask").join(name), elsewhere])?;
        let mut cluster = Self { server: None, folder, is_kept: true, port: free_port()? };
        cluster.run(shop, KEPT)?;
        Ok(cluster)
    }

    fn run(&mut self, shop: &Workshop, settings: &[&str]) -> Result<()> {
        let data = self.folder.join("data");
        let log = shop.output("logs/postgres.log")?;
        if !data.join("PG_VERSION").exists() {
            init(shop, &data, &log)?;
        }
        let mut command = as_system_user(&need("postgres")?);
        command.current_dir("/").arg("-D").arg(&data).arg("-p").arg(self.port.to_string());
        for setting in SETTINGS.iter().chain(settings) {
            command.args(["-c", setting]);
        }
        let file = File::create(&log)?;
        command.stdout(file.try_clone()?).stderr(file);
        self.server = Some(shop.children.spawn("postgres", &mut command)?);
        self.wait_until_ready(shop, &log)
    }

    /// Ends every connection and the server, as an outage does; its data stay.
    pub fn stop(&mut self) -> Result<()> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        // SIGINT is PostgreSQL's "fast shutdown".
        server.stop(Signal::INT, Duration::from_secs(20)).map(drop)
    }

    /// Starts what [`Self::stop`] stopped, at the same port.
    pub fn start_again(&mut self, shop: &Workshop) -> Result<()> {
        match self.server {
            Some(_) => Ok(()),
            None => self.run(shop, if self.is_kept { KEPT } else { THROWN_AWAY }),
        }
    }

    /// A new database that starts as a copy of another; gives its URL.
    pub fn copy_database(&self, shop: &Workshop, name: &str, of: &str) -> Result<String> {
        self.sql(shop, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        self.sql(shop, &format!("CREATE DATABASE {name} TEMPLATE {of}"))?;
        self.sql(shop, "CHECKPOINT")?;
        Ok(self.url(name))
    }

    /// Whether there is a database of this name.
    pub fn has_database(&self, shop: &Workshop, name: &str) -> Result<bool> {
        let found = self.sql(shop, &format!("SELECT 1 FROM pg_database WHERE datname = '{name}'"));
        found.map(|found| found.trim() == "1")
    }

    /// A new, empty database; gives its URL.
    pub fn create_database(&self, shop: &Workshop, name: &str) -> Result<String> {
        self.sql(shop, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        self.sql(shop, &format!("CREATE DATABASE {name}"))?;
        Ok(self.url(name))
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    fn sql(&self, shop: &Workshop, statement: &str) -> Result<String> {
        let mut psql = Command::new(need("psql")?);
        psql.args([
            "--no-psqlrc",
            "--tuples-only",
            "--no-align",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            "--dbname",
        ])
        .arg(self.url("postgres"))
        .args(["--command", statement]);
        shop.children.capture("psql", &mut psql, LIMIT)
    }

    fn wait_until_ready(&mut self, shop: &Workshop, log: &Path) -> Result<()> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.server.as_mut().and_then(Running::ended) {
                bail!("PostgreSQL ended at its start ({status}):\n{}", tail(log, 40));
            }
            match self.sql(shop, "SELECT 1") {
                Ok(_) => return Ok(()),
                Err(error) if start.elapsed() > LIMIT => {
                    return Err(error.context("PostgreSQL does not answer"));
                }
                Err(_) => thread::sleep(Duration::from_millis(50)),
            }
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.stop();
        if !self.is_kept {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn init(shop: &Workshop, data: &Path, log: &Path) -> Result<()> {
    let mut initdb = as_system_user(&need("initdb")?);
    initdb
        .args([
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--pgdata",
        ])
        .arg(data)
        .current_dir("/");
    shop.children.run_quiet("initdb", &mut initdb, LIMIT, log)
}

/// A program of PostgreSQL: in `PATH`, else of the newest version that Debian has installed.
pub fn find_binary(name: &str) -> Option<PathBuf> {
    let mut installed: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin").join(name)))
        })
        .filter(|(_, file)| file.is_file())
        .collect();
    installed.sort();
    installed.pop().map(|(_, file)| file).or_else(|| find_program(&[name]))
}

/// A port of the loopback interface that nothing uses now.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

fn need(name: &str) -> Result<PathBuf> {
    find_binary(name)
        .with_context(|| format!("PostgreSQL's `{name}` is missing: run `cargo xtask setup`"))
}

fn am_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The program, run as `postgres` if we are root, and never outliving us.
fn as_system_user(program: &Path) -> Command {
    if !am_root() {
        return tied_to_us(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args([
            "--reuid",
            SYSTEM_USER,
            "--regid",
            SYSTEM_USER,
            "--init-groups",
            "--pdeathsig",
            "KILL",
            "--",
        ])
        .arg(program);
    command
}

/// The first of some folders that the system user may reach and write.
fn make_folder(folders: &[PathBuf]) -> Result<PathBuf> {
    for folder in folders {
        if fs::create_dir_all(folder).is_err() {
            continue;
        }
        if !am_root() {
            return Ok(folder.clone());
        }
        let owner = format!("{SYSTEM_USER}:");
        let owned = Command::new("chown")
            .arg(&owner)
            .arg(folder)
            .status()
            .is_ok_and(|status| status.success());
        let mut probe = as_system_user(Path::new("/usr/bin/test"));
        probe.arg("-w").arg(folder);
        if owned && probe.status().is_ok_and(|status| status.success()) {
            return Ok(folder.clone());
        }
        // Only if it is empty.
        let _ = fs::remove_dir(folder);
    }
    bail!(
        "no folder that the system user `{SYSTEM_USER}` can write: is PostgreSQL installed (`cargo xtask setup`)?"
    )
}
