//! Evaluates the 18 intrinsic functions.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

use super::{Fault, MAX_BYTES, Scope, equal, find, measure};
use crate::expression::intrinsic::{Argument, ArgumentKind, Intrinsic, Piece};
use crate::value::{Json, Object};

/// Calls an intrinsic function. `written` is the text of the call, for error messages.
pub fn call(call: &Intrinsic<'_>, written: &str, scope: &dyn Scope) -> Result<Json, Fault> {
    let arguments =
        call.arguments.iter().map(|argument| evaluate(argument, written, scope)).collect::<Result<Vec<_>, _>>()?;
    let result =
        apply(call, &arguments, scope).map_err(|message| Fault::Intrinsic { call: written.to_owned(), message })?;
    match measure(&result, MAX_BYTES) {
        Some(_) => Ok(result),
        None => Err(Fault::Intrinsic { call: written.to_owned(), message: "The result is too large.".into() }),
    }
}

fn evaluate<'a>(argument: &Argument<'_>, written: &str, scope: &'a dyn Scope) -> Result<Cow<'a, Json>, Fault> {
    Ok(match &argument.kind {
        ArgumentKind::String(text) => Cow::Owned(Json::from(text.text())),
        ArgumentKind::Number(number) => Cow::Owned(super::number(*number)),
        ArgumentKind::Boolean(value) => Cow::Owned(Json::Bool(*value)),
        ArgumentKind::Null => Cow::Owned(Json::Null),
        ArgumentKind::Path(path) => match find(path, scope).map_err(Fault::Path)? {
            super::Found::One(value) => value,
            found => Cow::Owned(found.into_json()),
        },
        ArgumentKind::Call(nested) => Cow::Owned(call(nested, written, scope)?),
        ArgumentKind::Placeholder => {
            return Err(Fault::Syntax("A placeholder is only known when it is deployed.".into()));
        }
    })
}

fn apply(call: &Intrinsic<'_>, given: &[Cow<'_, Json>], scope: &dyn Scope) -> Result<Json, String> {
    let argument = |at: usize| given.get(at).map_or(&Json::Null, |value| &**value);
    let text = |at: usize| argument(at).as_str().ok_or_else(|| wrong(call, at, "a string"));
    let array = |at: usize| argument(at).as_array().ok_or_else(|| wrong(call, at, "an array"));
    let integer = |at: usize| whole(argument(at)).ok_or_else(|| wrong(call, at, "an integer"));
    let object = |at: usize| argument(at).as_object().ok_or_else(|| wrong(call, at, "a JSON object"));
    Ok(match call.name {
        "States.Format" => {
            let pieces = match &call.arguments[0].kind {
                // In a literal, escapes mark the literal braces.
                ArgumentKind::String(literal) => literal.template().map_err(|error| error.message)?,
                _ => split_template(text(0)?),
            };
            let holes = pieces.iter().filter(|piece| **piece == Piece::Hole).count();
            if holes != given.len() - 1 {
                return Err(format!(
                    "The number of arguments do not match the occurrences of {{}} in the template: expected {holes}, found {}",
                    given.len() - 1
                ));
            }
            let mut rest = given[1..].iter();
            Json::from(pieces.into_iter().fold(String::new(), |mut text, piece| {
                match piece {
                    Piece::Text(part) => text.push_str(&part),
                    Piece::Hole => {
                        if let Some(value) = rest.next() {
                            write_plain(value, &mut text);
                        }
                    }
                }
                text
            }))
        }
        "States.StringToJson" => match argument(0) {
            Json::Null => Json::Null,
            _ => match text(0)? {
                blank if blank.trim().is_empty() => Json::Null,
                text => parse(text)?,
            },
        },
        "States.JsonToString" => Json::from(argument(0).to_string()),
        "States.Array" => Json::Array(given.iter().map(|value| (**value).clone()).collect()),
        "States.ArrayPartition" => {
            let size = integer(1)?;
            let size = usize::try_from(size)
                .ok()
                .filter(|size| *size > 0)
                .ok_or_else(|| "The chunk size must be a positive, non-zero integer.".to_owned())?;
            Json::Array(array(0)?.chunks(size).map(|part| Json::from(part.to_vec())).collect())
        }
        "States.ArrayContains" => {
            let wanted = argument(1);
            Json::Bool(array(0)?.iter().any(|element| equal(element, wanted)))
        }
        "States.ArrayRange" => {
            let (first, last, step) = (integer(0)?, integer(1)?, integer(2)?);
            if step == 0 {
                return Err("The increment must not be 0.".into());
            }
            let span = i128::from(last) - i128::from(first);
            let count = span / i128::from(step);
            if span.signum() * i128::from(step.signum()) < 0 {
                return Ok(Json::from(Vec::new()));
            }
            if count >= 1000 {
                return Err("The array cannot have more than 1000 elements.".into());
            }
            // Every element is between the first and the last, so it fits.
            let at = |at: i128| i64::try_from(i128::from(first) + at * i128::from(step)).unwrap_or(last);
            Json::Array((0..=count).map(|number| Json::from(at(number))).collect())
        }
        "States.ArrayGetItem" => {
            let elements = array(0)?;
            let index = integer(1)?;
            usize::try_from(index)
                .ok()
                .and_then(|index| elements.get(index))
                .cloned()
                .ok_or_else(|| format!("The index {index} is out of the bounds of the array."))?
        }
        "States.ArrayLength" => Json::from(array(0)?.len() as i64),
        "States.ArrayUnique" => {
            // Strings and numbers are found by a lookup; other values are compared one by one.
            let mut seen = std::collections::HashSet::new();
            let mut unique: Vec<Json> = Vec::new();
            for element in array(0)? {
                let key = match element {
                    Json::Number(number) => format!("n{}", number.as_f64()),
                    Json::Object(_) | Json::Array(_) => canonical(element),
                    other => other.to_string(),
                };
                if seen.insert(key) {
                    unique.push(element.clone());
                }
            }
            Json::from(unique)
        }
        "States.Base64Encode" => Json::from(BASE64.encode(bounded(text(0)?)?)),
        "States.Base64Decode" => {
            let bytes = BASE64.decode(bounded(text(0)?)?).map_err(|_| "Illegal base64 character".to_owned())?;
            Json::from(String::from_utf8_lossy(&bytes).into_owned())
        }
        "States.Hash" => {
            let data = match argument(0) {
                Json::String(text) => text.to_string(),
                other => other.to_string(),
            };
            Json::from(hash(bounded(&data)?.as_bytes(), text(1)?)?)
        }
        "States.JsonMerge" => {
            if argument(2).as_bool() != Some(false) {
                return Err("Step Functions currently only supports the shallow merging mode.".into());
            }
            let mut merged: Object = object(0)?.clone();
            for (name, value) in object(1)?.iter() {
                merged.insert(name.to_owned(), value.clone());
            }
            Json::Object(merged)
        }
        "States.MathRandom" => {
            let (start, end) = (integer(0)?, integer(1)?);
            let span = i128::from(end) - i128::from(start);
            if span <= 0 {
                return Err("The end number must be greater than the start number.".into());
            }
            let number = match given.get(2) {
                Some(_) => super::Random::new(integer(2)? as u64).next(),
                None => scope.random().next(),
            };
            Json::from(start + (i128::from(number) % span) as i64)
        }
        "States.MathAdd" => {
            let sum = integer(0)?.checked_add(integer(1)?).and_then(|sum| i32::try_from(sum).ok());
            let fits = sum.ok_or_else(|| "The sum does not fit into an integer.".to_owned())?;
            Json::from(fits)
        }
        "States.StringSplit" => {
            let (text, signs) = (text(0)?, text(1)?);
            // The text is split at each character of the second argument, and empty parts are removed.
            let parts = text.split(|sign| signs.contains(sign)).filter(|part| !part.is_empty() || signs.is_empty());
            Json::Array(parts.map(|part| Json::from(part.to_owned())).collect())
        }
        "States.UUID" => Json::from(scope.random().uuid()),
        name => return Err(format!("There is no function {name}.")),
    })
}

/// A value as `States.Format` writes it, which is the form of Java: `{name=1, list=[a, b]}`.
fn write_plain(value: &Json, text: &mut String) {
    match value {
        Json::String(part) => text.push_str(part),
        Json::Array(elements) => {
            text.push('[');
            for (index, element) in elements.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                write_plain(element, text);
            }
            text.push(']');
        }
        Json::Object(object) => {
            text.push('{');
            for (index, (name, member)) in object.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                text.push_str(name);
                text.push('=');
                write_plain(member, text);
            }
            text.push('}');
        }
        other => text.push_str(&other.to_string()),
    }
}

fn wrong(call: &Intrinsic<'_>, at: usize, wanted: &str) -> String {
    format!("The argument {} of {} must be {wanted}.", at + 1, call.name)
}

/// A number, rounded to an integer.
fn whole(json: &Json) -> Option<i64> {
    let number = json.as_number()?;
    number.as_i64().or_else(|| {
        let value = number.as_f64();
        // A half is rounded up: -1.5 becomes -1.
        (value.abs() < 9.2e18).then_some((value + 0.5).floor() as i64)
    })
}

fn parse(text: &str) -> Result<Json, String> {
    serde_json::from_str::<serde_json::Value>(text).map(Json::from).map_err(|error| error.to_string())
}

fn bounded(text: &str) -> Result<&str, String> {
    match text.chars().nth(10_000) {
        Some(_) => Err("The data must have at most 10,000 characters.".into()),
        None => Ok(text),
    }
}

/// The parts of a template that is not a literal, in which a backslash escapes a brace.
fn split_template(text: &str) -> Vec<Piece> {
    let (mut pieces, mut part) = (Vec::new(), String::new());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' if signs.peek().is_some_and(|next| "{}'\\".contains(*next)) => part.extend(signs.next()),
            '{' if signs.next_if_eq(&'}').is_some() => {
                pieces.push(Piece::Text(std::mem::take(&mut part)));
                pieces.push(Piece::Hole);
            }
            _ => part.push(sign),
        }
    }
    pieces.push(Piece::Text(part));
    pieces
}

/// A text that is the same for equal values.
fn canonical(json: &Json) -> String {
    match json {
        Json::Number(number) => format!("n{}", number.as_f64()),
        Json::Array(elements) => {
            let parts: Vec<String> = elements.iter().map(canonical).collect();
            format!("[{}]", parts.join(","))
        }
        Json::Object(object) => {
            let mut parts: Vec<String> = object
                .iter()
                .map(|(name, value)| format!("{}:{}", Json::from(name.to_owned()), canonical(value)))
                .collect();
            parts.sort_unstable();
            format!("{{{}}}", parts.join(","))
        }
        other => other.to_string(),
    }
}

pub(super) fn hash(data: &[u8], algorithm: &str) -> Result<String, String> {
    fn hex(bytes: impl AsRef<[u8]>) -> String {
        bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }
    Ok(match algorithm {
        "MD5" => hex(Md5::digest(data)),
        "SHA-1" => hex(Sha1::digest(data)),
        "SHA-256" => hex(Sha256::digest(data)),
        "SHA-384" => hex(Sha384::digest(data)),
        "SHA-512" => hex(Sha512::digest(data)),
        other => return Err(format!("The hash algorithm {other} is not supported.")),
    })
}
