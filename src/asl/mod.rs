//! A document in the Amazon States Language: it is parsed, read, changed and rendered without loss.
//!
//! [`StateMachine`] contains the tree. [`Machine`], [`State`] and the others are views: they read the tree, know
//! their JSON Pointer, and never fail. A field that is absent or has the wrong type reads as `None`. [`Source`]
//! parses JSON and YAML and finds the line and column of each value. [`fields`] is the table of all fields.
//!
//! # Placeholders
//!
//! A template sets values in a definition at deployment. `${Name}` can be anywhere in a string. In JSON it can also
//! be a value without quotation marks ([`Json::Placeholder`](crate::value::Json::Placeholder)). The name can contain
//! any character except curly braces and line breaks. In YAML, `${Name}` is a string, with or without quotation
//! marks.
//!
//! # Limits
//!
//! A text can have up to 16 MiB ([`MAX_LENGTH`]) and 128 nested levels ([`MAX_DEPTH`]). Aliases in YAML can add up to
//! 16 MiB. Larger texts are errors. A document that a program builds has no limits when it is rendered.

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
