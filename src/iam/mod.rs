//! The IAM policy that the role of a state machine needs: derived from the definition, with the reason of each line.
//!
//! What a call needs is in the catalog, for each API and each of its patterns. Where a statement names a resource,
//! the parameters of the call tell which:
//!
//! | the parameter is | the policy has |
//! |---|---|
//! | a name | the ARN that the name has in the scope |
//! | an ARN | that ARN, in whatever partition and account it is |
//! | a deploy-time reference `${Name}` | the reference, completed like a name unless it is an ARN by itself |
//! | known only at run time | a wildcard in its place, and what is known around it |
//!
//! Whether a reference is an ARN its name tells, or that of the parameter, if it ends with `Arn`;
//! [`Options::reference`] says otherwise.
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
pub use precision::Precision;
pub use render::Target;

use crate::Problems;
use crate::asl::StateMachine;
use crate::check::Diagnostic;

/// The policy that the role of a state machine needs.
///
/// # Errors
///
/// A finding for each state whose permissions are unknown.
pub fn policy(machine: &StateMachine, scope: &Scope, options: &Options) -> Result<Policy, Problems> {
    match derive(machine, scope, options) {
        (policy, problems) if problems.is_empty() => Ok(policy),
        (_, problems) => Err(Problems::new(problems)),
    }
}

/// The policy as far as it is known, and what is not known.
pub fn derive(machine: &StateMachine, scope: &Scope, options: &Options) -> (Policy, Vec<Diagnostic>) {
    let substituted = options.substitute(machine);
    let derivation = derive::Derivation::new(scope, options).run(substituted.as_ref().unwrap_or(machine));
    (Policy::new(derivation.grants), derivation.problems)
}
