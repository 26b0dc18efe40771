//! Texts that are none of the choices of an enum.

use std::fmt;

/// A text that is not a value of an enum of a service, as this version of the library knows it.
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
        write!(f, "`{text}` is not a value of `{choice}`: ")?;
        match nearest(text, known) {
            Some(near) => write!(f, "write `{near}`")?,
            None => write!(f, "it is one of {}", known.join(", "))?,
        }
        write!(f, "; `{choice}::other` accepts a value that AWS has added since")
    }
}

/// The one that was probably meant: another case, or a sign or two more or less.
fn nearest(text: &str, known: &'static [&'static str]) -> Option<&'static str> {
    // What is far too long is no one's slip, and not worth the work.
    let text = text.get(..100).unwrap_or(text).to_ascii_lowercase();
    let distance = |known: &&'static str| strsim::osa_distance(&text, &known.to_ascii_lowercase());
    let nearest = known.iter().copied().min_by_key(distance)?;
    (distance(&nearest) <= nearest.len() / 3).then_some(nearest)
}

impl std::error::Error for UnknownChoice {}
