//! The traits of service integrations.

use super::Parameters;
use crate::catalog::Action;

/// A call of a service with every required parameter set.
///
/// The builders of [`tasks`](crate::tasks) implement it when all required parameters are set. For your own
/// integrations, see the crate `sfn-tasks-codegen`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a complete service integration",
    label = "not a complete service integration",
    note = "a task accepts a builder of `sfn_tasks::tasks` whose required parameters are all set",
    note = "an API without a builder, or an ARN, is `Task::raw(name, resource, parameters)`"
)]
pub trait Integration {
    /// The facts about the API.
    fn action() -> &'static Action;

    /// The parameters that are set.
    fn into_parameters(self) -> Parameters;
}

/// An API that supports Run a Job (`.sync`): Step Functions waits until the job has ended.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not support the pattern Run a Job (.sync)",
    label = "Step Functions cannot wait for the end of a job that this API starts",
    note = "the docs of its builder list the patterns of each API",
    note = "an erased task has its pattern already: call `.run_job()` before `.erase()`; in `Task::raw` the resource ends with `.sync`"
)]
pub trait RunJob {}

/// An API whose job can also return its output as text: it supports `.sync` in addition to `.sync:2`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no second form of the pattern Run a Job",
    label = "only a nested execution can return its output as text"
)]
pub trait RunJobWithTextOutput {}

/// An API that supports Wait for a Callback (`.waitForTaskToken`): its parameters can contain a task token.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not support the pattern Wait for a Callback with the Task Token (.waitForTaskToken)",
    label = "this API cannot pass a task token to a program",
    note = "the docs of its builder list the patterns of each API",
    note = "an erased task has its pattern already: call `.wait_for_task_token()` before `.erase()`; in `Task::raw` the resource ends with `.waitForTaskToken`"
)]
pub trait WaitForTaskToken {}

/// Marks a required parameter that is set, in the type of a builder.
#[derive(Debug, Clone, PartialEq)]
pub enum Set {}

/// Whether a required parameter is set. The type of a builder has one marker for each.
#[diagnostic::on_unimplemented(
    message = "required parameter not set: {Self}",
    label = "the setter of this parameter was not called",
    note = "the setter has the name of the parameter in small letters: `.message_body(…)` sets `MessageBody`"
)]
pub trait IsSet {}

#[diagnostic::do_not_recommend]
impl IsSet for Set {}
