//! The Wait state.

use super::{Builder, Field, FieldValue, IntoName};
use crate::asl::StateType;
use crate::value::{IntoTime, IntoValue, Seconds, Timestamp};

/// Waits for a time, or until a point in time.
///
/// ```
/// use sfn_tasks::prelude::*;
///
/// let machine = StateMachine::new(
///     Wait::seconds("Cool down", Duration::from_secs(30)).next(Wait::until("Opening", path("$.opensAt"))),
/// )?;
/// assert_eq!(
///     machine.to_string(),
///     r#"{"StartAt":"Cool down","States":{"Cool down":{"Type":"Wait","Seconds":30,"Next":"Opening"},"Opening":{"Type":"Wait","TimestampPath":"$.opensAt","End":true}}}"#,
/// );
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a state does nothing until it is part of a machine"]
pub struct Wait {
    builder: Builder,
}

impl Wait {
    /// Waits for this time, in whole seconds: the field `Seconds`, or `SecondsPath` for a path.
    pub fn seconds(name: impl IntoName, time: impl IntoTime<Seconds>) -> Self {
        let mut builder = Builder::new(name, StateType::Wait);
        builder.set(Field::Seconds, FieldValue::seconds(time));
        Self { builder }
    }

    /// Waits until a point in time, such as `2026-12-24T18:00:00Z`: the field `Timestamp`, or `TimestampPath` for a
    /// path.
    pub fn until(name: impl IntoName, timestamp: impl IntoValue<Timestamp>) -> Self {
        let mut builder = Builder::new(name, StateType::Wait);
        builder.set(Field::Timestamp, FieldValue::scalar::<Timestamp>(timestamp));
        Self { builder }
    }
}

state!(Wait);
flow!(Wait);
input_output!(Wait);
assign!(Wait);
output!(Wait);
