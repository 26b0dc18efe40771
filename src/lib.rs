//! AWS Step Functions workflows in Rust: typed tasks, checked definitions, exact IAM policies.

// Generated modules name the library by its crate name, here as in anybody else's crate.
extern crate self as sfn_tasks;

pub mod asl;
pub mod catalog;
pub mod check;
pub mod custom;
pub mod expression;
pub mod graph;
pub mod iam;
mod machine;
pub mod prelude;
mod problems;
#[macro_use]
pub mod states;
pub mod task;
pub mod tasks;
pub mod value;

#[cfg(any(feature = "all", feature = "lambda"))]
pub use custom::evaluate_expression;
pub use machine::{StateMachine, StateMachineBuilder};
pub use problems::Problems;
