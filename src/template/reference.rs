//! What a placeholder of a definition refers to in its template.

use super::types::{Gives, ResourceType};
use crate::value::Json;

/// What a placeholder of a definition refers to in its template.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reference {
    /// The value in the template: `{"Ref": "Orders"}`.
    pub call: Json,
    /// The kind of value that it will be.
    pub target: Target,
}

/// The target of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// A resource of the template.
    Resource {
        /// The type: `AWS::SQS::Queue`.
        kind: String,
        /// What the reference returns; none if the type is not known.
        gives: Option<Gives>,
    },
    /// A parameter, an import, or a function whose value is known only at deployment.
    Deployment,
    /// A pseudo parameter: `AWS::Region`.
    Pseudo,
    /// The resource has no such attribute.
    NoAttribute {
        /// The type of the resource.
        kind: &'static str,
    },
    /// The template has no such name.
    Nothing,
}

impl Reference {
    /// Whether its value is an ARN; none if that is not known.
    pub fn is_arn(&self) -> Option<bool> {
        match &self.target {
            Target::Resource { gives: Some(gives), .. } => Some(matches!(gives, Gives::Arn | Gives::OtherArn)),
            _ => None,
        }
    }

    /// The type of the resource, and what the reference to it returns.
    pub fn resource(&self) -> Option<(&'static ResourceType, Gives)> {
        match &self.target {
            Target::Resource { kind, gives: Some(gives) } => Some((ResourceType::find(kind)?, *gives)),
            _ => None,
        }
    }
}
