//! From a configuration to a running engine: key, databases, scopes.
//!
//! Invariant: what does not fit together stops the start, with what is wrong and what to do.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use domain::crypto::{Keyring, MASTER_KEY_BYTES, hex};
use domain::entropy::{Entropy, SystemEntropy};
use domain::ids::RegionCode;
use domain::scope::Catalogue;
use domain::time::SystemClock;
use engine::Engine;
use engine::admin::installation::{check_key, is_claimed};
use engine::context::EngineParts;
use engine::settings::{
    Limits, OutboundSettings, PasswordSettings, RateLimitSettings, Settings, SignInSettings,
};
use percent_encoding::percent_decode_str;
use store::{Store, StoreOptions};

use crate::config::{Config, DatabaseUrl};

/// Opens the databases of a configuration, without migrating them.
///
/// # Errors
/// When a database cannot be opened.
pub async fn open_store(config: &Config) -> anyhow::Result<Store> {
    let mut region_urls = BTreeMap::new();
    for code in config.database.regions.keys() {
        let url = config.region_url(code).context("a region without database")?;
        region_urls.insert(RegionCode::parse(code)?, store_url(&url)?);
    }
    let options = StoreOptions {
        directory_url: store_url(&config.directory_url())?,
        region_urls,
        max_connections: config.database.max_connections,
    };
    Store::open(options).await.context("the databases cannot be opened")
}

/// The SQLite file of a database, if it is one.
pub fn sqlite_file(url: &DatabaseUrl) -> Option<PathBuf> {
    let path = url.expose().strip_prefix("sqlite://")?;
    Some(PathBuf::from(percent_decode_str(path).decode_utf8().ok()?.as_ref()))
}

/// The address of a database as the store takes it: SQLite files by their absolute path.
///
/// # Errors
/// When the current directory is gone.
pub fn store_url(url: &DatabaseUrl) -> anyhow::Result<String> {
    match url.expose().strip_prefix("sqlite://") {
        Some(path) if !path.starts_with('/') => {
            let here = std::env::current_dir().context("the current directory cannot be read")?;
            // The driver reads `%` and `?` in the path as URL syntax.
            let here = here.display().to_string().replace('%', "%25").replace('?', "%3F");
            Ok(format!("sqlite://{here}/{path}"))
        }
        _ => Ok(url.expose().to_owned()),
    }
}

/// The databases of a configuration by their names: `directory`, `region eu`.
pub fn databases(config: &Config) -> Vec<(String, DatabaseUrl)> {
    let regions = config.database.regions.iter();
    std::iter::once(("directory".to_owned(), config.directory_url()))
        .chain(regions.map(|(code, url)| (format!("region {code}"), url.clone())))
        .collect()
}

/// The SQLite files that are not there yet, with the names of their databases.
pub fn missing_files(config: &Config) -> Vec<(String, PathBuf)> {
    let files = databases(config).into_iter();
    let files = files.filter_map(|(name, url)| Some((name, sqlite_file(&url)?)));
    files.filter(|(_, file)| !file.exists()).collect()
}

/// Opens everything; the databases must be migrated.
///
/// # Errors
/// What does not fit together, and what to do about it.
pub async fn open(config: &Config, store: Store) -> anyhow::Result<Arc<Engine>> {
    let pending = store.pending_migrations().await?;
    if !pending.is_empty() {
        bail!(
            "the databases are not up to date ({} migrations missing): run `countersign migrate` first",
            pending.len()
        );
    }
    let file = config.master_key_file();
    if !file.exists() && is_claimed(&store).await? {
        bail!(
            "the master key file {} is missing, but the databases were made with one: put it back",
            file.display()
        );
    }
    let keyring = Keyring::new(&master_key(&file)?);
    check_key(&store, &keyring).await?;
    Ok(Engine::new(EngineParts {
        store,
        keyring,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        catalogue: catalogue(config)?,
        settings: settings(config)?,
    }))
}

/// The scopes of a configuration.
///
/// # Errors
/// A file that cannot be read, or is no catalogue.
pub fn catalogue(config: &Config) -> anyhow::Result<Catalogue> {
    match &config.scopes.catalogue {
        None => Ok(Catalogue::embedded()?),
        Some(file) => {
            let text = fs::read_to_string(file).with_context(|| {
                format!("the scope catalogue {} cannot be read", file.display())
            })?;
            Catalogue::parse(&text).with_context(|| format!("in {}", file.display()))
        }
    }
}

/// The master key of a file; a new one, readable by its owner only, when there is no file.
///
/// # Errors
/// A file that others can read, or that holds something else.
pub fn master_key(file: &Path) -> anyhow::Result<[u8; MASTER_KEY_BYTES]> {
    if !file.exists() {
        return create_master_key(file);
    }
    read_master_key(file)
}

/// The master key of a file that is there.
///
/// # Errors
/// A file that others can read, or that holds something else.
pub fn read_master_key(file: &Path) -> anyhow::Result<[u8; MASTER_KEY_BYTES]> {
    let metadata = fs::metadata(file)
        .with_context(|| format!("the master key file {} cannot be read", file.display()))?;
    let mode = metadata.permissions().mode();
    if mode & 0o077 != 0 {
        bail!(
            "the master key file {} can be read by others (mode {:o}): run `chmod 600` on it",
            file.display(),
            mode & 0o777
        );
    }
    parse_master_key_file(file)
}

/// The master key of a file, whoever can read it: for finding out whether it is the right one.
///
/// # Errors
/// A file that cannot be read, or holds something else.
pub fn parse_master_key_file(file: &Path) -> anyhow::Result<[u8; MASTER_KEY_BYTES]> {
    let text = fs::read_to_string(file)
        .with_context(|| format!("the master key file {} cannot be read", file.display()))?;
    parse_master_key(text.trim()).with_context(|| {
        format!("the master key file {} must hold 64 hexadecimal digits", file.display())
    })
}

fn parse_master_key(text: &str) -> Option<[u8; MASTER_KEY_BYTES]> {
    if text.len() != MASTER_KEY_BYTES * 2 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let mut key = [0; MASTER_KEY_BYTES];
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(key)
}

fn create_master_key(file: &Path) -> anyhow::Result<[u8; MASTER_KEY_BYTES]> {
    let made = || -> std::io::Result<[u8; MASTER_KEY_BYTES]> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let key = (&SystemEntropy as &dyn Entropy).bytes::<MASTER_KEY_BYTES>();
        let mut new = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
        new.write_all(format!("{}\n", hex(&key)).as_bytes())?;
        new.sync_all()?;
        Ok(key)
    };
    made().with_context(|| format!("the master key file {} cannot be made", file.display()))
}

fn settings(config: &Config) -> anyhow::Result<Settings> {
    let server = &config.server;
    let extra_ca = match &config.outbound.extra_ca {
        None => None,
        Some(file) => Some(
            fs::read(file)
                .with_context(|| format!("extra_ca {} cannot be read", file.display()))?,
        ),
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let small = |seconds: u64| u32::try_from(seconds).unwrap_or(u32::MAX);
    Ok(Settings {
        external_scheme: server.external_scheme.as_str().to_owned(),
        external_port: server
            .external_port
            .filter(|port| *port != server.external_scheme.default_port()),
        base_domain: server.base_domain.clone(),
        cache_bytes: config.caches.memory_mib * 1024 * 1024,
        passwords: PasswordSettings {
            memory_kib: config.passwords.memory_kib,
            iterations: config.passwords.iterations,
            parallelism: config.passwords.parallelism,
            concurrency: config.passwords.concurrency.unwrap_or(cores),
            queue: config.passwords.queue,
        },
        sign_in: SignInSettings {
            account_burst: config.sign_in.attempts_per_account_burst,
            account_refill_seconds: small(config.sign_in.account_refill_seconds),
            address_burst: config.sign_in.attempts_per_address_burst,
            address_refill_seconds: small(config.sign_in.address_refill_seconds),
        },
        rate_limits: RateLimitSettings {
            reads_per_minute: config.rate_limits.reads_per_minute,
            filters_per_minute: config.rate_limits.filters_per_minute,
            writes_per_minute: config.rate_limits.writes_per_minute,
            failures_per_minute: config.rate_limits.failures_per_address_per_minute,
        },
        outbound: OutboundSettings {
            allow_private_addresses: config.outbound.allow_private_addresses,
            extra_ca,
            timeout: config.outbound.timeout(),
            max_bytes: config.outbound.max_bytes,
        },
        limits: Limits {
            client_secrets: config.limits.client_secrets,
            redirect_uris: config.limits.redirect_uris,
            origins: config.limits.origins,
            clients_per_tenant: config.limits.clients_per_tenant,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_their_absolute_path() {
        let url = |text| store_url(&DatabaseUrl::parse(text).expect("a URL")).expect("a path");
        assert_eq!(url("sqlite:///a/b.db"), "sqlite:///a/b.db");
        assert_eq!(url("postgres://h/db"), "postgres://h/db");
        let relative = url("sqlite://./data/a.db");
        assert!(relative.starts_with("sqlite:///") && relative.ends_with("/./data/a.db"));
    }

    #[test]
    fn the_master_key_is_made_once_and_kept_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("inner/master.key");
        let made = master_key(&file).expect("made");
        assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
        assert_eq!(master_key(&file).expect("read"), made);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("chmod");
        assert!(master_key(&file).expect_err("refused").to_string().contains("chmod 600"));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("chmod");
        fs::write(&file, "not a key").expect("written");
        assert!(master_key(&file).expect_err("refused").to_string().contains("64 hexadecimal"));
    }
}
