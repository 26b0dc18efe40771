//! Evaluates expressions.
//!
//! Time and random numbers come from the caller ([`Settings`]), so that the same expression with the same input always
//! returns the same value. Work, depth and memory are limited.

mod datetime;
mod engine;
mod error;
mod function;
mod library;
mod number;
mod path;
mod picture;
mod regex;
mod text;
mod value;

pub use error::Error;
pub use function::Function;
pub use value::{Array, NotJson, Object, Value};

use crate::ast::{Ast, Expr, Kind};
use engine::Engine;

/// What an evaluation depends on, in addition to the expression and its input.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The time, in milliseconds since 1970, for `$now` and `$millis`.
    pub millis: i64,
    /// The seed of random numbers, for `$random`, `$shuffle` and `$uuid`.
    pub seed: u64,
    /// The amount of work after which the evaluation fails. One unit is about one step, one element, or eight bytes of
    /// text.
    pub work: u64,
    /// The maximum depth of calls and operators; 100 in Step Functions.
    pub depth: usize,
    /// The maximum size in bytes of a list of numbers or a text that one step creates, with 8 bytes for a number;
    /// 6,990,256 in Step Functions.
    pub memory: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { millis: 0, seed: 0, work: 20_000_000, depth: 4000, memory: usize::MAX }
    }
}

/// The stack size of an evaluation that can call functions of the expression recursively.
const STACK: usize = 256 << 20;

/// The maximum height of an expression that is evaluated on the stack of the caller.
const MAX_HEIGHT: usize = 24;

/// Evaluates an expression.
///
/// `input` is the value of `$` and `$$`; in Step Functions it is [`Value::Undefined`]. Names of `variables` have no `$`.
///
/// ```
/// use sfn_tasks_jsonata::evaluate::{Settings, Value, evaluate};
/// use sfn_tasks_jsonata::{Syntax, parse};
///
/// let ast = parse("$sum($orders.price) & ' EUR'", Syntax::Plain)?;
/// let orders = serde_json::json!([{"price": 1.5}, {"price": 2}]);
/// let value = evaluate(&ast, Value::Undefined, [("orders", Value::from(&orders))], &Settings::default())?;
/// assert_eq!(value.to_json()?, Some("3.5 EUR".into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn evaluate<'a>(
    ast: &Ast,
    input: Value,
    variables: impl IntoIterator<Item = (&'a str, Value)>,
    settings: &Settings,
) -> Result<Value, Error> {
    let variables: Vec<(&str, Value)> = variables.into_iter().collect();
    let run = move || {
        let result = Engine::new(ast, settings).run(&ast.root, input, variables);
        result.map_err(|fault| fault.into_error())
    };
    if ast.root.depth <= MAX_HEIGHT && !calls_itself(&ast.root) {
        return run();
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("jsonata".into()).stack_size(STACK).spawn_scoped(scope, run);
        match thread.map(|thread| thread.join()) {
            Ok(Ok(result)) => result,
            _ => Err(error::fault("D1011").into_error()),
        }
    })
}

/// Whether functions of the expression can be called recursively.
fn calls_itself(node: &Expr) -> bool {
    if matches!(node.kind, Kind::Lambda(_) | Kind::Partial(..)) {
        return true;
    }
    let mut found = false;
    node.children(&mut |child| found = found || calls_itself(child));
    found
}
