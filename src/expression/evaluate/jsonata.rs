//! What a JSONata expression gives.

use jsonata_core::evaluator::{Context, Evaluator};
use jsonata_core::value::JValue;

use super::Random;
use crate::value::Json;

/// What came of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A value.
    Value(Json),
    /// Nothing: JSONata's `undefined`.
    Undefined,
    /// Something that is no JSON, such as a function.
    Unsupported,
}

/// Evaluates an expression. `names` gives the value of each variable that it mentions, without `$`.
pub fn evaluate<'a>(
    expression: &str,
    names: impl IntoIterator<Item = (&'a str, Json)>,
    _random: &Random,
) -> Result<Outcome, String> {
    let ast = jsonata_core::parser::parse(expression).map_err(|error| error.to_string())?;
    let mut context = Context::new();
    for (name, value) in names {
        context.bind(name.to_owned(), JValue::from_json_str(&value.to_string()).map_err(|error| error.to_string())?);
    }
    let mut evaluator = Evaluator::with_context(context);
    let value = evaluator.evaluate(&ast, &JValue::Undefined).map_err(|error| error.message().to_owned())?;
    if value.is_undefined() {
        return Ok(Outcome::Undefined);
    }
    if value.is_function() || value.is_regex() {
        return Ok(Outcome::Unsupported);
    }
    let text = value.to_json_string().map_err(|error| error.to_string())?;
    let json: serde_json::Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    Ok(Outcome::Value(json.into()))
}
