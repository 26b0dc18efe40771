//! Functions as values.

use std::sync::Arc;

use super::value::Value;
use crate::ast::{Lambda, Transform};
use crate::functions;

/// A function.
#[derive(Debug)]
#[non_exhaustive]
pub enum Function {
    /// One that Step Functions offers.
    #[non_exhaustive]
    Native(&'static functions::Function),
    /// One that the expression defines.
    #[non_exhaustive]
    Lambda {
        /// What it does.
        lambda: Arc<Lambda>,
        /// The parameters that are still open, where some are given already.
        open: Option<Vec<Arc<str>>>,
        /// Where it was defined.
        frame: usize,
        /// The context value there.
        input: Value,
    },
    /// A function some of whose arguments are given.
    #[non_exhaustive]
    Partial {
        /// The function.
        function: Arc<Function>,
        /// Its arguments; none is still open.
        arguments: Vec<Option<Value>>,
    },
    /// One after the other.
    #[non_exhaustive]
    Composed(Arc<Function>, Arc<Function>),
    /// A regular expression, which looks for itself in a text.
    #[non_exhaustive]
    Regex(Arc<super::regex::Regex>),
    /// The search for the next match of a regular expression.
    #[non_exhaustive]
    Next {
        /// The regular expression.
        regex: Arc<super::regex::Regex>,
        /// The text.
        text: Arc<str>,
        /// Where the last match ended, in bytes.
        from: usize,
    },
    /// `|…|…|`.
    #[non_exhaustive]
    Transform {
        /// What it does.
        transform: Arc<Transform>,
        /// Where it was defined.
        frame: usize,
    },
}

impl Function {
    /// How many arguments it takes, as far as functions such as `$map` ask.
    pub(crate) fn arity(&self) -> usize {
        match self {
            Function::Native(function) => match function.name {
                "string" => 1,
                "zip" => 0,
                _ => function.signature.parameters.len(),
            },
            Function::Lambda { lambda, open, .. } => open.as_ref().map_or(lambda.parameters.len(), Vec::len),
            Function::Partial { arguments, .. } => arguments.iter().filter(|argument| argument.is_none()).count(),
            Function::Regex(_) => 2,
            Function::Next { .. } => 0,
            Function::Composed(..) | Function::Transform { .. } => 1,
        }
    }

    /// How deep it is nested, so that it can be dropped without much of a stack.
    pub(crate) fn depth(&self) -> usize {
        1 + match self {
            Function::Lambda { input, .. } => input.depth(),
            Function::Partial { function, arguments } => {
                arguments.iter().flatten().map(Value::depth).max().unwrap_or(0).max(function.depth())
            }
            Function::Composed(first, second) => first.depth().max(second.depth()),
            _ => 0,
        }
    }
}
