//! Whether an owner's events, as they are stored, are the chain that was written.
//!
//! Invariant: the rows of a chain come in the order of their links and then of their numbers, so
//! that every row is seen once; the end is compared last.

use std::fmt;

use serde::Serialize;

use super::seal::{AuditSeal, SealedTexts};

/// A linked event as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainRow {
    /// Its number in the table.
    pub seq: i64,
    /// Its place in its owner's chain, from 1; `None` when what is stored is no whole number.
    pub link: Option<i64>,
    /// The stored hash.
    pub hash: String,
    /// What was hashed.
    pub texts: SealedTexts,
}

/// Where the subject is among [`super::SEALED_TEXTS`].
const SUBJECT: usize = 5;

impl ChainRow {
    /// The id of what it happened to.
    pub fn subject(&self) -> &str {
        &self.texts[SUBJECT]
    }
}

/// The stored end of an owner's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainHead {
    /// The place of the last event.
    pub link: i64,
    /// Its hash.
    pub hash: String,
    /// The seal of both.
    pub seal: String,
}

/// What was known of a chain earlier: one of its places, and the hash of the event there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainMark {
    /// The place.
    pub link: i64,
    /// The hash.
    pub hash: String,
}

/// The first thing that is wrong with a chain. Links are places in the owner's chain, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum ChainFault {
    /// An event is not as it was written, or another one was put into its place.
    Changed { link: i64, seq: i64 },
    /// Events are not there.
    Missing { first: i64, last: i64 },
    /// A row that the server did not write.
    Inserted { seq: i64 },
    /// An event stands at another place of the table than it was written to.
    Moved { link: i64, seq: i64 },
    /// The record of the chain's end is not there.
    EndMissing { link: i64 },
    /// The record of the chain's end was changed, or an earlier one was put back.
    EndChanged { link: i64 },
    /// Sound in itself, but not the chain that was known earlier: an old state was put back.
    PutBack { link: i64 },
    /// The whole trail is not there, but it was known, or the register names it.
    TrailMissing,
    /// The register of all trails is not there.
    RegisterMissing,
}

impl fmt::Display for ChainFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { link, seq } => {
                write!(f, "event {link} (row {seq}) is not as it was written")
            }
            Self::Missing { first, last } if first == last => write!(f, "event {first} is missing"),
            Self::Missing { first, last } => write!(f, "events {first} to {last} are missing"),
            Self::Inserted { seq } => write!(f, "row {seq} was put in"),
            Self::Moved { link, seq } => {
                write!(f, "event {link} (row {seq}) was moved to another place")
            }
            Self::EndMissing { link } => {
                write!(f, "the record of its end is missing: event {link} is the last one there is")
            }
            Self::EndChanged { link } => {
                write!(f, "the record of its end was changed or put back: it names event {link}")
            }
            Self::PutBack { link } => write!(
                f,
                "an earlier state of it was put back: the event {link} that was known is not there"
            ),
            Self::TrailMissing => f.write_str("the whole trail is missing"),
            Self::RegisterMissing => f.write_str("the register of all trails is missing"),
        }
    }
}

/// Follows one owner's chain, row by row.
#[derive(Debug)]
pub struct ChainCheck<'s> {
    seal: &'s AuditSeal,
    owner_id: String,
    known: Option<&'s ChainMark>,
    link: i64,
    seq: i64,
    hash: String,
}

impl<'s> ChainCheck<'s> {
    /// At the beginning of a chain of which a mark may be known.
    pub fn new(seal: &'s AuditSeal, owner_id: &str, known: Option<&'s ChainMark>) -> Self {
        let owner_id = owner_id.to_owned();
        Self { seal, owner_id, known, link: 0, seq: i64::MIN, hash: String::new() }
    }

    /// The last event that was found as it was written; an empty hash when there is none.
    pub fn mark(&self) -> ChainMark {
        ChainMark { link: self.link, hash: self.hash.clone() }
    }

    /// How many events were found as they were written; also the place of the last of them.
    pub fn checked(&self) -> i64 {
        self.link
    }

    /// Checks the next row.
    ///
    /// # Errors
    /// What is wrong with it; the check stays where it was.
    pub fn row(&mut self, row: &ChainRow) -> Result<(), ChainFault> {
        let expected = self.link + 1;
        let seq = row.seq;
        match row.link {
            None => return Err(ChainFault::Inserted { seq }),
            Some(link) if link < expected => return Err(ChainFault::Inserted { seq }),
            Some(link) if link > expected => {
                return Err(ChainFault::Missing { first: expected, last: link - 1 });
            }
            Some(_) => {}
        }
        if self.seal.event(&self.owner_id, expected, &self.hash, &row.texts) != row.hash {
            return Err(ChainFault::Changed { link: expected, seq });
        }
        if seq <= self.seq {
            return Err(ChainFault::Moved { link: expected, seq });
        }
        if let Some(known) = self.known
            && known.link == expected
            && known.hash != row.hash
        {
            return Err(ChainFault::PutBack { link: expected });
        }
        self.link = expected;
        self.seq = seq;
        self.hash.clone_from(&row.hash);
        Ok(())
    }

    /// Compares the end, when no more rows are there. The end must have been read after the rows:
    /// a chain that grew in between is [`ChainFault::Missing`] until its new rows are checked.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn end(&self, head: Option<&ChainHead>) -> Result<(), ChainFault> {
        let put_back = match self.known {
            Some(known) if known.link > self.link => Err(ChainFault::PutBack { link: known.link }),
            _ => Ok(()),
        };
        let Some(head) = head else {
            return match self.link {
                0 => put_back,
                link => Err(ChainFault::EndMissing { link }),
            };
        };
        let link = head.link;
        if !self.seal.is_head(&self.owner_id, link, &head.hash, &head.seal) {
            return Err(ChainFault::EndChanged { link });
        }
        if link > self.link {
            return Err(ChainFault::Missing { first: self.link + 1, last: link });
        }
        if link < self.link || head.hash != self.hash {
            return Err(ChainFault::EndChanged { link });
        }
        put_back
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: &str = "tenant-a";

    fn seal() -> AuditSeal {
        AuditSeal::new(&[1; 32])
    }

    /// A chain of `n` rows with its end.
    fn chain(n: i64) -> (Vec<ChainRow>, ChainHead) {
        let (mut rows, mut hash) = (Vec::new(), String::new());
        for link in 1..=n {
            let mut texts = SealedTexts::default();
            texts[0] = link.to_string();
            hash = seal().event(OWNER, link, &hash, &texts);
            rows.push(ChainRow { seq: link * 10, link: Some(link), hash: hash.clone(), texts });
        }
        let head = ChainHead { link: n, seal: seal().head(OWNER, n, &hash), hash };
        (rows, head)
    }

    fn fault(rows: &[ChainRow], head: Option<&ChainHead>) -> Option<ChainFault> {
        fault_since(rows, head, None)
    }

    fn fault_since(
        rows: &[ChainRow],
        head: Option<&ChainHead>,
        known: Option<&ChainMark>,
    ) -> Option<ChainFault> {
        let seal = seal();
        let mut check = ChainCheck::new(&seal, OWNER, known);
        let rows = rows.iter().try_for_each(|row| check.row(row));
        rows.and_then(|()| check.end(head)).err()
    }

    #[test]
    fn the_subject_is_where_it_is_looked_for() {
        assert_eq!(crate::audit::SEALED_TEXTS[SUBJECT], "subject");
    }

    #[test]
    fn a_chain_as_it_was_written_is_intact() {
        let (rows, head) = chain(5);
        assert_eq!(fault(&rows, Some(&head)), None);
        assert_eq!(fault(&[], None), None);
    }

    #[test]
    fn every_attack_is_named() {
        let (rows, head) = chain(5);
        let with = |change: &dyn Fn(&mut Vec<ChainRow>)| {
            let mut rows = rows.clone();
            change(&mut rows);
            fault(&rows, Some(&head)).expect("found")
        };
        let changed = ChainFault::Changed { link: 3, seq: 30 };
        assert_eq!(with(&|rows| rows[2].texts[8].push('x')), changed);
        assert_eq!(with(&|rows| rows[2].hash.push('x')), changed);
        assert_eq!(with(&|rows| drop(rows.remove(0))), ChainFault::Missing { first: 1, last: 1 });
        assert_eq!(with(&|rows| drop(rows.drain(1..3))), ChainFault::Missing { first: 2, last: 3 });
        assert_eq!(with(&|rows| drop(rows.pop())), ChainFault::Missing { first: 5, last: 5 });
        assert_eq!(with(&Vec::clear), ChainFault::Missing { first: 1, last: 5 });
        let swapped = |rows: &mut Vec<ChainRow>| {
            let seq = rows[1].seq;
            rows[1].seq = rows[2].seq;
            rows[2].seq = seq;
        };
        assert_eq!(with(&swapped), ChainFault::Moved { link: 3, seq: 20 });
        let twice = |rows: &mut Vec<ChainRow>| {
            let copy = ChainRow { seq: 31, ..rows[2].clone() };
            rows.insert(3, copy);
        };
        assert_eq!(with(&twice), ChainFault::Inserted { seq: 31 });
        assert_eq!(with(&|rows| rows[4].link = None), ChainFault::Inserted { seq: 50 });
    }

    #[test]
    fn an_earlier_state_is_not_the_chain_that_was_known() {
        let (rows, head) = chain(5);
        let (_, earlier) = chain(3);
        let mark = |link: i64, hash: &str| ChainMark { link, hash: hash.to_owned() };
        for row in &rows {
            let known = mark(row.link.expect("a link"), &row.hash);
            assert_eq!(fault_since(&rows, Some(&head), Some(&known)), None);
        }
        let known = mark(5, &head.hash);
        let put_back = Some(ChainFault::PutBack { link: 5 });
        assert_eq!(fault(&rows[..3], Some(&earlier)), None, "sound in itself");
        assert_eq!(fault_since(&rows[..3], Some(&earlier), Some(&known)), put_back);
        assert_eq!(fault_since(&[], None, Some(&known)), put_back);
        // Written on since then.
        let other = mark(4, "another");
        let put_back = Some(ChainFault::PutBack { link: 4 });
        assert_eq!(fault_since(&rows, Some(&head), Some(&other)), put_back);
    }

    #[test]
    fn an_end_that_was_changed_or_put_back_is_found() {
        let (rows, head) = chain(5);
        let (_, earlier) = chain(4);
        assert_eq!(fault(&rows, None), Some(ChainFault::EndMissing { link: 5 }));
        assert_eq!(fault(&rows, Some(&earlier)), Some(ChainFault::EndChanged { link: 4 }));
        // Only the rows were seen, so the seal of the earlier end is not known.
        let rewound = ChainHead { link: 4, hash: rows[3].hash.clone(), seal: head.seal.clone() };
        assert_eq!(fault(&rows[..4], Some(&rewound)), Some(ChainFault::EndChanged { link: 4 }));
        let other = ChainHead { hash: rows[3].hash.clone(), ..head };
        assert_eq!(fault(&rows, Some(&other)), Some(ChainFault::EndChanged { link: 5 }));
    }
}
