//! A policy in as many documents as IAM's quotas require.

use super::facts;
use super::policy::{Policy, Statement};
use crate::check::{Diagnostic, Severity};

/// A policy, split into documents that IAM accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Documents {
    /// It fits into the role.
    Inline(Policy),
    /// It is too large to be in the role: managed policies that are attached to the role.
    Managed(Vec<Policy>),
}

impl Documents {
    /// The documents; none if nothing is allowed, because IAM accepts no policy without a statement.
    pub fn policies(&self) -> &[Policy] {
        match self {
            Documents::Inline(policy) if policy.is_empty() => &[],
            Documents::Inline(policy) => std::slice::from_ref(policy),
            Documents::Managed(policies) => policies,
        }
    }
}

impl Policy {
    /// Splits the policy if it is too large for one document. [`size`](Self::size) returns the size of one.
    ///
    /// # Errors
    ///
    /// Returns an error if the policy does not fit into the managed policies that a role can have.
    pub fn documents(&self) -> Result<Documents, Diagnostic> {
        let limits = facts::limits();
        let size = self.size();
        if size <= limits.inline_bytes {
            return Ok(Documents::Inline(self.clone()));
        }
        let mut open: Vec<Statement> = self.statements().iter().rev().cloned().collect();
        let mut policies: Vec<Policy> = Vec::new();
        let mut current: Vec<Statement> = Vec::new();
        let empty = Policy::of_statements(Vec::new()).size();
        let mut filled = empty;
        while let Some(statement) = open.pop() {
            let alone = Policy::of_statements(vec![statement]);
            let added = alone.size() - empty;
            let [statement] = alone.statements() else { break };
            if empty + added > limits.managed_bytes {
                let Some([first, second]) = halves(statement) else {
                    return Err(too_large(format!(
                        "a statement has {} characters, but a managed policy can have at most {}",
                        empty + added,
                        limits.managed_bytes
                    )));
                };
                open.extend([second, first]);
                continue;
            }
            // Every document except the first begins with a comma.
            if !current.is_empty() && filled + added + 1 > limits.managed_bytes {
                policies.push(Policy::of_statements(std::mem::take(&mut current)));
                filled = empty;
            }
            filled += added + usize::from(!current.is_empty());
            current.push(statement.clone());
        }
        policies.push(Policy::of_statements(current));
        if policies.len() > limits.managed_policies {
            let sizes: Vec<String> = policies.iter().map(|policy| policy.size().to_string()).collect();
            return Err(too_large(format!(
                "the policy has {size} characters. A role can have {} characters of inline policies, or {} managed \
                 policies of {} characters each; this policy needs {}, of {} characters",
                limits.inline_bytes,
                limits.managed_policies,
                limits.managed_bytes,
                policies.len(),
                sizes.join(", ")
            )));
        }
        Ok(Documents::Managed(policies))
    }
}

fn too_large(message: String) -> Diagnostic {
    Diagnostic {
        code: "policy-too-large",
        severity: Severity::Error,
        pointer: String::new(),
        message,
        help: Some(
            "call a nested state machine, which has its own role, or use resource names with a common prefix"
                .to_owned(),
        ),
    }
}

/// The statement split into two, by its resources or otherwise by its actions.
fn halves(statement: &Statement) -> Option<[Statement; 2]> {
    let (mut first, mut second) = (statement.clone(), statement.clone());
    if statement.resources.len() > 1 {
        second.resources = first.resources.split_off(statement.resources.len() / 2);
    } else if statement.actions.len() > 1 {
        second.actions = first.actions.split_off(statement.actions.len() / 2);
    } else {
        return None;
    }
    Some([first, second])
}
