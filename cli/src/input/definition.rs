//! A definition and its place in a file.

use std::fmt;
use std::rc::Rc;

use sfn_tasks::asl::{Location, ParseError, Source, StateMachine};
use sfn_tasks::value::{Json, escape_token};

use super::File;
use super::align::raw_offset;

/// A text that cannot be parsed.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) file: Rc<File>,
    pub(crate) location: Location,
    pub(crate) message: String,
}

/// `template.yaml:3:7: expected ...`
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file.name(), self.location.line, self.location.column, self.message)
    }
}

/// A definition that was found in a file.
#[derive(Debug)]
pub(crate) struct Definition {
    file: Rc<File>,
    machine: StateMachine,
    place: Place,
    name: Option<String>,
    express: bool,
}

/// Where a definition stands in its file.
#[derive(Debug)]
enum Place {
    /// It is the value at this JSON Pointer.
    Value(String),
    /// It is the text of one or several strings.
    Text(Text),
}

/// A text that is put together from strings of a file.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) source: Source,
    pub(super) pieces: Vec<Piece>,
}

/// A part of such a text.
#[derive(Debug)]
pub(super) struct Piece {
    /// How long it is in the text.
    pub(super) length: usize,
    /// The place of the value in the file, as a JSON Pointer.
    pub(super) pointer: String,
    /// Whether the value is a string that stands in the text as it is.
    pub(super) literal: bool,
}

impl Definition {
    /// The whole of a file.
    pub(super) fn whole(file: Rc<File>, json: Json) -> Self {
        Self::at(file, String::new(), json)
    }

    /// The value at a JSON Pointer.
    pub(super) fn at(file: Rc<File>, pointer: String, json: Json) -> Self {
        Self { file, machine: StateMachine::new(json), place: Place::Value(pointer), name: None, express: false }
    }

    /// A text in strings of the file.
    pub(super) fn text(file: Rc<File>, text: Text) -> Result<Self, Fault> {
        match text.source.state_machine() {
            Ok(machine) => Ok(Self { file, machine, place: Place::Text(text), name: None, express: false }),
            Err(error) => Err(text.fault(file, &error)),
        }
    }

    /// The same as the state machine of that logical ID in a template, which puts values into it.
    pub(super) fn named(self, name: &str, express: bool, change: impl FnOnce(&mut Json)) -> Self {
        let mut named = Self { name: Some(name.to_owned()), express, ..self };
        change(named.machine.json_mut());
        named
    }

    pub(crate) fn file(&self) -> &Rc<File> {
        &self.file
    }

    pub(crate) fn machine(&self) -> &StateMachine {
        &self.machine
    }

    /// The logical ID of the state machine in a template.
    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Whether a template says that it is an Express workflow.
    pub(crate) fn is_express(&self) -> bool {
        self.express
    }

    /// Whether it is the whole of its file.
    pub(crate) fn is_whole_file(&self) -> bool {
        matches!(&self.place, Place::Value(pointer) if pointer.is_empty())
    }

    /// The definition, for people: its file, and its name in it.
    pub(crate) fn title(&self) -> String {
        match &self.name {
            Some(name) => format!("{} ({name})", self.file.name()),
            None => self.file.name(),
        }
    }

    /// The place in the file of the value at that JSON Pointer into the definition. An array or an object is shown by
    /// its name, or by its bracket where it has none.
    pub(crate) fn locate(&self, pointer: &str) -> Location {
        let is_scalar = !matches!(self.machine.json().pointer(pointer), Some(Json::Object(_) | Json::Array(_)));
        self.find(pointer, |source, pointer| {
            let value = source.locate(pointer)?;
            let text = &source.text()[value.bytes.clone()];
            if is_scalar && !text.trim_end().contains('\n') {
                return Some(value);
            }
            let start = value.bytes.start;
            let bracket = start..start + text.chars().next().map_or(0, char::len_utf8);
            Some(source.locate_key(pointer).unwrap_or(Location { bytes: bracket, ..value }))
        })
    }

    /// The place in the file of the name of the member at that JSON Pointer; that of the value where it has none.
    pub(crate) fn locate_name(&self, pointer: &str) -> Location {
        self.find(pointer, |source, pointer| source.locate_key(pointer).or_else(|| source.locate(pointer)))
    }

    /// Finds a place with `place`, which is asked for a JSON Pointer into a text.
    fn find(&self, pointer: &str, place: impl Fn(&Source, &str) -> Option<Location>) -> Location {
        let found = match &self.place {
            Place::Value(base) => place(self.file.source(), &format!("{base}{pointer}")),
            Place::Text(text) => place(&text.source, pointer).map(|inner| text.place(&self.file, &inner)),
        };
        found.unwrap_or_else(|| self.file.location(0..0))
    }
}

impl Text {
    fn fault(&self, file: Rc<File>, error: &ParseError) -> Fault {
        let location = self.place(&file, error.location());
        Fault { file, location, message: error.message().to_owned() }
    }

    /// The place in the file of a place in the text.
    fn place(&self, file: &File, inner: &Location) -> Location {
        let start = self.offset(file, inner.bytes.start, false);
        let end = self.offset(file, inner.bytes.end, true).max(start);
        file.location(start..end)
    }

    /// The byte of the file behind a byte of the text. An end belongs to the piece that it ends.
    fn offset(&self, file: &File, at: usize, is_end: bool) -> usize {
        let mut start = 0;
        for piece in &self.pieces {
            let end = start + piece.length;
            if at < end || (at == end && is_end) {
                let Some(place) = file.source().locate(&piece.pointer) else { break };
                return match piece.literal {
                    true => {
                        let (raw, value) =
                            (&file.source().text()[place.bytes.clone()], &self.source.text()[start..end]);
                        place.bytes.start + raw_offset(raw, value, at - start)
                    }
                    false if is_end => place.bytes.end,
                    false => place.bytes.start,
                };
            }
            start = end;
        }
        let last = self.pieces.last().and_then(|piece| file.source().locate(&piece.pointer));
        last.map_or(0, |place| place.bytes.end)
    }
}

/// The JSON Pointer of a member.
pub(super) fn member(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", escape_token(name))
}
