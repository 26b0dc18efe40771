//! The Amazon States Language as a document: parsed, read, changed and rendered without loss.
//!
//! [`StateMachine`] holds the tree. [`Machine`], [`State`] and the others are views: they read the tree, know their
//! place in it as a JSON Pointer, and never fail; what is absent or is not what it should be reads as none.

mod canonical;
pub mod fields;
mod language;
mod machine;
mod node;
mod parse;
mod rules;
mod source;
mod state;
mod state_machine;

pub use language::{ProcessorMode, QueryLanguage, StateType};
pub use machine::{Machine, MachineRole, Walk};
pub use node::Node;
pub use parse::{MAX_DEPTH, MAX_LENGTH, ParseError};
pub use rules::{Catcher, ChoiceRule, Retrier};
pub use source::{Format, Location, Source};
pub use state::{State, Transition, TransitionKind};
pub use state_machine::StateMachine;
