//! AWS Step Functions: executions that are linked to the execution that starts them.

use crate::catalog::Action;
use crate::task::{Integration, Parameters, RunJob, RunJobWithTextOutput, WaitForTaskToken};
use crate::tasks::states::StartExecution;
use crate::value::{Expression, Payload, Value, context, without_braces};

/// The member of the input that links an execution to the one that started it.
const STARTED_BY: &str = "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID";

impl StartExecution {
    /// Links the new execution to this one, so that the console shows links in both directions: adds the member
    /// `AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID` to the input.
    ///
    /// The input must be an object whose members are written here, or a JSONata expression that returns an object.
    /// Without an input, this member is the only one. Call this method last.
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

/// The start of an execution that is linked to this one. Created by [`StartExecution::associate_with_parent`].
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it is passed to a task"]
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
