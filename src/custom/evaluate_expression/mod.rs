//! Small computations in a JSONPath machine, where the language has none.
//!
//! **In JSONata a computation needs no call at all**, and that is the form to use: [`EvaluateExpression::jsonata`]
//! makes a Pass state that can stand in a machine of either query language. It starts no function, costs no more than
//! a transition, and needs no permission and nothing to deploy.
//!
//! ```
//! use sfn_tasks::evaluate_expression::EvaluateExpression;
//! use sfn_tasks::prelude::*;
//!
//! let wait = EvaluateExpression::jsonata(
//!     "Convert to seconds",
//!     r#"$merge([$states.input, {"waitSeconds": $states.input.waitMilliseconds / 1000}])"#,
//! )
//! .next(Wait::seconds("Wait", path("$.waitSeconds")));
//! let machine = StateMachine::new(wait)?;
//! # Ok::<(), sfn_tasks::Problems>(())
//! ```
//!
//! [`EvaluateExpression::new`] is a task whose expression, in a part of JavaScript, a Lambda function evaluates.
//! [`EvaluatingFunction`] is that function, as the resources of a template. It is for machines that must stay in
//! JSONPath, and for definitions that were written that way.

mod paths;

use std::borrow::Cow;

use serde_json::json;

use crate::catalog::Action;
use crate::states::Pass;
use crate::task::{Integration, Parameters, Set};
use crate::tasks::lambda::InvokeFunction;
use crate::value::{Json, Payload, QueryLanguage, Text, Value, jsonata, path};

/// A call of the function that evaluates an expression.
///
/// The expression is a part of JavaScript: numbers, strings and template strings, lists and objects, `+ - * / % **`,
/// comparisons, `! && || ??`, `a ? b : c`, members and indexes, and functions such as `Math.round`, `toUpperCase`,
/// `split` and `join`. In it stand paths of the state's input (`$.order.total`), of the context object
/// (`$$.Execution.Id`) and variables (`$total`). A name with other signs than letters, digits and `_` stands in
/// brackets: `$['order-id']`. The last name of a path is always a member of the input: write `($.list).length`.
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
#[must_use = "a builder does nothing until it is given to a task"]
pub struct EvaluateExpression {
    expression: String,
    function_arn: Value<String>,
}

impl EvaluateExpression {
    /// Has the function with that ARN evaluate the expression. [`EvaluatingFunction`] is such a function.
    pub fn new(expression: impl Into<String>, function_arn: impl Into<Value<String>>) -> Self {
        Self { expression: expression.into(), function_arn: function_arn.into() }
    }

    /// A Pass state whose output is the value of a JSONata expression, in a machine of either query language. There is
    /// no function to call; this is the form to use.
    ///
    /// To keep the input, merge the value into it, as in the [example](self), or
    /// [assign](Pass::assign) it to a variable instead.
    pub fn jsonata(name: impl Into<String>, expression: impl Into<String>) -> Pass {
        Pass::new(name).query_language(QueryLanguage::Jsonata).output(jsonata(expression))
    }
}

impl Integration for EvaluateExpression {
    const ACTION: &'static Action = InvokeFunction::<Set>::ACTION;

    fn into_parameters(self) -> Parameters {
        let values = match paths::in_expression(&self.expression) {
            Ok(paths) => {
                Payload::Object(paths.into_iter().map(|it| (Text::from(it.to_owned()), path(it).into())).collect())
            }
            Err(reason) => Payload::Fault(reason.into()),
        };
        let payload = Payload::Object(vec![
            ("expression".into(), self.expression.into()),
            ("expressionAttributeValues".into(), values),
        ]);
        InvokeFunction::new().function_arn(self.function_arn).payload(payload).into_parameters()
    }
}

/// The code of the function, for a template or a file of one's own: a CommonJS module whose `handler` takes
/// `expression` and `expressionAttributeValues`.
///
/// It interprets the expression by itself and hands nothing to the JavaScript engine, so that an expression reaches
/// its values and nothing else.
pub const HANDLER: &str = include_str!("handler.js");

/// A Node.js runtime of AWS Lambda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRuntime(Cow<'static, str>);

impl NodeRuntime {
    /// Node.js 22, which AWS supports until April 2027.
    pub const NODEJS_22_X: Self = Self(Cow::Borrowed("nodejs22.x"));
    /// Node.js 24, which AWS supports until April 2028.
    pub const NODEJS_24_X: Self = Self(Cow::Borrowed("nodejs24.x"));

    /// A runtime that this version of the library does not name, such as `nodejs26.x`. The code needs Node.js 18.
    pub fn of(name: impl Into<String>) -> Self {
        Self(Cow::Owned(name.into()))
    }

    /// The runtime's identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The function that evaluates expressions, as resources of a CloudFormation template. One serves all tasks.
///
/// ```
/// use sfn_tasks::evaluate_expression::EvaluatingFunction;
///
/// let resources = EvaluatingFunction::new("EvaluateExpression").resources();
/// let function = resources.get("EvaluateExpression").and_then(|it| it.get("Properties"));
/// assert_eq!(function.and_then(|it| it.get("Runtime")?.as_str()), Some("nodejs24.x"));
/// assert!(resources.get("EvaluateExpressionRole").is_some());
/// ```
#[derive(Debug, Clone)]
#[must_use = "call `resources`"]
pub struct EvaluatingFunction {
    logical_id: String,
    runtime: NodeRuntime,
}

impl EvaluatingFunction {
    /// A function with that logical ID, whose ARN is `Fn::GetAtt: [<logical ID>, Arn]`; in Node.js 24.
    pub fn new(logical_id: impl Into<String>) -> Self {
        Self { logical_id: logical_id.into(), runtime: NodeRuntime::NODEJS_24_X }
    }

    /// The runtime of the function.
    pub fn runtime(mut self, runtime: NodeRuntime) -> Self {
        self.runtime = runtime;
        self
    }

    /// The members of the template's `Resources`: the function, and the role under which it runs, which may write logs
    /// and nothing else.
    pub fn resources(&self) -> Json {
        let role = format!("{}Role", self.logical_id);
        json!({
            role.as_str(): {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [{
                            "Effect": "Allow",
                            "Principal": { "Service": "lambda.amazonaws.com" },
                            "Action": "sts:AssumeRole",
                        }],
                    },
                    "ManagedPolicyArns": [{
                        "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
                    }],
                },
            },
            self.logical_id.as_str(): {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Runtime": self.runtime.as_str(),
                    "Handler": "index.handler",
                    "Code": { "ZipFile": HANDLER },
                    "Role": { "Fn::GetAtt": [role.as_str(), "Arn"] },
                    "Timeout": 10,
                },
            },
        })
        .into()
    }
}
