//! Sentences that people read in their own language.
//!
//! Invariant: a sentence stands once, in English, beside the rule that says it; its key is what
//! other languages know it by, and its places hold values, never words of a language. `Display` is
//! the English sentence, which programs and logs get; who has a catalogue renders the rest.

use std::borrow::Cow;
use std::fmt;

/// A sentence with a key and values in its places. Made by [`said!`](crate::said!).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said(Box<Sentence>);

/// Behind a pointer, so that an error that carries it stays small.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sentence {
    key: &'static str,
    /// With `{name}` for each place; braces that are meant as such are doubled.
    english: Cow<'static, str>,
    args: Vec<(&'static str, Arg)>,
}

/// What stands in a place of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// What is the same in every language: a name, or what was typed.
    Text(String),
    /// A number.
    Number(u64),
    /// A length of time.
    Seconds(i64),
    /// A field, by its name on the wire.
    Field(&'static str),
    /// Another sentence.
    Said(Said),
}

impl fmt::Display for Arg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Seconds(seconds) => write!(f, "{seconds} seconds"),
            Self::Field(name) => f.write_str(name),
            Self::Said(said) => said.fmt(f),
        }
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Self::Number(u64::try_from(number).unwrap_or(u64::MAX))
    }
}

/// A count; none is negative.
impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(u64::try_from(number).unwrap_or_default())
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<Said> for Arg {
    fn from(said: Said) -> Self {
        Self::Said(said)
    }
}

impl Said {
    /// For [`said!`](crate::said!), which sees that sentence and places fit each other.
    #[doc(hidden)]
    pub fn new(key: &'static str, english: &'static str, args: Vec<(&'static str, Arg)>) -> Self {
        Self(Box::new(Sentence { key, english: Cow::Borrowed(english), args }))
    }

    /// What only programs and operators meet; it is English for everybody.
    pub fn english(text: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Sentence { key: "", english: text.into(), args: Vec::new() }))
    }

    /// What other languages know the sentence by; empty for what is English for everybody.
    pub fn key(&self) -> &'static str {
        self.0.key
    }

    /// The values.
    pub fn args(&self) -> &[(&'static str, Arg)] {
        &self.0.args
    }

    /// A value.
    pub fn arg(&self, name: &str) -> Option<&Arg> {
        self.0.args.iter().find(|(known, _)| *known == name).map(|(_, arg)| arg)
    }

    /// The English sentence with each value as `word` puts it.
    pub fn filled(&self, word: impl Fn(&Arg) -> String) -> String {
        if self.0.key.is_empty() {
            return self.0.english.clone().into_owned();
        }
        let (mut text, mut rest) = (String::new(), self.0.english.as_ref());
        while let Some(at) = rest.find(['{', '}']) {
            text.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            match rest.strip_prefix(brace) {
                Some(behind) => {
                    text.push_str(brace);
                    rest = behind;
                }
                None => {
                    let (name, behind) = rest.split_once('}').unwrap_or((rest, ""));
                    text.push_str(&self.arg(name).map(&word).unwrap_or_default());
                    rest = behind;
                }
            }
        }
        text + rest
    }
}

/// English for everybody, as [`Said::english`].
impl From<String> for Said {
    fn from(text: String) -> Self {
        Self::english(text)
    }
}

/// English for everybody, as [`Said::english`].
impl From<&'static str> for Said {
    fn from(text: &'static str) -> Self {
        Self::english(text)
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.filled(Arg::to_string))
    }
}

/// A [`Said`](crate::said::Said): its key, its English sentence, and the values of its places:
/// `said!("values-max", "has at most {max} values", max)`, or `max = KEYS_MAX`. That each value has
/// its place and each place its value is checked when this is compiled.
#[macro_export]
macro_rules! said {
    ($key:literal, $english:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        let _ = format_args!($english $(, $name = stringify!($name))*);
        $crate::said::Said::new(
            $key,
            $english,
            vec![$((stringify!($name), $crate::said!(@arg $name $(= $value)?))),*],
        )
    }};
    (@arg $name:ident) => { $crate::said::Arg::from($name) };
    (@arg $name:ident = $value:expr) => { $crate::said::Arg::from($value) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_values_never_read() {
        let max = 5_usize;
        let why = said!("test-why", "at most {max} of {{}}", max);
        let said = said!("test", "`{name}`: {why}.", name = "{why}<b>", why);
        assert_eq!(said.to_string(), "`{why}<b>`: at most 5 of {}.");
        assert_eq!(said.filled(|_| "-".to_owned()), "`-`: -.");
        assert_eq!(Said::english("as {it} is").to_string(), "as {it} is");
    }
}
