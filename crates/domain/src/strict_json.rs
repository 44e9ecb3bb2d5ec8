//! JSON from outside, read without surprises.
//!
//! `serde_json::Value` keeps the last of two members with one name and nests up to 128 levels. Both are
//! openings: two parsers that disagree about which `alg` or `client_id` counts can be played against each
//! other (RFC 8725 section 2.4, RFC 7515 section 4), and depth costs stack.
//!
//! Invariant: a value returned from here has no duplicate member name at any level, is nested at most
//! [`MAX_DEPTH`] deep and was the whole input. Length is bounded by the caller, which knows what it reads.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Deepest nesting accepted; the outermost object is level 1.
pub const MAX_DEPTH: usize = 16;

/// Why a text was not accepted. Never carries a value, only a member's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StrictJsonError {
    /// Not JSON (RFC 8259), or more than one JSON text.
    #[error("is not valid JSON (line {line}, column {column})")]
    Syntax { line: usize, column: usize },
    /// JSON, but not an object.
    #[error("is not a JSON object")]
    NotAnObject,
    /// Two members of one object have the same name.
    #[error("has the member `{0}` twice")]
    Duplicate(String),
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("is nested more than {MAX_DEPTH} levels deep")]
    TooDeep,
}

/// Reads one JSON object.
///
/// # Errors
/// [`StrictJsonError`] when `text` is anything else.
pub fn parse_object(text: &[u8]) -> Result<Map<String, Value>, StrictJsonError> {
    match parse_value(text)? {
        Value::Object(members) => Ok(members),
        _ => Err(StrictJsonError::NotAnObject),
    }
}

/// Reads one JSON value of any type.
///
/// # Errors
/// [`StrictJsonError`], except `NotAnObject`.
pub fn parse_value(text: &[u8]) -> Result<Value, StrictJsonError> {
    let fault = RefCell::new(None);
    let root = Node { depth: 0, fault: &fault };
    let mut reader = serde_json::Deserializer::from_slice(text);
    root.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value)).map_err(|error| {
        fault
            .take()
            .unwrap_or(StrictJsonError::Syntax { line: error.line(), column: error.column() })
    })
}

/// One value to be read, and where to say why it could not be: serde's own errors are only text.
#[derive(Clone, Copy)]
struct Node<'f> {
    depth: usize,
    fault: &'f RefCell<Option<StrictJsonError>>,
}

impl Node<'_> {
    fn fail<E: Error>(self, why: StrictJsonError) -> E {
        let error = E::custom(&why);
        *self.fault.borrow_mut() = Some(why);
        error
    }

    fn child<E: Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(self.fail(StrictJsonError::TooDeep));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let node = self.child()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(node)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let node = self.child()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(self.fail(StrictJsonError::Duplicate(name)));
            }
            let value = members.next_value_seed(node)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_serde_json_reads() {
        let text = br#" {"a":[1,-2,3.5,true,null,"x\u0041"],"b":{"c":18446744073709551615}} "#;
        let expected: Value = serde_json::from_slice(text).unwrap();
        assert_eq!(parse_value(text).unwrap(), expected);
    }

    #[test]
    fn refuses_a_repeated_name_at_any_level() {
        let twice = StrictJsonError::Duplicate("a".into());
        assert_eq!(parse_object(br#"{"a":1,"a":1}"#), Err(twice.clone()));
        assert_eq!(parse_object(br#"{"b":[{"a":1,"a":2}]}"#), Err(twice.clone()));
        assert_eq!(parse_object(br#"{"a":1,"\u0061":2}"#), Err(twice));
        assert!(parse_object(br#"{"a":{"a":1}}"#).is_ok());
    }

    #[test]
    fn bounds_the_depth() {
        let nested = |levels: usize| [vec![b'['; levels], vec![b']'; levels]].concat();
        assert!(parse_value(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(parse_value(&nested(MAX_DEPTH + 1)), Err(StrictJsonError::TooDeep));
        assert_eq!(parse_value(&nested(50_000)), Err(StrictJsonError::TooDeep));
    }

    #[test]
    fn refuses_anything_but_one_object() {
        for text in [&b"[]"[..], b"1", b"null", b"\"secret\""] {
            assert_eq!(parse_object(text), Err(StrictJsonError::NotAnObject));
        }
        for text in [&b""[..], b"{", b"{}{}", b"{} x", b"{\"a\":1,}", b"{\"a\":1e999}", b"\xff"] {
            let error = parse_object(text).unwrap_err();
            assert!(matches!(error, StrictJsonError::Syntax { .. }), "{error}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse_value(&bytes);
        }

        #[test]
        fn never_panics_on_almost_json(text in r#"[\[\]{}:,"\\a1e.\-tn ]{0,60}"#) {
            let ours = parse_value(text.as_bytes());
            // Whatever we accept, serde_json reads the same way.
            if let Ok(value) = ours {
                prop_assert_eq!(value, serde_json::from_str::<Value>(&text).unwrap());
            }
        }
    }
}
