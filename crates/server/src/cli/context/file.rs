//! The stored contexts: one TOML file of the user's, which holds secrets.
//!
//! Invariants: nobody else owns the file, may read it or put another in its place; it is replaced as a
//! whole, so that a crash leaves the old or the new one; two commands at once lose nothing.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use domain::secret::SecretText;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::config::process_variable;

/// A file of contexts of more bytes than this is something else.
const MAX_BYTES: u64 = 1024 * 1024;

/// A server, and how to prove to it who we are.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cli) struct Context {
    /// Origin of the server, as [`super::super::remote::Origin`] takes it.
    pub server: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default, with = "secret")]
    pub client_secret: Option<SecretText>,
    /// A private key in PEM, in place of a secret.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub private_key_file: Option<PathBuf>,
    /// The id under which its public half is registered.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub key_id: Option<String>,
    /// A bearer token that stands for a user, in place of a client.
    #[serde(skip_serializing_if = "Option::is_none", default, with = "secret")]
    pub api_key: Option<SecretText>,
    /// The authorities that vouch for the server, in PEM; the system's without it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ca_file: Option<PathBuf>,
    /// Whether secrets may go over plain HTTP to another machine.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub insecure_http: bool,
}

/// A secret in the file, the one place where it is written in clear.
mod secret {
    use super::{Deserialize, Deserializer, SecretText, Serialize, Serializer};

    pub fn serialize<S: Serializer>(it: &Option<SecretText>, to: S) -> Result<S::Ok, S::Error> {
        it.as_ref().map(SecretText::expose).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretText>, D::Error> {
        Ok(Option::<String>::deserialize(from)?.map(SecretText::new))
    }
}

/// All contexts of a user.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cli) struct Contexts {
    /// The one that commands use when none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    #[serde(default)]
    pub context: BTreeMap<String, Context>,
}

impl Contexts {
    /// A context by its name, the current one without a name; `None` when none is current.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn find(&self, name: Option<&str>) -> anyhow::Result<Option<(&str, &Context)>> {
        let Some(name) = name.or(self.current.as_deref()) else { return Ok(None) };
        let found = self.context.get_key_value(name).with_context(|| {
            format!("there is no context `{name}`: `countersign context list` shows what there is")
        })?;
        Ok(Some((found.0, found.1)))
    }
}

/// The file of the user's contexts.
///
/// # Errors
/// When the environment tells no place.
pub(in crate::cli) fn path() -> anyhow::Result<PathBuf> {
    let own = || process_variable("COUNTERSIGN_HOME").map(PathBuf::from);
    let xdg = || Some(PathBuf::from(process_variable("XDG_CONFIG_HOME")?).join("countersign"));
    let home = || Some(PathBuf::from(process_variable("HOME")?).join(".config/countersign"));
    let folder = own().or_else(xdg).or_else(home).context(
        "there is no place for contexts: set COUNTERSIGN_HOME to a folder of your own, or HOME",
    )?;
    Ok(folder.join("contexts.toml"))
}

/// The contexts of a file; none when it is not there.
///
/// # Errors
/// A file that others may read or exchange, or that holds something else.
pub(in crate::cli) fn load(path: &Path) -> anyhow::Result<Contexts> {
    let shown = path.display();
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Contexts::default()),
        opened => opened.with_context(|| format!("{shown} cannot be read"))?,
    };
    check_rights(path, &file)?;
    let mut text = String::new();
    let read = file.take(MAX_BYTES).read_to_string(&mut text);
    read.with_context(|| format!("{shown} cannot be read"))?;
    let text = SecretText::new(text);
    // What the parser says would quote the file, and with it perhaps a secret.
    toml::from_str(text.expose()).map_err(|error| {
        let from = error.span().map_or(0, |span| span.start);
        let line = text.expose().bytes().take(from).filter(|byte| *byte == b'\n').count() + 1;
        anyhow::anyhow!(
            "{shown} is no file of contexts (line {line}): correct it, or move it away and make the contexts again"
        )
    })
}

/// Changes the contexts while no other command does.
///
/// # Errors
/// The change's own, and when the file cannot be read or written.
pub(in crate::cli) fn change<T>(
    path: &Path,
    change: impl FnOnce(&mut Contexts) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let folder = path.parent().context("the file of contexts is in no folder")?;
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("{} cannot be made", folder.display()))?;
    let lock = path.with_extension("lock");
    let held = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&lock);
    let held = held.and_then(|file| file.lock().map(|()| file));
    let _held = held.with_context(|| format!("{} cannot be locked", lock.display()))?;
    let mut contexts = load(path)?;
    let done = change(&mut contexts)?;
    store(path, &contexts).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(done)
}

fn store(path: &Path, contexts: &Contexts) -> anyhow::Result<()> {
    let text = SecretText::new(toml::to_string(contexts)?);
    let new = path.with_extension("new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    file.write_all(text.expose().as_bytes())?;
    file.sync_all()?;
    Ok(fs::rename(&new, path)?)
}

fn check_rights(path: &Path, file: &File) -> anyhow::Result<()> {
    let shown = path.display();
    let of_file = file.metadata().with_context(|| format!("{shown} cannot be read"))?;
    let mode = mode_of(&of_file);
    if mode & 0o077 != 0 {
        bail!(
            "{shown} holds secrets and can be read by others (mode {mode:03o}): run `chmod 600 {shown}`, and make new secrets if somebody may have read it"
        );
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let of_folder = fs::metadata(folder)?;
    let mode = mode_of(&of_folder);
    if mode & 0o022 != 0 {
        let folder = folder.display();
        bail!(
            "{folder} can be written to by others (mode {mode:03o}), who could exchange your contexts: run `chmod 700 {folder}`"
        );
    }
    let own = rustix::process::geteuid().as_raw();
    for (place, owner) in [(path, of_file.uid()), (folder, of_folder.uid())] {
        if !is_trusted(owner, own) {
            let place = place.display();
            bail!(
                "{place} belongs to another user ({owner}), who could exchange your contexts: name a folder of your own with COUNTERSIGN_HOME"
            );
        }
    }
    Ok(())
}

fn mode_of(metadata: &fs::Metadata) -> u32 {
    metadata.permissions().mode() & 0o777
}

/// Whether who owns a file can do nothing with it that they could not do to us anyway: us, and the
/// superuser.
fn is_trusted(owner: u32, own: u32) -> bool {
    owner == own || owner == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Context {
        Context {
            server: "https://acme.example".to_owned(),
            client_id: Some("abc".to_owned()),
            client_secret: Some(SecretText::from("a secret of somebody's")),
            private_key_file: None,
            key_id: None,
            api_key: None,
            ca_file: None,
            insecure_http: false,
        }
    }

    fn put(path: &Path, name: &str) {
        let put = change(path, |all| {
            all.context.insert(name.to_owned(), sample());
            Ok(())
        });
        put.expect("written");
    }

    #[test]
    fn what_is_written_is_read_again_and_is_nobody_elses() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("deep/contexts.toml");
        assert!(load(&path).expect("none yet").context.is_empty());
        put(&path, "one");
        put(&path, "two");
        let read = load(&path).expect("read");
        assert_eq!(read.context.len(), 2);
        let secret = read.context["one"].client_secret.as_ref().expect("a secret");
        assert_eq!(secret.expose(), "a secret of somebody's");
        assert!(!format!("{read:?}").contains("somebody"), "{read:?}");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().expect("a folder")), 0o700);
        assert!(!path.with_extension("new").exists());
    }

    #[test]
    fn a_file_that_others_can_reach_is_refused() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("contexts.toml");
        put(&path, "one");
        let chmod = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("chmod");
        };
        for mode in [0o640, 0o604, 0o660] {
            chmod(&path, mode);
            let told = load(&path).expect_err("refused").to_string();
            assert!(told.contains("chmod 600"), "{told}");
        }
        chmod(&path, 0o600);
        for mode in [0o770, 0o707, 0o777] {
            chmod(directory.path(), mode);
            let told = load(&path).expect_err("refused").to_string();
            assert!(told.contains("chmod 700"), "{told}");
        }
        chmod(directory.path(), 0o755);
        assert_eq!(load(&path).expect("read").context.len(), 1);
    }

    #[test]
    fn a_file_of_somebody_elses_is_refused() {
        assert!(is_trusted(1000, 1000) && is_trusted(0, 1000) && is_trusted(0, 0));
        assert!(!is_trusted(1001, 1000) && !is_trusted(1000, 0));
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("contexts.toml");
        put(&path, "one");
        // Only the superuser gives files away.
        for place in [path.as_path(), directory.path()] {
            if std::os::unix::fs::chown(place, Some(65_534), None).is_ok() {
                let told = load(&path).expect_err("refused").to_string();
                assert!(told.contains("belongs to another user (65534)"), "{told}");
                std::os::unix::fs::chown(place, Some(0), None).expect("taken back");
            }
        }
        assert_eq!(load(&path).expect("read").context.len(), 1);
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_without_its_secrets() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("contexts.toml");
        put(&path, "one");
        let text = fs::read_to_string(&path).expect("read");
        fs::write(&path, text.replace("client_secret", "client_secretx")).expect("written");
        let told = format!("{:#}", load(&path).expect_err("refused"));
        assert!(told.contains("line ") && !told.contains("somebody"), "{told}");
        let changed = change(&path, |_| Ok(()));
        assert!(changed.is_err(), "a damaged file is not overwritten");
    }

    #[test]
    fn a_context_is_found_by_name_or_because_it_is_current() {
        let mut all = Contexts::default();
        assert!(all.find(None).expect("none").is_none());
        all.context.insert("one".to_owned(), sample());
        assert!(all.find(None).expect("none").is_none());
        assert_eq!(all.find(Some("one")).expect("there").expect("one").0, "one");
        all.current = Some("two".to_owned());
        let told = all.find(None).expect_err("gone").to_string();
        assert!(told.contains("no context `two`"), "{told}");
    }
}
