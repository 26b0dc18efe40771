//! What is wrong with a spec file.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;

use crate::locate::Places;
pub(crate) use crate::locate::step;

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
            "" => write!(f, ": {}", one_line(&self.message)),
            pointer => write!(f, ": {}: {}", one_line(pointer), one_line(&self.message)),
        }
    }
}

/// The text with its control characters escaped. Cargo reads what a build prints line by line, so no name in a spec may
/// begin a line of its own.
fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let escaped = |sign: char| if sign.is_control() { sign.escape_default().to_string() } else { sign.to_string() };
    Cow::Owned(text.chars().map(escaped).collect())
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
    /// Whether texts may be missing
    lenient: bool,
    /// The texts that are
    unwritten: RefCell<Vec<String>>,
    /// What may be right, and most likely is not
    remarks: RefCell<Vec<String>>,
    /// Pointers to what comes from another file, where its faults are told
    muted: RefCell<Vec<String>>,
    /// Where parts of this file have been taken to, and from where
    moved: RefCell<Vec<(String, String)>>,
    /// Whether a part of the file could not be read at all.
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

    /// Adds a fault of a part that says nothing because of it. What the rest means is then unknown, so nobody judges it.
    pub(crate) fn misread(&self, pointer: impl Into<String>, message: impl Into<String>) {
        self.add(pointer, message);
        self.misread.set(true);
    }

    /// Remembers that so many elements could not be read.
    pub(crate) fn lost(&self, count: usize) {
        self.misread.set(self.misread.get() || count > 0);
    }

    /// Whether a part of the file says nothing.
    pub(crate) fn is_misread(&self) -> bool {
        self.misread.get()
    }

    /// Adds what may be right, and most likely is not.
    pub(crate) fn remark(&self, pointer: &str, message: impl fmt::Display) {
        let (line, column) = self.places.get_or_init(|| Places::new(self.text)).find(self.text, pointer);
        let told = format!("{}:{line}:{column}: {pointer}: {message}", self.file);
        self.remarks.borrow_mut().push(one_line(&told).into_owned());
    }

    pub(crate) fn remarks(&self) -> Vec<String> {
        self.remarks.take()
    }

    /// Tells nothing of this place from now on: it comes from another file, which is judged by itself.
    pub(crate) fn mute(&self, pointer: String) {
        self.muted.borrow_mut().push(pointer);
    }

    /// Tells what is wrong at `to` as wrong at `from`, where it is in the file.
    pub(crate) fn moved(&self, to: String, from: String) {
        self.moved.borrow_mut().push((to, from));
    }

    /// Where in the file the place is; nothing if it is in another file.
    fn place_in_file(&self, pointer: String) -> Option<String> {
        let below = |outer: &str| pointer.strip_prefix(outer).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        if self.muted.borrow().iter().any(|muted| below(muted).is_some()) {
            return None;
        }
        let moved = self.moved.borrow();
        let nearest =
            moved.iter().filter_map(|(to, from)| Some((to, from, below(to)?))).max_by_key(|(to, ..)| to.len());
        let Some((_, from, rest)) = nearest else { return Some(pointer) };
        // What lies below it may be called otherwise there.
        let places = self.places.get_or_init(|| Places::new(self.text));
        let below = format!("{from}{rest}");
        Some(if places.has(&below) { below } else { from.clone() })
    }

    /// An empty text: a fault, unless texts may be missing and this place is one for a sentence or its page, which
    /// gets what is there until somebody writes it, so that nothing else is reported for it.
    pub(crate) fn unwritten(&self, pointer: &str) -> Option<String> {
        let mut steps = pointer.rsplit('/');
        let (last, above) = (steps.next().unwrap_or_default(), steps.next().unwrap_or_default());
        let is_sentence = ["docs", "why", "message"].contains(&last) || ["enum", "errors"].contains(&above);
        let is_sentence = is_sentence || last == "url";
        match self.lenient && is_sentence {
            true => self.unwritten.borrow_mut().push(pointer.to_owned()),
            false => self.add(pointer, "the text is empty: write it"),
        }
        let text = if last == "url" { "https://docs.aws.amazon.com/" } else { "Not written yet." };
        is_sentence.then(|| text.to_owned())
    }

    /// How many texts are missing, and the place of the first.
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
