//! Retriers and catchers.

use std::time::Duration;

use super::{ErrorName, IntoErrorNames, errors};
use crate::value::{IntoPath, IntoPayload, IntoTime, Json, Object, Payload, Seconds};

/// The errors after which a state is retried, with the number of retries and the time between them.
///
/// ```
/// use sfn_tasks::prelude::*;
///
/// let retry = Retry::on(["Orders.Busy"])
///     .interval(Duration::from_secs(2))
///     .max_attempts(5)
///     .backoff_rate(1.5)
///     .max_delay(Duration::from_secs(60))
///     .full_jitter();
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    pub(crate) errors: Vec<ErrorName>,
    /// In the order of the rendered fields
    pub(crate) members: Vec<(&'static str, Payload)>,
}

impl Retry {
    /// For any of these errors: `Retry::on([errors::TIMEOUT, "Orders.Busy"])`, `Retry::on(errors::TIMEOUT)`.
    pub fn on(errors: impl IntoErrorNames) -> Self {
        Self { errors: errors.into_error_names(), members: Vec::new() }
    }

    /// For every error: `States.ALL`. It must be the last retrier.
    pub fn all() -> Self {
        Self::on(errors::ALL)
    }

    fn set(mut self, name: &'static str, value: impl Into<Payload>) -> Self {
        self.members.retain(|(present, _)| *present != name);
        self.members.push((name, value.into()));
        self
    }

    /// The time before the first retry, by default 1 second: the field `IntervalSeconds`.
    pub fn interval(self, interval: Duration) -> Self {
        self.set("IntervalSeconds", IntoTime::<Seconds>::into_time(interval))
    }

    /// The maximum number of retries, by default 3; 0 means no retry: the field `MaxAttempts`.
    pub fn max_attempts(self, attempts: u32) -> Self {
        self.set("MaxAttempts", attempts)
    }

    /// The factor by which the time grows with each retry, by default 2 and at least 1: the field `BackoffRate`.
    pub fn backoff_rate(self, rate: impl Into<f64>) -> Self {
        let rate = rate.into();
        // A whole number is written without a fraction, as in the guide.
        let whole = rate.fract() == 0.0 && rate.abs() < 1e15;
        if whole { self.set("BackoffRate", rate as i64) } else { self.set("BackoffRate", rate) }
    }

    /// The maximum time between retries: the field `MaxDelaySeconds`.
    pub fn max_delay(self, delay: Duration) -> Self {
        self.set("MaxDelaySeconds", IntoTime::<Seconds>::into_time(delay))
    }

    /// Randomizes each time between retries, so that many executions do not retry at the same moment:
    /// `"JitterStrategy": "FULL"`.
    pub fn full_jitter(self) -> Self {
        self.set("JitterStrategy", "FULL")
    }

    /// A default retrier from a spec.
    pub(crate) fn advised(retry: &crate::catalog::Retry) -> Self {
        Self::on(retry.error_equals)
            .set("IntervalSeconds", retry.interval_seconds)
            .set("MaxAttempts", retry.max_attempts)
            .backoff_rate(retry.backoff_rate)
    }
}

/// The errors that a state catches, and the input of the next state.
///
/// ```
/// use sfn_tasks::prelude::*;
///
/// let machine = StateMachine::new(
///     Parallel::new("Try")
///         .branch(Pass::new("Work"))
///         .catch(Catch::all().result_path("$.error"), Fail::new("Give up")),
/// )?;
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Catch {
    pub(crate) errors: Vec<ErrorName>,
    pub(crate) result_path: Option<Json>,
    pub(crate) assign: Option<Payload>,
    pub(crate) output: Option<Payload>,
    pub(crate) comment: Option<String>,
}

impl Catch {
    /// For any of these errors: `Catch::on([errors::TIMEOUT, "Orders.Busy"])`, `Catch::on(errors::TIMEOUT)`.
    pub fn on(errors: impl IntoErrorNames) -> Self {
        let errors = errors.into_error_names();
        Self { errors, result_path: None, assign: None, output: None, comment: None }
    }

    /// For every error: `States.ALL`. It must be the last catcher.
    pub fn all() -> Self {
        Self::on(errors::ALL)
    }

    /// The place in the input for the error, in a JSONPath state. Without it, the error replaces the input.
    pub fn result_path(mut self, path: impl IntoPath) -> Self {
        self.result_path = Some(Json::String(path.into_path().0));
        self
    }

    /// Drops the error and passes on the input: `"ResultPath": null`.
    pub fn discard_error(mut self) -> Self {
        self.result_path = Some(Json::Null);
        self
    }

    /// Assigns a value to a variable. Each call adds a variable: the field `Assign`.
    pub fn assign(mut self, variable: impl Into<String>, value: impl IntoPayload) -> Self {
        self.assign.get_or_insert_with(Payload::object).set(variable.into().into(), value.into_payload());
        self
    }

    /// The output of the state, in a JSONata state: the field `Output`.
    pub fn output(mut self, output: impl IntoPayload) -> Self {
        self.output = Some(output.into_payload());
        self
    }

    /// A comment for readers of the definition.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = Some(comment.into());
        self
    }
}

/// The error names as the field `ErrorEquals`.
pub(crate) fn error_equals(object: &mut Object, errors: Vec<ErrorName>) {
    object.push("ErrorEquals", Json::Array(errors.into_iter().map(|name| Json::String(name.into_text())).collect()));
}
