//! The words of a filter.

use super::FilterError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    /// A name, an operator, `and`, `or`, `not`, `true`, `false` or `null`; or a number.
    Word(String),
    /// A JSON string, without its quotes and escapes.
    Text(String),
}

/// A token and where it begins, in characters from 1.
pub(super) type Placed = (Token, usize);

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':' | '$' | '+')
}

/// Splits a filter into its tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, FilterError> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        let begin = at;
        let token = match c {
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '(' => {
                at += 1;
                Token::Open
            }
            ')' => {
                at += 1;
                Token::Close
            }
            '"' => {
                at = end_of_string(&chars, at)?;
                Token::Text(unquote(&chars[begin..at], begin)?)
            }
            c if is_word(*c) => {
                while chars.get(at).is_some_and(|c| is_word(*c)) {
                    at += 1;
                }
                Token::Word(chars[begin..at].iter().collect())
            }
            c => {
                let message = format!("`{}` has no meaning here", c.escape_debug());
                return Err(FilterError { at: begin + 1, message });
            }
        };
        found.push((token, begin + 1));
    }
    Ok(found)
}

/// The place after the closing quote.
fn end_of_string(chars: &[char], begin: usize) -> Result<usize, FilterError> {
    let mut at = begin + 1;
    loop {
        match chars.get(at) {
            Some('"') => return Ok(at + 1),
            Some('\\') => at += 2,
            Some(_) => at += 1,
            None => {
                let message = "this text has no closing quotation mark".to_owned();
                return Err(FilterError { at: begin + 1, message });
            }
        }
    }
}

fn unquote(quoted: &[char], begin: usize) -> Result<String, FilterError> {
    let quoted: String = quoted.iter().collect();
    let text: Result<String, _> = serde_json::from_str(&quoted);
    match text {
        Ok(text) if !text.contains('\0') => Ok(text),
        _ => {
            let message = "texts are written as in JSON, such as \"Bob \\\"B\\\" Ross\"".to_owned();
            Err(FilterError { at: begin + 1, message })
        }
    }
}
