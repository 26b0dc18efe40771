//! The IAM policy that the role of a state machine needs: derived from the definition, with a reason for each
//! statement.
//!
//! The catalog contains what a call needs, for each API and each of its patterns. The parameters of the call decide
//! which resource a statement has:
//!
//! | the parameter is | the policy has |
//! |---|---|
//! | a name | the ARN that the name has in the scope |
//! | an ARN | that ARN, with its own partition and account |
//! | a deploy-time reference `${Name}` | the reference, completed like a name unless it is a complete ARN |
//! | known only at run time | a wildcard in its place, with the known text around it |
//!
//! A reference is an ARN if its name, or the name of the parameter, ends with `Arn`; [`Options::reference`] overrides
//! this.
//!
//! ```
//! use sfn_tasks::{asl, iam};
//!
//! let machine: asl::StateMachine = r#"{"StartAt": "Get", "States": {"Get": {
//!     "Type": "Task",
//!     "Resource": "arn:aws:states:::dynamodb:getItem",
//!     "Parameters": {"TableName": "orders", "Key": {"id": {"S.$": "$.id"}}},
//!     "End": true
//! }}}"#.parse()?;
//! let scope = iam::Scope::default().account("111122223333").region("eu-west-1").partition("aws");
//! let policy = iam::policy(&machine, &scope, &iam::Options::default())?;
//! assert_eq!(policy.to_string(), concat!(
//!     r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:GetItem","#,
//!     r#""Resource":"arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}]}"#,
//! ));
//! assert_eq!(policy.statements()[0].reasons[0].why, "The state reads an item of the table.");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod arn;
mod audit;
mod caller;
mod derive;
mod documents;
mod explain;
mod facts;
mod glob;
mod narrow;
mod options;
mod parameters;
mod policy;
mod precision;
mod render;
mod sdk;
mod stored;
mod template;
mod transform;
mod variables;

pub use arn::{Arn, Function, Piece, ScopePart};
pub use audit::{Audit, Existing, Finding, FindingKind, audit};
pub use caller::{Caller, caller_policy};
pub use documents::Documents;
pub use explain::Explanation;
pub(crate) use narrow::Effect;
pub use options::{Options, ReferenceKind, Scope, StateGrant};
pub use policy::{Cause, Grant, Policy, Statement};
pub use precision::{Precision, PrecisionReason};
pub use render::Target;

use crate::Problems;
use crate::asl::StateMachine;
use crate::check::Diagnostic;

/// The policy that the role of a state machine needs.
///
/// # Errors
///
/// Returns a finding for each state whose permissions are unknown.
pub fn policy(machine: &StateMachine, scope: &Scope, options: &Options) -> Result<Policy, Problems> {
    match derive(machine, scope, options) {
        (policy, problems) if problems.is_empty() => Ok(policy),
        (_, problems) => Err(Problems::new(problems)),
    }
}

/// The known part of the policy, and what is unknown.
pub fn derive(machine: &StateMachine, scope: &Scope, options: &Options) -> (Policy, Vec<Diagnostic>) {
    let substituted = options.substitute(machine);
    let derivation = derive::Derivation::new(scope, options).run(substituted.as_ref().unwrap_or(machine));
    (Policy::new(derivation.grants), derivation.problems)
}
