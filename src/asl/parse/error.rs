//! The error of the parsers.

use std::fmt;

use crate::asl::Location;

/// An error in a text: the message and its location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    message: String,
    location: Location,
}

impl ParseError {
    /// An error at this byte of the text.
    pub(crate) fn new(text: &str, offset: usize, message: impl Into<String>) -> Self {
        Self { message: message.into(), location: Location::of(text, offset..offset) }
    }

    /// The message, without the location.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The location of the error.
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
