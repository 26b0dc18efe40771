//! Functions as values.

use std::sync::Arc;

use super::value::Value;
use crate::ast::{Lambda, Transform};
use crate::functions;

/// A function.
#[derive(Debug)]
#[non_exhaustive]
pub enum Function {
    /// A function of Step Functions.
    #[non_exhaustive]
    Native(&'static functions::Function),
    /// A function that the expression defines.
    #[non_exhaustive]
    Lambda {
        /// The definition.
        lambda: Arc<Lambda>,
        /// The parameters that have no argument yet, if some already have one.
        open: Option<Vec<Arc<str>>>,
        /// Where it was defined.
        frame: usize,
        /// The context value in that place.
        input: Value,
    },
    /// A partially applied function.
    #[non_exhaustive]
    Partial {
        /// The function.
        function: Arc<Function>,
        /// Its arguments, all of them set.
        arguments: Vec<Option<Value>>,
    },
    /// One function after the other.
    #[non_exhaustive]
    Composed(Arc<Function>, Arc<Function>),
    /// A regular expression, which is a function that searches a text.
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
        /// The transformation.
        transform: Arc<Transform>,
        /// Where it was defined.
        frame: usize,
    },
}

impl Function {
    /// How many arguments it accepts, for functions such as `$map`.
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

    /// How deep it is nested, so that dropping it needs little stack.
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
