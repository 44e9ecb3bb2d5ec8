//! What scopes mean and why requests failed, in the reader's language.
//!
//! Invariant: an operator's own words for a scope are shown as they are, in every language: only
//! the words that Countersign brings along have translations.

use domain::scope::ScopeEntry;
use engine::usage::Reason;

use super::{BUNDLES, Texts};

impl Texts {
    /// What an app with the scope can do.
    pub fn scope(self, scope: &ScopeEntry) -> String {
        let key = scope_key(scope.name.as_str());
        // The scope may be an operator's, or have an operator's words.
        let is_ours = BUNDLES[0].text(&key, None).is_some_and(|ours| ours == scope.description);
        let said = if is_ours { self.0.text(&key, None) } else { None };
        said.unwrap_or_else(|| scope.description.clone())
    }

    /// Why a client was refused, in a few words.
    pub fn reason(self, reason: Reason) -> String {
        let said = self.0.text(&format!("reason-{}", reason.word()), None);
        said.unwrap_or_else(|| reason.title().to_owned())
    }

    /// Why a client was refused, and what to do about it.
    pub fn reason_next(self, reason: Reason) -> String {
        let said = self.0.text(&format!("reason-{}-next", reason.word()), None);
        said.unwrap_or_else(|| reason.explanation().to_owned())
    }
}

/// The key of what a scope means: its name in the letters that keys may have.
pub(super) fn scope_key(name: &str) -> String {
    format!("scope-{}", name.replace([':', '.'], "-"))
}
