//! That a database and a master key belong together.
//!
//! Invariant: a server never runs with a key that cannot open what is in its databases: it would
//! refuse every client and make keys that the right one cannot open.

use domain::crypto::{HashPurpose, Keyring};
use store::{Store, StoreError};

const NAME: &str = "key-check";

/// The key does not fit the data.
#[derive(Debug, thiserror::Error)]
pub enum KeyCheckError {
    /// Another key made this database.
    #[error(
        "the master key is not the one that the {0} database was made with: put the right key file back, or point to another database"
    )]
    WrongKey(String),
    /// The store is away.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Remembers the key in databases that have none yet, and compares it in all others.
///
/// # Errors
/// [`KeyCheckError::WrongKey`] names the database.
pub async fn check_key(store: &Store, keyring: &Keyring) -> Result<(), KeyCheckError> {
    let ours = keyring.hash(HashPurpose::KeyCheck, &["countersign"]);
    let known = store.directory().installation_put_if_absent(NAME, &ours).await?;
    if known != ours {
        return Err(KeyCheckError::WrongKey("directory".to_owned()));
    }
    for (code, region) in store.regions() {
        let known = region.installation_put_if_absent(NAME, &ours).await?;
        if known != ours {
            return Err(KeyCheckError::WrongKey(format!("region {code}")));
        }
    }
    Ok(())
}

/// How a key and one database stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// The database was made with this key.
    Ours,
    /// The database was made with another key.
    Other,
    /// No server has started on the database yet.
    Unclaimed,
}

/// Compares a key with each database by itself, without claiming any; `None` stands for a key that
/// is not there.
pub async fn key_states(
    store: &Store,
    keyring: Option<&Keyring>,
) -> Vec<(String, Result<KeyState, StoreError>)> {
    let ours = keyring.map(|keyring| keyring.hash(HashPurpose::KeyCheck, &["countersign"]));
    let mut states = Vec::new();
    for (name, database) in store.databases() {
        let known = database.installation_get(NAME).await;
        let state = known.map(|known| match known {
            None => KeyState::Unclaimed,
            Some(_) if known == ours => KeyState::Ours,
            Some(_) => KeyState::Other,
        });
        states.push((name, state));
    }
    states
}

/// Whether any of the databases was made with a key already.
///
/// # Errors
/// The store's.
pub async fn is_claimed(store: &Store) -> Result<bool, StoreError> {
    if store.directory().installation_get(NAME).await?.is_some() {
        return Ok(true);
    }
    for (_, region) in store.regions() {
        if region.installation_get(NAME).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
