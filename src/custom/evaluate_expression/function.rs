//! The function that evaluates expressions.

use std::borrow::Cow;

use serde_json::json;

use crate::value::Json;

/// The code of the function, for your own template or file: a CommonJS module whose `handler` accepts `expression`
/// and `expressionAttributeValues`.
///
/// It interprets the expression itself and passes nothing to the JavaScript engine, so an expression can only access
/// its values.
pub const HANDLER: &str = include_str!("handler.js");

/// A Node.js runtime of AWS Lambda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeRuntime(Cow<'static, str>);

impl NodeRuntime {
    /// Node.js 22, which AWS supports until April 2027.
    pub const NODEJS_22_X: Self = Self(Cow::Borrowed("nodejs22.x"));
    /// Node.js 24, which AWS supports until April 2028.
    pub const NODEJS_24_X: Self = Self(Cow::Borrowed("nodejs24.x"));

    /// A runtime that this version of the library does not know, such as `nodejs26.x`. The code needs Node.js 18 or
    /// later.
    pub fn of(name: impl Into<String>) -> Self {
        Self(Cow::Owned(name.into()))
    }

    /// The identifier of the runtime.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The function that evaluates expressions, as resources of a CloudFormation template. One function is enough for all
/// tasks.
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
    /// A function with this logical ID and Node.js 24. Its ARN is `Fn::GetAtt: [<logical ID>, Arn]`.
    pub fn new(logical_id: impl Into<String>) -> Self {
        Self { logical_id: logical_id.into(), runtime: NodeRuntime::NODEJS_24_X }
    }

    /// Sets the runtime of the function.
    pub fn runtime(mut self, runtime: NodeRuntime) -> Self {
        self.runtime = runtime;
        self
    }

    /// The members of `Resources` in the template: the function, and its execution role, which can only write logs.
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
