//! What data can be where: for each state, what its input, its result and each variable can be.
//!
//! A value is known as far as the definition and the facts of AWS's API tell: the members of a result, the list that a
//! Parallel state gives, what a Pass state writes. What comes from outside is anything. The analysis follows all ways
//! through the definition until nothing changes; what it says of a place holds for every execution.

mod jsonata;
mod machine;
mod path;
mod state;
mod value;

use std::collections::HashMap;

use crate::asl::StateMachine;
use crate::catalog::Action;
use crate::value::Json;

pub(crate) use machine::Flow;

/// Something that cannot be, or almost never.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Impossible {
    /// The place of the reference.
    pub(crate) pointer: String,
    pub(crate) kind: Kind,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// What cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing can be at the path: the state fails when it comes to it.
    Path,
    /// By what is known of AWS's API, or by the sample of the input, nothing is at the path.
    UnlikelyPath,
    /// A member of the context object that is not there.
    Context,
    /// What a Map state goes through is not a list.
    Items,
    /// A comparison of a type that the value cannot have.
    Comparison,
}

/// The tasks that call an integration of a company's own, by the places of their states.
pub(crate) type OwnCalls = HashMap<String, &'static Action>;

/// Everything that cannot be in a definition. The input of an execution is anything, or like the sample.
pub(crate) fn impossible(machine: &StateMachine, sample: Option<&Json>, own: OwnCalls) -> Vec<Impossible> {
    Flow::new(sample, own).run(machine)
}
