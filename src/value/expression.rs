//! Values that are known only at deployment or at run time.

use super::{Payload, Text};

/// A value that is known only at run time.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expression {
    /// A JSONPath: `$.order.id`, `$$.Execution.Id`, `$variable`
    Path(Text),
    /// A call of an intrinsic function: `States.Format('{}', $.name)`
    Intrinsic(Text),
    /// A JSONata expression, without its `{%` and `%}`, or with them to keep the spaces inside them
    Jsonata(Text),
    /// A value with a form in each query language
    Either {
        /// The JSONPath or intrinsic function
        json_path: Text,
        /// The JSONata expression, without its `{%` and `%}`
        jsonata: Text,
    },
}

/// A JSONPath. Created by [`path`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(pub(crate) Text);

/// The value at a JSONPath: `$.order.id` in the state's input, `$$.Execution.Id` in the context object, `$total` in a
/// variable.
///
/// Use it in JSONPath states. In a JSONata state, it is an error that names the location. The path is checked with
/// the rest of the state machine. In free JSON, use it in [`payload!`](crate::payload), not in `serde_json::json!`.
pub fn path(path: impl Into<String>) -> Path {
    Path(Text::Owned(path.into()))
}

/// A JSONata expression. Created by [`jsonata`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jsonata(pub(crate) Text);

/// The value of a JSONata expression, such as `$states.input.order.id`. `{%` and `%}` are added if they are missing.
///
/// Use it in JSONata states. In a JSONPath state, it is an error that names the location.
pub fn jsonata(expression: impl Into<String>) -> Jsonata {
    let expression = expression.into();
    let bare = without_braces(expression.trim()).trim();
    Jsonata(Text::Owned(match in_braces(bare) == expression {
        false if expression.trim().starts_with("{%") => expression.trim().to_owned(),
        _ => bare.to_owned(),
    }))
}

/// The expression without `{%` and `%}`, if it has them.
pub(crate) fn without_braces(expression: &str) -> &str {
    expression.strip_prefix("{%").and_then(|rest| rest.strip_suffix("%}")).unwrap_or(expression)
}

/// The expression with `{%` and `%}`, added if it does not have them.
pub(crate) fn in_braces(expression: &str) -> String {
    let has_braces = expression.starts_with("{%") && expression.ends_with("%}");
    if has_braces { expression.to_owned() } else { format!("{{% {expression} %}}") }
}

/// A value that is set at deployment. Created by [`reference()`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference(pub(crate) Text);

/// The placeholder `${Name}`, which CloudFormation's `DefinitionSubstitutions`, AWS SAM and Terraform's
/// `templatefile` replace at deployment.
///
/// A string is rendered in quotation marks. A number, a boolean, a list or an object is rendered without quotation
/// marks; then the definition is valid JSON only after the replacement.
pub fn reference(name: impl Into<String>) -> Reference {
    let name = name.into();
    let bare = name.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).map(str::to_owned);
    Reference(Text::Owned(bare.unwrap_or(name)))
}

/// One element of a list whose value is an expression. Created by [`element`].
#[derive(Debug, Clone, PartialEq)]
pub struct Element(pub(crate) Payload);

/// One element of a list that is known only at run time, for the setters that add an element. The setters with the
/// prefix `set_` accept a path to the whole list.
///
/// ```
/// use sfn_tasks::prelude::*;
/// use sfn_tasks::tasks::athena;
/// use sfn_tasks::value::element;
///
/// let query = athena::StartQueryExecution::new().query_string("SELECT ?, ?");
/// let all = query.clone().set_execution_parameters(path("$.parameters"));
/// let each = query.execution_parameters("1").execution_parameters(element(path("$.second")));
/// # StateMachine::new(Task::new("A", all).discard_result().next(Task::new("B", each)))?;
/// # Ok::<(), Problems>(())
/// ```
pub fn element(value: impl Into<Payload>) -> Element {
    Element(value.into())
}

/// A value of the context object. Created by the functions of [`context`], and by [`task_token`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextValue {
    pub(crate) json_path: &'static str,
    pub(crate) jsonata: &'static str,
}

/// The task token, which must be in the parameters of a task with a callback: `$$.Task.Token`, or
/// `$states.context.Task.Token` in JSONata.
pub const fn task_token() -> ContextValue {
    ContextValue { json_path: "$$.Task.Token", jsonata: "$states.context.Task.Token" }
}

/// The whole input of the state: `$`, or `$states.input` in JSONata.
pub const fn state_input() -> ContextValue {
    ContextValue { json_path: "$", jsonata: "$states.input" }
}

/// The members of the [context object](https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html).
/// Each works in both query languages.
pub mod context {
    use super::ContextValue;

    macro_rules! members {
        ($($(#[$docs:meta])* $name:ident: $path:literal;)*) => {$(
            $(#[$docs])*
            pub const fn $name() -> ContextValue {
                ContextValue { json_path: concat!("$$.", $path), jsonata: concat!("$states.context.", $path) }
            }
        )*};
    }

    members! {
        /// The ARN of the execution: `$$.Execution.Id`.
        execution_id: "Execution.Id";
        /// The input of the execution: `$$.Execution.Input`.
        execution_input: "Execution.Input";
        /// The name of the execution: `$$.Execution.Name`.
        execution_name: "Execution.Name";
        /// The ARN of the role of the execution: `$$.Execution.RoleArn`.
        execution_role_arn: "Execution.RoleArn";
        /// When the execution started, in ISO 8601: `$$.Execution.StartTime`.
        execution_start_time: "Execution.StartTime";
        /// The number of times the execution was redriven: `$$.Execution.RedriveCount`.
        execution_redrive_count: "Execution.RedriveCount";
        /// When the execution was last redriven, in ISO 8601: `$$.Execution.RedriveTime`.
        execution_redrive_time: "Execution.RedriveTime";
        /// When the state was entered, in ISO 8601: `$$.State.EnteredTime`.
        state_entered_time: "State.EnteredTime";
        /// The name of the state: `$$.State.Name`.
        state_name: "State.Name";
        /// The number of times the state was retried: `$$.State.RetryCount`.
        state_retry_count: "State.RetryCount";
        /// The ARN of the state machine: `$$.StateMachine.Id`.
        state_machine_id: "StateMachine.Id";
        /// The name of the state machine: `$$.StateMachine.Name`.
        state_machine_name: "StateMachine.Name";
        /// The index of the current item of a Map state: `$$.Map.Item.Index`.
        map_item_index: "Map.Item.Index";
        /// The current item of a Map state: `$$.Map.Item.Value`.
        map_item_value: "Map.Item.Value";
        /// The key of the item, if a Map state iterates over an object: `$$.Map.Item.Key`.
        map_item_key: "Map.Item.Key";
        /// The source of the item of a distributed Map state: `$$.Map.Item.Source`.
        map_item_source: "Map.Item.Source";
    }
}

/// The values that a setter accepts as a path: text, a [`path`], a member of the [context object](context).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a path",
    label = "pass a path such as `\"$.order\"`",
    note = "`None` is not a path: for `null` call `discard_result()`, `discard_error()`, `discard_input()` or `discard_output()`"
)]
pub trait IntoPath {
    /// The path.
    fn into_path(self) -> Path;
}

macro_rules! paths {
    ($($of:ty),*) => {$(
        impl IntoPath for $of {
            fn into_path(self) -> Path {
                self.into()
            }
        }
    )*};
}

paths!(&str, String, Path, ContextValue);

impl IntoPath for &String {
    fn into_path(self) -> Path {
        path(self)
    }
}

impl From<&str> for Path {
    fn from(text: &str) -> Self {
        path(text)
    }
}

impl From<String> for Path {
    fn from(text: String) -> Self {
        path(text)
    }
}

impl From<ContextValue> for Path {
    fn from(value: ContextValue) -> Self {
        Path(Text::Borrowed(value.json_path))
    }
}

impl From<Path> for Payload {
    fn from(Path(path): Path) -> Self {
        Payload::Expression(Expression::Path(path))
    }
}

impl From<Jsonata> for Payload {
    fn from(Jsonata(expression): Jsonata) -> Self {
        Payload::Expression(Expression::Jsonata(expression))
    }
}

impl From<ContextValue> for Payload {
    fn from(value: ContextValue) -> Self {
        Payload::Expression(Expression::Either { json_path: value.json_path.into(), jsonata: value.jsonata.into() })
    }
}

/// In quotation marks.
impl From<Reference> for Payload {
    fn from(reference: Reference) -> Self {
        reference.fault().unwrap_or_else(|| Payload::String(reference.to_string().into()))
    }
}

impl Reference {
    /// Without quotation marks.
    pub(crate) fn into_unquoted(self) -> Payload {
        self.fault().unwrap_or(Payload::Placeholder(self.0))
    }

    /// The error in the name, if there is one. `templatefile` also accepts expressions, such as `upper(name)`.
    fn fault(&self) -> Option<Payload> {
        let is_expression = self.0.contains(['(', '[', '?', '*', '/', '+', '%', '<', '>', '=', '&', '|']);
        let is_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-' | '.' | ':');
        let is_whole = !self.0.is_empty() && !self.0.contains(['{', '}', '"', '\n']);
        if is_whole && (is_expression || self.0.chars().all(is_name)) {
            return None;
        }
        let reason = format!(
            "`{}` is not a valid name for `reference`: use letters, digits, `_`, `-`, `.` and `:`, as in `QueueUrl`, \
             `Queue.Arn` or `AWS::Region`",
            self.0
        );
        Some(Payload::Fault(reason.into()))
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "${{{}}}", self.0)
    }
}
