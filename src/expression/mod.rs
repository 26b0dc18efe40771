//! The languages inside strings of a definition: JSONPath, intrinsic functions, JSONata and placeholders. Each is
//! parsed as far as the checks need it; `evaluate` (feature `run`) computes values.

use std::fmt;

pub mod context;
#[cfg(feature = "run")]
pub mod evaluate;
pub mod intrinsic;
pub mod json_path;
pub mod jsonata;
pub mod parts;
pub mod placeholder;
pub(crate) mod resource;
pub(crate) mod timestamp;
pub mod variable;

pub use intrinsic::Intrinsic;
pub use json_path::JsonPath;
pub use jsonata::Jsonata;

/// An error in the text of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyntaxError {
    /// The place of the error in the text, in bytes.
    pub offset: usize,
    /// The error.
    pub message: String,
    /// The text to write instead, if it is known.
    pub help: Option<String>,
}

impl SyntaxError {
    pub(crate) fn new(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, message: message.into(), help: None }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at character {})", self.message, self.offset + 1)
    }
}

impl std::error::Error for SyntaxError {}
