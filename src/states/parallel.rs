//! The Parallel state.

use super::{Builder, Field, FieldValue, IntoChain, IntoName};
use crate::asl::StateType;
use crate::value::IntoPayload;

/// Runs branches in parallel. Its result is the list of their outputs, in the order of the branches.
///
/// ```
/// use sfn_tasks::prelude::*;
///
/// let machine = StateMachine::new(Parallel::new("Both").branch(Pass::new("Left")).branch(Pass::new("Right")))?;
/// assert_eq!(machine.asl().states().next().map(|state| state.machines().len()), Some(2));
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a state does nothing until it is part of a machine"]
pub struct Parallel {
    builder: Builder,
}

impl Parallel {
    /// A Parallel state without branches. It needs at least one.
    pub fn new(name: impl IntoName) -> Self {
        Self { builder: Builder::new(name, StateType::Parallel) }
    }

    /// Adds a branch.
    pub fn branch(mut self, branch: impl IntoChain) -> Self {
        self.builder.add_machine(branch.into_chain());
        self
    }

    /// Adds each of these branches.
    pub fn branches<C: IntoChain>(self, branches: impl IntoIterator<Item = C>) -> Self {
        branches.into_iter().fold(self, Self::branch)
    }

    /// The input of the branches, if it differs from that of the state: the field `Parameters`, or `Arguments` in
    /// JSONata.
    pub fn parameters(mut self, parameters: impl IntoPayload) -> Self {
        self.builder.set(Field::Parameters, FieldValue::Template(parameters.into_payload()));
        self
    }
}

state!(Parallel);
flow!(Parallel);
input_output!(Parallel);
result_path!(Parallel);
result_selector!(Parallel);
assign!(Parallel);
output!(Parallel);
errors!(Parallel);
