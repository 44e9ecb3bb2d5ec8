//! An installation of some size: filled once, kept, and measured on a copy.
//!
//! Invariant: each run starts from the same rows, and a kept database whose size or schema is not
//! the wanted one is made again.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::bench::million::Plan;
use crate::bench::{pinned, start};
use crate::cli::Installation;
use crate::http::{Client, Target};
use crate::postgres::{Cluster, free_port};
use crate::process::Running;
use crate::workshop::Workshop;

const FILL_LIMIT: Duration = Duration::from_secs(2 * 60 * 60);
const DIRECTORY: &str = "directory.db";
const REGION: &str = "region-eu.db";
const KEY: &str = "master.key";
const MACHINES: &str = "machines.tsv";
/// Written last: what the folder holds.
const MARK: &str = "filled.txt";

/// How much there is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub tenants: i64,
    pub clients: i64,
    /// Clients of the first tenant.
    pub largest: i64,
}

/// The machine client of a tenant.
pub struct Machine {
    pub host: String,
    pub id: String,
    pub secret: String,
}

/// A filled installation, ready to be served.
pub struct Ground {
    installation: Installation,
    pub size: Size,
    pub port: u16,
    /// Where its files are.
    pub folder: PathBuf,
    /// One of each tenant, the first tenant's first.
    pub machines: Vec<Machine>,
}

/// The databases of an installation, as addresses.
struct Addresses {
    directory: String,
    region: String,
}

impl Ground {
    /// Fills an installation unless that was done already, and copies it.
    pub fn open(
        shop: &Workshop,
        plan: &Plan,
        cluster: Option<&Cluster>,
        size: Size,
    ) -> Result<Self> {
        let name = format!("{}_{}", size.tenants, size.clients);
        let engine = if cluster.is_some() { "postgres" } else { "sqlite" };
        let kept = shop.target("xtask").join(format!("million/{engine}_{name}"));
        let database = format!("filled_{name}");
        let there = cluster.map_or(Ok(true), |cluster| cluster.has_database(shop, &database))?;
        let mark = mark(shop, size)?;
        if !there || fs::read_to_string(kept.join(MARK)).ok().as_ref() != Some(&mark) {
            fill(shop, plan, cluster, (&kept, &database), size)?;
            fs::write(kept.join(MARK), mark)?;
        }
        let folder = shop.scratch(&format!("million_{name}"))?;
        let addresses = match cluster {
            None => {
                for file in [DIRECTORY, REGION] {
                    fs::copy(kept.join(file), folder.join(file))
                        .with_context(|| format!("copying {file}"))?;
                }
                Addresses::of_files(&folder)
            }
            Some(cluster) => {
                Addresses::of_one(cluster.copy_database(shop, &format!("run_{name}"), &database)?)
            }
        };
        fs::copy(kept.join(KEY), folder.join(KEY))?;
        let port = free_port()?;
        let config = configure(&folder, &addresses, port)?;
        let installation = Installation { program: plan.server.clone(), config };
        let machines = machines(&kept.join(MACHINES))?;
        Ok(Self { installation, size, port, folder, machines })
    }

    /// Runs the server on its core until it is dropped.
    pub fn serve(&self, shop: &Workshop) -> Result<Running> {
        let mut command = pinned(&self.installation.program);
        command.args(self.installation.serve_arguments());
        start(shop, "million", &mut command, self.port)
    }

    /// A connection to a tenant.
    pub fn client(&self, machine: &Machine) -> Client {
        Client::new(Target::new(self.port, &format!("http://{}", machine.host)))
    }

    /// An access token that administers a tenant.
    pub fn token(&self, machine: &Machine) -> Result<String> {
        let form = [("grant_type", "client_credentials")];
        let basic = Some((machine.id.as_str(), machine.secret.as_str()));
        let answer = self.client(machine).post("/oauth/token", &form, basic)?;
        let token = answer.json()?["access_token"].as_str().map(str::to_owned);
        token.with_context(|| format!("no token of {}: {}", machine.host, answer.body))
    }
}

impl Addresses {
    fn of_files(folder: &Path) -> Self {
        let of = |file| format!("sqlite://{}", folder.join(file).display());
        Self { directory: of(DIRECTORY), region: of(REGION) }
    }

    /// One PostgreSQL database for both.
    fn of_one(url: String) -> Self {
        Self { directory: url.clone(), region: url }
    }
}

/// The parameters, and which schema the rows were made for.
fn mark(shop: &Workshop, size: Size) -> Result<String> {
    let folder = shop.path("crates/store/migrations");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.sort();
    let mut schema = DefaultHasher::new();
    for file in files {
        fs::read_to_string(file)?.hash(&mut schema);
    }
    let Size { tenants, clients, largest } = size;
    Ok(format!(
        "tenants {tenants}, clients {clients}, largest {largest}, schema {:016x}\n",
        schema.finish()
    ))
}

/// Lets the product make a template, then copies it.
fn fill(
    shop: &Workshop,
    plan: &Plan,
    cluster: Option<&Cluster>,
    (kept, database): (&Path, &str),
    size: Size,
) -> Result<()> {
    println!("filling a region: {} tenants, {} clients", size.tenants, size.clients);
    let begun = Instant::now();
    if kept.exists() {
        fs::remove_dir_all(kept)?;
    }
    fs::create_dir_all(kept)?;
    let addresses = match cluster {
        None => Addresses::of_files(kept),
        Some(cluster) => Addresses::of_one(cluster.create_database(shop, database)?),
    };
    let config = configure(kept, &addresses, free_port()?)?;
    let installation = Installation { program: plan.server.clone(), config };
    let template = installation.create_template(&shop.children, size.tenants)?;
    let mut command = Command::new(&plan.fill);
    command.args(["--directory", &addresses.directory, "--region", &addresses.region]);
    command.args(["--tenant", &template.tenant_id, "--client", &template.client_id]);
    for (name, value) in
        [("tenants", size.tenants), ("clients", size.clients), ("largest", size.largest)]
    {
        command.arg(format!("--{name}={value}"));
    }
    command.arg("--master-key").arg(kept.join(KEY)).arg("--machines").arg(kept.join(MACHINES));
    shop.children.run("fill", &mut command, FILL_LIMIT)?;
    println!("filled in {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Limits that would end a measurement are off; everything else is the default.
fn configure(folder: &Path, addresses: &Addresses, port: u16) -> Result<PathBuf> {
    let file = folder.join("countersign.toml");
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:{port}\"\nexternal_scheme = \"http\"\ndata_dir = \"{}\"\n\
         [database]\ndirectory = \"{}\"\n[database.regions]\neu = \"{}\"\n\
         [limits]\nclients_per_tenant = 1000000\n\
         [rate_limits]\nreads_per_minute = 0\nwrites_per_minute = 0\n",
        folder.display(),
        addresses.directory,
        addresses.region,
    );
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

fn machines(file: &Path) -> Result<Vec<Machine>> {
    let text = fs::read_to_string(file).with_context(|| format!("no {}", file.display()))?;
    let machine = |line: &str| match line.split('\t').collect::<Vec<_>>().as_slice() {
        [host, id, secret] => {
            let [host, id, secret] = [host, id, secret].map(|part| (*part).to_owned());
            Ok(Machine { host, id, secret })
        }
        _ => bail!("{} has the line {line}", file.display()),
    };
    text.lines().map(machine).collect()
}
