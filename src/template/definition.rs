//! A definition in a template, and how its positions map to the text of the template.

use std::collections::BTreeMap;

use super::align::raw_offset;
use super::reference::Reference;
use crate::asl::{Location, Source, StateMachine};
use crate::value::{Json, escape_token};

/// A definition as a template deploys it, as far as it is known before the deployment.
///
/// A value that is known only at deployment is a placeholder `${Name}`: `!GetAtt Queue.Arn` is `${Queue.Arn}`.
#[derive(Debug)]
pub struct Definition {
    machine: StateMachine,
    place: Place,
    pub(super) references: BTreeMap<String, Reference>,
    pub(super) unfilled: Vec<String>,
    /// Placeholders that do not belong to the template, and can mean something else in a text.
    pub(super) left_alone: Vec<String>,
}

/// A text that cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The position in the text of the template.
    pub location: Location,
    /// What is wrong.
    pub message: String,
}

/// Where a definition is in its document.
#[derive(Debug)]
enum Place {
    /// It is the value at this JSON Pointer.
    Value(String),
    /// It consists of the text of one or several strings.
    Text(Box<Text>),
}

/// A text that is composed of strings from a document.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) source: Source,
    pub(super) pieces: Vec<Piece>,
}

/// A part of such a text.
#[derive(Debug)]
pub(super) struct Piece {
    /// Its length in the text.
    pub(super) length: usize,
    /// The position of the value in the document, as a JSON Pointer.
    pub(super) pointer: String,
    /// Whether the string is in the text unchanged.
    pub(super) literal: bool,
}

impl Definition {
    /// The whole of a document.
    pub fn whole(json: Json) -> Self {
        Self::at(String::new(), json)
    }

    /// The value at a JSON Pointer.
    pub fn at(pointer: impl Into<String>, json: Json) -> Self {
        Self::new(StateMachine::new(json), Place::Value(pointer.into()))
    }

    /// A text in strings of a document.
    pub(super) fn text(template: &Source, text: Text) -> Result<Self, Fault> {
        match text.source.state_machine() {
            Ok(machine) => Ok(Self::new(machine, Place::Text(Box::new(text)))),
            Err(error) => {
                Err(Fault { location: text.place(template, error.location()), message: error.message().to_owned() })
            }
        }
    }

    fn new(machine: StateMachine, place: Place) -> Self {
        Self { machine, place, references: BTreeMap::new(), unfilled: Vec::new(), left_alone: Vec::new() }
    }

    /// The definition.
    pub fn machine(&self) -> &StateMachine {
        &self.machine
    }

    pub(super) fn json_mut(&mut self) -> &mut Json {
        self.machine.json_mut()
    }

    /// What each placeholder in it refers to in the template.
    pub fn references(&self) -> &BTreeMap<String, Reference> {
        &self.references
    }

    /// The names of placeholders that nothing in the template replaces.
    pub fn unfilled(&self) -> &[String] {
        &self.unfilled
    }

    /// Whether it is a whole document.
    pub fn is_whole(&self) -> bool {
        matches!(&self.place, Place::Value(pointer) if pointer.is_empty())
    }

    /// The position in the document of the value at that JSON Pointer into the definition. For an array or an object,
    /// it is the position of its name, or of its bracket if it has no name.
    pub fn locate(&self, document: &Source, pointer: &str) -> Location {
        let is_scalar = !matches!(self.machine.json().pointer(pointer), Some(Json::Object(_) | Json::Array(_)));
        self.find(document, pointer, |source, pointer| {
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

    /// The position in the document of the name of the member at that JSON Pointer; if it has no name, the position of
    /// the value.
    pub fn locate_name(&self, document: &Source, pointer: &str) -> Location {
        self.find(document, pointer, |source, pointer| source.locate_key(pointer).or_else(|| source.locate(pointer)))
    }

    /// Finds a position with `place`, which receives a JSON Pointer into a text.
    fn find(&self, document: &Source, pointer: &str, place: impl Fn(&Source, &str) -> Option<Location>) -> Location {
        let found = match &self.place {
            Place::Value(base) => {
                place(document, &format!("{base}{pointer}")).or_else(|| document.locate_nearest(base))
            }
            Place::Text(text) => place(&text.source, pointer).map(|inner| text.place(document, &inner)),
        };
        found.unwrap_or_else(|| document.location(0..0))
    }
}

impl Text {
    /// The position in the document of a position in the text.
    fn place(&self, document: &Source, inner: &Location) -> Location {
        let start = self.offset(document, inner.bytes.start, false);
        let end = self.offset(document, inner.bytes.end, true).max(start);
        document.location(start..end)
    }

    /// The byte of the document after a byte of the text. An end belongs to the piece that it ends.
    fn offset(&self, document: &Source, at: usize, is_end: bool) -> usize {
        let mut start = 0;
        for piece in &self.pieces {
            let end = start + piece.length;
            if at < end || (at == end && is_end) {
                let Some(place) = document.locate(&piece.pointer) else { break };
                return match piece.literal {
                    true => {
                        let (raw, value) = (&document.text()[place.bytes.clone()], &self.source.text()[start..end]);
                        place.bytes.start + raw_offset(raw, value, at - start)
                    }
                    false if is_end => place.bytes.end,
                    false => place.bytes.start,
                };
            }
            start = end;
        }
        let last = self.pieces.last().and_then(|piece| document.locate(&piece.pointer));
        last.map_or(0, |place| place.bytes.end)
    }
}

/// The JSON Pointer of a member.
pub(super) fn member(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", escape_token(name))
}
