//! What a JSONata expression gives.

use std::rc::Rc;

use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError, EvaluatorOptions};
use jsonata_core::value::JValue;

use super::{Random, intrinsic};
use crate::value::Json;

/// How long an expression may take.
const MAX_MILLIS: u64 = 5_000;

/// How deep functions may call each other.
const MAX_STACK: usize = 1_000;

/// How many elements a sequence may have.
const MAX_ELEMENTS: usize = 1_000_000;

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

/// Evaluates an expression. `names` gives the value of each variable that it mentions, without `$`; `millis` is the time,
/// in milliseconds since 1970.
pub fn evaluate<'a>(
    expression: &str,
    names: impl IntoIterator<Item = (&'a str, Json)>,
    random: &Random,
    millis: i64,
) -> Result<Outcome, String> {
    let ast = jsonata_core::parser::parse(expression).map_err(|error| error.to_string())?;
    let mut context = Context::new();
    for (name, value) in names {
        context.bind(name.to_owned(), JValue::from_json_str(&value.to_string()).map_err(|error| error.to_string())?);
    }
    // An expression that goes on for ever must not keep a test from ending.
    let limits = EvaluatorOptions {
        timeout_ms: Some(MAX_MILLIS),
        max_stack_depth: Some(MAX_STACK),
        max_sequence_length: Some(MAX_ELEMENTS),
        ..EvaluatorOptions::default()
    };
    let mut evaluator = Evaluator::with_options(context, limits);
    // Functions may be called any number of times; each evaluation goes on with numbers of its own.
    let numbers = Rc::new(Random::new(random.next()));
    add_functions(&mut evaluator, &numbers)
        .and_then(|()| set_clock(&mut evaluator, millis))
        .map_err(|error| error.message().to_owned())?;
    let value = evaluator.evaluate(&ast, &JValue::Undefined).map_err(|error| match error.code() {
        // The reference names no function here.
        Some("T1006") => "T1006: Attempted to invoke a non-function".to_owned(),
        _ => error.message().to_owned(),
    })?;
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

/// Lets `$now` and `$millis` tell the time of the run instead of the computer's.
fn set_clock(evaluator: &mut Evaluator, millis: i64) -> Result<(), EvaluatorError> {
    evaluator.register_fn_override("millis", move |_: &[JValue]| Ok(JValue::from_i64(millis)))?;
    evaluator.register_fn_override("now", move |arguments: &[JValue]| {
        let mut context = Context::new();
        context.bind("millis".into(), JValue::from_i64(millis));
        for (at, name) in ["picture", "zone"].into_iter().enumerate() {
            context.bind(name.into(), arguments.get(at).cloned().unwrap_or(JValue::Undefined));
        }
        let ast = jsonata_core::parser::parse("$fromMillis($millis, $picture, $zone)")
            .map_err(|error| EvaluatorError::EvaluationError(error.to_string()))?;
        Evaluator::with_context(context).evaluate(&ast, &JValue::Undefined)
    })
}

/// The functions that Step Functions adds to JSONata.
fn add_functions(evaluator: &mut Evaluator, random: &Rc<Random>) -> Result<(), EvaluatorError> {
    fn fault(message: impl Into<String>) -> EvaluatorError {
        EvaluatorError::EvaluationError(message.into())
    }
    fn number(arguments: &[JValue], at: usize, function: &str) -> Result<f64, EvaluatorError> {
        let number = arguments.get(at).and_then(JValue::as_f64);
        number.ok_or_else(|| fault(format!("Argument {} of function {function} must be a number", at + 1)))
    }
    fn text(value: &JValue) -> Result<String, EvaluatorError> {
        match value.as_str() {
            Some(text) => Ok(text.to_owned()),
            None => value.to_json_string().map_err(|error| fault(error.to_string())),
        }
    }
    evaluator.register_fn("partition", |arguments: &[JValue]| {
        let Some(list) = arguments.first().filter(|list| !list.is_undefined()) else { return Ok(JValue::Undefined) };
        let size = number(arguments, 1, "partition")?.floor();
        if size < 1.0 {
            return Err(fault("The chunk size must be a positive number"));
        }
        let one = vec![list.clone()];
        let elements = list.as_array().unwrap_or(&one);
        Ok(JValue::array(elements.chunks(size as usize).map(|part| JValue::array(part.to_vec())).collect()))
    })?;
    evaluator.register_fn("range", |arguments: &[JValue]| {
        let (first, last) = (number(arguments, 0, "range")?, number(arguments, 1, "range")?);
        let step = number(arguments, 2, "range")?;
        let count = ((last - first) / step).floor();
        match () {
            () if step == 0.0 => Err(fault("The step of a range must not be 0")),
            () if count >= 1_000_000.0 => Err(fault("The range has too many elements")),
            () if count < 0.0 => Ok(JValue::array(Vec::new())),
            () => Ok(JValue::array((0..=count as u64).map(|at| JValue::from_f64(first + at as f64 * step)).collect())),
        }
    })?;
    evaluator.register_fn("hash", |arguments: &[JValue]| {
        let Some(data) = arguments.first().filter(|data| !data.is_undefined()) else { return Ok(JValue::Undefined) };
        let algorithm = arguments.get(1).and_then(JValue::as_str).unwrap_or_default();
        let hash = intrinsic::hash(text(data)?.as_bytes(), algorithm).map_err(fault)?;
        Ok(JValue::string(hash))
    })?;
    evaluator.register_fn("parse", |arguments: &[JValue]| {
        let Some(data) = arguments.first().filter(|data| !data.is_undefined()) else { return Ok(JValue::Undefined) };
        JValue::from_json_str(&text(data)?).map_err(|error| fault(error.to_string()))
    })?;
    let numbers = Rc::clone(random);
    evaluator.register_fn("uuid", move |_: &[JValue]| Ok(JValue::string(numbers.uuid())))?;
    let numbers = Rc::clone(random);
    evaluator.register_fn_override("random", move |arguments: &[JValue]| {
        let seeded = arguments.first().and_then(JValue::as_f64).map(|seed| Random::new(seed.to_bits()).fraction());
        Ok(JValue::from_f64(seeded.unwrap_or_else(|| numbers.fraction())))
    })
}
