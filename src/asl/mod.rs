//! The Amazon States Language as a document: parsed, read, changed and rendered without loss.
//!
//! [`StateMachine`] holds the tree. [`Machine`], [`State`] and the others are views: they read the tree, know their
//! place in it as a JSON Pointer, and never fail; what is absent or is not what it should be reads as none. [`Source`]
//! reads JSON and YAML and tells the line and column of each value. [`fields`] is the table of the language's fields.
//!
//! # Placeholders
//!
//! A template puts values into a definition when it is deployed. `${Name}` may be anywhere in a string. In JSON it may
//! also be without quotation marks, where a value may be ([`Json::Placeholder`](crate::value::Json::Placeholder));
//! the name is anything but a bracket of that kind or a line break. In YAML, `${Name}` is a string with quotation marks
//! and without.
//!
//! # Bounds
//!
//! A text may have 16 MiB ([`MAX_LENGTH`]) and be nested 128 levels deep ([`MAX_DEPTH`]); aliases of YAML may bring in
//! 16 MiB more. Beyond that there is an error. A document that a program makes has no bounds when it is rendered.

mod canonical;
pub(crate) mod errors;
pub mod fields;
mod language;
mod machine;
mod node;
mod parse;
mod rules;
mod source;
mod state;
mod state_machine;

pub use language::{ProcessorMode, StateType};
pub use machine::{Machine, MachineRole, Walk};
pub use node::Node;
pub use parse::{MAX_DEPTH, MAX_LENGTH, ParseError};
pub use rules::{Catcher, ChoiceRule, Retrier};
pub use source::{Format, Location, Source};
pub use state::{State, Transition, TransitionKind};
pub use state_machine::StateMachine;

pub use crate::value::QueryLanguage;
