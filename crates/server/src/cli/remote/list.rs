//! Lists that come in pages (contract, section 6): `links.next.href` is followed as it is.
//!
//! Invariant: the next page is of the same origin, none is asked for twice, and pages without rows
//! are few, so that a server can neither lead the token away nor keep the command going for ever
//! with nothing to show.

use std::collections::HashSet;

use clap::Args;
use reqwest::{Method, Url};
use serde_json::Value;

use super::Session;
use super::answer::Answer;
use super::server::Call;
use crate::cli::exit::{Exit, Refusal};

/// Rows of one page: the contract's most.
const PAGE: usize = 100;

/// Pages without a row, one after the other, after which a list has an end.
const MAX_EMPTY: usize = 10;

/// How much of a list, and in which order.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Paging {
    /// Order by a field: +name, or -name for the reverse.
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// All of them.
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

/// What a list takes that has filters.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct Filtered {
    /// Only those that match, in SCIM's words, such as: name co "report"
    #[arg(long, value_name = "FILTER")]
    pub filter: Option<String>,
    #[command(flatten)]
    pub paging: Paging,
}

/// Rows of a list, and whether there are more.
pub(super) struct Rows {
    pub rows: Vec<Value>,
    pub more: bool,
    /// The one answer that they came in.
    pub single: Option<Answer>,
}

impl Paging {
    fn wanted(&self) -> usize {
        if self.all { usize::MAX } else { usize::try_from(self.limit).unwrap_or(usize::MAX) }
    }
}

/// Reads as many pages as are wanted.
///
/// # Errors
/// What the server refuses, and a next page that leads astray.
pub(super) async fn read(
    session: &Session,
    mut url: Url,
    query: &[(&str, Option<&str>)],
    paging: &Paging,
) -> Result<Rows, Refusal> {
    let wanted = paging.wanted();
    {
        let mut pairs = url.query_pairs_mut();
        let sort = [("sort", paging.sort.as_deref())];
        let given = query.iter().chain(&sort).copied();
        pairs.extend_pairs(given.filter_map(|(name, value)| Some((name, value?))));
        pairs.append_pair("limit", &wanted.min(PAGE).to_string());
    }
    let mut rows = Vec::new();
    let mut asked = HashSet::new();
    let mut empty = 0;
    loop {
        let answer = session.server.call(&Call::new(Method::GET, url.clone())).await?;
        let mut body = answer.value()?;
        let Some(Value::Array(page)) = body.get_mut("data").map(Value::take) else {
            return Err(Refusal::new(Exit::Failed, "the server's answer has no list in `data`"));
        };
        empty = if page.is_empty() { empty + 1 } else { 0 };
        rows.extend(page);
        let next = body.pointer("/links/next/href").and_then(Value::as_str);
        let Some(next) = next.filter(|_| rows.len() < wanted) else {
            let more = next.is_some() || rows.len() > wanted;
            rows.truncate(wanted);
            let single = asked.is_empty().then_some(answer);
            return Ok(Rows { rows, more, single });
        };
        let next = session.server.next(&url, next)?;
        asked.insert(std::mem::replace(&mut url, next));
        let astray = match empty {
            _ if asked.contains(&url) => "the server names the same page again",
            MAX_EMPTY => "the server names page after page without a row",
            _ => continue,
        };
        return Err(Refusal::new(Exit::Failed, astray));
    }
}
