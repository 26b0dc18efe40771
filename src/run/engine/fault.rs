//! Why a state fails.

use crate::expression::evaluate;
use crate::run::TaskError;
use crate::run::outcome::Failure;

/// Why a state fails.
#[derive(Debug, Clone, Default)]
pub(in crate::run) struct Fault {
    pub(in crate::run) failure: Failure,
    /// The text after "An error occurred while executing the state …", if the cause is composed of both.
    pub(in crate::run) explain: Option<String>,
    /// Whether an `EvaluationFailed` event reports it, and for which field.
    pub(in crate::run) evaluation: bool,
    pub(in crate::run) location: Option<String>,
    /// The event that reports it.
    pub(in crate::run) event: Option<&'static str>,
    /// Whether the heartbeat timeout was exceeded.
    pub(in crate::run) heartbeat: bool,
    /// Whether the name of the error comes from the interpreter, and not from a task or a Fail state.
    pub(in crate::run) own: bool,
}

impl Fault {
    pub(in crate::run) fn new(error: &str, message: impl Into<String>) -> Self {
        Self {
            failure: Failure { error: Some(error.to_owned()), cause: None },
            explain: Some(message.into()),
            own: true,
            ..Self::default()
        }
    }

    /// An error whose cause contains only this text.
    pub(in crate::run) fn plain(error: &str, cause: impl Into<String>) -> Self {
        Self {
            failure: Failure { error: Some(error.to_owned()), cause: Some(cause.into()) },
            own: true,
            ..Self::default()
        }
    }

    pub(in crate::run) fn runtime(message: impl Into<String>) -> Self {
        Self::new("States.Runtime", message)
    }

    pub(in crate::run) fn query(message: impl Into<String>, location: Option<&str>) -> Self {
        Self {
            evaluation: true,
            location: location.map(str::to_owned),
            ..Self::new("States.QueryEvaluationError", message)
        }
    }

    pub(in crate::run) fn of_task(error: TaskError) -> Self {
        Self { failure: Failure { error: Some(error.error), cause: Some(error.cause) }, ..Self::default() }
    }

    /// A branch or an item failed.
    pub(in crate::run) fn of_part(failure: Failure, event: &'static str) -> Self {
        Self { failure, event: Some(event), ..Self::default() }
    }

    pub(in crate::run) fn too_large(what: &str) -> Self {
        let cause = format!(
            "The state/task '{what}' returned a result with a size exceeding the maximum number of bytes service limit."
        );
        Self {
            failure: Failure { error: Some("States.DataLimitExceeded".into()), cause: Some(cause) },
            own: true,
            ..Self::default()
        }
    }

    /// Whether retriers and catchers can handle it at all. A wrong definition, or data that does not fit it, ends the
    /// execution.
    pub(in crate::run) fn catchable(&self) -> bool {
        !(self.own && self.failure.error.as_deref() == Some("States.Runtime"))
    }

    /// Whether a name in `ErrorEquals` matches this error.
    pub(in crate::run) fn is(&self, name: &str) -> bool {
        let error = self.failure.error.as_deref().unwrap_or_default();
        match name {
            "States.ALL" => true,
            // The guide names only the first one; the second was observed on AWS.
            "States.TaskFailed" => error != "States.Timeout" && error != "States.QueryEvaluationError",
            "States.HeartbeatTimeout" => self.heartbeat || error == name,
            _ => error == name,
        }
    }
}

impl From<evaluate::Fault> for Fault {
    fn from(fault: evaluate::Fault) -> Self {
        match &fault {
            evaluate::Fault::Intrinsic { .. } => Fault::new("States.IntrinsicFailure", fault.to_string()),
            _ => Fault::runtime(fault.to_string()),
        }
    }
}
