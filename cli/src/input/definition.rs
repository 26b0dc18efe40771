//! A definition and its place in a file.

use std::fmt;
use std::rc::Rc;

use sfn_tasks::asl::{Location, StateMachine};
use sfn_tasks::template;

use super::File;

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
    inner: template::Definition,
    origin: Option<Origin>,
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
        Self { file, inner, origin: None }
    }

    /// The same as that of a state machine in a template.
    pub(super) fn of(self, origin: Origin) -> Self {
        Self { origin: Some(origin), ..self }
    }

    pub(crate) fn file(&self) -> &Rc<File> {
        &self.file
    }

    pub(crate) fn machine(&self) -> &StateMachine {
        self.inner.machine()
    }

    /// The definition, with what its template says of its references.
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

    /// Whether a template says that it is an Express workflow.
    pub(crate) fn is_express(&self) -> bool {
        self.origin.as_ref().is_some_and(|origin| origin.machine.express)
    }

    /// Whether it is the whole of its file.
    pub(crate) fn is_whole_file(&self) -> bool {
        self.inner.is_whole()
    }

    /// The definition, for people: its file, and its name in it.
    pub(crate) fn title(&self) -> String {
        match self.name() {
            Some(name) => format!("{} ({name})", self.file.name()),
            None => self.file.name(),
        }
    }

    /// The place in the file of the value at that JSON Pointer into the definition. An array or an object is shown by
    /// its name, or by its bracket where it has none.
    pub(crate) fn locate(&self, pointer: &str) -> Location {
        self.inner.locate(self.file.source(), pointer)
    }

    /// The place in the file of the name of the member at that JSON Pointer; that of the value where it has none.
    pub(crate) fn locate_name(&self, pointer: &str) -> Location {
        self.inner.locate_name(self.file.source(), pointer)
    }
}
