//! Faults in a spec file.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;

use crate::locate::Places;
pub(crate) use crate::locate::step;

/// A fault in a spec file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 if the file could not be read.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// The position as a JSON Pointer; empty for the whole file.
    pub pointer: String,
    /// What is wrong and what to write, as a sentence.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        match self.pointer.as_str() {
            "" => write!(f, ": {}", one_line(&self.message)),
            pointer => write!(f, ": {}: {}", one_line(pointer), one_line(&self.message)),
        }
    }
}

/// Escapes control characters. Cargo interprets each line that a build prints, so a name in a spec must not start a new
/// line.
fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let escaped = |sign: char| if sign.is_control() { sign.escape_default().to_string() } else { sign.to_string() };
    Cow::Owned(text.chars().map(escaped).collect())
}

/// All faults, in the order of the files.
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
    /// Whether texts may be missing.
    lenient: bool,
    /// The pointers to missing texts.
    unwritten: RefCell<Vec<String>>,
    /// Warnings.
    remarks: RefCell<Vec<String>>,
    /// Pointers to parts that come from another file, which reports their faults.
    muted: RefCell<Vec<String>>,
    /// Parts of this file that were moved: the new pointer, and the one in the file.
    moved: RefCell<Vec<(String, String)>>,
    /// Whether a part of the file could not be read.
    misread: Cell<bool>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str, lenient: bool) -> Self {
        Self {
            file,
            text,
            places: OnceCell::new(),
            faults: RefCell::default(),
            lenient,
            unwritten: RefCell::default(),
            remarks: RefCell::default(),
            muted: RefCell::default(),
            moved: RefCell::default(),
            misread: Cell::default(),
        }
    }

    /// Adds a fault of a part that cannot be read. The rest depends on it, so it is not checked.
    pub(crate) fn misread(&self, pointer: impl Into<String>, message: impl Into<String>) {
        self.add(pointer, message);
        self.misread.set(true);
    }

    /// Records that `count` elements could not be read.
    pub(crate) fn lost(&self, count: usize) {
        self.misread.set(self.misread.get() || count > 0);
    }

    /// Whether a part of the file could not be read.
    pub(crate) fn is_misread(&self) -> bool {
        self.misread.get()
    }

    /// Adds a warning.
    pub(crate) fn remark(&self, pointer: &str, message: impl fmt::Display) {
        let (line, column) = self.places.get_or_init(|| Places::new(self.text)).find(self.text, pointer);
        let told = format!("{}:{line}:{column}: {pointer}: {message}", self.file);
        self.remarks.borrow_mut().push(one_line(&told).into_owned());
    }

    pub(crate) fn remarks(&self) -> Vec<String> {
        self.remarks.take()
    }

    /// Reports nothing at this pointer from now on: it comes from another file, which reports its own faults.
    pub(crate) fn mute(&self, pointer: String) {
        self.muted.borrow_mut().push(pointer);
    }

    /// Reports faults at `to` at `from`, its position in the file.
    pub(crate) fn moved(&self, to: String, from: String) {
        self.moved.borrow_mut().push((to, from));
    }

    /// The pointer in the file; `None` if it is in another file.
    fn place_in_file(&self, pointer: String) -> Option<String> {
        let below = |outer: &str| pointer.strip_prefix(outer).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        if self.muted.borrow().iter().any(|muted| below(muted).is_some()) {
            return None;
        }
        let moved = self.moved.borrow();
        let nearest =
            moved.iter().filter_map(|(to, from)| Some((to, from, below(to)?))).max_by_key(|(to, ..)| to.len());
        let Some((_, from, rest)) = nearest else { return Some(pointer) };
        // A member below it can have another name there.
        let places = self.places.get_or_init(|| Places::new(self.text));
        let below = format!("{from}{rest}");
        Some(if places.has(&below) { below } else { from.clone() })
    }

    /// Reports an empty text. If texts may be missing and this is a sentence or a URL, it is not a fault. The returned
    /// placeholder avoids further faults.
    pub(crate) fn unwritten(&self, pointer: &str) -> Option<String> {
        let mut steps = pointer.rsplit('/');
        let (last, above) = (steps.next().unwrap_or_default(), steps.next().unwrap_or_default());
        let is_sentence = ["docs", "why", "message"].contains(&last) || ["enum", "errors"].contains(&above);
        let is_sentence = is_sentence || last == "url";
        match self.lenient && is_sentence {
            true => self.unwritten.borrow_mut().push(pointer.to_owned()),
            false => self.add(pointer, "the text is empty: add it"),
        }
        let text = if last == "url" { "https://docs.aws.amazon.com/" } else { "Not written yet." };
        is_sentence.then(|| text.to_owned())
    }

    /// A message with the number of missing texts, and the position of the first.
    pub(crate) fn missing(&self) -> Option<String> {
        let unwritten = self.unwritten.borrow();
        let first = unwritten.first()?;
        let (line, column) = self.places.get_or_init(|| Places::new(self.text)).find(self.text, first);
        let (file, count) = (self.file, unwritten.len());
        let texts = if count == 1 { "text is" } else { "texts are" };
        let told = format!("{file}:{line}:{column}: {count} {texts} not written yet; the first is {first}");
        Some(one_line(&told).into_owned())
    }

    pub(crate) fn add(&self, pointer: impl Into<String>, message: impl Into<String>) {
        let Some(pointer) = self.place_in_file(pointer.into()) else { return };
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

    /// The faults, in the order of the file.
    pub(crate) fn into_faults(self) -> Vec<Fault> {
        let mut faults = self.faults.into_inner();
        faults.sort_by_key(|fault| (fault.line, fault.column));
        faults
    }
}

/// Suggests the known name with the smallest edit distance, if it is small.
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
