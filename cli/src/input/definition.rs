//! A definition and its position in a file.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::rc::Rc;

use sfn_tasks::asl::{Location, Source, StateMachine};
use sfn_tasks::template;

use super::File;

/// A text that cannot be parsed.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) file: Rc<File>,
    pub(crate) location: Location,
    pub(crate) message: String,
    /// Whether it is in a template, outside of its state machines, which could be read.
    pub(crate) is_beside: bool,
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
    inner: template::Definition,
    origin: Option<Origin>,
    places: Option<Places>,
}

/// The positions of the values of a definition in a file that is neither JSON nor YAML.
#[derive(Debug)]
pub(super) enum Places {
    /// Those in this text. It has the definition at the same bytes as the file, and nothing else.
    Text(Box<(Source, template::Definition)>),
    /// By JSON Pointers.
    Spans(BTreeMap<String, Span>),
}

/// The bytes of a value and of its name.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) name: Option<Range<usize>>,
    pub(super) value: Range<usize>,
}

impl Places {
    fn find(&self, file: &Source, pointer: &str, is_name: bool) -> Location {
        match self {
            Places::Text(text) => {
                let (source, whole) = &**text;
                let found = if is_name { whole.locate_name(source, pointer) } else { whole.locate(source, pointer) };
                file.location(found.bytes)
            }
            Places::Spans(spans) => {
                let shorter = std::iter::successors(Some(pointer), |pointer| Some(pointer.rsplit_once('/')?.0));
                let span = shorter.chain([""]).find_map(|pointer| spans.get(pointer));
                let bytes = span.map_or(0..0, |span| {
                    let is_long = file.text().get(span.value.clone()).is_some_and(|text| text.contains('\n'));
                    let (start, end) = (span.value.start, span.value.end);
                    match span.name.clone().filter(|_| is_name || is_long) {
                        Some(name) => name,
                        // A long value without a name: mark its opening bracket.
                        None if is_long => start..start + 1,
                        None => start..end,
                    }
                });
                file.location(bytes)
            }
        }
    }
}

/// The state machine of a template that a definition belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) file: Rc<File>,
    pub(crate) template: Rc<template::Template>,
    pub(crate) machine: template::Machine,
}

impl Definition {
    /// A definition in a file.
    pub(super) fn new(file: Rc<File>, inner: template::Definition) -> Self {
        Self { file, inner, origin: None, places: None }
    }

    /// Adds the state machine of a template that it belongs to.
    pub(super) fn of(self, origin: Origin) -> Self {
        Self { origin: Some(origin), ..self }
    }

    /// Adds its positions in a file that is neither JSON nor YAML.
    pub(super) fn at(self, places: Option<Places>) -> Self {
        Self { places, ..self }
    }

    pub(crate) fn file(&self) -> &Rc<File> {
        &self.file
    }

    pub(crate) fn machine(&self) -> &StateMachine {
        self.inner.machine()
    }

    /// The definition, with its references as the template resolves them.
    pub(crate) fn inner(&self) -> &template::Definition {
        &self.inner
    }

    /// The state machine of a template that it belongs to.
    pub(crate) fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// The logical ID of the state machine in a template.
    pub(crate) fn name(&self) -> Option<&str> {
        self.origin.as_ref().map(|origin| origin.machine.id.as_str())
    }

    /// Whether it is an Express workflow in its template.
    pub(crate) fn is_express(&self) -> bool {
        self.origin.as_ref().is_some_and(|origin| origin.machine.express)
    }

    /// Whether it is the whole of its file.
    pub(crate) fn is_whole_file(&self) -> bool {
        self.inner.is_whole()
    }

    /// The name in messages: the file, and the name in the template.
    pub(crate) fn title(&self) -> String {
        match self.name() {
            Some(name) => format!("{} ({name})", self.file.name()),
            None => self.file.name(),
        }
    }

    /// The position in the file of the value at a JSON Pointer into the definition. For an array or an object, it is that of
    /// its name, or of its opening bracket if it has no name.
    pub(crate) fn locate(&self, pointer: &str) -> Location {
        match &self.places {
            Some(places) => places.find(self.file.source(), pointer, false),
            None => self.inner.locate(self.file.source(), pointer),
        }
    }

    /// The position in the file of the name of the member at a JSON Pointer, or of the value if it has no name.
    pub(crate) fn locate_name(&self, pointer: &str) -> Location {
        match &self.places {
            Some(places) => places.find(self.file.source(), pointer, true),
            None => self.inner.locate_name(self.file.source(), pointer),
        }
    }
}
