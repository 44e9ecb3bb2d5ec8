//! Passwords: argon2id (RFC 9106) with bounded concurrency.
//!
//! Invariants: a hash costs memory and time, so only so many run at once and only so many wait;
//! and an unknown account costs the same as a wrong password, so that time tells nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::entropy::Entropy;
use domain::secret::SecretText;
use tokio::sync::Semaphore;

use crate::settings::PasswordSettings;

/// Longest password that is looked at, in bytes: longer ones are refused before hashing.
pub const PASSWORD_MAX: usize = 1024;
/// Shortest password that can be set, in characters (NIST SP 800-63B section 3.1.1.2).
pub const PASSWORD_MIN: usize = 8;

/// The server has too many sign-ins waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many sign-ins at once")]
pub struct Busy;

/// Hashes and verifies passwords.
pub struct Passwords {
    argon2: Argon2<'static>,
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
    /// The hash of a password that nobody has, verified for unknown accounts.
    decoy: String,
}

struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Passwords {
    pub(crate) fn new(settings: &PasswordSettings) -> Self {
        let params =
            Params::new(settings.memory_kib, settings.iterations, settings.parallelism, None)
                .unwrap_or_default();
        let decoy = decoy(&params);
        Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            permits: Arc::new(Semaphore::new(settings.concurrency.max(1))),
            waiting: AtomicUsize::new(0),
            queue: settings.queue,
            decoy,
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(Argon2<'static>) -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let waiting = self.waiting.fetch_add(1, Ordering::AcqRel);
        let _waiting = Waiting(&self.waiting);
        if waiting >= self.queue {
            return Err(Busy);
        }
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| Busy)?;
        let argon2 = self.argon2.clone();
        // The permit moves into the work: a caller that goes away does not free its place early.
        tokio::task::spawn_blocking(move || {
            let result = work(argon2);
            drop(permit);
            result
        })
        .await
        .map_err(|_| Busy)
    }

    /// The PHC string of a new password.
    ///
    /// # Errors
    /// [`Busy`] when too many are waiting.
    pub async fn hash(&self, entropy: &dyn Entropy, password: &SecretText) -> Result<String, Busy> {
        let salt = entropy.bytes::<16>();
        let password = password.clone();
        self.run(move |argon2| {
            argon2
                .hash_password_with_salt(password.expose().as_bytes(), &salt)
                .map(|hash| hash.to_string())
        })
        .await?
        .map_err(|_| Busy)
    }

    /// Whether `password` is the one that `stored` was made of. Without a stored hash the same
    /// work is done, and the answer is no.
    ///
    /// # Errors
    /// [`Busy`] when too many are waiting.
    pub async fn verify(
        &self,
        password: &SecretText,
        stored: Option<String>,
    ) -> Result<bool, Busy> {
        let exists = stored.is_some();
        let hash = stored.unwrap_or_else(|| self.decoy.clone());
        let password = password.clone();
        let matches = self
            .run(move |argon2| {
                PasswordHash::new(&hash).is_ok_and(|parsed| {
                    argon2.verify_password(password.expose().as_bytes(), &parsed).is_ok()
                })
            })
            .await?;
        Ok(matches && exists)
    }
}

/// A well-formed hash with these parameters and a random-looking output: no password has it, and
/// making it costs nothing at start-up.
fn decoy(params: &Params) -> String {
    format!(
        "$argon2id$v=19$m={},t={},p={}$Y291bnRlcnNpZ24tZGVjb3k${}",
        params.m_cost(),
        params.t_cost(),
        params.p_cost(),
        "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA"
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::entropy::SeededEntropy;

    use super::*;

    fn passwords(queue: usize) -> Passwords {
        Passwords::new(&PasswordSettings {
            memory_kib: 64,
            iterations: 1,
            parallelism: 1,
            concurrency: 1,
            queue,
        })
    }

    #[tokio::test]
    async fn right_wrong_and_unknown() {
        let passwords = passwords(8);
        let right = SecretText::from("correct horse");
        let stored = passwords.hash(&SeededEntropy::new(1), &right).await.expect("not busy");
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        assert_eq!(passwords.verify(&right, Some(stored.clone())).await, Ok(true));
        assert_eq!(passwords.verify(&SecretText::from("no"), Some(stored)).await, Ok(false));
        assert_eq!(passwords.verify(&right, None).await, Ok(false));
        assert_eq!(passwords.verify(&right, Some("broken".into())).await, Ok(false));
    }

    #[test]
    fn the_decoy_is_a_hash_that_is_really_computed() {
        let passwords = passwords(1);
        let parsed = PasswordHash::new(&passwords.decoy).expect("the decoy parses");
        assert_eq!(parsed.params.get_decimal("m"), Some(64));
        assert_eq!(parsed.hash.map(|hash| hash.len()), Some(32));
    }

    #[tokio::test]
    async fn the_queue_is_bounded() {
        let passwords = Arc::new(passwords(1));
        let held = Arc::clone(&passwords.permits).acquire_owned().await.expect("a permit");
        let waiting = {
            let passwords = Arc::clone(&passwords);
            tokio::spawn(async move { passwords.verify(&SecretText::from("x"), None).await })
        };
        while passwords.waiting.load(Ordering::Acquire) == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(passwords.verify(&SecretText::from("x"), None).await, Err(Busy));
        drop(held);
        let answer = tokio::time::timeout(Duration::from_secs(10), waiting).await;
        assert_eq!(answer.expect("in time").expect("no panic"), Ok(false));
        assert_eq!(passwords.waiting.load(Ordering::Acquire), 0);
    }
}
