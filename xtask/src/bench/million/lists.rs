//! Pages of `/api/v1/oauth-clients` in the tenant that has most: each filter, each sort, and a walk
//! from the first page to the last.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use crate::bench::million::drive::Seen;
use crate::bench::million::ground::Ground;
use crate::bench::million::outcome::{Outcome, Target};
use crate::http::Client;

const LIST: &str = "/api/v1/oauth-clients";
/// Clients of a page, the contract's default.
const PAGE: i64 = 20;
/// Requests of each kind.
const REQUESTS: usize = 500;
const WARM_UP: usize = 20;

/// What the contract lets a list be sorted by.
const SORTS: [&str; 6] =
    ["clientId", "clientName", "appType", "tenantId", "createdAt", "updatedAt"];

const P99_MS: f64 = 20.0;
const LAST_TO_FIRST: f64 = 1.2;

struct Lister {
    client: Client,
    token: String,
}

/// Asks for all kinds of pages, one request after the other.
pub fn measure(ground: &Ground, outcome: &mut Outcome) -> Result<()> {
    let machine = ground.machines.first().context("no tenant")?;
    let mut lister = Lister { client: ground.client(machine), token: ground.token(machine)? };
    println!("lists: {} clients of one tenant", ground.size.largest);
    let walk = lister.walk(ground.size.largest / PAGE)?;
    let (first, last) = (&walk.paths[0], walk.paths.last().context("no page")?);
    // One after the other, so that both have the same neighbours.
    let (mut of_first, mut of_last) = (Vec::new(), Vec::new());
    for _ in 0..REQUESTS {
        of_first.push(lister.page(first)?.0);
        of_last.push(lister.page(last)?.0);
    }
    let (of_first, of_last) = (Seen::of(of_first), Seen::of(of_last));
    let pages = walk.paths.len();
    outcome.page("page 1", &of_first, P99_MS);
    outcome.page(&format!("page {pages}"), &of_last, P99_MS);
    outcome.page(&format!("a walk over {pages} pages"), &Seen::of(walk.times), P99_MS);
    for (name, queries) in kinds(&walk.middle) {
        let paths: Vec<String> = queries.iter().map(|pairs| path(pairs)).collect();
        outcome.page(&name, &lister.pages(&paths)?, P99_MS);
    }
    for attribute in SORTS {
        let paths = lister.deep(attribute, ground.size.largest / 2)?;
        let name = format!("sort ±{attribute}, from the middle");
        outcome.page(&name, &lister.pages(&paths)?, P99_MS);
    }
    outcome.number(
        &format!("p50 of page {pages}, of page 1"),
        of_last.percentile_ms(0.5) / of_first.percentile_ms(0.5),
        Target::AtMost(LAST_TO_FIRST),
    );
    Ok(())
}

type Pairs<'a> = Vec<(&'a str, String)>;

/// The kinds of pages: a name, and the queries that are asked in turn.
fn kinds(middle: &Value) -> Vec<(String, Vec<Pairs<'static>>)> {
    let text = |name: &str| middle[name].as_str().unwrap_or_default().to_owned();
    let (name, created) = (text("clientName"), text("createdAt"));
    let number = name.rsplit(' ').next().unwrap_or_default();
    let filters = [
        "clientName co \"reports\"".to_owned(),
        format!("clientName co \"{number}\""),
        "clientName co \"is in no name\"".to_owned(),
        "appType eq \"spa\"".to_owned(),
        format!("createdAt ge \"{created}\""),
        format!("appType eq \"native\" and (clientName sw \"d\" or createdAt lt \"{created}\")"),
    ];
    let shown = |filter: &str| filter.replace(number, "…").replace(&created, "…");
    let mut kinds: Vec<_> = filters
        .into_iter()
        .map(|filter| (format!("`{}`", shown(&filter)), vec![vec![("filter", filter)]]))
        .collect();
    for attribute in SORTS {
        let sort = |sign: &str| vec![("sort", format!("{sign}{attribute}"))];
        kinds.push((format!("sort ±{attribute}"), vec![sort("+"), sort("-")]));
    }
    let both =
        vec![("filter", "clientName co \"reports\"".to_owned()), ("sort", "-createdAt".to_owned())];
    kinds.push(("`clientName co \"reports\"`, sort -createdAt".to_owned(), vec![both]));
    let total = vec![("totalResults", "true".to_owned())];
    kinds.push(("with totalResults".to_owned(), vec![total]));
    kinds
}

fn path(pairs: &[(&str, String)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{LIST}?{query}")
}

struct Walk {
    paths: Vec<String>,
    times: Vec<Duration>,
    /// A client from the middle of the walk.
    middle: Value,
}

impl Lister {
    fn page(&mut self, path: &str) -> Result<(Duration, String)> {
        let start = Instant::now();
        let answer = self.client.get_as(path, &self.token)?;
        let time = start.elapsed();
        if answer.status != 200 {
            bail!("{path} answered {}: {}", answer.status, answer.body);
        }
        Ok((time, answer.body))
    }

    /// Asks for pages in turn.
    fn pages(&mut self, paths: &[String]) -> Result<Seen> {
        let mut times = Vec::new();
        for at in 0..WARM_UP + REQUESTS {
            let (time, _) = self.page(&paths[at % paths.len()])?;
            if at >= WARM_UP {
                times.push(time);
            }
        }
        Ok(Seen::of(times))
    }

    /// Pages behind `skipped` clients, in both directions of a sort. They are reached by pages of
    /// 100: a cursor is a position, and does not hang on how long the pages before were.
    fn deep(&mut self, attribute: &str, skipped: i64) -> Result<Vec<String>> {
        let mut paths = Vec::new();
        for sign in ["+", "-"] {
            let mut next =
                path(&[("limit", "100".to_owned()), ("sort", format!("{sign}{attribute}"))]);
            for _ in 0..skipped / 100 {
                let body: Value = serde_json::from_str(&self.page(&next)?.1)?;
                let href = body["links"]["next"]["href"].as_str().context("no next page")?;
                next = self.client.path_of(href)?;
            }
            ensure!(next.contains("limit=100"), "a next link without its limit: {next}");
            paths.push(next.replace("limit=100", "limit=20"));
        }
        Ok(paths)
    }

    /// Follows `links.next` until there is none; every page but the last must be full.
    fn walk(&mut self, pages: i64) -> Result<Walk> {
        let pages = usize::try_from(pages)?;
        let full = usize::try_from(PAGE)?;
        let mut walk = Walk { paths: Vec::new(), times: Vec::new(), middle: Value::Null };
        let mut next = Some(path(&[("limit", PAGE.to_string())]));
        while let Some(path) = next {
            let (time, body) = self.page(&path)?;
            let body: Value = serde_json::from_str(&body)?;
            let found = body["data"].as_array().map_or(0, Vec::len);
            if found != full {
                bail!("page {} has {found} clients: {path}", walk.paths.len() + 1);
            }
            walk.paths.push(path);
            walk.times.push(time);
            if walk.paths.len() == pages.div_ceil(2) {
                walk.middle = body["data"][full / 2].clone();
            }
            next = body["links"]["next"]["href"]
                .as_str()
                .map(|href| self.client.path_of(href))
                .transpose()?;
        }
        if walk.paths.len() != pages {
            bail!("the walk had {} pages where {pages} are due", walk.paths.len());
        }
        Ok(walk)
    }
}
