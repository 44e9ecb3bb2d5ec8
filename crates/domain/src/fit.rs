//! JSON read into a type, refused in plain words.
//!
//! Invariant: what a caller is told names nothing of our types or of a parser: serde's own messages
//! are made for whoever writes the types. Every refusal is the rest of a sentence that begins with
//! the place, such as "is a list".

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error, Expected, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

/// Why a value does not fit: what would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    message: String,
    missing: Option<&'static str>,
}

impl Misfit {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), missing: None }
    }

    /// The member that is missing in the object to which the path leads.
    pub fn missing(&self) -> Option<&'static str> {
        self.missing
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Misfit {}

impl Error for Misfit {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Self::new(in_words(wanted))
    }

    fn invalid_value(_: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Self::new(in_words(wanted))
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        Self::new(format!("is one of: {}", known.join(", ")))
    }

    fn unknown_field(_: &str, known: &'static [&'static str]) -> Self {
        Self::new(format!("is not known here; what can be said is: {}", known.join(", ")))
    }

    fn missing_field(name: &'static str) -> Self {
        Self { missing: Some(name), ..Self::new("is missing") }
    }
}

/// What a type wants, from how serde calls it.
fn in_words(wanted: &dyn Expected) -> &'static str {
    let wanted = wanted.to_string();
    match wanted.as_str() {
        "a string" | "a borrowed string" | "variant identifier" => "is a text",
        "a boolean" => "is true or false",
        "a sequence" => "is a list",
        "a map" => "is a JSON object",
        "i8" | "i16" | "i32" | "i64" | "isize" => "is a whole number",
        "u8" | "u16" | "u32" | "u64" | "usize" => "is a whole number that is not negative",
        "f32" | "f64" => "is a number",
        other if other.starts_with("struct ") => "is a JSON object",
        other if other.starts_with("enum ") => "is a text",
        _ => "has another type",
    }
}

/// Reads a type out of a value.
pub struct Reader(pub Value);

impl<'de> IntoDeserializer<'de, Misfit> for Reader {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

fn kind(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(value) => Unexpected::Bool(*value),
        Value::Number(_) => Unexpected::Other("number"),
        Value::String(value) => Unexpected::Str(value),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    }
}

impl<'de> Deserializer<'de> for Reader {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => visitor.visit_u64(value),
                (None, Some(value)) => visitor.visit_i64(value),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or_default()),
            },
            Value::String(value) => visitor.visit_string(value),
            Value::Array(items) => {
                visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Reader)))
            }
            Value::Object(members) => {
                let members = members.into_iter().map(|(name, value)| (name, Reader(value)));
                visitor.visit_map(MapDeserializer::new(members))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        // A list in the order of the members would do for serde: it is nothing that we promise.
        if self.0.is_object() {
            return self.deserialize_any(visitor);
        }
        Err(Misfit::invalid_type(kind(&self.0), &visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(name.into_deserializer()),
            other => Err(Misfit::invalid_type(kind(&other), &visitor)),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase")]
    enum Colour {
        Red,
        DarkGreen,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Thing {
        its_name: String,
        colour: Option<Colour>,
        #[serde(default)]
        tags: Vec<String>,
        #[serde(default)]
        count: u32,
        #[serde(default)]
        on: bool,
        #[serde(default)]
        inner: Option<Box<Thing>>,
        #[serde(default)]
        any: Value,
    }

    #[test]
    fn what_fits_is_read_as_serde_json_reads_it() {
        let value = json!({
            "itsName": "x", "colour": "darkGreen", "tags": ["a"], "count": 3, "on": true,
            "inner": {"itsName": "y", "colour": null}, "any": {"a": [1, -2, 3.5, null]},
        });
        let read = Thing::deserialize(Reader(value.clone())).expect("fits");
        assert_eq!(read, serde_json::from_value(value).expect("fits"));
    }

    #[test]
    fn what_does_not_fit_is_told_without_a_word_of_the_parser() {
        for (value, told, missing) in [
            (json!([]), "is a JSON object", None),
            (json!("x"), "is a JSON object", None),
            (json!({}), "is missing", Some("itsName")),
            (json!({"itsName": 1}), "is a text", None),
            (json!({"itsName": "x", "colour": "blue"}), "is one of: red, darkGreen", None),
            (json!({"itsName": "x", "colour": 7}), "is a text", None),
            (json!({"itsName": "x", "tags": "a"}), "is a list", None),
            (json!({"itsName": "x", "count": -1}), "is a whole number that is not negative", None),
            (json!({"itsName": "x", "count": 1.5}), "is a whole number that is not negative", None),
            (json!({"itsName": "x", "on": "yes"}), "is true or false", None),
            (json!({"itsName": "x", "inner": ["y"]}), "is a JSON object", None),
            (json!({"itsName": "x", "inner": {}}), "is missing", Some("itsName")),
        ] {
            let misfit = Thing::deserialize(Reader(value.clone())).expect_err("does not fit");
            assert_eq!((misfit.to_string().as_str(), misfit.missing()), (told, missing), "{value}");
        }
        let unknown = Thing::deserialize(Reader(json!({"itsName": "x", "evil": 1})));
        let told = unknown.expect_err("does not fit").to_string();
        assert!(told.starts_with("is not known here") && told.contains("itsName"), "{told}");
    }
}
