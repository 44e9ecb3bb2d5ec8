//! Forms that make something count once: a double click makes one thing.
//!
//! Invariant: the mark is spent by the transaction that makes the thing, in one statement that only
//! one of two can win. So whoever is told that it was made before is told the truth, on every node:
//! what failed, or was given up half-way, spends nothing.

use domain::crypto::base64url;
use domain::time::plus_seconds;
use store::TenantTx;

use super::AdminError;
use crate::authority::Caller;
use crate::context::Ctx;

/// How long a spent mark is remembered, in seconds: a day, more than any form waits.
const LIFE_SECONDS: i64 = 86_400;
/// Length of a mark: 128 random bits.
const LENGTH: usize = 22;

/// What tells one form from another that says the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark(String);

impl Mark {
    /// A new one.
    pub fn new(ctx: &Ctx<'_>) -> Self {
        Self(base64url(&ctx.engine.entropy().bytes::<16>()))
    }

    /// One that a form brought back.
    pub fn parse(text: &str) -> Option<Self> {
        let legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        (text.len() == LENGTH && text.bytes().all(legal)).then(|| Self(text.to_owned()))
    }

    /// The mark as the form carries it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Spends a mark, if there is one. Marks are their user's own.
    ///
    /// # Errors
    /// [`AdminError::Repeated`] when it was spent before.
    pub(super) async fn spend(
        mark: Option<&Self>,
        ctx: &Ctx<'_>,
        caller: &Caller,
        tx: &mut TenantTx,
    ) -> Result<(), AdminError> {
        let Some((mark, user)) = mark.zip(caller.user()) else { return Ok(()) };
        let until = plus_seconds(ctx.now, LIFE_SECONDS);
        match tx.mark_spend(&user.id, &mark.0, until).await? {
            true => Ok(()),
            false => Err(AdminError::Repeated),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_we_could_have_made_is_a_mark() {
        let good = "AAAAAAAAAAAAAAAAAAAA-_";
        assert_eq!(Mark::parse(good).as_ref().map(Mark::as_str), Some(good));
        for bad in
            ["", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAA %"]
        {
            assert_eq!(Mark::parse(bad), None, "{bad}");
        }
    }
}
