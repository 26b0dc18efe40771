//! The outcome of a run.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{Call, Event, Timestamp};
use crate::asl::StateType;
use crate::value::Json;

/// How an execution ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// With success.
    Succeeded,
    /// With an error.
    Failed,
    /// `TimeoutSeconds` of the state machine was exceeded.
    TimedOut,
}

impl Status {
    /// AWS's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Status::Succeeded => "SUCCEEDED",
            Status::Failed => "FAILED",
            Status::TimedOut => "TIMED_OUT",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The error with which an execution ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Failure {
    /// Its name.
    pub error: Option<String>,
    /// Its cause.
    pub cause: Option<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.error, &self.cause) {
            (Some(error), Some(cause)) => write!(f, "{error}: {cause}"),
            (Some(text), None) | (None, Some(text)) => f.write_str(text),
            (None, None) => f.write_str("the execution failed without an error"),
        }
    }
}

impl std::error::Error for Failure {}

/// The outcome of a run: how it ended, and everything that happened.
#[derive(Debug, Clone)]
pub struct Run {
    pub(super) result: Result<Arc<Json>, Failure>,
    pub(super) status: Status,
    pub(super) steps: Vec<Step>,
    pub(super) calls: Vec<Call>,
    pub(super) events: Vec<Event>,
    pub(super) taken: Vec<Taken>,
    pub(super) started: Timestamp,
    pub(super) ended: Timestamp,
    pub(super) is_express: bool,
    pub(super) redrives: u64,
    pub(super) stopped: Result<Arc<super::engine::Stopped>, super::runner::NotRedrivable>,
}

impl Run {
    /// How it ended.
    pub fn status(&self) -> Status {
        self.status
    }

    /// The output, or the error with which the run failed; `?` can return it.
    pub fn output(&self) -> Result<&Json, Failure> {
        self.result.as_deref().map_err(Failure::clone)
    }

    /// The name of the error with which the run failed.
    pub fn error(&self) -> Option<&str> {
        self.result.as_ref().err()?.error.as_deref()
    }

    /// The cause of the error with which the run failed.
    pub fn cause(&self) -> Option<&str> {
        self.result.as_ref().err()?.cause.as_deref()
    }

    /// Whether the run entered the state with that name.
    pub fn went(&self, state: &str) -> bool {
        self.steps.iter().any(|step| &*step.state == state)
    }

    /// The names of the states in the order in which they were entered.
    pub fn way(&self) -> Vec<&str> {
        self.steps.iter().map(|step| &*step.state).collect()
    }

    /// Every visit of a state, in the order in which they began.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The visits of the state with that name.
    pub fn visits(&self, state: &str) -> Vec<&Step> {
        self.steps.iter().filter(|step| &*step.state == state).collect()
    }

    /// The calls of the state with that name, including retries.
    pub fn calls(&self, state: &str) -> Vec<&Call> {
        self.calls.iter().filter(|call| call.state() == state).collect()
    }

    /// All calls in the order in which they were made.
    pub fn all_calls(&self) -> &[Call] {
        &self.calls
    }

    /// The event history of the execution. As on AWS, it does not contain the events of child executions.
    pub fn history(&self) -> &[Event] {
        &self.events
    }

    /// How long it took in virtual time.
    pub fn duration(&self) -> Duration {
        self.ended.since(self.started)
    }

    /// When it started.
    pub fn started(&self) -> Timestamp {
        self.started
    }

    /// When it ended.
    pub fn ended(&self) -> Timestamp {
        self.ended
    }

    /// How often the execution was redriven.
    pub fn redrive_count(&self) -> u64 {
        self.redrives
    }

    /// How many state transitions AWS counts: each entry of a state, each retry, each redrive, and the start.
    pub fn state_transitions(&self) -> usize {
        self.steps.iter().map(|step| 1 + step.retries as usize).sum::<usize>() + 1 + self.redrives as usize
    }
}

/// A part of a definition that a run used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Taken {
    /// The state with this index in the definition.
    State(usize),
    /// `Next` of the state.
    Next(usize),
    /// The rule of the Choice state.
    Choice(usize, usize),
    /// `Default` of the Choice state.
    Default(usize),
    /// The catcher of the state.
    Catch(usize, usize),
    /// The retrier of the state.
    Retry(usize, usize),
}

/// A visit of a state.
#[derive(Debug, Clone)]
pub struct Step {
    pub(super) state: Arc<str>,
    pub(super) state_type: StateType,
    pub(super) input: Arc<Json>,
    pub(super) output: Option<Arc<Json>>,
    pub(super) assigned: Option<Arc<Json>>,
    pub(super) failure: Option<Failure>,
    pub(super) next: Option<Arc<str>>,
    pub(super) retries: u32,
    pub(super) iteration: Vec<usize>,
    pub(super) execution: usize,
    pub(super) entered: Timestamp,
    pub(super) exited: Option<Timestamp>,
    /// Its position in the order in which all visits ended.
    pub(super) ended: Option<usize>,
    pub(super) data: Inspection,
}

impl Step {
    /// The name of the state.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// Its type.
    pub fn state_type(&self) -> StateType {
        self.state_type
    }

    /// The input.
    pub fn input(&self) -> &Json {
        &self.input
    }

    /// The output; none if the state failed or was stopped from outside.
    pub fn output(&self) -> Option<&Json> {
        self.output.as_deref()
    }

    /// The variables that were assigned: an object.
    pub fn assigned(&self) -> Option<&Json> {
        self.assigned.as_deref()
    }

    /// The error with which the state failed, or which a catcher handled.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// The name of the next state.
    pub fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// How often it was retried.
    pub fn retries(&self) -> u32 {
        self.retries
    }

    /// The indexes of the Map items that contain it, the outermost first.
    pub fn iteration(&self) -> &[usize] {
        &self.iteration
    }

    /// When it was entered.
    pub fn entered(&self) -> Timestamp {
        self.entered
    }

    /// When it was left.
    pub fn exited(&self) -> Option<Timestamp> {
        self.exited
    }

    /// Whether it was in a child execution: an item of a distributed Map, or a state machine that a task started.
    pub fn in_child_execution(&self) -> bool {
        self.execution != 0
    }

    /// The data after each field, with the names of TestState's inspection data.
    pub fn inspection(&self) -> &Inspection {
        &self.data
    }

    /// The position among all visits in the order in which they ended.
    pub fn end_order(&self) -> Option<usize> {
        self.ended
    }
}

macro_rules! inspection {
    ($($(#[$doc:meta])* $field:ident $name:literal,)*) => {
        /// The data of a state after each of its fields, with the names of TestState's inspection data.
        #[derive(Debug, Clone, Default)]
        pub struct Inspection {
            $(pub(super) $field: Option<Arc<Json>>,)*
        }

        impl Inspection {
            $($(#[$doc])* pub fn $field(&self) -> Option<&Json> {
                self.$field.as_deref()
            })*

            /// Every field that has data, with its name.
            pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Json)> {
                [$(($name, self.$field.as_deref()),)*].into_iter().filter_map(|(name, value)| Some((name, value?)))
            }
        }
    };
}

inspection! {
    /// After `InputPath`.
    after_input_path "afterInputPath",
    /// After `Parameters`.
    after_parameters "afterParameters",
    /// After `Arguments`.
    after_arguments "afterArguments",
    /// After `ItemsPath`.
    after_items_path "afterItemsPath",
    /// After `ItemSelector`: the inputs of the items.
    after_item_selector "afterItemSelector",
    /// After `ItemBatcher`: the inputs of the batches.
    after_item_batcher "afterItemBatcher",
    /// The result of the task.
    result "result",
    /// After `ResultSelector`.
    after_result_selector "afterResultSelector",
    /// After `ResultPath`.
    after_result_path "afterResultPath",
    /// How many items a Map runs at once; 0 if there is no limit.
    max_concurrency "maxConcurrency",
    /// How many items of a Map may fail.
    tolerated_failure_count "toleratedFailureCount",
    /// How many items of a Map may fail, in percent.
    tolerated_failure_percentage "toleratedFailurePercentage",
}
