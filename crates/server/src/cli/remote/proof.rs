//! How a client proves who it is at the token endpoint: by its secret, or by an assertion that it
//! signs with a private key of its own (RFC 7523, contract section 4.3).
//!
//! Invariant: the private key stays in its file, which nobody else may read; contexts hold its path.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, bail};
use domain::crypto::hex;
use domain::entropy::{Entropy, SystemEntropy};
use domain::jose::{Alg, SigningKey, jws};
use domain::secret::SecretText;
use domain::time::{Clock, SystemClock};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::json;

use crate::cli::exit::{Exit, Refusal};

/// What an assertion is signed with: the first that fits the key.
const ALGS: [Alg; 4] = [Alg::ES384, Alg::ES256, Alg::RS256, Alg::EdDSA];
/// How long an assertion counts, in seconds: it is used at once.
const LIFETIME: i64 = 60;
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a client has to prove itself with.
pub(in crate::cli) enum Proof {
    Secret(SecretText),
    Key(Box<SigningKey>),
}

impl Proof {
    /// A private key of a PEM file (PKCS#8), by the id under which its public half is registered.
    ///
    /// # Errors
    /// A file that others can read, or that holds no such key.
    pub fn of_key(file: &Path, key_id: &str) -> anyhow::Result<Self> {
        let shown = file.display();
        let metadata = fs::metadata(file).with_context(|| format!("{shown} cannot be read"))?;
        if metadata.permissions().mode() & 0o077 != 0 {
            bail!("{shown} is a private key and can be read by others: run `chmod 600 {shown}`");
        }
        let der = PrivatePkcs8KeyDer::from_pem_file(file).map_err(|_| {
            anyhow::anyhow!("{shown} holds no private key in PEM (PKCS#8, unencrypted)")
        })?;
        let fitting = |alg| SigningKey::from_pkcs8(alg, key_id, der.secret_pkcs8_der()).ok();
        let key = ALGS.into_iter().find_map(fitting);
        let key = key.with_context(|| {
            format!("{shown} holds a key of another kind than EC P-384, P-256, RSA or Ed25519")
        })?;
        Ok(Self::Key(Box::new(key)))
    }

    /// What goes into the form of a token request (RFC 6749 section 2.3.1, RFC 7521 section 4.2).
    ///
    /// # Errors
    /// When the assertion cannot be signed.
    pub fn form(
        &self,
        client_id: &str,
        endpoint: &str,
    ) -> Result<Vec<(&'static str, String)>, Refusal> {
        let key = match self {
            Self::Secret(secret) => return Ok(vec![("client_secret", secret.expose().clone())]),
            Self::Key(key) => key,
        };
        let now = SystemClock.now().as_second();
        let claims = json!({
            "iss": client_id,
            "sub": client_id,
            "aud": endpoint,
            "jti": hex(&(&SystemEntropy as &dyn Entropy).bytes::<16>()),
            "iat": now,
            "exp": now + LIFETIME,
        });
        let signed = jws::sign_compact(key, "JWT", &claims);
        let assertion = signed.map_err(|error| Refusal::new(Exit::Failed, error.to_string()))?;
        Ok(vec![
            ("client_assertion_type", ASSERTION_TYPE.to_owned()),
            ("client_assertion", assertion),
        ])
    }

    /// The secret, if there is one.
    pub fn secret(&self) -> Option<&SecretText> {
        match self {
            Self::Secret(secret) => Some(secret),
            Self::Key(_) => None,
        }
    }
}
