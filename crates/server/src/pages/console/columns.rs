//! The columns of the table of clients: which there are, in which order they stand.

use super::client_list::ColumnHead;
use super::table::next_sort;

/// A column after the name, which is always there and first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// What kind of application.
    Type,
    /// The client's id.
    ClientId,
    /// How many scopes it may have.
    Scopes,
    /// Whether users are asked.
    Consent,
    /// Published, disabled.
    Status,
    /// How many secrets, and how old the oldest is.
    Secrets,
    /// When it was last used, and how much.
    LastUsed,
    /// When it was made.
    Created,
    /// When it was changed.
    Updated,
}

/// A column in the menu that chooses them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnChoice {
    pub column: Column,
    pub is_shown: bool,
}

impl Column {
    /// All of them, as they stand until somebody moves them.
    pub const ALL: &'static [Self] = &[
        Self::Type,
        Self::ClientId,
        Self::Scopes,
        Self::Consent,
        Self::Status,
        Self::LastUsed,
        Self::Secrets,
        Self::Created,
        Self::Updated,
    ];

    /// Its stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::ClientId => "client-id",
            Self::Scopes => "scopes",
            Self::Consent => "consent",
            Self::Status => "status",
            Self::Secrets => "secrets",
            Self::LastUsed => "last-used",
            Self::Created => "created",
            Self::Updated => "updated",
        }
    }

    /// The column of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|column| column.word() == word)
    }

    /// The key of its name.
    pub fn key(self) -> String {
        format!("column-{}", self.word())
    }

    /// What a list is sorted by for it.
    pub fn sort(self) -> &'static str {
        match self {
            Self::Type => "appType",
            Self::ClientId => "clientId",
            Self::Scopes => "scopeCount",
            Self::Consent => "consentMethod",
            Self::Status => "status",
            Self::Secrets => "secretCount",
            Self::LastUsed => "lastUsedAt",
            Self::Created => "createdAt",
            Self::Updated => "updatedAt",
        }
    }

    /// Columns out of words, each once; what is no column is left out.
    pub fn of_words<'w>(words: impl Iterator<Item = &'w str>) -> Vec<Self> {
        let mut columns = Vec::new();
        for column in words.filter_map(Self::parse) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        columns
    }

    /// The heads of shown columns in a list sorted by `sort`.
    pub fn heads(shown: &[Self], sort: &str, href: &dyn Fn(&str) -> String) -> Vec<ColumnHead> {
        let head = |column: &Self| {
            let (sorted, to) = next_sort(column.sort(), sort);
            ColumnHead { column: *column, sorted, href: href(&to) }
        };
        shown.iter().map(head).collect()
    }

    /// All columns for the menu: those that are shown in their order, then the rest.
    pub fn choices(shown: &[Self]) -> Vec<ColumnChoice> {
        let hidden = Self::ALL.iter().filter(|column| !shown.contains(column));
        let choice = |is_shown| move |column: &Self| ColumnChoice { column: *column, is_shown };
        shown.iter().map(choice(true)).chain(hidden.map(choice(false))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_their_words_and_stand_once() {
        for column in Column::ALL {
            assert_eq!(Column::parse(column.word()), Some(*column));
        }
        let chosen = Column::of_words("scopes,type,scopes,nonsense,type".split(','));
        assert_eq!(chosen, [Column::Scopes, Column::Type]);
        let choices = Column::choices(&chosen);
        assert_eq!(choices.len(), Column::ALL.len());
        assert!(choices[..2].iter().all(|choice| choice.is_shown));
        assert!(choices[2..].iter().all(|choice| !choice.is_shown));
    }
}
