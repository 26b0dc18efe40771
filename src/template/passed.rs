//! The roles of a resource that its user must pass.

use super::evaluate::{Evaluation, Names, attribute, function};
use super::{Reference, Resource, Target, Template};
use crate::value::Json;

impl Template {
    /// The roles that belong to the referenced resource: the task role and the execution role of a task definition, the
    /// role of an instance profile. None if it is neither, or if they are unknown.
    pub fn roles(&self, reference: &Reference) -> Option<Vec<String>> {
        self.roles_in(reference, Names::Plain)
    }

    /// The same, in the form of [`physical`](Self::physical).
    pub fn physical_roles(&self, reference: &Reference) -> Option<Vec<String>> {
        self.roles_in(reference, Names::Physical)
    }

    fn roles_in(&self, reference: &Reference, names: Names) -> Option<Vec<String>> {
        let Target::Resource { kind, .. } = &reference.target else { return None };
        let roles: Vec<&Json> = match kind.as_str() {
            "AWS::ECS::TaskDefinition" => {
                let resource = self.named_by(reference)?;
                ["TaskRoleArn", "ExecutionRoleArn"].iter().filter_map(|name| resource.property(name)).collect()
            }
            "AWS::IAM::InstanceProfile" => self.named_by(reference)?.property("Roles")?.as_array()?.iter().collect(),
            _ => return None,
        };
        let evaluation = Evaluation::new(self, names);
        let mut texts: Vec<String> = Vec::with_capacity(roles.len());
        for role in roles {
            let text = evaluation.text(role, 0).ok()?;
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        // Only the definition shows the function behind a placeholder.
        evaluation.functions().is_empty().then_some(texts)
    }

    fn named_by(&self, reference: &Reference) -> Option<&Resource> {
        let (_, path) = function(&reference.call)?;
        Some(self.resource_of(&attribute(path)?)?.0)
    }
}
