//! What the engine and the rules say, in the reader's language.
//!
//! Invariant: nothing is decided here. A sentence comes whole, with its key and values; a language
//! that lacks it shows the English one. A field is called as the page calls it, in English, too.

use fluent_bundle::FluentArgs;

use super::{Arg, Said, Texts, Variable};
use crate::pages::console::tokens::Duration;

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

    fn arg(self, arg: &Arg) -> String {
        match arg {
            Arg::Seconds(seconds) => Duration::of_seconds(*seconds).in_words(&self),
            Arg::Field(name) => self.field(name),
            Arg::Said(said) => self.said(said),
            other => other.to_string(),
        }
    }
}
