//! AWS Step Functions: executions that are tied to the one that started them.

use crate::catalog::Action;
use crate::task::{Integration, Parameters, RunJob, RunJobWithTextOutput, WaitForTaskToken};
use crate::tasks::states::StartExecution;
use crate::value::{Expression, Payload, Value, context, without_braces};

/// The member of the input by which Step Functions ties an execution to the one that started it.
const STARTED_BY: &str = "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID";

impl StartExecution {
    /// Ties the new execution to this one, so that the console leads from one to the other: the input gets the
    /// member `AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID`.
    ///
    /// The input has to be an object whose members are written here, or a JSONata expression that gives an object;
    /// without an input the new execution gets this member alone. Call it last.
    ///
    /// ```
    /// use sfn_tasks::prelude::*;
    /// use sfn_tasks::tasks::states::StartExecution;
    ///
    /// let ship = StartExecution::new()
    ///     .state_machine_arn(reference("ShipOrder"))
    ///     .input(payload!({ "order": path("$.order") }))
    ///     .associate_with_parent();
    /// let machine = StateMachine::new(Task::new("Ship", ship).run_job())?;
    /// assert!(machine.to_string().contains(
    ///     r#""Input":{"order.$":"$.order","AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$":"$$.Execution.Id"}"#,
    /// ));
    /// # Ok::<(), sfn_tasks::Problems>(())
    /// ```
    pub fn associate_with_parent(self) -> AssociatedExecution {
        let mut parameters = self.into_parameters();
        let input = match parameters.remove("Input") {
            None => Payload::Object(vec![(STARTED_BY.into(), context::execution_id().into())].into()),
            Some(mut object @ Payload::Object(_)) => {
                object.set(STARTED_BY.into(), context::execution_id().into());
                object
            }
            Some(Payload::Expression(Expression::Jsonata(input))) => Payload::Expression(Expression::Jsonata(
                format!(
                    r#"$merge([{}, {{"{STARTED_BY}": $states.context.Execution.Id}}])"#,
                    without_braces(&input).trim()
                )
                .into(),
            )),
            Some(fault @ Payload::Fault(_)) => fault,
            Some(_) => Payload::Fault(
                format!(
                    "`associate_with_parent` adds the member `{STARTED_BY}`, but the members of the input are not known: \
                     write them one by one, such as payload!({{ \"order\": path(\"$.order\") }})"
                )
                .into(),
            ),
        };
        AssociatedExecution(parameters.set("Input", Value::<Payload>::unchecked(input)))
    }
}

/// An execution that is tied to the one that starts it. Made by
/// [`StartExecution::associate_with_parent`].
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it is given to a task"]
pub struct AssociatedExecution(Parameters);

impl Integration for AssociatedExecution {
    fn action() -> &'static Action {
        StartExecution::<crate::task::Set>::action()
    }

    fn into_parameters(self) -> Parameters {
        self.0
    }
}

impl RunJob for AssociatedExecution {}
impl RunJobWithTextOutput for AssociatedExecution {}
impl WaitForTaskToken for AssociatedExecution {}
