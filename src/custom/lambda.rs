//! AWS Lambda: converts one form of the call to the other.

use crate::task::Integration;
use crate::tasks::lambda::{Invoke, InvokeFunction};
use crate::value::{Payload, Value};

/// The parameters that only the API accepts.
const ONLY_INVOKE: [&str; 4] = ["ClientContext", "InvocationType", "LogType", "Qualifier"];

impl Invoke {
    /// Calls the function by its ARN as the resource of the task, so that the result is only the output of the
    /// function: [`InvokeFunction`].
    ///
    /// The function name must be an ARN that is known at deployment. This form does not support the parameters
    /// `ClientContext`, `InvocationType`, `LogType` and `Qualifier`; if one of them is set, an error is reported. It
    /// does not support the callback pattern (`.waitForTaskToken`) either.
    ///
    /// ```
    /// use sfn_tasks::prelude::*;
    /// use sfn_tasks::tasks::lambda::Invoke;
    ///
    /// let invoke = Invoke::new().function_name(reference("FunctionArn")).payload_response_only();
    /// let machine = StateMachine::new(Task::new("Call", invoke).without_default_retry().result_path("$.result"))?;
    /// assert_eq!(
    ///     machine.to_string(),
    ///     r#"{"StartAt":"Call","States":{"Call":{"Type":"Task","Resource":"${FunctionArn}","ResultPath":"$.result","End":true}}}"#,
    /// );
    /// # Ok::<(), sfn_tasks::Problems>(())
    /// ```
    ///
    /// ```compile_fail
    /// # use sfn_tasks::prelude::*;
    /// # use sfn_tasks::tasks::lambda::Invoke;
    /// # let invoke = Invoke::new().function_name(reference("FunctionArn")).payload_response_only();
    /// Task::new("Call", invoke).wait_for_task_token();
    /// ```
    pub fn payload_response_only(self) -> InvokeFunction {
        let mut parameters = self.into_parameters();
        let refused: Vec<&str> =
            ONLY_INVOKE.into_iter().filter(|name| parameters.names().any(|it| it == *name)).collect();
        let arn = match refused.as_slice() {
            [] => parameters.remove("FunctionName").unwrap_or_default(),
            refused => Payload::Fault(
                format!(
                    "`payload_response_only` calls the function by its ARN, without the parameters of the API, so `{}` \
                     cannot be set: remove it, or remove `payload_response_only`",
                    refused.join("`, `")
                )
                .into(),
            ),
        };
        let call = InvokeFunction::new().function_arn(Value::unchecked(arn));
        match parameters.remove("Payload") {
            Some(payload) => call.payload(payload),
            None => call,
        }
    }
}
