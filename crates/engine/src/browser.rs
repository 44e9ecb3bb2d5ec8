//! What ties a form to the browser that it was shown in.
//!
//! Each browser has a random cookie of its own, before anybody signs in. Forms carry a keyed hash
//! of it: another site can neither read the cookie nor make the hash (cross-site request forgery,
//! also of the sign-in itself).

use domain::crypto::{HashPurpose, base64url};

use crate::context::Ctx;

/// A new browser cookie: 128 random bits.
pub fn new_cookie(ctx: &Ctx<'_>) -> String {
    base64url(&ctx.engine.entropy().bytes::<16>())
}

/// Whether a cookie can be one of ours.
pub fn is_cookie(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// The token that forms shown to this browser carry.
pub fn csrf_token(ctx: &Ctx<'_>, browser: &str) -> String {
    ctx.engine.keyring.hash(HashPurpose::Csrf, &[ctx.tenant.tenant.id.as_str(), browser])
}

/// Whether a form's token belongs to this browser.
pub fn csrf_matches(ctx: &Ctx<'_>, browser: &str, token: &str) -> bool {
    let parts = [ctx.tenant.tenant.id.as_str(), browser];
    ctx.engine.keyring.hash_matches(HashPurpose::Csrf, &parts, token)
}
