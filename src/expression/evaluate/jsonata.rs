//! Evaluates JSONata expressions.

use sfn_tasks_jsonata::evaluate::{Settings, Value, evaluate as run};
use sfn_tasks_jsonata::{Syntax, parse};

use super::{MAX_DEPTH, Random};
use crate::value::Json;

/// The maximum depth of an expression in Step Functions, including calls of its own functions. The guide does not
/// document it; users measured it: <https://github.com/floci-io/floci/issues/2737>.
const MOST_LEVELS: usize = 100;

/// The maximum number of bytes that an expression can allocate in one step in Step Functions, from the same source.
const MOST_BYTES: usize = 6_990_256;

const STACK_OVERFLOW: &str =
    ": Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive";

/// The result of an expression.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// A value.
    Value(Json),
    /// JSONata's `undefined`, which means no value.
    Undefined,
    /// A value that is not JSON, such as a function.
    Unsupported,
}

/// Evaluates an expression at a time, in milliseconds since 1970. `names` contains the value of each variable in the
/// expression, without `$`.
///
/// # Errors
///
/// Returns the text that Step Functions writes after "threw an error during evaluation": a sentence with the error
/// code, or the limit that was exceeded.
pub fn evaluate<'a>(
    expression: &str,
    names: impl IntoIterator<Item = (&'a str, Json)>,
    random: &Random,
    millis: i64,
) -> Result<Outcome, String> {
    let ast = parse(expression, Syntax::Plain).map_err(|error| match error.code {
        "D1011" => STACK_OVERFLOW.to_owned(),
        code => format!(". {code}: {error}"),
    })?;
    let variables: Vec<(&str, Value)> = names.into_iter().map(|(name, json)| (name, value_of(&json, 0))).collect();
    let settings =
        Settings { millis, seed: random.next(), depth: MOST_LEVELS, memory: MOST_BYTES, ..Settings::default() };
    let value = run(&ast, Value::Undefined, variables, &settings).map_err(|error| match error.code {
        "D1011" => STACK_OVERFLOW.to_owned(),
        "D1012" => ": Expression evaluation timeout: Check for infinite loop".to_owned(),
        "D1014" => ": Expression evaluation memory limit exceeded: Check for excessive memory usage".to_owned(),
        _ => format!(". {error}"),
    })?;
    Ok(match value.to_json() {
        Ok(Some(json)) => Outcome::Value(json.into()),
        Ok(None) => Outcome::Undefined,
        Err(_) => Outcome::Unsupported,
    })
}

/// Converts JSON to a JSONata value. Parts that are nested more deeply than Step Functions reads become `null`.
fn value_of(json: &Json, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::Number(number.as_f64()),
        Json::String(text) | Json::Placeholder(text) => Value::string(&**text),
        Json::Array(list) => Value::array(list.iter().map(|item| value_of(item, depth + 1)).collect()),
        Json::Object(object) => Value::object(object.iter().map(|(name, value)| (name, value_of(value, depth + 1)))),
    }
}
