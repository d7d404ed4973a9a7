//! A JSON reader that keeps the order of the file, rejects duplicate keys and wipes strings on drop.

use std::fmt;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Map, Value};
use zeroize::Zeroize;

use crate::formats::FormatError;

/// The limit for a text, whose tree takes many times its memory
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A JSON value that may hold secrets. Its strings are wiped on drop.
pub(crate) struct Json(Value);

impl Json {
    /// Parses a text that is one JSON value, nested at most 128 deep.
    ///
    /// # Errors
    /// Returns `TooLarge`, or `Json` or `DuplicateKey` with the position. Never returns a part of the text.
    pub(crate) fn parse(text: &str) -> Result<Self, FormatError> {
        if text.len() > MAX_BYTES {
            return Err(FormatError::TooLarge(MAX_BYTES >> 20));
        }
        serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            match error.classify() {
                Category::Data => FormatError::DuplicateKey { line, column },
                _ => FormatError::Json { line, column },
            }
        })
    }
}

impl Deref for Json {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

impl Drop for Json {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tree).map(Self)
    }
}

/// Builds a `serde_json::Value`, which by itself would keep the last of several equal keys.
struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(mut json) = elements.next_element::<Json>()? {
            values.push(std::mem::take(&mut json.0));
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some((key, mut json)) = entries.next_entry::<String, Json>()? {
            if members.insert(key, std::mem::take(&mut json.0)).is_some() {
                return Err(A::Error::custom("duplicate key"));
            }
        }
        Ok(members.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_keep_the_order_of_the_file() {
        let json = Json::parse(r#"{"b": 1, "a": [true, null, -2, 1.5, "x"]}"#).unwrap();
        assert_eq!(json.to_string(), r#"{"b":1,"a":[true,null,-2,1.5,"x"]}"#);
    }

    #[test]
    fn invalid_json_is_reported_by_position() {
        let parse = |text: &str| Json::parse(text).err();
        assert_eq!(parse("{\n\"a\" 1}"), Some(FormatError::Json { line: 2, column: 5 }));
        assert_eq!(parse("{} x"), Some(FormatError::Json { line: 1, column: 4 }));
        assert_eq!(parse(r#"{"a":1,"a":1}"#), Some(FormatError::DuplicateKey { line: 1, column: 13 }));
        assert!(matches!(parse(&"[".repeat(200)), Some(FormatError::Json { .. })));
        assert_eq!(parse(&" ".repeat(MAX_BYTES + 1)), Some(FormatError::TooLarge(16)));
    }

    proptest! {
        #[test]
        fn parsing_never_panics(text in "[\\[\\]{}\",:0-9a-z. -]{0,80}") {
            let _ = Json::parse(&text);
        }
    }
}
