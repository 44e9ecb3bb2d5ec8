//! What the engine and the rules say, in the reader's language.
//!
//! Invariant: nothing is decided here. A sentence comes whole, with its key and values; a language
//! that lacks it shows the English one. A field is called as the page calls it, in English, too.

use fluent_bundle::FluentArgs;

use super::{Arg, Said, Texts, Variable};
use crate::pages::console::tokens::Duration;

/// What pages call fields: the name on the wire, and the key of the label.
pub(super) const FIELDS: [(&str, &str); 29] = [
    ("accent", "looks-accent"),
    ("accessToken", "lifetime-accesstoken"),
    ("allowedAuthMethods", "form-auth"),
    ("allowedGrantTypes", "form-use"),
    ("allowedOrigins", "form-origins"),
    ("allowedScopes", "column-scopes"),
    ("assignedGroups", "column-groups"),
    ("assignedRoles", "column-roles"),
    ("assignedScopes", "column-scopes"),
    ("authorizationCode", "lifetime-authorizationcode"),
    ("clientName", "column-name"),
    ("clientUri", "form-client-uri"),
    ("consentMethod", "column-consent"),
    ("description", "column-description"),
    ("email", "column-email"),
    ("idToken", "lifetime-idtoken"),
    ("idTokenSignedResponseAlg", "form-alg"),
    ("jwksUri", "form-jwks"),
    ("logo", "looks-logo"),
    ("logoUri", "form-logo-uri"),
    ("name", "column-name"),
    ("policyUri", "form-policy-uri"),
    ("postLogoutRedirectUris", "form-post-logouts"),
    ("publicKeys", "form-keys"),
    ("redirectUris", "form-redirects"),
    ("sessionIdle", "lifetime-sessionidle"),
    ("sessionMaximum", "lifetime-sessionmaximum"),
    ("subject", "column-subject"),
    ("tosUri", "form-tos-uri"),
];

impl Texts {
    /// A sentence of the engine.
    pub fn said(self, said: &Said) -> String {
        let mut args = FluentArgs::with_capacity(said.args().len());
        for (name, arg) in said.args() {
            let value = match arg {
                Arg::Number(number) => Variable::Number(*number),
                other => self.arg(other).into(),
            };
            args.set(*name, value.fluent().into_owned());
        }
        let text = self.0.text(&format!("said-{}", said.key()), Some(&args));
        text.unwrap_or_else(|| said.filled(|arg| self.arg(arg)))
    }

    /// The same after what the page calls the field.
    pub fn said_of(self, field: &str, said: &Said) -> String {
        format!("{}: {}", self.field(field), self.said(said))
    }

    /// What the page calls a field; its name on the wire where no page has it.
    fn field(self, name: &str) -> String {
        let known = FIELDS.iter().find(|(field, _)| *field == name);
        known.map_or_else(|| name.to_owned(), |(_, key)| self.t(key))
    }

    fn arg(self, arg: &Arg) -> String {
        match arg {
            Arg::Seconds(seconds) => Duration::of_seconds(*seconds).in_words(&self),
            Arg::Field(name) => self.field(name),
            Arg::Said(said) => self.said(said),
            other => other.to_string(),
        }
    }
}
