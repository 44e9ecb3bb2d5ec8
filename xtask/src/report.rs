//! The table at the end of a test run.

use std::time::Instant;

use anyhow::{Error, Result};

/// How a step ended.
pub enum Outcome {
    Passed(String),
    Skipped(String),
}

struct Row {
    step: String,
    result: &'static str,
    seconds: f64,
    note: String,
    /// Everything that is known about a failure.
    why: Option<String>,
}

/// Steps in the order in which they ran.
#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// Runs one step, says so, and writes down how it went. A failed step does not stop the run.
    pub fn step(&mut self, name: &str, work: impl FnOnce() -> Result<Outcome>) -> bool {
        println!("\n=== {name}");
        let start = Instant::now();
        let outcome = work();
        let seconds = start.elapsed().as_secs_f64();
        let (result, note, why) = match outcome {
            Ok(Outcome::Passed(note)) => ("passed", note, None),
            Ok(Outcome::Skipped(why)) => ("skipped", why, None),
            Err(error) => {
                let why = chain(&error);
                println!("FAILED: {name}{why}");
                ("FAILED", first_line(&error.root_cause().to_string()), Some(why))
            }
        };
        println!(
            "=== {name}: {result} in {seconds:.1} s{}{note}",
            if note.is_empty() { "" } else { ": " }
        );
        self.rows.push(Row { step: name.to_owned(), result, seconds, note, why });
        result != "FAILED"
    }

    /// Prints the table, each failure once more where it is looked for first, and the closing line;
    /// true when nothing failed.
    pub fn close(&self) -> bool {
        let width = self.rows.iter().map(|row| row.step.chars().count()).max().unwrap_or(4).max(4);
        println!("\n{:<width$}  {:<7}  {:>7}  note", "step", "result", "seconds");
        for row in &self.rows {
            println!("{:<width$}  {:<7}  {:>7.1}  {}", row.step, row.result, row.seconds, row.note);
        }
        for (row, why) in self.rows.iter().filter_map(|row| Some((row, row.why.as_ref()?))) {
            println!("\nFAILED: {}{why}", row.step);
        }
        let count = |result| self.rows.iter().filter(|row| row.result == result).count();
        let (failed, skipped) = (count("FAILED"), count("skipped"));
        let with_skipped = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
        println!("\n{} passed, {failed} failed{with_skipped}", count("passed"));
        failed == 0
    }
}

/// An error with its causes, outermost first.
pub fn chain(error: &Error) -> String {
    error.chain().map(|cause| format!("\n  {cause}")).collect()
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(120).collect()
}
