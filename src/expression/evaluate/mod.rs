//! Evaluates paths, intrinsic functions and payload templates like Step Functions.
//!
//! This module knows neither states nor executions: a [`Scope`] contains the values of `$`, `$$` and the variables.

mod intrinsic;
mod json_path;
pub mod jsonata;
mod random;

use std::fmt;

use crate::value::{Json, Number};

pub use intrinsic::call;
pub use json_path::{Found, PathFault, find, put};
pub use random::Random;

/// The maximum depth of data, which is also that of the JSON reader of Step Functions.
pub const MAX_DEPTH: usize = 1000;

/// The maximum number of bytes of a value that is being built.
pub const MAX_BYTES: usize = 16 << 20;

/// The values of the names in an expression.
pub trait Scope {
    /// `$`.
    fn value(&self) -> &Json;

    /// `$$`: the context object.
    fn context(&self) -> &Json;

    /// `$name`: a workflow variable.
    fn variable(&self, name: &str) -> Option<&Json>;

    /// The generator for functions that return random numbers.
    fn random(&self) -> &Random;
}

/// The reason why an expression has no value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// A path has no result.
    Path(PathFault),
    /// An intrinsic function failed.
    Intrinsic {
        /// The text of the call.
        call: String,
        /// The reason.
        message: String,
    },
    /// The text is not an expression.
    Syntax(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Path(fault) => fault.fmt(f),
            Fault::Intrinsic { call, message } => write!(f, "The function '{call}' had the following error: {message}"),
            Fault::Syntax(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Fault {}

/// The number of bytes of a value as compact JSON. `None` if it has more bytes or is nested more deeply than the
/// limits.
pub fn measure(json: &Json, max_bytes: usize) -> Option<usize> {
    fn add(json: &Json, depth: usize, left: usize) -> Option<usize> {
        let used = |length: usize| left.checked_sub(length);
        if depth > MAX_DEPTH {
            return None;
        }
        match json {
            Json::Null => used(4),
            Json::Bool(true) => used(4),
            Json::Bool(false) => used(5),
            Json::Number(number) => used(match number.as_i64() {
                Some(value) => {
                    (value.unsigned_abs().checked_ilog10().unwrap_or(0) + 1) as usize + usize::from(value < 0)
                }
                None => number.to_string().len(),
            }),
            Json::String(text) => used(text_length(text)),
            Json::Array(elements) => {
                let mut left = used(2 + elements.len().saturating_sub(1))?;
                for element in elements {
                    left = add(element, depth + 1, left)?;
                }
                Some(left)
            }
            Json::Object(object) => {
                let mut left = used(2 + object.len().saturating_sub(1))?;
                for (name, value) in object.iter() {
                    left = add(value, depth + 1, left.checked_sub(text_length(name) + 1)?)?;
                }
                Some(left)
            }
            Json::Placeholder(name) => used(name.len() + 3),
        }
    }
    add(json, 1, max_bytes).map(|left| max_bytes - left)
}

fn text_length(text: &str) -> usize {
    let escapes = text.bytes().map(|byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 1,
        0..=31 => 5,
        _ => 0,
    });
    text.len() + 2 + escapes.sum::<usize>()
}

/// The number with this value. An integer has no fraction.
pub fn number(value: f64) -> Json {
    if value.fract() == 0.0 && value.abs() < 9e15 {
        return Json::from(value as i64);
    }
    Number::from_f64(value).map_or(Json::Null, Json::Number)
}

/// Whether two values are equal as JSON values: `1`, `1.0` and `1e0` are equal.
pub fn equal(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Json::Object(left), Json::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, value)| right.get(name).is_some_and(|other| equal(value, other)))
        }
        _ => left == right,
    }
}
