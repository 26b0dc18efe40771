//! The policies of callers and workers of a state machine.

use super::arn::Arn;
use super::derive::Derivation;
use super::{Options, Policy, Scope};
use crate::asl::StateMachine;
use crate::expression::resource::{Resource, Target};

/// A caller or a worker of a state machine, with its own role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Caller {
    /// Starts executions.
    Starter,
    /// Starts executions of an Express workflow and waits for their output.
    SyncStarter,
    /// Starts executions, reads their status, and stops them.
    Operator,
    /// Sends the results of tasks that wait for a callback.
    Answerer,
    /// Works on the activities of the definition.
    Worker,
}

/// The policy of a caller or a worker of the state machine, not of its own role.
///
/// ```
/// use sfn_tasks::{asl, iam};
///
/// let machine: asl::StateMachine = r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#.parse()?;
/// let options = iam::Options::default().name("orders");
/// let policy = iam::caller_policy(&machine, iam::Caller::Starter, &iam::Scope::default(), &options);
/// assert_eq!(policy.statements()[0].actions, ["states:StartExecution"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn caller_policy(machine: &StateMachine, caller: Caller, scope: &Scope, options: &Options) -> Policy {
    let mut derivation = Derivation::new(scope, options);
    let cases: &[&str] = match caller {
        Caller::Starter => &["caller start"],
        Caller::SyncStarter => &["caller startSync"],
        Caller::Operator => &["caller start", "caller wait"],
        Caller::Answerer => &["caller answer"],
        Caller::Worker => &["caller answer"],
    };
    cases.iter().for_each(|case| derivation.of_caller(case, Vec::new()));
    if caller == Caller::Worker {
        for state in machine.walk() {
            let Some(text) = state.resource() else { continue };
            if Resource::parse(text).is_some_and(|resource| matches!(resource.target, Target::Activity)) {
                derivation.of_caller("caller activity", vec![("ActivityArn", Arn::parse(text))]);
            }
        }
    }
    Policy::new(derivation.grants)
}
