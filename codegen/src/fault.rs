//! What is wrong with a spec file.

use std::cell::RefCell;
use std::fmt;

/// Something wrong in a spec file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The place in it, as a JSON Pointer; empty for the whole file.
    pub pointer: String,
    /// What is wrong and what to write, in a sentence.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { file, pointer, message } = self;
        if pointer.is_empty() { write!(f, "{file}: {message}") } else { write!(f, "{file}: {pointer}: {message}") }
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
    faults: RefCell<Vec<Fault>>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(file: &'a str) -> Self {
        Self { file, faults: RefCell::default() }
    }

    pub(crate) fn add(&self, pointer: impl Into<String>, message: impl Into<String>) {
        self.faults.borrow_mut().push(Fault {
            file: self.file.to_owned(),
            pointer: pointer.into(),
            message: message.into(),
        });
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
