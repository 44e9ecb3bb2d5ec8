//! A form that was sent when it could not be carried out yet: the session had ended, or the action
//! asks for a fresh proof of who acts. What was typed waits, sealed, in the page that asks for it.
//!
//! Invariants: it opens only in its tenant and browser, for an hour, and for the user who sent it
//! when one was signed in; opening it carries nothing out, the user sends the form again.

use domain::crypto::sha256_base64url;
use domain::ids::UserId;
use domain::time::{from_millis, plus_seconds};
use serde::{Deserialize, Serialize};

use crate::context::Ctx;

/// How long a form is held, in seconds.
const LIFE_SECONDS: i64 = 3600;

/// A form as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldForm {
    /// The path that it was sent to.
    pub path: String,
    /// The same as the table of addresses has it, with `{parameters}`.
    pub route: String,
    /// Its fields, in order.
    pub fields: Vec<(String, String)>,
    /// The names of those that were not kept.
    pub withheld: Vec<String>,
    /// Who sent it, if anybody was signed in.
    pub user: Option<UserId>,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    form: HeldForm,
    browser: String,
    at: i64,
}

fn context(ctx: &Ctx<'_>) -> String {
    format!("held-form:{}", ctx.tenant.tenant.id)
}

/// Seals a form for a browser, by its cookie.
pub fn seal(ctx: &Ctx<'_>, form: HeldForm, browser: &str) -> String {
    let browser = sha256_base64url(browser.as_bytes());
    let sealed = Sealed { form, browser, at: ctx.now.as_millisecond() };
    let plain = serde_json::to_vec(&sealed).unwrap_or_default();
    ctx.engine.keyring.seal(ctx.engine.entropy(), &context(ctx), &plain)
}

/// Opens a form again; `None` when it is too old, of another browser, or was never sealed here.
pub fn open(ctx: &Ctx<'_>, sealed: &str, browser: &str) -> Option<HeldForm> {
    let plain = ctx.engine.keyring.open(&context(ctx), sealed).ok()?;
    let Sealed { form, browser: bound, at } = serde_json::from_slice(&plain).ok()?;
    let alive = plus_seconds(from_millis(at), LIFE_SECONDS) > ctx.now;
    (alive && bound == sha256_base64url(browser.as_bytes())).then_some(form)
}
