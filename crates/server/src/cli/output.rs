//! What commands print: a table for people, JSON for programs, from the same values.
//!
//! Invariant: standard output holds nothing but the answer, so that `--json` can always be parsed;
//! notes go to standard error.

use std::io::{ErrorKind, IsTerminal, Write};

use anyhow::Context;
use clap::Args;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use domain::letter::is_seen;
use serde::Serialize;
use serde_json::{Value, json};

/// Columns of a terminal that does not tell.
const DEFAULT_WIDTH: u16 = 80;

/// A column or line: what it is called, and where its value is (RFC 6901).
pub(super) type Column = (&'static str, &'static str);

/// How the answer is printed.
#[derive(Debug, Clone, Args)]
pub(super) struct Output {
    /// Print JSON instead of a table.
    #[arg(long, global = true, help_heading = "Output")]
    json: bool,
}

/// Which part of a long list.
#[derive(Debug, Clone, Args)]
pub(super) struct Page {
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
    /// Only those after the one of this id.
    #[arg(long, value_name = "ID")]
    pub after: Option<String>,
}

impl Page {
    /// The id to begin after.
    ///
    /// # Errors
    /// When it is no id.
    pub fn after<T>(&self) -> anyhow::Result<Option<T>>
    where
        T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>,
    {
        self.after.as_deref().map(str::parse).transpose().context("--after")
    }

    /// One more than asked for tells whether there is more.
    pub fn fetch(&self) -> u32 {
        self.limit + 1
    }

    /// Cuts a list that was fetched so to its length; gives the id to go on after.
    pub fn cut<T>(&self, rows: &mut Vec<T>, id: impl Fn(&T) -> String) -> Option<String> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        if rows.len() <= limit {
            return None;
        }
        rows.truncate(limit);
        rows.last().map(id)
    }
}

impl Output {
    /// Prints a list; `next` is the id to go on after when there is more.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn list<T: Serialize>(
        &self,
        rows: &[T],
        columns: &[Column],
        next: Option<&str>,
    ) -> anyhow::Result<()> {
        let data = serde_json::to_value(rows)?;
        if self.json {
            return self.value(&json!({ "data": data, "next": next }));
        }
        let rows = data.as_array().map_or(&[][..], Vec::as_slice);
        if rows.is_empty() {
            note("There are none.");
        } else {
            self.table(rows, columns)?;
        }
        if let Some(next) = next {
            note(&format!("There are more: go on with `--after {next}`."));
        }
        Ok(())
    }

    /// Prints a table.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn table(&self, rows: &[Value], columns: &[Column]) -> anyhow::Result<()> {
        print(&format!("{}\n", table(rows, columns)))
    }

    /// Prints one thing, line by line.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn record(&self, value: &impl Serialize, lines: &[Column]) -> anyhow::Result<()> {
        let value = serde_json::to_value(value)?;
        if self.json {
            return self.value(&value);
        }
        print(&record(&value, lines))
    }

    /// Says that something was done; `value` is what programs get.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn done(&self, told: &str, value: &Value) -> anyhow::Result<()> {
        if self.json { self.value(value) } else { print(&format!("{told}\n")) }
    }

    /// Prints JSON whatever was asked for.
    ///
    /// # Errors
    /// When standard output is closed.
    pub fn value(&self, value: &impl Serialize) -> anyhow::Result<()> {
        print_json(value)
    }

    /// Whether programs read the answer.
    pub fn is_json(&self) -> bool {
        self.json
    }
}

/// Says something beside the answer.
pub(super) fn note(text: &str) {
    eprintln!("{text}");
}

/// Prints; a reader that has gone away (`| head`) is no failure.
///
/// # Errors
/// When standard output cannot be written to.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("standard output cannot be written to")
        }
        _ => Ok(()),
    }
}

/// Prints JSON. On a terminal, what could act on it or hide in it is escaped (RFC 8259 section 7),
/// which means the same.
///
/// # Errors
/// When standard output cannot be written to.
pub(super) fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    let text = if std::io::stdout().is_terminal() { escaped(&text) } else { text };
    print(&format!("{text}\n"))
}

/// JSON without letters that a terminal may not show; the line ends between its members stay.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter == '\n' || is_seen(letter) {
            text.push(letter);
        } else {
            let mut units = [0; 2];
            let units = letter.encode_utf16(&mut units).iter();
            text.extend(units.map(|unit| format!("\\u{unit:04x}")));
        }
    }
    text
}

/// Rows as a table that fits the terminal.
pub(super) fn table(rows: &[Value], columns: &[Column]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    match terminal_width() {
        Some(width) => {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        }
        // In a file or a pipe every row stays one line.
        None => {
            table.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    table.set_header(columns.iter().map(|(name, _)| *name));
    if let Some(first) = table.column_mut(0) {
        // Mostly an id, which people copy: it is never broken.
        first.set_padding((0, 1)).set_constraint(ColumnConstraint::ContentWidth);
    }
    for row in rows {
        table.add_row(columns.iter().map(|(_, pointer)| cell(row.pointer(pointer))));
    }
    table.trim_fmt()
}

/// One thing, line by line.
pub(super) fn record(value: &Value, lines: &[Column]) -> String {
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0) + 2;
    let mut text = String::new();
    for (name, pointer) in lines {
        let shown = cell(value.pointer(pointer));
        if !shown.is_empty() {
            text.push_str(&format!("{name:<width$}{shown}\n"));
        }
    }
    text
}

/// A text of others as a terminal may show it: without what would move its cursor, change its
/// colours, or make the text look like another.
pub(super) fn printable(text: &str) -> String {
    let shown = |letter: char| if is_seen(letter) { letter } else { char::REPLACEMENT_CHARACTER };
    text.chars().map(shown).collect()
}

/// A value as people read it.
pub(super) fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => printable(text),
        Some(Value::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        Some(Value::Array(items)) => {
            items.iter().map(|item| cell(Some(item))).collect::<Vec<_>>().join(" ")
        }
        // A role, a group: people know them by their names.
        Some(Value::Object(thing)) => cell(thing.get("name")),
        Some(number) => number.to_string(),
    }
}

/// The columns of the terminal that the answer goes to; `None` when it goes elsewhere.
fn terminal_width() -> Option<u16> {
    let out = std::io::stdout();
    if !out.is_terminal() {
        return None;
    }
    let told = rustix::termios::tcgetwinsize(&out).ok().map(|size| size.ws_col);
    Some(told.filter(|columns| *columns > 0).unwrap_or(DEFAULT_WIDTH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_readable() {
        assert_eq!(cell(Some(&json!(["a", "b"]))), "a b");
        assert_eq!(cell(Some(&json!(true))), "yes");
        assert_eq!(cell(Some(&json!(7))), "7");
        assert_eq!(cell(None), "");
        assert_eq!(cell(Some(&json!("a\u{1b}[2Jb\n"))), "a\u{fffd}[2Jb\u{fffd}");
    }

    #[test]
    fn no_text_looks_like_another() {
        for hidden in [
            "\u{9b}",
            "\u{7f}",
            "\u{200b}",
            "\u{200d}",
            "\u{200f}",
            "\u{202a}",
            "\u{202e}",
            "\u{2060}",
            "\u{2066}",
            "\u{2069}",
            "\u{feff}",
            "\u{61c}",
            "\u{ad}",
            "\u{2028}",
            "\u{e0041}",
        ] {
            let text = format!("a{hidden}b");
            assert_eq!(printable(&text), "a\u{fffd}b", "{hidden:?}");
            let json =
                escaped(&serde_json::to_string_pretty(&json!({ "name": text })).expect("JSON"));
            assert!(json.chars().all(|letter| letter == '\n' || is_seen(letter)), "{json:?}");
            let read: Value = serde_json::from_str(&json).expect("JSON");
            assert_eq!(read["name"], *text, "it means the same");
        }
        for plain in ["Zoë", "日本語", "שלום", "مرحبا", "🙂", "a b"] {
            assert_eq!(printable(plain), plain);
            assert_eq!(escaped(plain), plain);
        }
    }

    #[test]
    fn a_full_page_tells_where_to_go_on() {
        let page = Page { limit: 2, after: None };
        let mut rows = vec!["a", "b", "c"];
        assert_eq!(page.cut(&mut rows, |id| (*id).to_owned()).as_deref(), Some("b"));
        assert_eq!(rows, ["a", "b"]);
        assert_eq!(page.cut(&mut rows, |id| (*id).to_owned()), None);
    }
}
