//! The value of a reference of a definition.

use std::fmt;

use crate::iam::ReferenceKind;
use crate::value::Json;

/// The value of a reference `${Name}` when the state machine is deployed. The definition and the policy both use it.
///
/// | binding | CloudFormation, SAM | Terraform | CDK |
/// |---|---|---|---|
/// | [`resource("Orders")`](Self::resource) | `!Ref Orders` | - | - |
/// | [`attribute("Ask", "Arn")`](Self::attribute) | `!GetAtt Ask.Arn` | - | - |
/// | [`sub("${Stage}-orders")`](Self::sub) | `!Sub ${Stage}-orders` | - | - |
/// | [`import_value("shared-queue")`](Self::import_value) | `!ImportValue shared-queue` | - | `Fn.importValue` |
/// | [`expression("aws_sqs_queue.q.url")`](Self::expression) | - | HCL | TypeScript |
/// | [`parameter()`](Self::parameter) | a parameter | a variable | a property |
/// | [`literal("orders")`](Self::literal), or the value itself | the value | the value | the value |
/// | [`text()`](Self::text) | `${Name}` as it is | `${Name}` as it is | `${Name}` as it is |
/// | [`evaluating_function()`](Self::evaluating_function) | a new function | - | - |
/// | [`activity("work")`](Self::activity) | a new activity | a new activity | a new activity |
#[derive(Debug, Clone, PartialEq)]
pub struct Binding {
    pub(super) value: Bound,
    kind: Option<ReferenceKind>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Bound {
    Resource(String),
    Attribute(String, String),
    Sub(String),
    ImportValue(String),
    Expression(String),
    Parameter,
    Literal(Json),
    Text,
    EvaluatingFunction,
    Activity(String),
}

impl Binding {
    const fn of(value: Bound) -> Self {
        Self { value, kind: None }
    }

    /// `Ref` of a resource or a parameter of the template, by its logical ID.
    pub fn resource(logical_id: impl Into<String>) -> Self {
        Self::of(Bound::Resource(logical_id.into()))
    }

    /// `Fn::GetAtt`: an attribute of a resource of the template.
    pub fn attribute(logical_id: impl Into<String>, attribute: impl Into<String>) -> Self {
        Self::of(Bound::Attribute(logical_id.into(), attribute.into()))
    }

    /// `Fn::Sub`: text that contains `${…}` names of the template.
    pub fn sub(text: impl Into<String>) -> Self {
        Self::of(Bound::Sub(text.into()))
    }

    /// `Fn::ImportValue`: an output that another stack exports.
    pub fn import_value(export: impl Into<String>) -> Self {
        Self::of(Bound::ImportValue(export.into()))
    }

    /// An expression in the language of the target: HCL for Terraform, TypeScript for the CDK.
    pub fn expression(text: impl Into<String>) -> Self {
        Self::of(Bound::Expression(text.into()))
    }

    /// A parameter: the person who deploys the template sets its value.
    pub fn parameter() -> Self {
        Self::of(Bound::Parameter)
    }

    /// A value that is known when the template is written.
    pub fn literal(value: impl Into<Json>) -> Self {
        Self::of(Bound::Literal(value.into()))
    }

    /// `${Name}` is not a reference. The state machine gets this text unchanged.
    pub fn text() -> Self {
        Self::of(Bound::Text)
    }

    /// The ARN of the function that evaluates expressions. The function is added to the template. See
    /// [`EvaluatingFunction`](crate::custom::evaluate_expression::EvaluatingFunction).
    pub fn evaluating_function() -> Self {
        Self::of(Bound::EvaluatingFunction)
    }

    /// The ARN of an activity with this name. The activity is added to the template.
    pub fn activity(name: impl Into<String>) -> Self {
        Self::of(Bound::Activity(name.into()))
    }

    /// The value is an ARN, although the name of the reference does not look like that of an ARN.
    #[must_use]
    pub fn is_arn(mut self) -> Self {
        self.kind = Some(ReferenceKind::Arn);
        self
    }

    /// The value is a name, although the name of the reference looks like that of an ARN.
    #[must_use]
    pub fn is_name(mut self) -> Self {
        self.kind = Some(ReferenceKind::Name);
        self
    }

    /// The text of a known value.
    pub(super) fn literal_text(&self) -> Option<String> {
        match &self.value {
            Bound::Literal(value) => Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
            _ => None,
        }
    }

    /// The kind of the value. `None` if only the name of the reference can show it.
    pub(super) fn kind(&self) -> Option<ReferenceKind> {
        let is_arn = match &self.value {
            Bound::Attribute(_, attribute) => attribute.ends_with("Arn") || attribute.ends_with("ARN"),
            Bound::Expression(text) => text.ends_with(".arn") || text.ends_with("Arn"),
            Bound::Sub(text) => text.starts_with("arn:"),
            Bound::EvaluatingFunction => return Some(ReferenceKind::FunctionArn),
            Bound::Activity(_) => return Some(ReferenceKind::ActivityArn),
            _ => false,
        };
        self.kind.or_else(|| is_arn.then_some(ReferenceKind::Arn))
    }
}

/// A value that is known when the template is written.
impl<T: Into<Json>> From<T> for Binding {
    fn from(value: T) -> Self {
        Self::literal(value)
    }
}

impl fmt::Display for Binding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Bound::Resource(id) => write!(f, "`Ref` of `{id}`"),
            Bound::Attribute(id, attribute) => write!(f, "`Fn::GetAtt` of `{id}.{attribute}`"),
            Bound::Sub(text) => write!(f, "`Fn::Sub` of `{text}`"),
            Bound::ImportValue(name) => write!(f, "`Fn::ImportValue` of `{name}`"),
            Bound::Expression(text) => write!(f, "the expression `{text}`"),
            Bound::Parameter => write!(f, "a parameter"),
            Bound::Literal(value) => write!(f, "the value {value}"),
            Bound::Text => write!(f, "text"),
            Bound::EvaluatingFunction => write!(f, "the function that evaluates expressions"),
            Bound::Activity(name) => write!(f, "the activity `{name}`"),
        }
    }
}
