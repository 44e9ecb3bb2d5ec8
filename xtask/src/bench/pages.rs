//! `cargo xtask bench --pages`: how soon the console's pages are first seen in headless Chromium,
//! with an empty cache, over the loopback.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::bench::outcome::{date, machine, write_between};
use crate::cli::Cli;
use crate::postgres::free_port;
use crate::server::{Server, forget_log};
use crate::setup::{self, Need};
use crate::workshop::Workshop;

const LIMIT: Duration = Duration::from_secs(600);
/// First contentful paint, at most, in milliseconds.
const PAINT_MAX: f64 = 100.0;
/// What a page transfers with an empty cache, at most.
const BYTES_MAX: u64 = 100_000;

/// One page, as the browser measured it; times in milliseconds.
#[derive(Deserialize)]
struct Page {
    path: String,
    /// First contentful paint of each load.
    paint: Vec<f64>,
    /// From the request's start to the first byte of its answer.
    answer: Vec<f64>,
    bytes: u64,
}

/// Measures; false when a page misses a target.
pub fn run(shop: &Workshop, program: PathBuf, write: bool) -> Result<bool> {
    setup::ensure(shop, &[Need::NodeClients])?;
    forget_log(shop, "bench-pages")?;
    let cli = Cli { program, data: shop.scratch("bench-pages")?, database: None };
    let server = Server::start(shop, &cli, free_port()?, "bench-pages")?;
    let mut browser = Command::new("node");
    browser
        .arg(shop.path("tests/clients/node/console-render.mjs"))
        .env("COUNTERSIGN_READY", server.ready.to_string())
        .env("CHROMIUM", setup::find_chromium().unwrap_or_else(|| PathBuf::from("chromium")));
    let told = shop.children.capture("console-render.mjs", &mut browser, LIMIT)?;
    let pages: Vec<Page> = told
        .lines()
        .map(|line| serde_json::from_str(line).with_context(|| format!("no measurement: {line}")))
        .collect::<Result<_>>()?;
    let table = table(shop, &pages);
    println!("\n{table}");
    if write {
        write_between(shop, "cargo xtask bench --pages --write", &table)?;
    }
    Ok(!pages.is_empty() && pages.iter().all(Page::is_met))
}

impl Page {
    fn is_met(&self) -> bool {
        middle(&self.paint) < PAINT_MAX && self.bytes < BYTES_MAX
    }
}

fn middle(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn table(shop: &Workshop, pages: &[Page]) -> String {
    let mut text = format!(
        "Measured on {}: {}. Targets: the median of the first paint < {PAINT_MAX} ms, < {BYTES_MAX} bytes.\n\n\
         | page | loads | answer, median ms | first paint, median ms | slowest ms | bytes | met |\n\
         |---|--:|--:|--:|--:|--:|---|\n",
        date(shop),
        machine()
    );
    for page in pages {
        let slowest = page.paint.iter().copied().fold(0.0, f64::max);
        let met = if page.is_met() { "yes" } else { "**no**" };
        text.push_str(&format!(
            "| `{}` | {} | {:.1} | {:.0} | {slowest:.0} | {} | {met} |\n",
            page.path,
            page.paint.len(),
            middle(&page.answer),
            middle(&page.paint),
            page.bytes,
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_met_by_its_median_and_its_weight() {
        let page = |paint: &[f64], bytes| Page {
            path: "/admin".to_owned(),
            paint: paint.to_vec(),
            answer: vec![1.0],
            bytes,
        };
        assert!(page(&[400.0, 50.0, 60.0], 1000).is_met());
        assert!(!page(&[400.0, 150.0, 60.0], 1000).is_met());
        assert!(!page(&[50.0], 100_000).is_met());
        assert!(!page(&[], 1000).is_met(), "nothing measured is not met");
    }
}
