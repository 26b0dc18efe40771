//! [JSONata](https://jsonata.org) as AWS Step Functions evaluates it.
//!
//! [`parse`] reads an expression into a tree with positions; what the reference implementation refuses is an
//! [`SyntaxError`] in people's words. [`problems`] finds what parses but cannot work, such as a call with too few
//! arguments. Text and nesting are bounded by [`MAX_DEPTH`], so no input exhausts the stack.
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
pub use problems::{Problem, problems};
