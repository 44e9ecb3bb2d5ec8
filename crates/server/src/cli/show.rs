//! What commands over HTTP print: text for people, the server's JSON for programs, one word for
//! scripts.

use clap::Args;
use serde_json::{Value, json};

use super::output::{Column, cell, note, print, print_json, record, table};
use super::remote::Answer;

/// How the answer of a command is printed that scripts may want in one word.
#[derive(Debug, Clone, Args)]
pub(super) struct Show {
    /// Print JSON: all that the server answered.
    #[arg(long, global = true, conflicts_with = "quiet", help_heading = "Output")]
    json: bool,
    /// Print nothing but ids, or the one value that was asked for.
    #[arg(long, short, global = true, help_heading = "Output")]
    quiet: bool,
}

impl Show {
    /// Prints a list; `id` is where a row's id is.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn list(&self, rows: &[Value], columns: &[Column], id: &str) -> anyhow::Result<()> {
        if self.json {
            return self.value(&json!({ "data": rows }));
        }
        if self.quiet {
            let ids = rows.iter().map(|row| format!("{}\n", cell(row.pointer(id))));
            return print(&ids.collect::<String>());
        }
        if rows.is_empty() {
            note("There are none.");
            return Ok(());
        }
        print(&format!("{}\n", table(rows, columns)))
    }

    /// Prints one thing, line by line; `id` is where its one word is.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn record(&self, value: &Value, lines: &[Column], id: &str) -> anyhow::Result<()> {
        match (self.json, self.quiet) {
            (true, _) => self.value(value),
            (_, true) => self.word(&cell(value.pointer(id))),
            _ => print(&record(value, lines)),
        }
    }

    /// Says that something was done; `value` is what programs get.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn done(&self, told: &str, value: &Value) -> anyhow::Result<()> {
        if self.json { self.value(value) } else { self.told(told) }
    }

    /// Prints the JSON that a server answered, and nothing when it answered nothing. It is read and
    /// written anew: what is no JSON is not for programs, and could do anything to a terminal.
    ///
    /// # Errors
    /// When it is no JSON, or standard output is closed.
    pub fn answer(&self, answer: &Answer) -> anyhow::Result<()> {
        if answer.text.trim().is_empty() {
            return Ok(());
        }
        self.value(&answer.value()?)
    }

    /// Says that something was done on a server; programs get its answer, if it has one.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn outcome(&self, answer: &Answer, told: &str) -> anyhow::Result<()> {
        if self.json { self.answer(answer) } else { self.told(told) }
    }

    /// Says something to people.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn told(&self, told: &str) -> anyhow::Result<()> {
        if self.json || self.quiet { Ok(()) } else { print(&format!("{told}\n")) }
    }

    /// Prints one word, and nothing when it is empty.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn word(&self, word: &str) -> anyhow::Result<()> {
        if word.is_empty() { Ok(()) } else { print(&format!("{word}\n")) }
    }

    fn value(&self, value: &Value) -> anyhow::Result<()> {
        print_json(value)
    }

    /// Whether programs read the answer.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Whether one word is wanted.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }
}
