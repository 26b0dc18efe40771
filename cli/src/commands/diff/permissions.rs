//! The permissions that the role needs, before and after.

use std::collections::BTreeSet;

use sfn_tasks::asl::StateMachine;
use sfn_tasks::iam::{Scope, derive};

use crate::specs;

/// One action on one resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Permission {
    pub(super) action: String,
    pub(super) resource: String,
    /// `Operator key value`.
    pub(super) conditions: Vec<String>,
}

/// The permissions that only one of the definitions needs.
#[derive(Debug)]
pub(super) struct Permissions {
    pub(super) gained: Vec<Permission>,
    pub(super) lost: Vec<Permission>,
}

impl Permissions {
    pub(super) fn of(old: &StateMachine, new: &StateMachine) -> Self {
        let (old, new) = (permissions(old), permissions(new));
        Self { gained: new.difference(&old).cloned().collect(), lost: old.difference(&new).cloned().collect() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty()
    }
}

fn permissions(machine: &StateMachine) -> BTreeSet<Permission> {
    let (policy, _) = derive(machine, &Scope::default(), &specs::policy_options());
    let mut permissions = BTreeSet::new();
    for statement in policy.statements() {
        let conditions: Vec<String> =
            statement.conditions.iter().map(|(operator, key, value)| format!("{operator} {key} {value}")).collect();
        for action in &statement.actions {
            for resource in &statement.resources {
                let conditions = conditions.clone();
                permissions.insert(Permission { action: action.clone(), resource: resource.to_string(), conditions });
            }
        }
    }
    permissions
}
