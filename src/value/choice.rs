//! Texts that are none of the choices of an enum.

use std::fmt;

/// A text that is no value of an enum of a service, as this version of the library knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownChoice {
    choice: &'static str,
    text: String,
    known: &'static [&'static str],
}

impl UnknownChoice {
    #[doc(hidden)]
    pub fn new(choice: &'static str, text: &str, known: &'static [&'static str]) -> Self {
        Self { choice, text: text.to_owned(), known }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The texts that are known.
    pub fn known(&self) -> &'static [&'static str] {
        self.known
    }
}

impl fmt::Display for UnknownChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { choice, text, known } = self;
        write!(f, "`{text}` is no {choice}: ")?;
        match known.iter().find(|known| known.eq_ignore_ascii_case(text)) {
            Some(near) => write!(f, "write `{near}`")?,
            None => write!(f, "it is one of {}", known.join(", "))?,
        }
        write!(f, "; `{choice}::other` takes one that AWS has added since")
    }
}

impl std::error::Error for UnknownChoice {}
