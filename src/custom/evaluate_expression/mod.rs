//! Small computations in a JSONPath machine, where the language has none.
//!
//! **In JSONata a computation needs no call at all**, and that is the form to use: [`EvaluateExpression::jsonata`]
//! makes a Pass state that can be in a machine of either query language. It starts no function, costs no more than
//! a transition, and needs no permission and nothing to deploy.
//!
//! ```
//! use sfn_tasks::evaluate_expression::EvaluateExpression;
//! use sfn_tasks::prelude::*;
//!
//! let wait = EvaluateExpression::jsonata(
//!     "Convert to seconds",
//!     r#"$merge([$states.input, {"waitSeconds": $states.input.waitMilliseconds / 1000}])"#,
//! )
//! .next(Wait::seconds("Wait", path("$.waitSeconds")));
//! let machine = StateMachine::new(wait)?;
//! # Ok::<(), sfn_tasks::Problems>(())
//! ```
//!
//! [`EvaluateExpression::new`] is a task whose expression, in a part of JavaScript, a Lambda function evaluates.
//! [`EvaluatingFunction`] is that function, as the resources of a template. It is for machines that must stay in
//! JSONPath, and for definitions that were written that way.

mod function;
#[cfg(any(feature = "all", feature = "lambda"))]
mod paths;
#[cfg(any(feature = "all", feature = "lambda"))]
mod task;

pub use function::{EvaluatingFunction, HANDLER, NodeRuntime};
#[cfg(any(feature = "all", feature = "lambda"))]
pub use task::EvaluateExpression;
