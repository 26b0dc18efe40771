//! What a placeholder of a definition stands for in its template.

use super::types::{Gives, ResourceType};
use crate::value::Json;

/// What a placeholder of a definition stands for in its template.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reference {
    /// What the template says: `{"Ref": "Orders"}`.
    pub call: Json,
    /// What it will be.
    pub target: Target,
}

/// What a reference leads to.
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
    /// A parameter, an import, or a function whose value only the deployment knows.
    Deployment,
    /// A pseudo parameter: `AWS::Region`.
    Pseudo,
    /// The resource has no such attribute.
    NoAttribute {
        /// The type of the resource.
        kind: &'static str,
    },
    /// The template has nothing of that name.
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

    /// The type of the resource, and what the reference returns of it.
    pub fn resource(&self) -> Option<(&'static ResourceType, Gives)> {
        match &self.target {
            Target::Resource { kind, gives: Some(gives) } => Some((ResourceType::find(kind)?, *gives)),
            _ => None,
        }
    }
}
