//! A JSON number in its written form.

use std::fmt;

use serde::ser::{Serialize, Serializer};

/// A JSON number. It keeps its written form: `1`, `1.0` and `1e0` are three different numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Number(Form);

#[derive(Debug, Clone, PartialEq)]
enum Form {
    Integer(i64),
    Float(f64),
    /// A form that the other variants cannot keep: `1e3`, `1.50`, or more digits than they have
    Verbatim(Box<str>),
}

/// The number is never NaN, so equality is total.
impl Eq for Number {}

impl Number {
    /// The number with this value. `None` for infinity and NaN, which JSON does not have.
    pub fn from_f64(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self(Form::Float(value)))
    }

    /// The number with this JSON text. `None` if the text is not a JSON number.
    pub fn from_text(text: &str) -> Option<Self> {
        // serde_json would accept white space around the number.
        let whole = text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
            && text.ends_with(|last: char| last.is_ascii_digit());
        let parsed: serde_json::Number = whole.then(|| serde_json::from_str(text).ok()).flatten()?;
        let number = Self::from(parsed);
        Some(if number.to_string() == text { number } else { Self(Form::Verbatim(text.into())) })
    }

    /// The value, if it is an integer without a fraction or an exponent and fits into 64 bits.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Form::Integer(value) => Some(*value),
            Form::Float(_) => None,
            Form::Verbatim(text) => text.parse().ok(),
        }
    }

    /// The value, if it is a non-negative integer that fits into 64 bits, in any written form.
    pub fn as_u64(&self) -> Option<u64> {
        match self.as_i64() {
            Some(whole) => u64::try_from(whole).ok(),
            None => self.to_string().parse().ok(),
        }
    }

    /// The nearest floating-point value.
    pub fn as_f64(&self) -> f64 {
        match &self.0 {
            Form::Integer(value) => *value as f64,
            Form::Float(value) => *value,
            Form::Verbatim(text) => text.parse().unwrap_or(f64::MAX),
        }
    }

    /// Whether the value is an integer, in any written form: `2`, `2.0`, `2e0`.
    pub fn is_whole(&self) -> bool {
        matches!(self.0, Form::Integer(_)) || self.as_f64().fract() == 0.0
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Form::Integer(value))
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self(i64::try_from(value).map_or_else(|_| Form::Verbatim(value.to_string().into()), Form::Integer))
    }
}

impl From<serde_json::Number> for Number {
    fn from(number: serde_json::Number) -> Self {
        if let Some(value) = number.as_i64() {
            Self::from(value)
        } else if let Some(value) = number.as_u64() {
            Self::from(value)
        } else {
            number.as_f64().and_then(Self::from_f64).unwrap_or_else(|| Self(Form::Verbatim(number.to_string().into())))
        }
    }
}

impl From<&Number> for serde_json::Value {
    fn from(number: &Number) -> Self {
        match &number.0 {
            Form::Integer(value) => (*value).into(),
            Form::Float(value) => (*value).into(),
            Form::Verbatim(text) => serde_json::from_str(text).unwrap_or(serde_json::Value::Null),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Integer(value) => value.fmt(f),
            Form::Float(value) => match serde_json::Number::from_f64(*value) {
                Some(number) => number.fmt(f),
                None => f.write_str("null"),
            },
            Form::Verbatim(text) => f.write_str(text),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Form::Integer(value) => serializer.serialize_i64(*value),
            Form::Float(value) => serializer.serialize_f64(*value),
            Form::Verbatim(text) => match serde_json::from_str::<serde_json::Number>(text) {
                Ok(number) => number.serialize(serializer),
                Err(_) => serializer.serialize_str(text),
            },
        }
    }
}
