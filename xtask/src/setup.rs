//! Installs what the tests need and the machine lacks: Debian packages, npm packages, a Python
//! environment, cargo tools. A second run finds everything in place and takes no time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::postgres;
use crate::workshop::{Workshop, find_program};

const MINUTES: Duration = Duration::from_secs(60);

/// The versions of the tools that cargo installs.
const CARGO_FUZZ: (&str, &str) = ("cargo-fuzz", "0.13.2");
const OHA: (&str, &str) = ("oha", "1.16.0");

/// One thing that a test needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    Postgres,
    /// Node.js, Chromium and the npm packages of the real clients.
    NodeClients,
    /// Python and its environment with the real clients.
    PythonClients,
    /// cargo-fuzz and a C++ compiler for libFuzzer.
    Fuzz,
    /// oha and the peer that the benchmark measures.
    Bench,
}

impl Need {
    /// What `cargo xtask test` needs; the benchmark's tools are installed by `cargo xtask bench`.
    pub const ALL: &[Self] = &[Self::Postgres, Self::NodeClients, Self::PythonClients, Self::Fuzz];
}

/// Makes sure that everything named is there.
pub fn ensure(shop: &Workshop, needs: &[Need]) -> Result<()> {
    let has = |need| needs.contains(&need);
    let mut packages = Vec::new();
    if has(Need::Postgres) && postgres::find_binary("initdb").is_none() {
        packages.extend(["postgresql", "postgresql-client"]);
    }
    if (has(Need::NodeClients) || has(Need::Bench)) && find_program(&["node"]).is_none() {
        packages.push("nodejs");
    }
    if (has(Need::NodeClients) || has(Need::Bench)) && find_program(&["npm"]).is_none() {
        packages.push("npm");
    }
    if has(Need::NodeClients) && find_chromium().is_none() {
        // A browser without fonts shows, and photographs, empty pages.
        packages.extend(["chromium", "fonts-liberation"]);
    }
    if has(Need::PythonClients)
        && (find_program(&["python3"]).is_none() || !python_can_make_environments(shop))
    {
        packages.extend(["python3", "python3-venv"]);
    }
    if has(Need::Fuzz) && find_program(&["c++"]).is_none() {
        packages.push("g++");
    }
    debian(shop, &packages)?;
    if has(Need::NodeClients) {
        npm(shop, "tests/clients/node")?;
    }
    if has(Need::Bench) {
        npm(shop, "bench/peer")?;
        cargo_tool(shop, OHA)?;
    }
    if has(Need::PythonClients) {
        python(shop)?;
    }
    if has(Need::Fuzz) {
        cargo_tool(shop, CARGO_FUZZ)?;
    }
    println!("setup: all in place");
    Ok(())
}

/// The browser that the page tests drive.
pub fn find_chromium() -> Option<PathBuf> {
    find_program(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])
}

/// The interpreter of the Python environment.
pub fn python_program(shop: &Workshop) -> PathBuf {
    shop.target("xtask/venv/bin/python")
}

/// The interpreter of the environment in which only that cloud's own library is.
pub fn qlik_sdk_program(shop: &Workshop) -> PathBuf {
    shop.target("xtask/venv-qlik-sdk/bin/python")
}

/// A tool that [`ensure`] installed with cargo.
pub fn tool_program(shop: &Workshop, name: &str) -> PathBuf {
    shop.target("tools/bin").join(name)
}

/// Installs Debian packages as root; elsewhere says what is missing.
fn debian(shop: &Workshop, packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let list = packages.join(" ");
    if find_program(&["apt-get"]).is_none() {
        bail!(
            "this machine lacks {list} (Debian's names) and has no apt-get: install them by hand, then run this again"
        );
    }
    if !rustix::process::geteuid().is_root() {
        bail!("this machine lacks {list}: run `sudo apt-get install {list}`, then run this again");
    }
    println!("setup: installing Debian packages: {list}");
    let log = shop.output("logs/apt.log")?;
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-y", "-o", "DPkg::Lock::Timeout=300"])
            .args(arguments);
        command
    };
    // Another apt-get may hold the lock of the package lists, which has no timeout of its own.
    let patiently = |name: &str, arguments: &[&str]| {
        let mut tries = 1;
        loop {
            match shop.children.run_quiet(name, &mut apt(arguments), 15 * MINUTES, &log) {
                Err(error) if tries < 5 => {
                    println!("setup: {name} did not work, try {tries} of 5: {error:#}");
                    tries += 1;
                    thread::sleep(Duration::from_secs(10));
                }
                result => return result,
            }
        }
    };
    patiently("apt-get update", &["update"])?;
    let mut install = vec!["install", "--no-install-recommends"];
    install.extend(packages);
    patiently("apt-get install", &install)
}

/// `npm ci` in a folder, unless its lock file is the one that was installed last.
fn npm(shop: &Workshop, folder: &str) -> Result<()> {
    let place = shop.path(folder);
    let wanted = read(&place.join("package.json"))? + &read(&place.join("package-lock.json"))?;
    let stamp = place.join("node_modules/.countersign-stamp");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("setup: installing the npm packages of {folder}");
    let mut command = Command::new("npm");
    command.current_dir(&place).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    shop.children.run_quiet("npm ci", &mut command, 10 * MINUTES, &shop.output("logs/npm.log")?)?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

/// The Python environments under `target/`, each made anew when its requirements change.
///
/// The library of that cloud stands alone: it pins versions that the others have outgrown.
fn python(shop: &Workshop) -> Result<()> {
    environment(shop, "requirements.txt", "xtask/venv")?;
    environment(shop, "requirements-qlik-sdk.txt", "xtask/venv-qlik-sdk")
}

fn environment(shop: &Workshop, requirements: &str, place: &str) -> Result<()> {
    let requirements = shop.path("tests/clients/python").join(requirements);
    let wanted = read(&requirements)?;
    let place = shop.target(place);
    let python = place.join("bin/python");
    let stamp = place.join("countersign-stamp");
    if python.exists() && fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("setup: making a Python environment in {}", place.display());
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    let log = shop.output("logs/python.log")?;
    let mut make = Command::new("python3");
    make.args(["-m", "venv"]).arg(&place);
    shop.children.run_quiet("python3 -m venv", &mut make, 5 * MINUTES, &log)?;
    let mut install = Command::new(python);
    install
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(requirements);
    shop.children.run_quiet("pip install", &mut install, 10 * MINUTES, &log)?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

fn python_can_make_environments(shop: &Workshop) -> bool {
    // Debian ships python3 without ensurepip; asking costs 50 ms, so only before the first environment.
    python_program(shop).exists()
        || Command::new("python3")
            .args(["-c", "import ensurepip, venv"])
            .output()
            .is_ok_and(|out| out.status.success())
}

/// `cargo install` into `target/tools`, unless that version is there.
fn cargo_tool(shop: &Workshop, (name, version): (&str, &str)) -> Result<()> {
    let root = shop.target("tools");
    let installed = fs::read_to_string(root.join(".crates.toml")).unwrap_or_default();
    if tool_program(shop, name).exists() && installed.contains(&format!("\"{name} {version} ")) {
        return Ok(());
    }
    println!("setup: building {name} {version} (some minutes, once)");
    let mut command = shop.cargo();
    command.args(["install", "--locked", "--root"]).arg(&root).args(["--version", version, name]);
    // A target folder of its own: the tool's dependencies must not evict the project's.
    command.env("CARGO_TARGET_DIR", shop.target("tools/build"));
    let log = shop.output(&format!("logs/install-{name}.log"))?;
    shop.children.run_quiet("cargo install", &mut command, 30 * MINUTES, &log)?;
    let _ = fs::remove_dir_all(shop.target("tools/build"));
    Ok(())
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}
