//! The grammar: `or` binds weakest, then `and`, then `not ( … )`.

use super::lex::{Placed, Token, tokens};
use super::{Attribute, Filter, FilterError, Kind, MAX_DEAR, MAX_DEPTH, MAX_LENGTH};
use super::{MAX_TESTS, Op, Operand, Test};
use crate::time::Timestamp;

/// Longest name that is repeated in an error, in characters.
const SHOWN: usize = 40;

pub(super) fn filter(text: &str, attributes: &[Attribute]) -> Result<Filter, FilterError> {
    if text.len() > MAX_LENGTH {
        let message = format!("a filter has at most {MAX_LENGTH} bytes");
        return Err(FilterError { at: MAX_LENGTH + 1, message });
    }
    let tokens = tokens(text)?;
    let end = text.chars().count() + 1;
    let tokens = tokens.into_iter().peekable();
    let mut parser = Parser { tokens, attributes, end, tests: 0, dear: 0 };
    let filter = parser.or(0)?;
    match parser.tokens.next() {
        None => Ok(filter),
        Some((_, at)) => Err(FilterError { at, message: "`and` or `or` is missing here".into() }),
    }
}

struct Parser<'a> {
    tokens: std::iter::Peekable<std::vec::IntoIter<Placed>>,
    attributes: &'a [Attribute],
    end: usize,
    tests: usize,
    dear: usize,
}

fn is_keyword(token: Option<&Placed>, keyword: &str) -> bool {
    matches!(token, Some((Token::Word(word), _)) if word.eq_ignore_ascii_case(keyword))
}

impl Parser<'_> {
    fn or(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let first = self.and(depth)?;
        self.chain("or", first, |parser| parser.and(depth), Filter::Or)
    }

    fn and(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let first = self.one(depth)?;
        self.chain("and", first, |parser| parser.one(depth), Filter::And)
    }

    fn chain(
        &mut self,
        keyword: &str,
        first: Filter,
        mut next: impl FnMut(&mut Self) -> Result<Filter, FilterError>,
        join: impl FnOnce(Vec<Filter>) -> Filter,
    ) -> Result<Filter, FilterError> {
        let mut parts = vec![first];
        while is_keyword(self.tokens.peek(), keyword) {
            self.tokens.next();
            parts.push(next(self)?);
        }
        match parts.len() {
            1 => parts.pop().ok_or_else(|| self.unfinished("a comparison")),
            _ => Ok(join(parts)),
        }
    }

    fn one(&mut self, depth: usize) -> Result<Filter, FilterError> {
        if is_keyword(self.tokens.peek(), "not") {
            self.tokens.next();
            let open = self.tokens.next();
            let Some((Token::Open, _)) = open else {
                let at = open.map_or(self.end, |(_, at)| at);
                let message = "`not` is followed by a group in parentheses".to_owned();
                return Err(FilterError { at, message });
            };
            return Ok(Filter::Not(Box::new(self.group(depth)?)));
        }
        match self.tokens.next() {
            Some((Token::Open, _)) => self.group(depth),
            Some((Token::Word(name), at)) => self.test(&name, at),
            Some((_, at)) => {
                Err(FilterError { at, message: "the name of an attribute is expected".into() })
            }
            None => Err(self.unfinished("a comparison such as name eq \"Bob\"")),
        }
    }

    fn group(&mut self, depth: usize) -> Result<Filter, FilterError> {
        let at = self.tokens.peek().map_or(self.end, |(_, at)| *at);
        if depth + 1 > MAX_DEPTH {
            let message = format!("groups are nested at most {MAX_DEPTH} deep");
            return Err(FilterError { at, message });
        }
        let inner = self.or(depth + 1)?;
        match self.tokens.next() {
            Some((Token::Close, _)) => Ok(inner),
            Some((_, at)) => Err(FilterError { at, message: "`)` is expected".into() }),
            None => Err(self.unfinished("`)`")),
        }
    }

    fn unfinished(&self, expected: &str) -> FilterError {
        FilterError {
            at: self.end,
            message: format!("the filter ends where {expected} is expected"),
        }
    }

    fn test(&mut self, name: &str, at: usize) -> Result<Filter, FilterError> {
        self.tests += 1;
        if self.tests > MAX_TESTS {
            let message = format!("a filter has at most {MAX_TESTS} comparisons");
            return Err(FilterError { at, message });
        }
        let attribute = self.attribute(name, at)?;
        let op = self.op(attribute)?;
        self.dear += usize::from(op.looks_inside() || attribute.is_elsewhere());
        if self.dear > MAX_DEAR {
            let message = format!(
                "a filter has at most {MAX_DEAR} comparisons with co, sw and ew, or of roles, groups and scopes: use eq, or ask twice"
            );
            return Err(FilterError { at, message });
        }
        let operand = if op == Op::Pr { Operand::None } else { self.operand(attribute)? };
        Ok(Filter::Test(Test { attribute, op, operand }))
    }

    fn attribute(&self, name: &str, at: usize) -> Result<Attribute, FilterError> {
        let known = self.attributes.iter().find(|one| one.name.eq_ignore_ascii_case(name));
        known.copied().ok_or_else(|| {
            let names: Vec<_> = self.attributes.iter().map(|one| one.name).collect();
            let shown: String = name.chars().take(SHOWN).collect();
            let names = names.join(", ");
            FilterError { at, message: format!("there is no attribute `{shown}`: use {names}") }
        })
    }

    fn op(&mut self, attribute: Attribute) -> Result<Op, FilterError> {
        let Some((token, at)) = self.tokens.next() else {
            return Err(self.unfinished("an operator such as eq"));
        };
        let named = match &token {
            Token::Word(word) => Op::ALL.iter().find(|op| word.eq_ignore_ascii_case(op.as_str())),
            _ => None,
        };
        let fitting = || {
            let ops = Op::ALL.iter().filter(|op| op.fits(attribute.kind));
            ops.map(|op| op.as_str()).collect::<Vec<_>>().join(" ")
        };
        match named {
            Some(op) if op.fits(attribute.kind) => Ok(*op),
            _ => {
                let message = format!("`{}` is compared with: {}", attribute.name, fitting());
                Err(FilterError { at, message })
            }
        }
    }

    fn operand(&mut self, attribute: Attribute) -> Result<Operand, FilterError> {
        let Some((token, at)) = self.tokens.next() else {
            return Err(self.unfinished("a value"));
        };
        operand(attribute, token).map_err(|message| FilterError { at, message })
    }
}

fn operand(attribute: Attribute, token: Token) -> Result<Operand, String> {
    let name = attribute.name;
    match (attribute.kind, token) {
        (Kind::Text, Token::Text(text)) => Ok(Operand::Text(text.to_lowercase())),
        (Kind::Id | Kind::Name, Token::Text(text)) => Ok(Operand::Text(text)),
        (Kind::Word(words), Token::Text(text)) => {
            let word = words.iter().find(|word| text.eq_ignore_ascii_case(word));
            let word = word.ok_or_else(|| format!("`{name}` is one of: {}", words.join(", ")))?;
            Ok(Operand::Text((*word).to_owned()))
        }
        (Kind::Time, Token::Text(text)) => {
            let time: Result<Timestamp, _> = text.parse();
            time.map(Operand::Time).map_err(|_| {
                format!("`{name}` is compared with an instant such as \"2026-01-31T12:00:00Z\"")
            })
        }
        (Kind::Flag, Token::Word(word)) if word.eq_ignore_ascii_case("true") => {
            Ok(Operand::Flag(true))
        }
        (Kind::Flag, Token::Word(word)) if word.eq_ignore_ascii_case("false") => {
            Ok(Operand::Flag(false))
        }
        (Kind::Flag, _) => Err(format!("`{name}` is compared with true or false")),
        _ => Err(format!("`{name}` is compared with a text in quotation marks")),
    }
}
