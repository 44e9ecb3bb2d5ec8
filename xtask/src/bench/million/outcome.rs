//! What was measured beside what was aimed at, as a table for the documentation.

use anyhow::Result;

use crate::bench::million::drive::Seen;
use crate::bench::million::ground::Size;
use crate::bench::outcome::{date, machine, write_between};
use crate::test::Engine;
use crate::workshop::Workshop;

/// What a number should be.
#[derive(Clone, Copy)]
pub enum Target {
    None,
    AtMost(f64),
    AtLeast(f64),
}

impl Target {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::None => true,
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }
}

struct Line {
    name: String,
    value: f64,
    target: Target,
}

struct Page {
    name: String,
    p50_ms: f64,
    p99_ms: f64,
    limit_ms: f64,
}

/// What a run gave.
pub struct Outcome {
    engine: Engine,
    head: String,
    pages: Vec<Page>,
    lines: Vec<Line>,
    warnings: Vec<String>,
}

impl Outcome {
    pub fn new(shop: &Workshop, engine: Engine, size: Size) -> Self {
        let head = format!(
            "Measured on {}: {}. {}; {} tenants, {} clients, of these {} in one tenant.",
            date(shop),
            machine(),
            engine.title(),
            size.tenants,
            size.clients,
            size.largest,
        );
        Self { engine, head, pages: Vec::new(), lines: Vec::new(), warnings: Vec::new() }
    }

    /// A kind of list page, whose slowest hundredth has a limit.
    pub fn page(&mut self, name: &str, seen: &Seen, limit_ms: f64) {
        let (p50_ms, p99_ms) = (seen.percentile_ms(0.5), seen.percentile_ms(0.99));
        println!("  {name}: p50 {p50_ms:.2} ms, p99 {p99_ms:.2} ms");
        self.pages.push(Page { name: name.to_owned(), p50_ms, p99_ms, limit_ms });
    }

    /// Any other number.
    pub fn number(&mut self, name: &str, value: f64, target: Target) {
        self.lines.push(Line { name: name.to_owned(), value, target });
    }

    /// What makes the numbers doubtful.
    pub fn warn(&mut self, what: &str) {
        self.warnings.push(what.to_owned());
    }

    /// Whether nothing missed its target.
    pub fn is_met(&self) -> bool {
        self.pages.iter().all(|page| page.p99_ms < page.limit_ms)
            && self.lines.iter().all(|line| line.target.is_met(line.value))
    }

    /// Two tables, in Markdown.
    pub fn table(&self) -> String {
        let mut text = format!("{}\n\n", self.head);
        for warning in &self.warnings {
            text.push_str(&format!("Doubtful: {warning}.\n\n"));
        }
        text.push_str("Pages of 20 clients of that tenant, one request after the other:\n\n");
        text.push_str("| page | p50 ms | p99 ms | target | met |\n|---|--:|--:|--:|---|\n");
        for Page { name, p50_ms, p99_ms, limit_ms } in &self.pages {
            let met = met(p99_ms < limit_ms);
            text.push_str(&format!(
                "| {name} | {p50_ms:.2} | {p99_ms:.2} | < {limit_ms} | {met} |\n"
            ));
        }
        text.push_str("\n| measured | result | target | met |\n|---|--:|--:|---|\n");
        for Line { name, value, target } in &self.lines {
            let value_ = shown(*value);
            let (target_, met) = match *target {
                Target::None => (String::new(), ""),
                Target::AtMost(most) => (format!("≤ {most}"), met(target.is_met(*value))),
                Target::AtLeast(least) => (format!("≥ {least}"), met(target.is_met(*value))),
            };
            text.push_str(&format!("| {name} | {value_} | {target_} | {met} |\n"));
        }
        text
    }

    /// Puts the tables between this engine's marks in the documentation's page.
    pub fn write(&self, shop: &Workshop, table: &str) -> Result<()> {
        write_between(
            shop,
            &format!("cargo xtask bench --million --engine {} --write", self.engine.name()),
            table,
        )
    }
}

fn met(is_met: bool) -> &'static str {
    if is_met { "yes" } else { "**no**" }
}

fn shown(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
