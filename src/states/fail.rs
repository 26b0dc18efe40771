//! The Fail state.

use super::{Builder, ErrorName, Field, FieldValue, IntoName};
use crate::asl::StateType;
use crate::value::{IntoValue, Payload, Value};

/// Ends the execution with an error.
///
/// ```
/// use sfn_tasks::prelude::*;
///
/// let fail = Fail::new("Rejected").error("Orders.Rejected").cause(path("$.reason"));
/// assert_eq!(
///     StateMachine::new(fail)?.to_string(),
///     r#"{"StartAt":"Rejected","States":{"Rejected":{"Type":"Fail","Error":"Orders.Rejected","CausePath":"$.reason"}}}"#,
/// );
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a state does nothing until it is part of a machine"]
pub struct Fail {
    builder: Builder,
}

impl Fail {
    /// Ends the execution with an error without a name or a cause.
    pub fn new(name: impl IntoName) -> Self {
        Self { builder: Builder::new(name, StateType::Fail) }
    }

    /// The name of the error: the field `Error`, or `ErrorPath` for a path or an intrinsic function.
    pub fn error(mut self, error: impl IntoValue<ErrorName>) -> Self {
        self.builder.set(Field::Error, FieldValue::scalar::<ErrorName>(error));
        self
    }

    /// A description of the error for readers: the field `Cause`, or `CausePath` for a path or an intrinsic function.
    pub fn cause(mut self, cause: impl IntoValue<String>) -> Self {
        self.builder.set(Field::Cause, FieldValue::scalar::<String>(cause));
        self
    }
}

state!(Fail);

impl crate::value::ReferenceForm for ErrorName {
    const QUOTED: bool = true;
}

impl IntoValue<ErrorName> for ErrorName {
    fn into_value(self) -> Value<ErrorName> {
        Value::unchecked(Payload::String(self.into_text()))
    }
}

impl IntoValue<ErrorName> for &str {
    fn into_value(self) -> Value<ErrorName> {
        Value::unchecked(self)
    }
}

impl IntoValue<ErrorName> for String {
    fn into_value(self) -> Value<ErrorName> {
        Value::unchecked(self)
    }
}
