//! The reasons why a state machine could not be built.

use std::fmt;

use crate::check::{Diagnostic, Severity};

/// All problems of a state machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Problems(Vec<Diagnostic>);

impl Problems {
    pub(crate) fn new(problems: Vec<Diagnostic>) -> Self {
        Self(problems)
    }

    /// The number of problems; at least one.
    #[allow(clippy::len_without_is_empty)] // There are never none.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The problems, in the order of the definition.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Diagnostic> {
        self.0.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("the state machine has a problem:")?,
            many => write!(f, "the state machine has {many} problems:")?,
        }
        for Diagnostic { code, pointer, message, help, severity } in &self.0 {
            write!(f, "\n  {}: {message} [{code}]", if pointer.is_empty() { "/" } else { pointer })?;
            if let Some(help) = help {
                write!(f, "\n    help: {help}")?;
            }
            if *severity == Severity::Warning {
                write!(f, "\n    a warning: `.allow({code:?})` on the state accepts it")?;
            }
        }
        Ok(())
    }
}

/// The same text as `Display`, so that it is readable if `main` returns the error, or `unwrap` shows it.
impl fmt::Debug for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Problems {}

impl From<Diagnostic> for Problems {
    fn from(problem: Diagnostic) -> Self {
        Self(vec![problem])
    }
}

impl IntoIterator for Problems {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
