//! The authorization request on its way through sign-in and consent.
//!
//! It travels in the pages' forms, sealed, so that visitors who never sign in cost no row in the
//! database. Invariants: it is bound to the tenant (by the seal's context) and to the browser (by
//! its cookie), so that an attacker's request cannot be finished by a victim; it expires.

use domain::crypto::sha256_base64url;
use domain::ids::SessionId;
use domain::oauth_error::OauthError;
use domain::scope::ScopeSet;
use domain::time::{Timestamp, from_millis, plus_seconds};
use serde::{Deserialize, Serialize};

use crate::context::Ctx;
use crate::session::SignedIn;

/// How long a page may stay open before its form is too old, in seconds.
const LIFE_SECONDS: i64 = 3600;

#[derive(Serialize, Deserialize)]
struct Sealed {
    raw: String,
    started_at: i64,
    browser: String,
    switching: bool,
    asked: Option<Asked>,
}

/// What the consent page showed, and to whom.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Asked {
    /// The session it was shown in.
    pub(super) session_id: SessionId,
    /// The scopes it showed, new and old.
    pub(super) scope: ScopeSet,
}

/// An authorization request under way.
pub(super) struct Interaction {
    /// The request as it came.
    pub(super) raw: String,
    /// When it came.
    pub(super) started_at: Timestamp,
    /// Whether it came just now: then no proof can be newer than it.
    pub(super) is_first_visit: bool,
    /// Whether the user wants to be somebody else.
    pub(super) switching: bool,
    /// What the consent page showed.
    pub(super) asked: Option<Asked>,
    browser: String,
}

fn seal_context(ctx: &Ctx<'_>) -> String {
    format!("authorize:{}", ctx.tenant.tenant.id)
}

fn stale() -> OauthError {
    OauthError::invalid_request(
        "This page is too old, or was opened in another browser. Go back to the app and start again.",
    )
}

impl Interaction {
    pub(super) fn begin(ctx: &Ctx<'_>, raw: &str, browser: &str) -> Self {
        Self {
            raw: raw.to_owned(),
            started_at: ctx.now,
            is_first_visit: true,
            switching: false,
            asked: None,
            browser: sha256_base64url(browser.as_bytes()),
        }
    }

    /// Opens a sealed request that a form brought back.
    pub(super) fn open(ctx: &Ctx<'_>, sealed: &str, browser: &str) -> Result<Self, OauthError> {
        let plain = ctx.engine.keyring.open(&seal_context(ctx), sealed).map_err(|_| stale())?;
        let sealed: Sealed = serde_json::from_slice(&plain).map_err(|_| stale())?;
        let started_at = from_millis(sealed.started_at);
        let same_browser = sealed.browser == sha256_base64url(browser.as_bytes());
        if !same_browser || plus_seconds(started_at, LIFE_SECONDS) <= ctx.now {
            return Err(stale());
        }
        Ok(Self {
            raw: sealed.raw,
            started_at,
            is_first_visit: false,
            switching: sealed.switching,
            asked: sealed.asked,
            browser: sealed.browser,
        })
    }

    /// The same request with what the consent page is about to show.
    pub(super) fn asking(&self, signed_in: &SignedIn, scope: &ScopeSet) -> Self {
        let asked = Asked { session_id: signed_in.session.id.clone(), scope: scope.clone() };
        Self { asked: Some(asked), ..self.copy() }
    }

    /// The same request for another user: only a sign-in after now counts.
    pub(super) fn afresh(&self, ctx: &Ctx<'_>) -> Self {
        Self { switching: true, started_at: ctx.now, asked: None, ..self.copy() }
    }

    fn copy(&self) -> Self {
        Self {
            raw: self.raw.clone(),
            started_at: self.started_at,
            is_first_visit: self.is_first_visit,
            switching: self.switching,
            asked: self.asked.clone(),
            browser: self.browser.clone(),
        }
    }

    pub(super) fn seal(&self, ctx: &Ctx<'_>) -> String {
        let sealed = Sealed {
            raw: self.raw.clone(),
            started_at: self.started_at.as_millisecond(),
            browser: self.browser.clone(),
            switching: self.switching,
            asked: self.asked.clone(),
        };
        let plain = serde_json::to_vec(&sealed).unwrap_or_default();
        ctx.engine.keyring.seal(ctx.engine.entropy(), &seal_context(ctx), &plain)
    }
}
