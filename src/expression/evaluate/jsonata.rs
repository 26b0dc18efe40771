//! What a JSONata expression gives.

use sfn_tasks_jsonata::evaluate::{Settings, Value, evaluate as run};
use sfn_tasks_jsonata::{Syntax, parse};

use super::{MAX_DEPTH, Random};
use crate::value::Json;

/// How deep Step Functions lets an expression be nested, calls of its own functions included. The guide has no figure;
/// users measured it: <https://github.com/floci-io/floci/issues/2737>.
const MOST_LEVELS: usize = 100;

/// How much Step Functions lets an expression make in one step, from the same source.
const MOST_BYTES: usize = 6_990_256;

const STACK_OVERFLOW: &str =
    ": Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive";

/// What came of an expression.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// A value.
    Value(Json),
    /// Nothing: JSONata's `undefined`.
    Undefined,
    /// Something that is not JSON, such as a function.
    Unsupported,
}

/// Evaluates an expression at a time, in milliseconds since 1970. `names` gives the value of each variable that it
/// mentions, without `$`. An error has the words that Step Functions puts after "threw an error during evaluation": a
/// sentence with its code, or what bound was reached.
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

/// The value of JSON. What is nested deeper than Step Functions reads is left out.
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
