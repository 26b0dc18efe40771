//! Data flow analysis: the possible values of each state's input and result, and of each variable.
//!
//! The definition and AWS's API models contain facts about values: the members of a result, the list that a Parallel
//! state returns, the value that a Pass state writes. Values from outside can be anything. The analysis follows all
//! paths through the definition until nothing changes, so its findings are true for every execution.

mod accepts;
mod choice;
mod fields;
mod intrinsic;
mod jsonata;
mod machine;
mod parameters;
mod path;
mod state;
mod task;
mod value;

use std::collections::HashMap;

use crate::asl::StateMachine;
use crate::catalog::Action;
use crate::value::Json;

pub(crate) use machine::Flow;

/// A reference that can never work, or a comparison that is almost never true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Impossible {
    /// The position of the reference.
    pub(crate) pointer: String,
    pub(crate) kind: Kind,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// The JSONata expression, and the position in it.
    pub(crate) place: Option<(String, usize)>,
}

/// The kind of the problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// There is never a value at the path: the state fails when it runs.
    Path,
    /// According to AWS's API model, or to the sample input, there is no value at the path.
    UnlikelyPath,
    /// A member that the context object does not have.
    Context,
    /// The items of a Map state are not a list.
    Items,
    /// A comparison of a type that the value cannot have.
    Comparison,
    /// An output with more bytes than a state can pass on.
    Size,
    /// A value that the field does not accept.
    Type,
    /// A value that a parameter of a call does not accept.
    Parameter,
    /// An argument that an intrinsic function does not accept.
    Argument,
    /// A value that a function or an operator of JSONata does not accept.
    Operation {
        /// Whether the expression always fails.
        fails: bool,
    },
}

/// The maximum size of the input or output of a state, in bytes.
pub(crate) const MAX_PAYLOAD: usize = 256 * 1024;

/// The tasks that call an integration of another library, by the JSON Pointers of their states.
pub(crate) type OwnCalls = HashMap<String, &'static Action>;

/// Returns everything impossible in a definition. The input of an execution can be anything, or is like the sample.
pub(crate) fn impossible(machine: &StateMachine, sample: Option<&Json>, own: OwnCalls) -> Vec<Impossible> {
    Flow::new(sample, own).run(machine)
}
