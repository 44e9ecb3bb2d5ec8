//! Filters of lists: the language of SCIM (RFC 7644 section 3.4.2.2) over the attributes that a
//! list names.
//!
//! Invariants: a parsed filter mentions only attributes of its table, with operators and operands
//! that fit them; it has at most [`MAX_TESTS`] tests, [`MAX_DEAR`] of them dear, nested at most
//! [`MAX_DEPTH`] deep. Texts compare without regard to case, by code points of their lower-case form. An absent value fails
//! every test but `ne`; `ne` is exactly "not `eq`".

mod lex;
mod parse;

use crate::time::Timestamp;

/// Longest filter, in bytes.
pub const MAX_LENGTH: usize = 8192;
/// Most tests in one filter.
pub const MAX_TESTS: usize = 100;
/// Most tests in one filter that look inside texts, or at other rows than those of the list.
pub const MAX_DEAR: usize = 10;
/// Deepest nesting of groups.
pub const MAX_DEPTH: usize = 16;

/// What an attribute holds, which decides its operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text that people write; every operator, without regard to case.
    Text,
    /// An identifier; `eq ne co sw ew pr`, byte by byte.
    Id,
    /// A name out of many that no table lists here; `eq ne pr`, byte by byte.
    Name,
    /// One of a few words; `eq ne pr`.
    Word(&'static [&'static str]),
    /// An instant; `eq ne gt ge lt le pr`.
    Time,
    /// Yes or no; `eq ne pr`.
    Flag,
}

/// An attribute that a list can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// Its name on the wire; matched without regard to case (RFC 7644).
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
}

impl Attribute {
    /// Whether it is held by what hangs on a row and not by the row itself: `assignedRoles.name`, or
    /// one of many names.
    pub fn is_elsewhere(&self) -> bool {
        self.kind == Kind::Name || self.name.contains('.')
    }
}

/// An operator (RFC 7644, table 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater than.
    Gt,
    /// Greater than or equal.
    Ge,
    /// Less than.
    Lt,
    /// Less than or equal.
    Le,
    /// Present: has a value, and not an empty text.
    Pr,
}

impl Op {
    /// Every operator.
    pub const ALL: &'static [Self] = &[
        Self::Eq,
        Self::Ne,
        Self::Co,
        Self::Sw,
        Self::Ew,
        Self::Gt,
        Self::Ge,
        Self::Lt,
        Self::Le,
        Self::Pr,
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Co => "co",
            Self::Sw => "sw",
            Self::Ew => "ew",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
            Self::Pr => "pr",
        }
    }

    /// Whether it looks inside texts: the price of every row, whatever it finds.
    pub fn looks_inside(self) -> bool {
        matches!(self, Self::Co | Self::Sw | Self::Ew)
    }

    /// Whether it fits an attribute of a kind.
    pub fn fits(self, kind: Kind) -> bool {
        match self {
            Self::Eq | Self::Ne | Self::Pr => true,
            Self::Co | Self::Sw | Self::Ew => matches!(kind, Kind::Text | Kind::Id),
            Self::Gt | Self::Ge | Self::Lt | Self::Le => matches!(kind, Kind::Text | Kind::Time),
        }
    }
}

/// What an attribute is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operand {
    /// Nothing (`pr`).
    None,
    /// Text; in lower case for [`Kind::Text`].
    Text(String),
    /// An instant.
    Time(Timestamp),
    /// Yes or no.
    Flag(bool),
}

/// One comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// The attribute, from the list's table.
    pub attribute: Attribute,
    /// The operator.
    pub op: Op,
    /// What it is compared with.
    pub operand: Operand,
}

/// A filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// All of them; two or more.
    And(Vec<Filter>),
    /// Any of them; two or more.
    Or(Vec<Filter>),
    /// The opposite.
    Not(Box<Filter>),
    /// A comparison.
    Test(Test),
}

/// Why a filter was not understood, in words for its writer; `at` counts characters from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at character {at})")]
pub struct FilterError {
    /// Where, in characters from 1.
    pub at: usize,
    /// What is wrong and what would be right.
    pub message: String,
}

impl Filter {
    /// Reads a filter over `attributes`.
    ///
    /// # Errors
    /// Where it cannot be understood, names an unknown attribute or passes a bound.
    pub fn parse(text: &str, attributes: &[Attribute]) -> Result<Self, FilterError> {
        parse::filter(text, attributes)
    }
}

#[cfg(test)]
mod tests;
