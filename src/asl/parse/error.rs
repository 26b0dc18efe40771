//! Why a text could not be read.

use std::fmt;

use crate::asl::Location;

/// A text is not what it should be: what is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    message: String,
    location: Location,
}

impl ParseError {
    /// An error at that byte of the text.
    pub(crate) fn new(text: &str, offset: usize, message: impl Into<String>) -> Self {
        Self { message: message.into(), location: Location::of(text, offset..offset) }
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where it is wrong.
    pub fn location(&self) -> &Location {
        &self.location
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.location.line, self.location.column, self.message)
    }
}

impl std::error::Error for ParseError {}
