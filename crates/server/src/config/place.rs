//! Where a value of the configuration comes from.
//!
//! Invariant: every value knows its place, so that every problem can say where to put it right.

use std::fmt;

use serde::Serialize;

/// Where a key or value stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase", tag = "source")]
pub enum Place {
    /// The file as a whole.
    Whole {
        /// The file's path, as it was given.
        file: String,
    },
    /// A position in the file; line and column count from 1, the column in characters.
    File {
        /// The file's path, as it was given.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
    },
    /// An environment variable.
    Variable {
        /// The variable's name.
        variable: String,
    },
    /// No place: the default of a key that is not set.
    Default,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole { file } => f.write_str(file),
            Self::File { file, line, column } => write!(f, "{file}:{line}:{column}"),
            Self::Variable { variable } => write!(f, "environment variable {variable}"),
            Self::Default => f.write_str("configuration"),
        }
    }
}

/// A file's text, to turn byte offsets into places.
#[derive(Debug, Clone, Copy)]
pub(super) struct SourceFile<'a> {
    /// The path to show.
    pub name: &'a str,
    /// The whole text.
    pub text: &'a str,
}

impl SourceFile<'_> {
    /// The place of a byte offset; one past the end is the end.
    pub fn place(&self, offset: usize) -> Place {
        let end =
            (0..=offset.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at));
        let before = &self.text[..end.unwrap_or(0)];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Place::File {
            file: self.name.to_owned(),
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let file = SourceFile { name: "c.toml", text: "a = 1\nä = 2\n" };
        let equals = file.text.rfind('=').unwrap();
        assert_eq!(file.place(equals).to_string(), "c.toml:2:3");
        assert_eq!(file.place(0).to_string(), "c.toml:1:1");
        assert_eq!(file.place(9999).to_string(), "c.toml:3:1");
    }
}
