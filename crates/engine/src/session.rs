//! Signing in and out.
//!
//! Invariants: whatever is wrong (no such account, wrong password, disabled), the answer and the
//! work are the same; a session's cookie is 256 random bits, of which the database keeps a keyed
//! hash; every sign-in makes a new cookie (no session fixation); a password that was replaced while
//! it was checked begins no session.

use std::sync::Arc;

use domain::audit::Actor;
use domain::crypto::HashPurpose;
use domain::grant::Session;
use domain::ids::SessionId;
use domain::oauth_error::OauthError;
use domain::secret::{SecretText, new_opaque_token};
use domain::time::plus_seconds;
use domain::user::{User, UserKind};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::context::Ctx;
use crate::error::OrUnavailable;
use crate::password::PASSWORD_MAX;
use crate::throttle::Attempt;
use crate::users;

/// A session is marked as seen at most this often, in seconds: one write a minute, not one a page.
const TOUCH_SECONDS: i64 = 60;
/// Longest browser description that is kept, in characters.
const USER_AGENT_MAX: usize = 256;
/// Longest login that is looked up, in bytes.
const LOGIN_MAX: usize = 320;

/// Somebody is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// The user.
    pub user: Arc<User>,
}

impl SignedIn {
    /// What the user types to sign in.
    pub fn login(&self) -> &str {
        self.user.email.as_deref().unwrap_or(&self.user.subject)
    }
}

/// What a sign-in form brings.
pub struct SignInForm<'a> {
    /// Email address or subject, as typed.
    pub login: &'a str,
    /// The password.
    pub password: SecretText,
    /// How the browser describes itself.
    pub user_agent: &'a str,
    /// Who is signed in already, to prove it again.
    pub current: Option<&'a SignedIn>,
    /// The device cookie, if the browser has one.
    pub device: Option<&'a str>,
}

/// A successful sign-in.
pub struct NewSession {
    /// The session cookie's value.
    pub cookie: SecretText,
    /// The device cookie's value.
    pub device: String,
    /// Who is signed in now.
    pub signed_in: SignedIn,
}

/// Why nobody is signed in.
#[derive(Debug)]
pub enum SignInError {
    /// Account or password is wrong; which one is not said.
    WrongCredentials,
    /// Too many attempts; seconds to wait.
    Throttled(u64),
    /// Too many sign-ins at once on this server.
    Busy,
    /// A fault of ours.
    Failed(OauthError),
}

impl From<OauthError> for SignInError {
    fn from(error: OauthError) -> Self {
        Self::Failed(error)
    }
}

fn cookie_hash(ctx: &Ctx<'_>, cookie: &str) -> String {
    ctx.engine.keyring.hash(HashPurpose::Session, &[cookie])
}

/// The session of a cookie, if it is alive and its user may sign in.
///
/// # Errors
/// When the store is away.
pub async fn find(ctx: &Ctx<'_>, cookie: &str) -> Result<Option<SignedIn>, OauthError> {
    let hash = cookie_hash(ctx, cookie);
    let session = ctx.read().await.or_unavailable()?.session_find(&hash).await.or_unavailable()?;
    let idle = ctx.tenant.tenant.lifetimes.session_idle;
    let alive =
        |s: &Session| s.expires_at > ctx.now && plus_seconds(s.last_seen_at, idle) > ctx.now;
    let Some(session) = session.filter(alive) else { return Ok(None) };
    let user = users::find(ctx, &session.user_id).await?;
    let Some(user) = user.filter(|user| user.is_active()) else { return Ok(None) };
    if plus_seconds(session.last_seen_at, TOUCH_SECONDS) <= ctx.now {
        let mut tx = ctx.autocommit().await.or_unavailable()?;
        tx.session_touch(&session.id, ctx.now).await.or_unavailable()?;
        tx.commit().await.or_unavailable()?;
    }
    Ok(Some(SignedIn { session, user }))
}

/// Checks login and password and begins a session, or renews the one there is when it is the same
/// user's.
///
/// # Errors
/// [`SignInError`].
pub async fn sign_in(ctx: &Ctx<'_>, form: SignInForm<'_>) -> Result<NewSession, SignInError> {
    let login = form.login.trim();
    let attempt = Attempt {
        tenant: &ctx.tenant.tenant.id,
        login,
        address: ctx.address,
        known_device: form.device.is_some_and(|device| device_is_of(ctx, device, login)),
    };
    // Such a login or password is nobody's; looking no further tells nothing.
    let sized = login.len() <= LOGIN_MAX && form.password.expose().len() <= PASSWORD_MAX;
    if !sized {
        return Err(SignInError::WrongCredentials);
    }
    ctx.engine.throttle.check(&attempt).map_err(SignInError::Throttled)?;
    let mut read = ctx.read().await.or_unavailable()?;
    let found = read.user_for_sign_in(login).await.or_unavailable()?;
    drop(read);
    let found = found.filter(|(user, _)| user.kind == UserKind::Person);
    let (user, stored) = match found {
        Some((user, stored)) => (Some(user), stored),
        None => (None, None),
    };
    let verified = ctx.engine.passwords.verify(&form.password, stored.clone()).await;
    let verified = verified.map_err(|_| SignInError::Busy)?;
    match (user, stored) {
        (Some(user), Some(proof)) if verified && user.is_active() => {
            begin(ctx, &form, login, (Arc::new(user), &proof)).await
        }
        (user, _) => Err(failed(ctx, user.as_ref()).await?),
    }
}

async fn failed(ctx: &Ctx<'_>, user: Option<&User>) -> Result<SignInError, OauthError> {
    // The login as typed is not written down: people type their password there.
    let subject = user.map_or("", |user| user.id.as_str());
    let event = ctx.event(Actor::Anonymous, "sign_in.failed", subject, json!({}));
    let mut tx = ctx.autocommit().await.or_unavailable()?;
    tx.audit_append(&event).await.or_unavailable()?;
    tx.commit().await.or_unavailable()?;
    Ok(SignInError::WrongCredentials)
}

/// Begins a session of a user who has proved a password by its stored hash. A new password, or the
/// user's end, that came meanwhile counts: it has ended the sessions that it found.
async fn begin(
    ctx: &Ctx<'_>,
    form: &SignInForm<'_>,
    login: &str,
    (user, proof): (Arc<User>, &str),
) -> Result<NewSession, SignInError> {
    let lifetimes = &ctx.tenant.tenant.lifetimes;
    let cookie = new_opaque_token(ctx.engine.entropy());
    let hash = cookie_hash(ctx, cookie.expose());
    let same_user = form.current.filter(|current| current.user.id == user.id);
    let session = Session {
        id: same_user
            .map_or_else(|| SessionId::generate(ctx.engine.entropy()), |s| s.session.id.clone()),
        user_id: user.id.clone(),
        created_at: same_user.map_or(ctx.now, |s| s.session.created_at),
        auth_time: ctx.now,
        last_seen_at: ctx.now,
        expires_at: plus_seconds(ctx.now, lifetimes.session_maximum),
        user_agent: form.user_agent.chars().take(USER_AGENT_MAX).collect(),
        address: ctx.address.to_string(),
    };
    let mut tx = ctx.begin().await.or_unavailable()?;
    if !tx.user_hold(&user.id, proof).await.or_unavailable()? {
        tx.rollback().await.or_unavailable()?;
        return Err(failed(ctx, Some(&user)).await?);
    }
    if same_user.is_some() {
        let renewed = tx.session_reauthenticate(&session.id, &hash, ctx.now, session.expires_at);
        renewed.await.or_unavailable()?;
    } else {
        if let Some(other) = form.current {
            tx.session_delete(&other.session.id).await.or_unavailable()?;
        }
        tx.session_create(&session, &hash).await.or_unavailable()?;
    }
    let actor = Actor::User(user.id.to_string());
    let event = ctx.event(actor, "sign_in.succeeded", session.id.as_str(), json!({}));
    tx.audit_append(&event).await.or_unavailable()?;
    tx.commit().await.or_unavailable()?;
    let device = seal_device(ctx, login);
    Ok(NewSession { cookie, device, signed_in: SignedIn { session, user } })
}

/// Ends a session.
///
/// # Errors
/// When the store is away.
pub async fn sign_out(ctx: &Ctx<'_>, signed_in: &SignedIn) -> Result<(), OauthError> {
    let mut tx = ctx.begin().await.or_unavailable()?;
    tx.session_delete(&signed_in.session.id).await.or_unavailable()?;
    let actor = Actor::User(signed_in.user.id.to_string());
    let event = ctx.event(actor, "sign_out", signed_in.session.id.as_str(), json!({}));
    tx.audit_append(&event).await.or_unavailable()?;
    tx.commit().await.or_unavailable()
}

#[derive(Serialize, Deserialize)]
struct Device {
    login: String,
}

fn device_context(ctx: &Ctx<'_>) -> String {
    format!("device:{}", ctx.tenant.tenant.id)
}

fn seal_device(ctx: &Ctx<'_>, login: &str) -> String {
    let plain = serde_json::to_vec(&Device { login: login.to_lowercase() }).unwrap_or_default();
    ctx.engine.keyring.seal(ctx.engine.entropy(), &device_context(ctx), &plain)
}

fn device_is_of(ctx: &Ctx<'_>, sealed: &str, login: &str) -> bool {
    let Ok(plain) = ctx.engine.keyring.open(&device_context(ctx), sealed) else { return false };
    serde_json::from_slice::<Device>(&plain)
        .is_ok_and(|device| device.login == login.to_lowercase())
}
