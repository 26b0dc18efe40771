//! The task that evaluates an expression.

use super::paths;
use crate::catalog::Action;
use crate::states::Pass;
use crate::task::{Integration, Parameters, Set};
use crate::tasks::lambda::InvokeFunction;
use crate::value::{IntoValue, Payload, QueryLanguage, Text, Value, jsonata, path};

/// A call of the function that evaluates an expression.
///
/// The expression is written in a subset of JavaScript: numbers, strings and template strings, lists and objects, `+
/// - * / % **`, comparisons, `! && || ??`, `a ? b : c`, members and indexes, and functions such as `Math.round`,
/// `toUpperCase`, `split` and `join`. It can contain paths into the input (`$.order.total`), paths into the context
/// object (`$$.Execution.Id`) and variables (`$total`). A name with characters other than letters, digits and `_` is
/// written in brackets: `$['order-id']`. The last name of a path is always a member of the input: for the length of a
/// list, write `($.list).length`.
///
/// ```
/// use sfn_tasks::evaluate_expression::EvaluateExpression;
/// use sfn_tasks::prelude::*;
///
/// let convert = Task::new(
///     "Convert to seconds",
///     EvaluateExpression::new("$.waitMilliseconds / 1000", reference("EvaluateExpressionArn")),
/// )
/// .without_default_retry()
/// .result_path("$.waitSeconds");
///
/// assert_eq!(
///     format!("{:#}", StateMachine::new(convert)?),
///     r#"{
///   "StartAt": "Convert to seconds",
///   "States": {
///     "Convert to seconds": {
///       "Type": "Task",
///       "Resource": "${EvaluateExpressionArn}",
///       "Parameters": {
///         "expression": "$.waitMilliseconds / 1000",
///         "expressionAttributeValues": {
///           "$.waitMilliseconds.$": "$.waitMilliseconds"
///         }
///       },
///       "ResultPath": "$.waitSeconds",
///       "End": true
///     }
///   }
/// }"#,
/// );
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it is passed to a task"]
pub struct EvaluateExpression {
    expression: String,
    function_arn: Value<String>,
}

impl EvaluateExpression {
    /// Evaluates the expression with the function that has this ARN, such as an
    /// [`EvaluatingFunction`](super::EvaluatingFunction).
    pub fn new(expression: impl Into<String>, function_arn: impl IntoValue<String>) -> Self {
        Self { expression: expression.into(), function_arn: function_arn.into_value() }
    }

    /// A Pass state whose output is the value of a JSONata expression, in a state machine with either query language.
    /// It calls no function. This is the recommended form.
    ///
    /// To keep the input, merge the value into it, as in the [example](super), or [assign](Pass::assign) it to a
    /// variable.
    pub fn jsonata(name: impl crate::states::IntoName, expression: impl Into<String>) -> Pass {
        Pass::new(name).query_language(QueryLanguage::Jsonata).output(jsonata(expression))
    }
}

impl Integration for EvaluateExpression {
    fn action() -> &'static Action {
        InvokeFunction::<Set>::action()
    }

    fn into_parameters(self) -> Parameters {
        let values = match paths::in_expression(&self.expression) {
            Ok(paths) => {
                Payload::Object(paths.into_iter().map(|it| (Text::from(it.to_owned()), path(it).into())).collect())
            }
            Err(reason) => Payload::Fault(reason.into()),
        };
        let payload = Payload::Object(
            vec![("expression".into(), self.expression.into()), ("expressionAttributeValues".into(), values)].into(),
        );
        InvokeFunction::new().function_arn(self.function_arn).payload(payload).into_parameters()
    }
}
