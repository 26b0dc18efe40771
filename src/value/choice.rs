//! The error for text that is not a variant of an enum.

use std::fmt;

/// Text that is not a known value of an enum of a service.
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

    /// The known values.
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
        write!(f, "; `{choice}::other` accepts a value that AWS added later")
    }
}

/// The known value that the user probably meant: with another case, or with one or two different characters.
fn nearest(text: &str, known: &'static [&'static str]) -> Option<&'static str> {
    // A much longer text is not a typing error, and comparing it takes time.
    let text = text.get(..100).unwrap_or(text).to_ascii_lowercase();
    let distance = |known: &&'static str| strsim::osa_distance(&text, &known.to_ascii_lowercase());
    let nearest = known.iter().copied().min_by_key(distance)?;
    (distance(&nearest) <= nearest.len() / 3).then_some(nearest)
}

impl std::error::Error for UnknownChoice {}
