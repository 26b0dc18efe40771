//! What is wrong with a spec file.

use std::cell::{OnceCell, RefCell};
use std::fmt;

use crate::locate::Places;

/// Something wrong in a spec file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 where the file could not be read.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// The place in it, as a JSON Pointer; empty for the whole file.
    pub pointer: String,
    /// What is wrong and what to write, in a sentence.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        match self.pointer.as_str() {
            "" => write!(f, ": {}", self.message),
            pointer => write!(f, ": {pointer}: {}", self.message),
        }
    }
}

/// Everything that is wrong, in the order of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// Collects the faults of one file.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    file: &'a str,
    text: &'a str,
    places: OnceCell<Places>,
    faults: RefCell<Vec<Fault>>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, places: OnceCell::new(), faults: RefCell::default() }
    }

    pub(crate) fn add(&self, pointer: impl Into<String>, message: impl Into<String>) {
        let pointer = pointer.into();
        let place = self.places.get_or_init(|| Places::new(self.text)).find(self.text, &pointer);
        self.add_at(place, pointer, message);
    }

    /// Adds a fault whose line and column are known.
    pub(crate) fn add_at(&self, (line, column): (usize, usize), pointer: String, message: impl Into<String>) {
        let fault = Fault { file: self.file.to_owned(), line, column, pointer, message: message.into() };
        let mut faults = self.faults.borrow_mut();
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.faults.borrow().is_empty()
    }

    pub(crate) fn into_faults(self) -> Vec<Fault> {
        self.faults.into_inner()
    }
}

/// A JSON Pointer, one step further.
pub(crate) fn step(pointer: &str, name: impl fmt::Display) -> String {
    format!("{pointer}/{}", name.to_string().replace('~', "~0").replace('/', "~1"))
}

/// The known name that a person most likely meant: the one with the fewest signs to change, if they are few.
pub(crate) fn did_you_mean<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    let wanted = name.to_lowercase();
    let changes = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        let is_longer_form = wanted.len() > 2 && candidate.starts_with(&wanted);
        if is_longer_form { 0 } else { strsim::damerau_levenshtein(&wanted, &candidate) }
    };
    match known.into_iter().map(|candidate| (changes(candidate), candidate)).min() {
        Some((changes, candidate)) if changes <= name.len().max(3) / 3 => format!("; did you mean `{candidate}`?"),
        _ => String::new(),
    }
}
