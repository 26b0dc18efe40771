//! The Succeed state.

use super::{Builder, IntoName};
use crate::asl::StateType;

/// Ends the execution, or a branch, successfully.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a state does nothing until it is part of a machine"]
pub struct Succeed {
    builder: Builder,
}

impl Succeed {
    /// Ends the execution with its input as the output.
    pub fn new(name: impl IntoName) -> Self {
        Self { builder: Builder::new(name, StateType::Succeed) }
    }
}

state!(Succeed);
input_output!(Succeed);
output!(Succeed);
