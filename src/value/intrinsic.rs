//! Calls of the [intrinsic functions](https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html),
//! for JSONPath states.
//!
//! An argument is a literal, a [`path`](super::path), a member of the [context object](super::context) or another call.
//! In a JSONata state, a call is an error; JSONata has its own functions.

use std::fmt::Write;

use super::payload::{MAX_DEPTH, too_deep};
use super::{Expression, Payload, Text};
use crate::expression::placeholder;

/// A call of an intrinsic function. Created by the functions of this module.
#[derive(Debug, Clone, PartialEq)]
pub struct Intrinsic(Payload);

impl From<Intrinsic> for Payload {
    fn from(Intrinsic(payload): Intrinsic) -> Self {
        payload
    }
}

/// A call as text, such as `States.Format('Hello {}', $.name)`, for a function that is not in this module.
pub fn call(text: impl Into<String>) -> Intrinsic {
    Intrinsic(Payload::Expression(Expression::Intrinsic(Text::Owned(text.into()))))
}

fn function(name: &str, arguments: impl IntoIterator<Item = Payload>) -> Intrinsic {
    let mut text = format!("States.{name}(");
    for (at, argument) in arguments.into_iter().enumerate() {
        if at > 0 {
            text.push_str(", ");
        }
        if let Err(reason) = write_argument(&mut text, &argument) {
            return Intrinsic(Payload::Fault(format!("argument {} of States.{name}: {reason}", at + 1).into()));
        }
    }
    text.push(')');
    call(text)
}

/// Writes a payload as an argument: a literal in single quotation marks, a number, a path, or a call. An array
/// becomes a call of `States.Array`, and a constant object a call of `States.StringToJson`.
pub(crate) fn write_argument(text: &mut String, argument: &Payload) -> Result<(), Text> {
    write_at_depth(text, argument, 0)
}

fn write_at_depth(text: &mut String, argument: &Payload, depth: usize) -> Result<(), Text> {
    match argument {
        _ if depth > MAX_DEPTH => return Err(too_deep().into()),
        Payload::Null => text.push_str("null"),
        Payload::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        // Writing to a string never fails.
        Payload::Number(number) => drop(write!(text, "{number}")),
        Payload::String(literal) => write_literal(text, literal),
        Payload::Expression(Expression::Path(path) | Expression::Intrinsic(path)) => text.push_str(path),
        Payload::Expression(Expression::Either { json_path, .. }) => text.push_str(json_path),
        Payload::Expression(Expression::Jsonata(_)) => {
            return Err("a JSONata expression is not allowed in an intrinsic function".into());
        }
        Payload::Array(elements) => {
            text.push_str("States.Array(");
            for (at, element) in elements.iter().enumerate() {
                if at > 0 {
                    text.push_str(", ");
                }
                write_at_depth(text, element, depth + 1)?;
            }
            text.push(')');
        }
        Payload::Object(_) => match constant(argument, depth) {
            Some(json) => {
                text.push_str("States.StringToJson(");
                write_literal(text, &json.to_string());
                text.push(')');
            }
            None => {
                return Err(
                    "an object with run-time parts is not allowed in an intrinsic function, or in a list that \
                            has run-time elements; build the object in a Pass state before, or use JSONata"
                        .into(),
                );
            }
        },
        Payload::Placeholder(name) => drop(write!(text, "${{{name}}}")),
        Payload::Deliberate(inner) => write_at_depth(text, inner, depth + 1)?,
        Payload::Fault(reason) => return Err(reason.clone()),
    }
    Ok(())
}

/// A string in single quotation marks.
fn write_literal(text: &mut String, literal: &str) {
    text.push('\'');
    write_escaped(text, literal);
    text.push('\'');
}

/// Escapes backslashes, quotation marks and braces, which have a meaning in a literal. The braces of a placeholder
/// are not escaped, because the deployment must find it.
pub(crate) fn write_escaped(text: &mut String, literal: &str) {
    let placeholders: Vec<_> = placeholder::find(literal).collect();
    for (at, sign) in literal.char_indices() {
        let is_free = placeholders.iter().any(|placeholder| placeholder.contains(&at));
        if !is_free && matches!(sign, '\\' | '\'' | '{' | '}') {
            text.push('\\');
        }
        text.push(sign);
    }
}

/// The JSON of a payload that has no run-time parts.
fn constant(payload: &Payload, depth: usize) -> Option<serde_json::Value> {
    use serde_json::Value;
    let inner = |payload| constant(payload, depth + 1);
    Some(match payload {
        _ if depth > MAX_DEPTH => return None,
        Payload::Null => Value::Null,
        Payload::Bool(value) => Value::Bool(*value),
        Payload::Number(number) => number.into(),
        Payload::String(text) => Value::String(text.to_string()),
        Payload::Array(elements) => Value::Array(elements.iter().map(inner).collect::<Option<_>>()?),
        Payload::Object(members) => Value::Object(
            members.iter().map(|(name, value)| Some((name.to_string(), inner(value)?))).collect::<Option<_>>()?,
        ),
        Payload::Deliberate(payload) => inner(payload)?,
        Payload::Expression(_) | Payload::Placeholder(_) | Payload::Fault(_) => return None,
    })
}

/// `States.Format`: the template with each `{}` replaced by the next argument.
///
/// If the arguments have different types, convert them to payloads: `[Payload::from("EUR"), path("$.total").into()]`.
///
/// Write a literal brace as `{{` or `}}`, as in Rust's `format!`, or as `\\{` or `\\}`, as in a definition. Other
/// braces, and a wrong number of arguments, are reported when the state machine is built.
///
/// ```
/// use sfn_tasks::prelude::*;
///
/// let text = intrinsic::format(r#"{{"id": "{}"}}"#, [path("$.id")]);
/// let machine = StateMachine::new(Pass::new("Say").parameters(payload!({ "text": text })))?;
/// assert!(machine.to_string().contains(r#"States.Format('\\{\"id\": \"{}\"\\}', $.id)"#));
/// # Ok::<(), sfn_tasks::Problems>(())
/// ```
pub fn format<A: Into<Payload>>(template: impl Into<String>, arguments: impl IntoIterator<Item = A>) -> Intrinsic {
    let arguments: Vec<Payload> = arguments.into_iter().map(Into::into).collect();
    format_payloads(&template.into(), &arguments).unwrap_or_else(|reason| Intrinsic(Payload::Fault(reason)))
}

fn format_payloads(template: &str, arguments: &[Payload]) -> Result<Intrinsic, Text> {
    let (mut text, places) = format_template(template)?;
    if places != arguments.len() {
        let values = match arguments.len() {
            0 => "no value is given".to_owned(),
            1 => "one value is given".to_owned(),
            many => format!("{many} values are given"),
        };
        return Err(format!("the template `{template}` has {places} `{{}}`, but {values}").into());
    }
    for (at, argument) in arguments.iter().enumerate() {
        text.push_str(", ");
        write_argument(&mut text, argument)
            .map_err(|reason| Text::from(format!("argument {} of States.Format: {reason}", at + 2)))?;
    }
    text.push(')');
    Ok(call(text))
}

/// The call up to the end of its template, and the number of `{}` in the template.
fn format_template(template: &str) -> Result<(String, usize), Text> {
    let placeholders: Vec<_> = placeholder::find(template).collect();
    let mut text = String::from("States.Format('");
    let mut places = 0;
    let mut signs = template.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        if placeholders.iter().any(|placeholder| placeholder.contains(&at)) {
            text.push(sign);
            continue;
        }
        let next = signs.peek().map(|(_, next)| *next);
        match (sign, next) {
            ('{', Some('}')) => {
                text.push_str("{}");
                places += 1;
            }
            ('{', Some('{')) | ('\\', Some('{')) => text.push_str("\\{"),
            ('}', Some('}')) | ('\\', Some('}')) => text.push_str("\\}"),
            ('{' | '}', _) => {
                return Err(format!(
                    "the template `{template}` has a `{sign}` without a partner: write `{{}}` for a value, and \
                     `{sign}{sign}` for the character itself"
                )
                .into());
            }
            ('\\' | '\'', _) => {
                text.push('\\');
                text.push(sign);
                continue;
            }
            _ => {
                text.push(sign);
                continue;
            }
        }
        signs.next();
    }
    text.push('\'');
    Ok((text, places))
}

/// `States.StringToJson`: the value of a JSON text.
pub fn string_to_json(text: impl Into<Payload>) -> Intrinsic {
    function("StringToJson", [text.into()])
}

/// `States.JsonToString`: the JSON text of a value.
pub fn json_to_string(value: impl Into<Payload>) -> Intrinsic {
    function("JsonToString", [value.into()])
}

/// `States.Array`: an array of the arguments.
pub fn array<A: Into<Payload>>(elements: impl IntoIterator<Item = A>) -> Intrinsic {
    function("Array", elements.into_iter().map(Into::into))
}

/// `States.ArrayPartition`: the array divided into arrays with at most this number of elements.
pub fn array_partition(array: impl Into<Payload>, size: impl Into<Payload>) -> Intrinsic {
    function("ArrayPartition", [array.into(), size.into()])
}

/// `States.ArrayContains`: whether the array contains the value.
pub fn array_contains(array: impl Into<Payload>, value: impl Into<Payload>) -> Intrinsic {
    function("ArrayContains", [array.into(), value.into()])
}

/// `States.ArrayRange`: the numbers from the first to the last with this step. At most 1,000 numbers.
pub fn array_range(first: impl Into<Payload>, last: impl Into<Payload>, step: impl Into<Payload>) -> Intrinsic {
    function("ArrayRange", [first.into(), last.into(), step.into()])
}

/// `States.ArrayGetItem`: the element at an index, which starts at 0.
pub fn array_get_item(array: impl Into<Payload>, index: impl Into<Payload>) -> Intrinsic {
    function("ArrayGetItem", [array.into(), index.into()])
}

/// `States.ArrayLength`: the number of elements.
pub fn array_length(array: impl Into<Payload>) -> Intrinsic {
    function("ArrayLength", [array.into()])
}

/// `States.ArrayUnique`: the array without repeated elements.
pub fn array_unique(array: impl Into<Payload>) -> Intrinsic {
    function("ArrayUnique", [array.into()])
}

/// `States.Base64Encode`: the Base64 form of a text of at most 10,000 characters.
pub fn base64_encode(text: impl Into<Payload>) -> Intrinsic {
    function("Base64Encode", [text.into()])
}

/// `States.Base64Decode`: the text of a Base64 form of at most 10,000 characters.
pub fn base64_decode(text: impl Into<Payload>) -> Intrinsic {
    function("Base64Decode", [text.into()])
}

/// `States.Hash`: the hash of a value. The algorithm is `MD5`, `SHA-1`, `SHA-256`, `SHA-384` or `SHA-512`.
pub fn hash(value: impl Into<Payload>, algorithm: impl Into<Payload>) -> Intrinsic {
    function("Hash", [value.into(), algorithm.into()])
}

/// `States.JsonMerge`: one object with the members of both. A member of the second replaces one of the first. The
/// merge is shallow, because Step Functions does not support deep merges.
pub fn json_merge(first: impl Into<Payload>, second: impl Into<Payload>) -> Intrinsic {
    function("JsonMerge", [first.into(), second.into(), Payload::Bool(false)])
}

/// `States.MathRandom`: a random integer, from the first (inclusive) to the last (exclusive).
pub fn math_random(first: impl Into<Payload>, last: impl Into<Payload>) -> Intrinsic {
    function("MathRandom", [first.into(), last.into()])
}

/// `States.MathRandom` with a seed, which returns the same number each time.
pub fn math_random_seeded(first: impl Into<Payload>, last: impl Into<Payload>, seed: impl Into<Payload>) -> Intrinsic {
    function("MathRandom", [first.into(), last.into(), seed.into()])
}

/// `States.MathAdd`: the sum of two integers.
pub fn math_add(first: impl Into<Payload>, second: impl Into<Payload>) -> Intrinsic {
    function("MathAdd", [first.into(), second.into()])
}

/// `States.StringSplit`: the text, split at each character of the delimiter.
pub fn string_split(text: impl Into<Payload>, delimiter: impl Into<Payload>) -> Intrinsic {
    function("StringSplit", [text.into(), delimiter.into()])
}

/// `States.UUID`: a random UUID of version 4.
pub fn uuid() -> Intrinsic {
    function("UUID", [])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::path;

    fn text(intrinsic: Intrinsic) -> String {
        match intrinsic.into() {
            Payload::Expression(Expression::Intrinsic(text)) => text.into_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn literals_are_escaped_and_templates_keep_their_braces() {
        assert_eq!(text(format("It's {}", [path("$.x")])), r"States.Format('It\'s {}', $.x)");
        assert_eq!(text(string_to_json(r#"{"a":"b\c'"}"#)), r#"States.StringToJson('\{"a":"b\\c\'"\}')"#);
    }

    #[test]
    fn a_placeholder_in_a_literal_stays_whole() {
        let call = format("{}/{}", [Payload::from(crate::value::reference("Bucket")), "{a}".into()]);
        assert_eq!(text(call), r"States.Format('{}/{}', '${Bucket}', '\{a\}')");
    }

    #[test]
    fn calls_nest_and_take_constants() {
        let call = array_contains(array([1, 2]), math_add(path("$.n"), -1));
        assert_eq!(text(call), "States.ArrayContains(States.Array(1, 2), States.MathAdd($.n, -1))");
    }

    #[test]
    fn an_argument_that_cannot_be_written_is_a_fault() {
        let call = hash(crate::payload!({ "a": path("$.a") }), "MD5");
        assert!(matches!(call.into(), Payload::Fault(reason) if reason.starts_with("argument 1 of States.Hash")));
    }
}
