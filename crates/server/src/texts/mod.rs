//! The words of pages: one catalogue for each language, in `crates/server/texts`.
//!
//! Templates hold keys, never words, so a language is added by a folder of files and a line in
//! [`LANGUAGES`]. Tests hold the catalogues together: every key that is used exists, and every
//! language has the same keys with the same variables as English. What the engine and the rules
//! say ([`domain::said`]) stands in English beside the rule; the other languages have it in
//! `refusals.ftl`, each sentence under `said-` and its key, and in `reasons.ftl` why clients were
//! refused, under `reason-` and its word.

mod meaning;
mod number;
mod said;

#[cfg(test)]
mod tests;

use std::borrow::{Borrow, Cow};
use std::sync::LazyLock;

use axum::http::HeaderValue;
use domain::said::{Arg, Said};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::Timestamp;
use unic_langid::LanguageIdentifier;

/// A language's tag, the mark between its groups of three digits, and its files.
struct Source {
    tag: &'static str,
    group_mark: char,
    files: &'static [&'static str],
}

macro_rules! catalogue {
    ($tag:literal, $mark:literal $(, $more:literal)*) => {
        catalogue!(@files $tag, $mark, [
            "shell", "clients", "client", "form", "secrets", "people", "audit", "settings",
            "guard", "sign-in", "consent", "account", "error",
            "scopes" $(, $more)*
        ])
    };
    (@files $tag:literal, $mark:literal, [$($file:literal),+]) => {
        Source {
            tag: $tag,
            group_mark: $mark,
            files: &[$(include_str!(concat!("../../texts/", $tag, "/", $file, ".ftl"))),+],
        }
    };
}

/// English is first: it is what others fall back on.
static LANGUAGES: [Source; 2] =
    [catalogue!("en", ','), catalogue!("de", '.', "refusals", "reasons")];

struct Language {
    tag: &'static str,
    group_mark: char,
    bundle: FluentBundle<FluentResource>,
}

impl Language {
    /// A file with a fault gives what can be read of it; a test refuses such a file.
    fn new(source: &Source) -> Self {
        let id: LanguageIdentifier = source.tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Names stand in `<bdi>` where they could turn a line around.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match source.group_mark {
            '.' => number::with_dots,
            _ => number::with_commas,
        }));
        for file in source.files {
            let resource = match FluentResource::try_new((*file).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        Self { tag: source.tag, group_mark: source.group_mark, bundle }
    }

    fn text(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let message = self.bundle.get_message(key)?;
        let pattern = message.value()?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, args, &mut errors);
        Some(text.into_owned())
    }
}

static BUNDLES: LazyLock<Vec<Language>> =
    LazyLock::new(|| LANGUAGES.iter().map(Language::new).collect());

/// So many wishes for a language are read.
const WISHES_MAX: usize = 10;

/// The words in one language.
#[derive(Clone, Copy)]
pub struct Texts(&'static Language);

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Texts").field(&self.0.tag).finish()
    }
}

impl Texts {
    /// English.
    pub fn english() -> Self {
        Self(&BUNDLES[0])
    }

    /// The first language of a list of wishes that there is, most wanted first; English otherwise.
    /// A wish is a language tag (BCP 47), of which the language itself decides.
    pub fn choose<'w>(wishes: impl IntoIterator<Item = &'w str>) -> Self {
        let known = |wish: &str| {
            let language = wish.split(['-', '_']).next().unwrap_or_default();
            BUNDLES.iter().find(|known| known.tag.eq_ignore_ascii_case(language))
        };
        wishes.into_iter().find_map(known).map_or_else(Self::english, Self)
    }

    /// The reader's language: their own, or else one that the app in front of the page wishes
    /// (`ui_locales`), or else one that the `Accept-Language` header asks for.
    #[must_use]
    pub fn of_reader(own: Option<&str>, wished: &str, asked: Option<&HeaderValue>) -> Self {
        let asked = asked.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let wished = wished.split(' ').filter(|tag| !tag.is_empty()).take(WISHES_MAX);
        Self::choose(own.into_iter().chain(wished).chain(Self::wishes(asked)))
    }

    /// The tags of the languages that there are.
    pub fn tags() -> Vec<&'static str> {
        LANGUAGES.iter().map(|language| language.tag).collect()
    }

    /// The wishes in an `Accept-Language` header (RFC 9110 section 12.5.4), in the header's order,
    /// which every browser sorts by weight; at most ten.
    pub fn wishes(header: &str) -> impl Iterator<Item = &str> {
        let tag = |part: &'_ str| part.split(';').next().unwrap_or_default().trim().len();
        header.split(',').take(WISHES_MAX).map(move |part| {
            let part = part.trim_start();
            &part[..tag(part).min(part.len())]
        })
    }

    /// The language's tag, for `lang`.
    pub fn tag(self) -> &'static str {
        self.0.tag
    }

    /// Whether it is the language that programs are told in, too.
    pub fn is_english(self) -> bool {
        self.0.tag == LANGUAGES[0].tag
    }

    fn say(self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let said = self.0.text(key, args).or_else(|| BUNDLES[0].text(key, args));
        said.unwrap_or_else(|| key.to_owned())
    }

    /// A text without variables.
    pub fn t(self, key: &str) -> String {
        self.say(key, None)
    }

    /// A text with `$name`.
    pub fn of(self, key: &str, name: impl AsRef<str>) -> String {
        self.with(key, &[("name", name.as_ref().into())])
    }

    /// What pages call a field, by its name on the wire, which stands for itself where none does.
    pub fn field(self, name: &str) -> String {
        let mut plain = String::with_capacity(name.len() + 4);
        for c in name.chars() {
            if c.is_ascii_uppercase() {
                plain.push('-');
            }
            plain.push(c.to_ascii_lowercase());
        }
        let known = |key: String| Some(self.t(&key)).filter(|text| *text != key);
        known(format!("field-{plain}"))
            .or_else(|| known(format!("lifetime-{}", name.to_lowercase())))
            .unwrap_or_else(|| name.to_owned())
    }

    /// What stands before and after `$name` in a text, for a name that has markup of its own.
    pub fn around(self, key: &str) -> (String, String) {
        // A unit separator stands in no text of ours.
        let text = self.of(key, "\u{1f}");
        match text.split_once('\u{1f}') {
            Some((before, after)) => (before.to_owned(), after.to_owned()),
            None => (text, String::new()),
        }
    }

    /// A text with `$count`, which also chooses between singular and plural.
    pub fn count(self, key: &str, count: impl Borrow<usize>) -> String {
        self.with(key, &[("count", (*count.borrow()).into())])
    }

    /// A text with any variables.
    pub fn with(self, key: &str, variables: &[(&'static str, Variable<'_>)]) -> String {
        let mut args = FluentArgs::with_capacity(variables.len());
        for (name, value) in variables {
            args.set(*name, value.fluent());
        }
        self.say(key, Some(&args))
    }

    /// An instant as people of the language write it, in UTC: `21 Nov 2026, 14:05 UTC`.
    pub fn instant(self, at: &Timestamp) -> String {
        let part = |format: &str| at.strftime(format).to_string();
        let month = self.t(&format!("time-month-{}", part("%-m")));
        let parts = [
            ("day", part("%-d").into()),
            ("month", month.into()),
            ("year", part("%Y").into()),
            ("time", part("%H:%M").into()),
        ];
        self.with("time-exact", &parts)
    }

    /// A number as people of the language write it.
    pub fn number(self, number: impl TryInto<u64>) -> String {
        number::grouped(number.try_into().unwrap_or_default(), self.0.group_mark)
    }

    /// A number with one digit behind the mark, never more than it is.
    pub fn tenths(self, number: f64) -> String {
        let text = format!("{:.1}", (number * 10.0).floor() / 10.0);
        if self.0.group_mark == '.' { text.replace('.', ",") } else { text }
    }
}

/// The value of a variable.
#[derive(Debug, Clone)]
pub enum Variable<'a> {
    /// Words.
    Text(Cow<'a, str>),
    /// A number.
    Number(u64),
}

impl Variable<'_> {
    fn fluent(&self) -> FluentValue<'_> {
        match self {
            Self::Text(text) => FluentValue::from(text.as_ref()),
            Self::Number(number) => FluentValue::from(*number),
        }
    }
}

impl<'a> From<&'a str> for Variable<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Variable<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<usize> for Variable<'_> {
    fn from(number: usize) -> Self {
        Self::Number(u64::try_from(number).unwrap_or(u64::MAX))
    }
}

impl From<u32> for Variable<'_> {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Variable<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}
