//! [JSONata](https://jsonata.org) as AWS Step Functions evaluates it.
//!
//! [`parse`] reads an expression into a tree with positions. If the reference implementation rejects the expression, it
//! returns a [`SyntaxError`] with a message for people. [`problems`] finds mistakes that parse but always fail, such as
//! a call with too few arguments. [`MAX_DEPTH`] limits text and nesting, so no input exhausts the stack.
//!
//! ```
//! use sfn_tasks_jsonata::{parse, Syntax};
//!
//! assert!(parse("$sum($states.input.items.price)", Syntax::Plain).is_ok());
//! let error = parse("$states.input.a := 3", Syntax::Plain).unwrap_err();
//! assert_eq!((error.code, error.offset), ("S0212", 0));
//! ```

pub mod ast;
mod error;
#[cfg(feature = "evaluate")]
pub mod evaluate;
pub mod functions;
mod parse;
mod pattern;
mod problems;
pub mod signature;
mod token;

pub use error::SyntaxError;
pub use parse::{MAX_DEPTH, Syntax, parse};
pub use problems::{Problem, Types, problems, problems_of_types};
