//! The Pass state.

use super::{Builder, Field, FieldValue, IntoName};
use crate::asl::StateType;
use crate::value::IntoPayload;

/// Passes its input to its output, with or without changes.
///
/// ```
/// use sfn_tasks::prelude::*;
///
/// let machine = StateMachine::new(Pass::new("Defaults").result(payload!({ "retries": 3 })).result_path("$.options"))?;
/// assert_eq!(
///     machine.to_string(),
///     r#"{"StartAt":"Defaults","States":{"Defaults":{"Type":"Pass","Result":{"retries":3},"ResultPath":"$.options","End":true}}}"#,
/// );
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a state does nothing until it is part of a machine"]
pub struct Pass {
    builder: Builder,
}

impl Pass {
    /// Passes its input to its output without changes.
    pub fn new(name: impl IntoName) -> Self {
        Self { builder: Builder::new(name, StateType::Pass) }
    }

    /// A constant result, in a JSONPath state: the field `Result`. Paths in it are not replaced; see
    /// [`parameters`](Self::parameters).
    pub fn result(mut self, result: impl IntoPayload) -> Self {
        self.builder.set(Field::Result, FieldValue::Template(result.into_payload()));
        self
    }

    /// A result with paths into the input, in a JSONPath state: the field `Parameters`. In a JSONata state use
    /// [`output`](Self::output).
    pub fn parameters(mut self, parameters: impl IntoPayload) -> Self {
        self.builder.set(Field::Parameters, FieldValue::Template(parameters.into_payload()));
        self
    }
}

state!(Pass);
flow!(Pass);
input_output!(Pass);
result_path!(Pass);
assign!(Pass);
output!(Pass);
