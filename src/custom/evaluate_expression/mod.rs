//! Small computations in a JSONPath state machine, for which the Amazon States Language has no function.
//!
//! **In JSONata, a computation needs no call**, and this is the recommended form: [`EvaluateExpression::jsonata`]
//! creates a Pass state for a state machine with either query language. It starts no function, costs only a state
//! transition, and needs no permission and no deployment.
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
//! [`EvaluateExpression::new`] creates a task: a Lambda function evaluates its expression, which is written in a
//! subset of JavaScript. [`EvaluatingFunction`] is this function, as resources of a template. Use it for state
//! machines that must stay in JSONPath, and for existing definitions.

mod function;
#[cfg(any(feature = "all", feature = "lambda"))]
mod paths;
#[cfg(any(feature = "all", feature = "lambda"))]
mod task;

pub use function::{EvaluatingFunction, HANDLER, NodeRuntime};
#[cfg(any(feature = "all", feature = "lambda"))]
pub use task::EvaluateExpression;
