//! Query parameters: bounded, each at most once, and forgiving where real clients need it.

use std::collections::BTreeMap;

use domain::api_error::{ApiProblem, Fault, Source};
use engine::admin::listing::ListParams;

use super::{ApiRequest, Refusal, problem};

/// Most parameters of one address.
const MAX_PARAMETERS: usize = 50;

/// The names of a list's cursors.
#[derive(Debug)]
pub struct Cursors {
    /// Of the next page.
    pub next: &'static str,
    /// Of the page before.
    pub prev: &'static str,
}

impl Cursors {
    /// All names of cursors in the API.
    const NAMES: [&'static str; 5] = ["next", "prev", "startingAfter", "endingBefore", "page"];

    /// As most lists call them.
    pub const USUAL: Self = Self { next: "next", prev: "prev" };
}

/// The parameters of a query string.
pub struct Query<'a> {
    api: &'a ApiRequest,
    values: BTreeMap<String, String>,
}

impl<'a> Query<'a> {
    /// Reads a query string.
    ///
    /// # Errors
    /// The refusal: a parameter twice, or too many.
    pub fn parse(api: &'a ApiRequest, text: Option<&str>) -> Result<Self, Refusal> {
        let mut values = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(text.unwrap_or("").as_bytes()) {
            let name = name.into_owned();
            if values.len() >= MAX_PARAMETERS {
                return Err(wrong(api, &name, "is one too many"));
            }
            if values.contains_key(&name) {
                return Err(wrong(api, &name, "is there twice"));
            }
            values.insert(name, value.into_owned());
        }
        Ok(Self { api, values })
    }

    /// A parameter.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// A yes or no, in any case: a real client sends `False` (contract 0.9).
    ///
    /// # Errors
    /// The refusal.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.text(name).map(str::to_ascii_lowercase).as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(wrong(self.api, name, "is true or false")),
        }
    }

    /// A whole number.
    ///
    /// # Errors
    /// The refusal.
    pub fn number(&self, name: &str) -> Result<Option<u32>, Refusal> {
        match self.text(name) {
            None => Ok(None),
            Some(text) => {
                text.parse().map(Some).map_err(|_| wrong(self.api, name, "is a whole number"))
            }
        }
    }

    /// What every list takes.
    ///
    /// # Errors
    /// The refusal.
    pub fn list(&self) -> Result<ListParams, Refusal> {
        let text = |name| self.text(name).map(str::to_owned);
        Ok(ListParams {
            filter: text("filter"),
            sort: text("sort"),
            limit: self.number("limit")?,
            next: text("next"),
            prev: text("prev"),
            total: self.flag("totalResults")?.unwrap_or(false),
        })
    }

    /// The page parameters of a list whose cursors have other names than `next` and `prev`.
    ///
    /// # Errors
    /// The refusal.
    pub fn list_by(&self, cursors: &Cursors) -> Result<ListParams, Refusal> {
        let text = |name| self.text(name).map(str::to_owned);
        let prev = text(cursors.prev).filter(|_| cursors.prev != cursors.next);
        Ok(ListParams { filter: None, next: text(cursors.next), prev, ..self.list()? })
    }

    /// The same parameters as a query string, with another cursor.
    pub fn with_cursor(&self, name: &str, cursor: &str) -> String {
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        for (known, value) in &self.values {
            if !Cursors::NAMES.contains(&known.as_str()) {
                text.append_pair(known, value);
            }
        }
        text.append_pair(name, cursor).finish()
    }

    /// The same parameters as a query string.
    pub fn as_sent(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.values).finish()
    }
}

/// A parameter that is wrong.
pub fn wrong(api: &ApiRequest, name: &str, message: &str) -> Refusal {
    let problem = ApiProblem::new(api.noun, Fault::Parameter, format!("{name}: {message}"))
        .at(Source::Parameter(name.to_owned()));
    problem::answer(&problem, &api.request.trace_id).into()
}
